import { evaluateExpression } from '../core/expression.ts';
import { unitsInDigits } from '../core/korean-number.ts';
import type { Reading } from './label.ts';
import { Piece } from './piece.ts';
import { firstLine, present, tidy } from './tidy.ts';

/** Full-width ASCII (`１２（＋）`) and the ideographic full stop as plain characters, one for one. */
export function toHalfWidth(text: string): string {
  return text
    .replaceAll('。', '.')
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** Characters an expression is made of, from the start of the answer. */
const expressionStart = /^[-−–+\d\s.,()*/×÷]+/;

/**
 * An expression: without the value a model likes to add (`11 * 15 = 165`), a unit (`165 coins`),
 * currency signs, TeX (`\boxed{165}`), and parentheses around the whole. Numbers in Korean units
 * are in digits (`3만 5천 원` is 35000). An answer that is no expression is kept as it stands and
 * scores wrong.
 */
export function readExpression(answer: Piece): Reading | null {
  const written = present(firstLine(answer));
  if (written === null) return null;
  const plain = withoutTex(toHalfWidth(written.text)).replaceAll(/[$₩]/g, '');
  const line = tidied(unitsInDigits(plain));
  if (line === '') return null;
  const value = [beforeUnit(line), line, beforeUnit(withoutKorean(line))].find(
    (each) => evaluateExpression(each) !== null,
  );
  if (value === undefined) return { label: written.text, at: written };
  const label = unwrap(value);
  return { label, at: written.first(label) };
}

/** What stands before `= 165` or a unit; the line itself where more numbers follow. */
function beforeUnit(line: string): string {
  const start = expressionStart.exec(line)?.[0] ?? '';
  return /^=|^[^\d]*$/.test(line.slice(start.length)) ? tidied(start) : line;
}

const remark = /\([^()]*[가-힣][^()]*\)(?=[가-힣]*$)/;
const quantity = /^(?:식\s*:|총|모두|전부|합계|합해서|약)\s*(?=[\d(])/;
const counter = /(?<=\d)\s?[가-힣]+(?=\s*(?:[-−–+*×/÷=)]|$))/g;

/** Longer lines are no answers. */
const mostKorean = 200;

/** `총 9개 × 6봉지 = 54개(귤만)` -> `9 × 6 = 54`. */
function withoutKorean(line: string): string {
  if (line.length > mostKorean) return line;
  return line.replace(remark, '').replace(quantity, '').replaceAll(counter, '');
}

/** {@link tidy} for text that stands nowhere as it is. */
function tidied(text: string): string {
  return tidy(new Piece(text, null)).text;
}

/** `( 3 + 4 )` -> `3 + 4`, while `( 1 + 2 ) * ( 3 + 4 )` stays: without its ends it is no expression. */
function unwrap(expression: string): string {
  let rest = expression;
  while (rest.startsWith('(') && rest.endsWith(')')) {
    const inner = rest.slice(1, -1).trim();
    if (evaluateExpression(inner) === null) break;
    rest = inner;
  }
  return rest;
}

/** Signs and wrappers of TeX that stand around arithmetic, in the letters of arithmetic. */
function withoutTex(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\(?:times|cdot)\b/g, '×')
    .replace(/\\div\b/g, '÷')
    .replace(/\\(?:boxed|text|mathrm)\{([^{}]*)\}/g, '$1')
    .replace(/\\[()[\]$]/g, '');
}

const digits = '(?:\\d{1,3}(?:,\\d{3})+(?!,?\\d)|\\d+)';
/** A sign, which is one only where no operand stands before it. */
const sign = '(?:(?<![\\d)\\]%]\\s*)[-−–+])';
const plainNumber = `${sign}?(?:${digits}(?:\\.\\d+)?|\\.\\d+)(?:e[+-]?\\d+(?!\\w))?(?:\\/\\d+)?`;
const number = new RegExp(`(?<![\\w^])${plainNumber}`, 'gi');

/**
 * The last number on the first line of the answer, without thousands commas, unit, currency or
 * percent sign; a simple fraction (`3/4`) is one. A number in Korean units is in digits: `3만 5천` is
 * 35000.
 */
export function readNumber(answer: Piece): Reading | null {
  const line = firstLine(answer);
  let last: string | null = null;
  const text = unitsInDigits(withoutTex(toHalfWidth(line.text)));
  for (const [match] of text.matchAll(number)) last = match;
  return last === null ? null : { label: withoutCommas(last), at: line.last(last) };
}

function withoutCommas(written: string): string {
  return written.replaceAll(',', '').replace(/^\+/, '').replace(/^[−–]/, '-');
}
