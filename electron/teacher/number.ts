import { evaluateExpression } from '../core/expression.ts';
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
 * currency signs, TeX (`\boxed{165}`), and parentheses around the whole. An answer that is no
 * expression is kept as it stands and scores wrong.
 */
export function readExpression(answer: Piece): Reading | null {
  const written = present(firstLine(answer));
  if (written === null) return null;
  const line = tidied(withoutTex(toHalfWidth(written.text)).replaceAll(/[$₩]/g, ''));
  if (line === '') return null;
  const start = expressionStart.exec(line)?.[0] ?? '';
  const rest = line.slice(start.length);
  const expression = /^=|^[^\d]*$/.test(rest) ? tidied(start) : line;
  const value = [expression, line].find((each) => evaluateExpression(each) !== null);
  if (value === undefined) return { label: written.text, at: written };
  const label = unwrap(value);
  return { label, at: written.first(label) };
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
/** The rest of a number in Korean units: `3만 5천 200`. */
const koreanUnits = `[십백천만억조]+(?:\\s?${digits}[십백천만억조]+)*(?:\\s?${digits})?`;
const number = new RegExp(`(?<![\\w^])(?<plain>${plainNumber})(?<units>${koreanUnits})?`, 'gi');

/**
 * The last number on the first line of the answer, without thousands commas, unit, currency or
 * percent sign; a simple fraction (`3/4`) is one. A number in Korean units (`3만 5천`) stays as it is
 * written.
 */
export function readNumber(answer: Piece): Reading | null {
  const line = firstLine(answer);
  let last: RegExpExecArray | null = null;
  for (const match of withoutTex(toHalfWidth(line.text)).matchAll(number)) last = match;
  if (last === null) return null;
  const [written] = last;
  const { plain = written, units } = last.groups ?? {};
  const label = units === undefined ? withoutCommas(plain) : written;
  return { label, at: line.last(written) };
}

function withoutCommas(written: string): string {
  return written.replaceAll(',', '').replace(/^\+/, '').replace(/^[−–]/, '-');
}
