import { beginsWithTail, isTail } from '../core/korean.ts';
import { choiceLetter, normaliseText } from '../core/text.ts';
import { withoutCopula } from './korean.ts';
import type { Reading } from './label.ts';
import type { ParseOptions } from './parse.ts';
import type { Piece } from './piece.ts';
import { firstLine, paragraphOf, present, tidy } from './tidy.ts';

type Choices = ParseOptions['choices'];

/** An option letter in parentheses, or a letter or number in a circle or a parenthesised sign, anywhere. */
const marks = /[(（][a-zａ-ｚ][)）]|[①-⑳⑴-⒇⒜-⒵Ⓐ-ⓩ]/giu;
/** An option letter as the whole answer or before its text: `C`, `c)`, `C. wooded area`, `C wooded area`. */
const bareLetter = /^[a-zａ-ｚ](?=[).:）．：번\s]|$)/iu;
/** An option's number, likewise: `(2)`, `2)`, `2번`. */
const bareNumber = /^(?:[(（]\d{1,2}[)）]|\d{1,2}(?=번|[).:）．：]|$))/u;
/** What parts a bare mark from its text. */
const separator = /^(?:번[),.:）．：]*|[).:）．：]+)(?:\s|$)/u;
/** A letter that is said to be one. */
const namedLetter = /(?:option|choice|letter|보기|선택지)\s*["'“‘]?([a-z])(?![\p{L}\p{N}])/iu;
const hedge = /(?:,|\b(?:or|and|nor)|또는|혹은|및|이나|^나|^[와과])\s*$/i;
/** `보기 2번`, `보기 중 b`: what Korean says before a mark. */
const announcing = /^(?:보기|선택지)\s*(?:중(?:에서?)?\s*)?/;

/**
 * The text of the chosen option.
 *
 * Text goes before letter: `(e) wait for orders` is `wait for orders` though that is option (d),
 * since the model reasons in words and miscounts letters. Text that is no choice as it is spelled
 * (`Michigan` for `michigan`) is kept as the teacher wrote it and scores wrong, as in the paper's
 * figures. A letter alone names its choice, and where choices are known so does a number.
 */
export function readChoice(answer: Piece, choices: Choices, inSentence: boolean): Reading | null {
  const line = present(firstLine(answer));
  if (line === null) return null;
  const exact = exactChoice(line, choices ?? []);
  if (exact !== null) return { label: exact, at: line };
  const paragraph = paragraphOf(answer);
  const [mark, next] = paragraph.text.matchAll(marks);
  if (mark !== undefined) {
    const end = mark.index + mark[0].length;
    const between = paragraph.slice(end, next?.index);
    // `(a) x or (b) y` chooses nothing: kept as it stands, so that a person sees what it says.
    if (next !== undefined && hedge.test(between.text)) return whole(tidy(paragraph));
    const at = paragraph.slice(mark.index, end);
    return beside(at, withoutSeparator(between), choices, inSentence);
  }
  if (choices === null || choices.length === 0) return whole(spoken(line, inSentence));
  const bare = bareMark(line.slice(announcing.exec(line.text)?.[0].length ?? 0), choices);
  return bare === null ? chosenBy(line, choices) : beside(bare.at, bare.text, choices, inSentence);
}

/**
 * The option that a letter or number names, whatever stands beside it. Without choices it is the
 * letter itself, which must be one of the label set where there is one.
 */
export function readLetter(
  answer: Piece,
  choices: Choices,
  labels: readonly string[],
): Reading | null {
  const at = letterIn(answer, choices);
  if (at === null) return null;
  if (choices !== null && choices.length > 0) return byMark(at, choices);
  if (labels.length === 0) return { label: plainMark(at.text), at };
  const label = labels.find((each) => normaliseText(each) === normaliseText(plainMark(at.text)));
  return label === undefined ? null : { label, at };
}

function letterIn(answer: Piece, choices: Choices): Piece | null {
  const paragraph = paragraphOf(answer);
  const [mark] = paragraph.text.matchAll(marks);
  if (mark !== undefined) return paragraph.slice(mark.index, mark.index + mark[0].length);
  const line = present(firstLine(answer));
  if (line === null) return null;
  const bare = bareMark(line, choices ?? []);
  if (bare !== null) return bare.at;
  const named = namedLetter.exec(line.text);
  if (named === null) return null;
  const end = named.index + named[0].length;
  return line.slice(end - 1, end);
}

/** The label of a mark and the text beside it, either of which may be missing. */
function beside(mark: Piece, text: Piece, choices: Choices, inSentence: boolean): Reading | null {
  const line = present(firstLine(text));
  if (line === null) return byMark(mark, choices);
  if (choices === null || choices.length === 0) {
    return isTail(line.text) ? null : whole(spoken(line, inSentence));
  }
  if (exactChoice(line, choices) !== null) return whole(line);
  if (isTail(line.text) || beginsWithTail(text.text)) return byMark(mark, choices);
  return chosenBy(line, choices) ?? whole(line);
}

/** What Korean sets behind a choice: `작업대(2번)입니다`, `작업대, 나무를 다루는 곳이다`. */
const aside = /^\s*[(（,].*[가-힣]/u;

/**
 * The choice that the text begins with, where quotation marks, a Korean ending or an aside that names
 * no other choice keep it from being equal.
 */
function chosenBy(line: Piece, choices: readonly string[]): Reading | null {
  const quoted = /^["'“‘「『*]+/.exec(line.text)?.[0].length ?? 0;
  const text = line.text.slice(quoted);
  const [choice] = choices
    .filter((each) => each !== '' && text.startsWith(each))
    .filter((each) => {
      const rest = text.slice(each.length);
      if (isTail(rest) || beginsWithTail(rest)) return true;
      return aside.test(rest) && choices.every((other) => other === each || !rest.includes(other));
    })
    .sort((a, b) => b.length - a.length);
  if (choice === undefined) return null;
  return { label: choice, at: line.slice(quoted, quoted + choice.length) };
}

function exactChoice(line: Piece, choices: readonly string[]): string | null {
  const wanted = normaliseText(line.text);
  return choices.find((choice) => normaliseText(choice) === wanted) ?? null;
}

/** A mark without parentheses at the start of the line, and what follows it. */
function bareMark(line: Piece, choices: readonly string[]): { at: Piece; text: Piece } | null {
  const letter = bareLetter.exec(line.text) ?? letterWithTail(line.text);
  const mark = letter ?? bareNumber.exec(line.text);
  if (mark === null) return null;
  const at = line.slice(0, mark[0].length);
  if (letter === null && choiceAt(at, choices) === null) return null;
  const text = line.slice(mark[0].length);
  const enclosed = /^번?\s*[(（]([^()（）]+)(?=[)）])/.exec(text.text);
  if (enclosed !== null) {
    const inside = text.slice(enclosed[0].length - (enclosed[1] ?? '').length, enclosed[0].length);
    if (exactChoice(inside, choices) !== null) return { at, text: inside };
  }
  const parted = /[)）]$/.test(mark[0]) || separator.test(text.text) || isTail(text.text);
  const beforeChoice = /^\s/.test(text.text) && exactChoice(text.trim(), choices) !== null;
  if (!parted && !beforeChoice) return null;
  return { at, text: withoutSeparator(text) };
}

/** `b입니다`: a letter with nothing but a Korean ending. */
function letterWithTail(text: string): RegExpExecArray | null {
  return isTail(text.slice(1)) ? /^[a-z]/i.exec(text) : null;
}

function withoutSeparator(text: Piece): Piece {
  const trimmed = text.trimStart();
  const sign = /^번?[),.:）．：]*(?=\s|$)|^[:：]/u.exec(trimmed.text)?.[0] ?? '';
  return trimmed.slice(sign.length).trimStart();
}

function byMark(mark: Piece, choices: Choices): Reading | null {
  const choice = choiceAt(mark, choices);
  return choice === null ? null : { label: choice, at: mark };
}

function choiceAt(mark: Piece, choices: Choices): string | null {
  const name = plainMark(mark.text).toLowerCase();
  const number = Number(name);
  const named = (_: string, index: number): boolean =>
    index + 1 === number || choiceLetter(index) === name;
  return choices?.find(named) ?? null;
}

/** `（Ｂ）`, `Ⓑ` -> `B`; `⒝` -> `b`; `②`, `⑵` -> `2`. */
function plainMark(mark: string): string {
  return mark.normalize('NFKC').replaceAll(/[()]/g, '');
}

function spoken(line: Piece, inSentence: boolean): Piece {
  return inSentence ? tidy(withoutCopula(line)) : line;
}

function whole(piece: Piece): Reading | null {
  return piece.text === '' ? null : { label: piece.text, at: piece };
}
