import { evaluateExpression } from '../expression.ts';
import { mentions } from '../korean.ts';
import { resolveChoice } from '../score.ts';
import { normaliseText } from '../text.ts';
import { announcedIn, concludedIn, lastSentence } from './conclusion.ts';
import type { Stretch } from './conclusion.ts';
import { equationsIn } from './equations.ts';
import type { Equation } from './equations.ts';
import { numbersIn } from './number-words.ts';
import { quoted } from './row.ts';
import type { Check, ExplainedRow, Finding, HealthContext } from './row.ts';
import { tokensOf } from './tokens.ts';
import { wordsOf } from './words.ts';

/**
 * `contradicts-label`: the rationale comes to another answer than the one that stands beside it.
 *
 * - Any task: what it announces (`the answer is …`, `정답은 …`) is another option, class or number.
 * - Options, and classes of a label set: the last sentence singles out another one (`Of the above
 *   choices, only a bank is …`), or begins with `so`, `therefore`, `따라서` and names just one, another.
 * - Arithmetic: its last equation comes to another value than the label. Not where the label goes on
 *   from it (the equation, or what it comes to, is part of the label's expression), nor where the
 *   label's value is named behind it.
 *
 * What is denied (`not a bank`, `은행이 아니라`) is not named, of two options that are named none is
 * concluded, and two forms of one answer (`fall asleep`, `falling asleep`) do not contradict each other.
 * Not judged where the label is no option.
 */
export const findContradiction: Check = (row, context) => {
  const reading = comesTo(row, context);
  return reading?.leads === false ? quoteOf(row.rationale, reading.where) : null;
};

/** A rationale of which it can be told what answer it comes to. */
interface Reading {
  /** Whether that is the label beside it. */
  readonly leads: boolean;
  readonly where: Stretch;
}

type Explained = Pick<ExplainedRow, 'label' | 'rationale' | 'choices' | 'equations'>;
type Known = Pick<HealthContext, 'task' | 'labels'>;

/**
 * Whether a rationale comes to the label that stands beside it, read as `contradicts-label` reads it.
 * Null where that can't be told: no answer is announced or concluded, the label is no option, the last
 * equation is only a step on the way to the label, or the task has free text for answers.
 */
export function leadsToLabel(
  row: Omit<Explained, 'equations'>,
  context: Known,
  equations: readonly Equation[] = equationsIn(row.rationale),
): boolean | null {
  return comesTo({ ...row, equations }, context)?.leads ?? null;
}

function comesTo(row: Explained, { task, labels }: Known): Reading | null {
  switch (task) {
    case 'arithmetic':
      return byNumber(row);
    case 'multiple-choice':
      return byOption(row, row.choices ?? []);
    case 'classification':
      return byOption(row, labels);
    case 'text':
      return null;
  }
}

// ---------------------------------------------------------------- options and classes

function byOption({ label, rationale }: Explained, options: readonly string[]): Reading | null {
  // `either a bank or a shop` stands for no option: nothing can contradict it.
  if (options.length < 2 || !options.some((option) => isSame(option, label))) return null;
  for (const [option, where] of conclusions(rationale, options)) {
    return { leads: isVariant(option, label), where };
  }
  return null;
}

/** The options that the rationale comes to, the surest first. */
function* conclusions(
  rationale: string,
  options: readonly string[],
): Generator<[option: string, where: Stretch]> {
  const announced = announcedIn(rationale);
  const named = announced === null ? null : announcedOption(announced.text, options);
  if (announced !== null && named !== null) yield [named, announced];
  const single = singledOut(rationale, options);
  if (single !== null) yield single;
  const concluded = concludedIn(rationale);
  const mentioned = concluded === null ? [] : mentionedIn(concluded.text, options);
  const [only] = mentioned;
  if (concluded !== null && only !== undefined && mentioned.length === 1) yield [only, concluded];
}

/** `(b) pear`, `b`, `pear`, `a pear because …`: the option that is meant, if it is one. */
function announcedOption(text: string, options: readonly string[]): string | null {
  const plain = text.replaceAll(/["'“”‘’*]/gu, '').trim();
  const [clause = ''] = plain.split(/,| because | since /u);
  const bare = clause.replace(/^(?:an?|the)\s+/iu, '');
  const spoken = clause.replace(/(?:입니다|이다|이에요|예요)$/u, '');
  for (const each of [plain, clause, bare, spoken]) {
    const option = resolveChoice(each.trim(), options, 'normalised');
    if (option !== null) return option;
  }
  return null;
}

const onlyWords =
  /(?<![\p{L}\p{N}])only\s+(?:(?:the|an?|in|at|on|by|to|for|option)\s+|\([a-z]\)\s+){0,3}/giu;
/** What follows the subject of a sentence: a verb, as far as its form tells. */
const predicate =
  /^(?:e?s)?(?:\s+(?:is|are|was|were|can|could|would|will|may|must|do|have|[a-z]+s)(?![\p{L}])|\s*[.!?]?$)/u;
const onlyKorean = /^만(?:이|을|은)?(?=\s)/u;

/** `only a bank is …`, `은행만이 …`: the option that the last sentence singles out. Of a list none is. */
function singledOut(rationale: string, options: readonly string[]): [string, Stretch] | null {
  const { text, from } = lastSentence(rationale);
  const folded = text.toLowerCase();
  const longestFirst = [...options].sort((a, b) => b.length - a.length);
  let single: [string, Stretch] | null = null;
  for (const match of folded.matchAll(onlyWords)) {
    const start = match.index + match[0].length;
    const rest = folded.slice(start);
    const option = longestFirst.find((each) => rest.startsWith(each.toLowerCase()));
    if (option === undefined || !predicate.test(rest.slice(option.length))) continue;
    const end = start + option.length;
    single = [option, { text: text.slice(match.index, end), from: from + match.index }];
  }
  if (single !== null || !text.includes('만')) return single;
  for (const option of longestFirst) {
    const at = text.indexOf(option);
    if (at >= 0 && option !== '' && onlyKorean.test(text.slice(at + option.length))) {
      return [option, { text: text.slice(at, at + option.length + 1), from: from + at }];
    }
  }
  return null;
}

/** Options that the text names, without those that stand inside a longer one that it names. */
function mentionedIn(text: string, options: readonly string[]): string[] {
  const folded = normaliseText(text);
  const named = options.filter((option) => mentions(folded, normaliseText(option)).length > 0);
  return named.filter(
    (option) =>
      !named.some(
        (other) =>
          other.length > option.length && normaliseText(other).includes(normaliseText(option)),
      ),
  );
}

const isSame = (a: string, b: string): boolean => normaliseText(a) === normaliseText(b);

/** `falling asleep` and `fall asleep`, `theatre` and `theater`: two forms of one answer. */
const isVariant = (a: string, b: string): boolean => isSame(a, b) || stemsOf(a) === stemsOf(b);

const stemsOf = (text: string): string =>
  wordsOf(text)
    .filter((word) => !/^(?:the|an?|to|in|at|on)$/u.test(word))
    .map((word) => (/^[a-z]{4,}$/u.test(word) ? word.slice(0, 3) : word))
    .join(' ');

const quoteOf = (rationale: string, { text, from }: Stretch): Finding =>
  quoted(rationale, from, from + text.length);

// ---------------------------------------------------------------- arithmetic

function byNumber({ label, rationale, equations }: Explained): Reading | null {
  const value = evaluateExpression(label);
  if (value === null) return null;
  const announced = announcedIn(rationale);
  const said = announced === null ? null : announcedValue(announced.text);
  if (announced !== null && said !== null) {
    return { leads: near(said, value), where: announced };
  }
  const last = equations.at(-1);
  if (last === undefined) return null;
  const where = { text: rationale.slice(last.from, last.to), from: last.from };
  const slack = equations.some(({ holds }) => !holds) ? carriedOn : rounding;
  if (comesToValue(rationale, last, value, slack)) return { leads: true, where };
  return isStepTo(label, rationale, last, slack) ? null : { leads: false, where };
}

/** The number that the words begin with, what comes after an equals sign where there is one. */
function announcedValue(text: string): number | null {
  const tokens = tokensOf(text);
  const equation = equationsIn(text).at(-1);
  if (equation !== undefined) return equation.claimed;
  if (tokens.some(({ kind }) => kind === 'operator')) return evaluateExpression(text);
  const first = tokens[0];
  return first?.kind === 'number' && !first.percent ? first.value : null;
}

/** Whether the last equation has the label's value for a result, or that value is named behind it. */
function comesToValue(rationale: string, last: Equation, value: number, slack: number): boolean {
  const results = [last.value, last.claimed];
  if (results.some((result) => near(value, result, slack))) return true;
  if (!Number.isInteger(value) && results.some(roundsTo(value))) return true;
  return [...numbersIn(rationale.slice(last.to))].some((number) => near(number, value, slack));
}

/** Whether the label goes on from the last equation: it is part of the label's expression, or its result is. */
function isStepTo(label: string, rationale: string, last: Equation, slack: number): boolean {
  const results = [last.value, last.claimed];
  const isResult = (number: number): boolean =>
    results.some((result) => near(number, result, slack));
  if ([...numbersIn(label)].some(isResult)) return true;
  const sum = withoutSpaces(rationale.slice(last.from, last.to)).split(/=|is/u)[0] ?? '';
  return withoutSpaces(label).includes(sum);
}

const roundsTo =
  (value: number) =>
  (result: number): boolean =>
    Number.isInteger(result) && Math.abs(result - value) < 1;

const withoutSpaces = (text: string): string => text.replaceAll(/[\s$]/gu, '');

/** Rationales round; and where they have miscalculated before, they carry the wrong number on. */
const rounding = 0.005;
const carriedOn = 0.1;

/** The sign is left to `wrong-arithmetic`. */
const near = (a: number, b: number, slack = rounding): boolean =>
  Math.abs(Math.abs(a) - Math.abs(b)) <= slack * Math.max(1, Math.abs(a), Math.abs(b));
