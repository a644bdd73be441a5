import type { Task } from '../contract/entities.ts';
import { evaluateExpression } from './expression.ts';
import { choiceLetter, foldWhitespace, normaliseText } from './text.ts';

/**
 * Two values this close, relative to the larger of them and 1, are one answer: wide enough for
 * `0.1 + 0.2` against `0.3`, far too narrow for a rounded `3.33` against `10 / 3`.
 */
const TOLERANCE = 1e-6;

/** `(b)`, `b)`, `b.`, `b:` or `b`, alone or before the choice's text. */
const LETTERED = /^(?:\(([a-z]{1,2})\)|([a-z]{1,2})[).:]|([a-z]{1,2})$)\s*(.*)$/isu;

/**
 * How texts are compared. `exact`: character by character, except that white space is folded and
 * Unicode composed, differences nobody sees. `normalised`: also without regard to case.
 */
export type TextMatch = 'exact' | 'normalised';

const comparable: Record<TextMatch, (text: string) => string> = {
  exact: foldWhitespace,
  normalised: normaliseText,
};

/**
 * Whether a prediction is right. No answer (null) is never right.
 *
 * - text, classification: equal text.
 * - multiple-choice: the same choice, named by its text, its letter, or both.
 * - arithmetic: equal value, both sides evaluated, within 1e-6 of the larger one (absolute below 1).
 *   The published recipe compares floating-point numbers exactly and calls `0.1 + 0.2` wrong for
 *   `0.3`; and where gold has no value it scores nothing right, while here the texts decide.
 *
 * Exact match is the default because the paper's figures are counted so: on CommonsenseQA's test
 * rows its teacher is right 943 times of 1,221 with it, and 955 times without regard to case.
 */
export function isCorrect(
  task: Task,
  predicted: string | null,
  gold: string,
  choices: readonly string[] | null,
  options: { readonly match?: TextMatch } = {},
): boolean {
  if (predicted === null) return false;
  const match = options.match ?? 'exact';
  const same = (a: string, b: string): boolean => comparable[match](a) === comparable[match](b);
  switch (task) {
    case 'text':
    case 'classification':
      return same(predicted, gold);
    case 'multiple-choice':
      return same(
        resolveChoice(predicted, choices ?? [], match) ?? predicted,
        resolveChoice(gold, choices ?? [], match) ?? gold,
      );
    case 'arithmetic': {
      const wanted = evaluateExpression(gold);
      return wanted === null
        ? same(predicted, gold)
        : sameValue(evaluateExpression(predicted), wanted);
    }
  }
}

/**
 * The choice an answer names: by its text (`wooded area`), its letter in either case (`c`, `(C)`),
 * or both (`(c) wooded area`). Text goes before letter: a choice that reads `b` is not the second
 * one, and a letter beside text that is no choice names nothing. Null when no choice is meant.
 */
export function resolveChoice(
  answer: string,
  choices: readonly string[],
  match: TextMatch = 'exact',
): string | null {
  const form = comparable[match];
  const byText = (text: string): string | null =>
    choices.find((choice) => form(choice) === form(text)) ?? null;

  const whole = byText(answer);
  if (whole !== null) return whole;
  const lettered = LETTERED.exec(foldWhitespace(answer));
  if (lettered === null) return null;
  const [, inParentheses, marked, bare, text = ''] = lettered;
  if (text !== '') return byText(text) ?? byText(text.replace(/\.$/u, ''));
  const letter = (inParentheses ?? marked ?? bare)?.toLowerCase();
  return choices.find((_, index) => choiceLetter(index) === letter) ?? null;
}

function sameValue(predicted: number | null, gold: number): boolean {
  if (predicted === null) return false;
  const scale = Math.max(1, Math.abs(predicted), Math.abs(gold));
  return Math.abs(predicted - gold) <= TOLERANCE * scale;
}
