import type { Task } from '../contract/entities.ts';
import type { AnswerReading } from '../contract/teacher.ts';
import { mentions } from '../core/korean.ts';
import { normaliseText } from '../core/text.ts';
import { readChoice, readLetter } from './choice.ts';
import { withoutCopula } from './korean.ts';
import { readExpression, readNumber, toHalfWidth } from './number.ts';
import type { ParseOptions } from './parse.ts';
import type { Piece } from './piece.ts';
import type { Found } from './rules.ts';
import { firstLine, paragraphOf, present, tidy } from './tidy.ts';

/** A label, and the piece of the completion that it was read from. */
export interface Reading {
  label: string;
  at: Piece;
}

type Way = 'text' | 'class' | 'choice' | 'expression' | 'number' | 'letter';

const wayOfTask: Readonly<Record<Task, Way>> = {
  text: 'text',
  classification: 'class',
  'multiple-choice': 'choice',
  arithmetic: 'expression',
};

/** The label in the text that a rule found, or null when there is none. */
export function readAnswer(
  { answer, form }: Pick<Found, 'answer' | 'form'>,
  read: AnswerReading,
  task: Task,
  { labels, choices }: ParseOptions,
): Reading | null {
  const way = read === 'task' ? wayOfTask[task] : read;
  if (form === 'parentheses') {
    const enclosed = /^[(（][^\n]*[)）]/.exec(answer.text)?.[0];
    if (enclosed === undefined) return null;
    const at = answer.slice(0, enclosed.length);
    return way === 'number' ? readNumber(at) : { label: toHalfWidth(enclosed), at };
  }
  const inSentence = form === 'sentence';
  switch (way) {
    case 'text':
      return readText(answer, inSentence);
    case 'class':
      return readClass(answer, labels, inSentence);
    case 'choice':
      return readChoice(answer, choices, inSentence);
    case 'expression':
      return readExpression(answer);
    case 'number':
      return readNumber(answer);
    case 'letter':
      return readLetter(answer, choices, labels);
  }
}

/** Free text: everything up to a blank line. */
function readText(answer: Piece, inSentence: boolean): Reading | null {
  return reading(ended(tidy(paragraphOf(answer.trim())), inSentence));
}

/**
 * One class of the label set, spelled as the set spells it: the whole answer, else the class it
 * begins with, else the only class it mentions; a class that it denies is not mentioned. With a
 * label set, anything else is no answer: it must not be trained on. Without one, the first line.
 */
function readClass(answer: Piece, labels: readonly string[], inSentence: boolean): Reading | null {
  const line = present(firstLine(answer));
  if (line === null || labels.includes(line.text)) return reading(line);
  if (labels.length === 0) return reading(ended(line, inSentence));
  const wanted = normaliseText(line.text);
  const label =
    labels.find((each) => normaliseText(each) === wanted) ?? mentionedLabel(wanted, labels);
  return label === null ? null : { label, at: placeOf(label, line) };
}

/** `neutral or contradiction`, `긍정이나 부정`, `긍정과 부정`: what follows a label that is not decided on. */
const hedge = /^["'”’」』)）*]*(?:\s*\/|\s+or\b|\s*(?:또는|혹은|및)|이?나\s|이?거나\s|[과와]\s)/u;

/** The label that the text opens with, or the only one in it; none where it wavers between two. */
function mentionedLabel(wanted: string, labels: readonly string[]): string | null {
  const mentioned = labels.flatMap((label) => {
    const at = mentions(wanted, normaliseText(label))[0];
    return at === undefined ? [] : [{ label, at }];
  });
  // Of labels that begin at one place (`true`, `true story`) the longest is meant.
  const first = Math.max(0, wanted.search(/[\p{L}\p{N}]/u));
  const opening = mentioned
    .filter(({ at }) => at <= first)
    .sort((a, b) => b.label.length - a.label.length)[0];
  if (opening !== undefined) {
    const rest = wanted.slice(opening.at + normaliseText(opening.label).length);
    const others = mentioned.filter(({ label }) => label !== opening.label);
    const open = hedge.test(rest) && others.some(({ at }) => at > opening.at);
    return open ? null : opening.label;
  }
  return mentioned.length === 1 ? (mentioned[0]?.label ?? null) : null;
}

/** Where the label stands in the line as it is written; the whole line where its spaces differ. */
function placeOf(label: string, line: Piece): Piece {
  const lower = line.text.toLowerCase();
  const at = mentions(lower, label.toLowerCase())[0];
  const comparable = lower.length === line.text.length;
  return at === undefined || !comparable ? line : line.slice(at, at + label.length);
}

/** Without the copula that ends a Korean sentence begun by the answer phrase. */
function ended(piece: Piece, inSentence: boolean): Piece {
  return inSentence ? tidy(withoutCopula(piece)) : piece;
}

function reading(piece: Piece | null): Reading | null {
  return piece === null || piece.text === '' ? null : { label: piece.text, at: piece };
}
