import type { Project } from '../contract/entities.ts';
import type {
  ChatMessage,
  Exemplar,
  Language,
  PromptStyle,
  TemplateDraft,
} from '../contract/teacher.ts';
import { resolveChoice } from '../core/score.ts';
import { choiceLetter, composeInput } from '../core/text.ts';
import { packTemplate, suggestedPack } from './packs/index.ts';
import type { JsonSchema } from './request.ts';

export type { ChatMessage, TemplateDraft } from '../contract/teacher.ts';

/** What the prompt shows of an example: never its gold label. */
export interface PromptRow {
  readonly input: string;
  readonly choices: readonly string[] | null;
}

/** Which exemplars a row is shown: their positions, in the order shown. */
export type Selector = (row: PromptRow) => number[];

/** One request without its settings. */
export interface Prompt {
  readonly messages: ChatMessage[];
  /** Positions of the exemplars shown, in the order shown. */
  readonly shown: number[];
  /** What the answer has to follow; null for every style but `structured`. */
  readonly schema: JsonSchema | null;
}

/** The parts of a template that a prompt is made of. */
export type PromptParts = Pick<
  TemplateDraft,
  'style' | 'instruction' | 'inputTemplate' | 'exemplars' | 'answerPhrase'
>;

/**
 * The built-in few-shot chain-of-thought template for the project's task (paper section 3.1:
 * exemplars of input, rationale and label, then the input to be labelled), with the exemplars of the
 * pack that fits the project best.
 */
export function suggestTemplate(
  project: Pick<Project, 'id' | 'task' | 'labels'>,
  language: Language = 'en',
): TemplateDraft {
  return packTemplate(suggestedPack(project, language), project);
}

/**
 * The prompt for one row: the instruction as system message, then in one user message the exemplars
 * and the row, ending where the teacher is to go on.
 *
 * In the instruction `{labels}` stands for the label set and `{format}` for what the style asks of an
 * answer, in the template's language. In the input template `{input}` is the text with its choices,
 * `{text}` without them and `{choices}` the choices alone. `{{` and `}}` are literal braces; other
 * names in braces stay as they stand.
 */
export function composePrompt(
  template: PromptParts,
  project: Pick<Project, 'labels'>,
  row: PromptRow,
  select: Selector,
): Prompt {
  const shown = showsExemplars(template.style) ? select(row) : [];
  const worked = shown.flatMap((position) => {
    const exemplar = template.exemplars[position];
    return exemplar === undefined ? [] : [workedExample(template, exemplar)];
  });
  const content = [...worked, fillInput(template.inputTemplate, row)].join('\n\n');
  const user: ChatMessage = { role: 'user', content };
  const instruction = fillInstruction(template, project.labels, row).trim();
  return {
    messages: instruction === '' ? [user] : [{ role: 'system', content: instruction }, user],
    shown,
    schema: template.style === 'structured' ? answerSchema(project.labels, row.choices) : null,
  };
}

/** Whether prompts of this style have worked examples. */
export function showsExemplars(style: PromptStyle): boolean {
  return style !== 'zero-shot-cot';
}

/** What the teacher would have written for an exemplar in the template's style. */
export function exemplarCompletion(
  { style, answerPhrase }: Pick<PromptParts, 'style' | 'answerPhrase'>,
  exemplar: Exemplar,
): string {
  const rationale = exemplar.rationale.trim();
  const answer = exemplar.answer.trim();
  if (style === 'structured') {
    const letter = letteredChoice(exemplar)?.letter;
    return JSON.stringify({ rationale, answer: letter ?? answer });
  }
  const choice = letteredChoice(exemplar);
  const shown = choice === null ? answer : `${choice.letter} ${choice.text}`;
  const ending = `${answerPhrase.trim()} ${fullStop(shown, answerPhrase)}`;
  return style === 'label-only' || rationale === '' ? ending : `${rationale} ${ending}`;
}

/** The input template filled with one row. */
export function fillInput(inputTemplate: string, { input, choices }: PromptRow): string {
  return fill(inputTemplate, {
    input: () => composeInput(input, choices),
    text: () => input,
    choices: () => (choices ?? []).map((choice, index) => `${mark(index)} ${choice}`).join('\n'),
  });
}

/** The names in braces that a template uses, literal braces left out. */
export function placeholdersOf(template: string): Set<string> {
  const found = new Set<string>();
  fill(template, {
    input: () => keep('input'),
    text: () => keep('text'),
    choices: () => keep('choices'),
    labels: () => keep('labels'),
    format: () => keep('format'),
  });
  return found;

  function keep(name: string): string {
    found.add(name);
    return '';
  }
}

/** One pass over the text, so that braces in what is filled in stay what they are. */
function fill(template: string, values: Readonly<Record<string, () => string>>): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (token, name: string | undefined) => {
    if (token === '{{' || token === '}}') return token.charAt(0);
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? token : value();
  });
}

function workedExample(template: PromptParts, exemplar: Exemplar): string {
  const question = fillInput(template.inputTemplate, exemplar);
  const space = /\s$/.test(question) ? '' : ' ';
  return `${question}${space}${exemplarCompletion(template, exemplar)}`;
}

/** A sentence ends with a full stop; after a colon the answer stands bare. */
function fullStop(answer: string, phrase: string): string {
  return phrase.trim().endsWith(':') || answer.endsWith('.') ? answer : `${answer}.`;
}

/** The choice an exemplar's answer names, however it names it; null where it is none. */
function letteredChoice({ choices, answer }: Exemplar): { letter: string; text: string } | null {
  if (choices === null) return null;
  const text = resolveChoice(answer, choices, 'normalised');
  return text === null ? null : { letter: mark(choices.indexOf(text)), text };
}

function mark(index: number): string {
  return `(${choiceLetter(index)})`;
}

function fillInstruction(template: PromptParts, labels: readonly string[], row: PromptRow): string {
  return fill(template.instruction, {
    labels: () => labels.join(', '),
    format: () => formatFor(template, (row.choices ?? []).length > 0),
  });
}

/** What a style asks of an answer, in the language of the template. */
function formatFor(template: PromptParts, hasChoices: boolean): string {
  const { style, answerPhrase, instruction } = template;
  const korean = /\p{Script=Hangul}/u.test(instruction + answerPhrase);
  return (korean ? koreanFormat : englishFormat)(style, answerPhrase.trim(), hasChoices);
}

type Format = (style: PromptStyle, phrase: string, hasChoices: boolean) => string;

const englishFormat: Format = (style, phrase, hasChoices) => {
  const answer = hasChoices ? 'the letter and the text of one choice' : 'the answer';
  switch (style) {
    case 'few-shot-cot':
    case 'zero-shot-cot':
      return `Think in one to three short sentences, then end with "${phrase}" and ${answer}.`;
    case 'label-only':
      return `Do not explain. Write only "${phrase}" and ${answer}.`;
    case 'structured': {
      const field = hasChoices ? 'the letter of one choice, such as "(a)"' : 'the answer alone';
      return (
        'Reply with a JSON object of two fields: "rationale" holds one to three short sentences ' +
        `that lead to the answer, "answer" holds ${field}.`
      );
    }
  }
};

const koreanFormat: Format = (style, phrase, hasChoices) => {
  const answer = hasChoices ? '고른 보기의 기호와 내용을' : '답만';
  switch (style) {
    case 'few-shot-cot':
    case 'zero-shot-cot':
      return `먼저 근거를 한 문장에서 세 문장으로 짧게 쓰고, 마지막에 문구 "${phrase}"에 이어 ${answer} 쓰시오.`;
    case 'label-only':
      return `설명 없이 문구 "${phrase}"에 이어 ${answer} 쓰시오.`;
    case 'structured': {
      const field = hasChoices ? '"(a)"처럼 고른 보기의 기호를' : '답만';
      return (
        'JSON 객체 하나로 답하시오. "rationale"에는 답에 이르는 근거를 한 문장에서 세 문장으로 짧게 ' +
        `쓰고, "answer"에는 ${field} 쓰시오.`
      );
    }
  }
};

/** OpenAI limits the values of an enumeration and, beyond 250, their length together. */
const mostOptions = 250;

/**
 * `rationale` before `answer`: a model writes fields in the order of the schema, and reasons before
 * it decides. Choices are named by their letters, so that all rows with as many choices share one
 * schema: a server that compiles schemas would be slow on a new one for each row.
 */
function answerSchema(labels: readonly string[], choices: readonly string[] | null): JsonSchema {
  const options = choices === null ? labels : choices.map((_, index) => mark(index));
  const closed = options.length > 0 && options.length <= mostOptions;
  return {
    type: 'object',
    properties: {
      rationale: { type: 'string' },
      answer: closed ? { type: 'string', enum: [...options] } : { type: 'string' },
    },
    required: ['rationale', 'answer'],
    additionalProperties: false,
  };
}
