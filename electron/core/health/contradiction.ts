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
import type { Check, ExplainedRow, Finding } from './row.ts';
import { tokensOf } from './tokens.ts';

/**
 * `contradicts-label`: the rationale comes to another answer than the one that stands beside it.
 *
 * - Any task: what it announces (`the answer is …`, `정답은 …`) is another option, class or number.
 * - Options: the last sentence with `only` singles out another one (`Of the above choices, only …`), or
 *   the last sentence begins with `so`, `therefore`, `따라서` and names another option and not this one.
 * - Classes of a label set: the same, by the last sentence.
 * - Arithmetic: its last equation comes to another value than the label. Not where the label goes on
 *   from it (the equation, or what it comes to, is part of the label's expression), nor where the
 *   label's value is named behind it.
 *
 * What is denied (`not a bank`, `은행이 아니라`) is not named, and where two options are named nothing is
 * concluded.
 */
export const findContradiction: Check = (row, { task, labels }) => {
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
};

// ---------------------------------------------------------------- options and classes

function byOption({ label, rationale }: ExplainedRow, options: readonly string[]): Finding {
  if (options.length < 2) return null;
  const announced = announcedIn(rationale);
  const named = announced === null ? null : announcedOption(announced.text, options);
  if (announced !== null && named !== null) {
    return same(named, label) ? null : found(rationale, announced);
  }
  for (const stretch of [singledOut(rationale), concludedIn(rationale)]) {
    if (stretch === null) continue;
    const mentioned = mentionedIn(stretch.text, options);
    if (mentioned.some((option) => same(option, label))) return null;
    if (mentioned.length === 1) return found(rationale, stretch);
  }
  return null;
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
const onlyKorean = /(\S{1,40})만(?:이|을|은)?(?=\s)/gu;

/** What is said to be the only one, as far as the longest option may reach; of the last such words. */
function singledOut(rationale: string): Stretch | null {
  const { text, from } = lastSentence(rationale);
  let single: Stretch | null = null;
  for (const match of text.matchAll(onlyWords)) {
    const start = match.index + match[0].length;
    const clause = text.slice(start).split(/ (?:is|are|was|can|could|would|has|have|will) |,/u)[0];
    single = { text: clause ?? '', from: from + start };
  }
  for (const match of text.matchAll(onlyKorean)) {
    single = { text: match[1] ?? '', from: from + match.index };
  }
  return single;
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

const same = (a: string, b: string): boolean => normaliseText(a) === normaliseText(b);

const found = (rationale: string, { text, from }: Stretch): Finding =>
  quoted(rationale, from, from + text.length);

// ---------------------------------------------------------------- arithmetic

function byNumber({ label, rationale }: ExplainedRow): Finding {
  const value = evaluateExpression(label);
  if (value === null) return null;
  const announced = announcedIn(rationale);
  const said = announced === null ? null : announcedValue(announced.text);
  if (announced !== null && said !== null) {
    return near(said, value) ? null : found(rationale, announced);
  }
  const last = equationsIn(rationale).at(-1);
  if (last === undefined || isSettled(rationale, last, label, value)) return null;
  return quoted(rationale, last.from, last.to);
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

/** Whether the last equation and the label agree, or the one goes on to the other. */
function isSettled(rationale: string, last: Equation, label: string, value: number): boolean {
  if (near(last.value, value) || near(last.claimed, value)) return true;
  const parts = [...numbersIn(label)];
  if (parts.some((part) => near(part, last.value) || near(part, last.claimed))) return true;
  const sum = withoutSpaces(rationale.slice(last.from, last.to)).split(/=|is/u)[0] ?? '';
  if (withoutSpaces(label).includes(sum)) return true;
  return [...numbersIn(rationale.slice(last.to))].some((number) => near(number, value));
}

const withoutSpaces = (text: string): string => text.replaceAll(/[\s$]/gu, '');

/** To half a percent: rationales round. The sign is left to `wrong-arithmetic`. */
const near = (a: number, b: number): boolean =>
  Math.abs(Math.abs(a) - Math.abs(b)) <= 0.005 * Math.max(1, Math.abs(a), Math.abs(b));
