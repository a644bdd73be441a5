import type { Task } from '../contract/basics.ts';
import { StudioError } from '../contract/errors.ts';
import type {
  Capabilities,
  Exemplar,
  ParseRule,
  TemplateDraft,
  TemplateWarning,
} from '../contract/teacher.ts';
import { evaluateExpression } from '../core/expression.ts';
import { isCorrect, resolveChoice } from '../core/score.ts';
import { normaliseText } from '../core/text.ts';
import { namesOwnClasses } from './packs/pack.ts';
import { compileRules, parseCompletion } from './parse.ts';
import { exemplarCompletion, placeholdersOf, showsExemplars } from './prompt.ts';

export interface WarningContext {
  readonly task: Task;
  readonly labels: readonly string[];
  /** The external id of the test row with this normalised input (`normaliseText`), or null. */
  readonly testRow: (input: string) => string | null;
  /** Tokens of the prompt for one row; null when they were not counted. */
  readonly tokens: number | null;
  /** Tokens that an answer may have. */
  readonly maxTokens: number;
  /** Tokens that the model takes; null when nobody knows. */
  readonly contextTokens: number | null;
  readonly capabilities: Capabilities | null;
}

/** Stop sequences that servers take; the rest are applied when the answer is read. */
export const stopsTaken = 4;

/** What a person should know about a template before money is spent on it. */
export function warningsOf(template: TemplateDraft, context: WarningContext): TemplateWarning[] {
  const exemplars = showsExemplars(template.style) ? template.exemplars : [];
  const broken = template.parse.rules.flatMap((rule) => patternWarnings(template, rule));
  return [
    ...inputWarnings(template, context.task),
    ...broken,
    ...styleWarnings(template, context.capabilities),
    ...lengthWarnings(context),
    ...exemplars.flatMap((exemplar, position) => [
      ...exemplarWarnings(template, exemplar, position, context),
      // With a broken rule nothing is read at all: said once is enough.
      ...(broken.length > 0 ? [] : readWarnings(template, exemplar, position, context)),
    ]),
    ...stopWarnings(template, context.capabilities),
  ];
}

function inputWarnings({ inputTemplate }: TemplateDraft, task: Task): TemplateWarning[] {
  const used = placeholdersOf(inputTemplate);
  const shows =
    used.has('input') || used.has('text') || (task === 'multiple-choice' && used.has('choices'));
  return shows ? [] : [warning('no-input', '')];
}

function patternWarnings({ parse }: TemplateDraft, rule: ParseRule): TemplateWarning[] {
  if (rule.kind !== 'pattern') return [];
  try {
    compileRules({ ...parse, rules: [rule] });
    return [];
  } catch (caught) {
    if (!(caught instanceof StudioError)) throw caught;
    return [warning('pattern-invalid', rule.pattern)];
  }
}

function styleWarnings(
  { style, exemplars }: TemplateDraft,
  capabilities: Capabilities | null,
): TemplateWarning[] {
  if (style === 'few-shot-cot' && exemplars.length === 0) return [warning('no-exemplars', '')];
  return style === 'structured' && capabilities?.jsonSchema === 'no'
    ? [warning('structured-unsupported', capabilities.model)]
    : [];
}

function lengthWarnings({ tokens, maxTokens, contextTokens }: WarningContext): TemplateWarning[] {
  if (tokens === null || contextTokens === null) return [];
  const needed = tokens + maxTokens;
  if (needed <= contextTokens) return [];
  return [{ ...warning('too-long', ''), tokens: { needed, allowed: contextTokens } }];
}

/** What is wrong with an exemplar itself. */
function exemplarWarnings(
  { style }: TemplateDraft,
  exemplar: Exemplar,
  position: number,
  { task, labels, testRow }: WarningContext,
): TemplateWarning[] {
  const found: TemplateWarning[] = [];
  const { input, rationale, answer } = exemplar;
  const needed = style === 'label-only' ? { input, answer } : { input, rationale, answer };
  for (const [part, text] of Object.entries(needed)) {
    if (text.trim() === '') found.push(warning('exemplar-incomplete', part, position));
  }
  const externalId = testRow(normaliseText(input));
  if (externalId !== null) found.push(warning('exemplar-in-test', externalId, position));
  const known = labels.length === 0 || includes(labels, answer) || namesOwnClasses(exemplar);
  if (task === 'classification' && answer.trim() !== '' && !known) {
    found.push(warning('exemplar-label-unknown', answer, position));
  }
  return found;
}

/** Whether the template's own rules read the exemplar, written as the teacher would, as its answer. */
function readWarnings(
  template: TemplateDraft,
  exemplar: Exemplar,
  position: number,
  { task, labels }: WarningContext,
): TemplateWarning[] {
  const { answer, choices } = exemplar;
  if (answer.trim() === '') return [];
  // An answer outside the label set has its own warning; here only the reading counts.
  const read = parseCompletion(exemplarCompletion(template, exemplar), template.parse, task, {
    labels: labels.length === 0 || includes(labels, answer) ? labels : [...labels, answer],
    choices,
  });
  return isAnswer(task, exemplar) && isCorrect(task, read.label, answer, choices)
    ? []
    : [warning('exemplar-unread', read.label ?? '', position)];
}

/** Whether an answer is one that the task knows: one of the choices, an expression with a value. */
function isAnswer(task: Task, { answer, choices }: Exemplar): boolean {
  if (task === 'arithmetic') return evaluateExpression(answer) !== null;
  return choices === null || choices.length === 0 || resolveChoice(answer, choices) !== null;
}

function stopWarnings(
  { parse }: TemplateDraft,
  capabilities: Capabilities | null,
): TemplateWarning[] {
  const taken = capabilities?.stop === 'no' ? 0 : stopsTaken;
  const rest = parse.stopSequences.slice(taken);
  return rest.length === 0
    ? []
    : [warning('stops-cut', rest.map((stop) => stop.trim()).join(' · '))];
}

function includes(labels: readonly string[], answer: string): boolean {
  return labels.some((label) => normaliseText(label) === normaliseText(answer));
}

function warning(
  code: TemplateWarning['code'],
  detail: string,
  exemplar: number | null = null,
): TemplateWarning {
  return { code, exemplar, detail, tokens: null };
}
