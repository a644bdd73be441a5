import type { Task } from '../contract/entities.ts';
import { evaluateExpression } from '../core/expression.ts';
import { choiceLetter, normaliseText } from '../core/text.ts';
import type { ParseOptions } from './parse.ts';
import { escapePattern } from './pattern.ts';

/**
 * The label in the text after an answer phrase, or null when there is none.
 *
 * @param inParentheses the answer starts with `(` and reaches to the last `)` on its line
 */
export function readLabel(
  answer: string,
  inParentheses: boolean,
  task: Task,
  { labels, choices }: ParseOptions,
): string | null {
  if (inParentheses) return /^\([^\n]*\)/.exec(answer)?.[0] ?? null;
  switch (task) {
    case 'text':
      return readText(answer);
    case 'classification':
      return readClass(answer, labels);
    case 'multiple-choice':
      return readChoice(answer, choices);
    case 'arithmetic':
      return readExpression(answer);
  }
}

/** Free text: everything up to a blank line. */
function readText(answer: string): string | null {
  const [paragraph = ''] = answer.trim().split(/\n\s*\n/);
  return present(paragraph);
}

/**
 * One class of the label set, spelled as the set spells it: the whole answer, else the class it
 * begins with, else the only class it mentions. With a label set, anything else is no answer: it
 * must not be trained on. Without one, the first line.
 */
function readClass(answer: string, labels: readonly string[]): string | null {
  const line = present(firstLine(answer));
  if (line === null || labels.length === 0) return line;
  const wanted = normaliseText(line);
  const whole = labels.find((label) => normaliseText(label) === wanted);
  if (whole !== undefined) return whole;
  const mentioned = labels
    .map((label) => ({ label, at: wordsAt(wanted, normaliseText(label)) }))
    .filter(({ at }) => at >= 0);
  // Of labels that begin at one place (`true`, `true story`) the longest is meant.
  const opening = mentioned
    .filter(({ at }) => at === 0)
    .sort((a, b) => b.label.length - a.label.length)[0];
  if (opening !== undefined) return opening.label;
  return mentioned.length === 1 ? (mentioned[0]?.label ?? null) : null;
}

/** Where `words` stand in `text` as whole words; -1 when they don't. */
function wordsAt(text: string, words: string): number {
  return text.search(
    new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(words)}(?![\\p{L}\\p{N}])`, 'u'),
  );
}

/** An option letter in parentheses, anywhere. */
const letterMark = /\(([a-z])\)/gi;
/** An option letter as the whole answer or before its text: `C`, `c)`, `C. wooded area`. */
const bareLetter = /^([a-z])(?:[).:]+(?:\s+|$)|$)/i;

/**
 * The text of the chosen option.
 *
 * Text goes before letter: `(e) wait for orders` is `wait for orders` though that is option (d),
 * since the model reasons in words and miscounts letters. Text that is no choice as it is spelled
 * (`Michigan` for `michigan`) is kept as the teacher wrote it and scores wrong, as in the paper's
 * figures. A letter alone names its choice.
 */
function readChoice(answer: string, choices: readonly string[] | null): string | null {
  const marks = [...paragraphOf(answer).matchAll(letterMark)];
  const [mark, next] = marks;
  if (mark !== undefined) {
    const text = paragraphOf(answer);
    const between = text.slice(mark.index + mark[0].length, next?.index);
    // `(a) x or (b) y` chooses nothing: kept as it stands, so that a person sees what it says.
    if (next !== undefined && /(?:,|\b(?:or|and|nor))\s*$/i.test(between)) return tidy(text);
    return present(firstLine(between)) ?? choiceAt(choices, mark[1] ?? '');
  }
  const line = present(firstLine(answer));
  if (line === null) return null;
  if (choices === null || choices.length === 0) return line;
  const exact = choices.find((choice) => normaliseText(choice) === normaliseText(line));
  if (exact !== undefined) return exact;
  const letter = bareLetter.exec(line);
  if (letter === null) return null;
  const text = line.slice(letter[0].length).trim();
  return text === '' ? choiceAt(choices, letter[1] ?? '') : text;
}

function choiceAt(choices: readonly string[] | null, letter: string): string | null {
  return choices?.find((_, index) => choiceLetter(index) === letter.toLowerCase()) ?? null;
}

/** Text up to the first blank line: what follows is not part of the answer. */
function paragraphOf(answer: string): string {
  return answer.trimStart().split(/\n\s*\n/)[0] ?? '';
}

/** Characters an expression is made of, from the start of the answer. */
const expressionStart = /^[-−–+\d\s.,()*/×÷]+/;

/**
 * An expression: without the value a model likes to add (`11 * 15 = 165`), a unit (`165 coins`),
 * currency signs, and parentheses around the whole. An answer that is no expression is kept as it
 * stands and scores wrong.
 */
function readExpression(answer: string): string | null {
  const line = present(firstLine(answer).replaceAll('$', ''));
  if (line === null) return null;
  const start = expressionStart.exec(line)?.[0] ?? '';
  const rest = line.slice(start.length);
  const expression = /^=|^[^\d]*$/.test(rest) ? tidy(start) : line;
  return unwrap(evaluateExpression(expression) === null ? line : expression);
}

/** `( 3 + 4 )` -> `3 + 4`, while `( 1 + 2 ) * ( 3 + 4 )` stays: without its ends it is no expression. */
function unwrap(expression: string): string {
  const inner = expression.slice(1, -1).trim();
  const wrapped =
    expression.startsWith('(') && expression.endsWith(')') && evaluateExpression(inner) !== null;
  return wrapped ? unwrap(inner) : expression;
}

function firstLine(text: string): string {
  return text.trimStart().split('\n')[0] ?? '';
}

/** Without white space, Markdown emphasis, quotation marks around the whole, and one full stop at the end. */
function tidy(text: string): string {
  return text
    .trim()
    .replace(/^(?:\*\*|__|`)\s*|\s*(?:\*\*|__|`)$/g, '')
    .replace(/\.(?=(?:\*\*|__|`)?["'”’]?$)/, '')
    .replace(/^(["'“‘])(.*)["'”’]$/s, '$2')
    .replace(/(?:\*\*|__|`)$/, '')
    .trim();
}

/** The tidied text, or null when nothing is left of it. */
function present(text: string): string | null {
  const tidied = tidy(text);
  return tidied === '' ? null : tidied;
}
