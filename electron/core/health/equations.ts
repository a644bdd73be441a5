import { evaluateExpression } from '../expression.ts';
import { tokensOf } from './tokens.ts';
import type { EqualsToken, NumberToken, Token, WordToken } from './tokens.ts';

/** A claim of the text that some arithmetic comes to something: `18 / 4 = 5`. */
export interface Equation {
  /** Where it stands, from and to. */
  readonly from: number;
  readonly to: number;
  /** What the arithmetic before the equals sign comes to, and what is said that it does. */
  readonly value: number;
  readonly claimed: number;
  readonly holds: boolean;
}

/** Tokens looked at on each side of an equals sign: longer sums are no lines of a person's reckoning. */
const reach = 60;
/** Words that may stand between a number and the next sign: `5 red apples + 3`. */
const mostUnits = 3;

/** Words that no unit consists of: what follows them is another thought. */
const noUnits = new Set(
  `and or then so but if when while because since he she they we i it you there this that which who
  has had have is was are were be been will would can from to by with than as at on in for`.split(
    /\s+/,
  ),
);
/** Words before a result that leave it what it is, and those that make it a rough one. */
const before = new Set('only just exactly still a total of then also now 총 모두'.split(' '));
const roughly = new Set('about around approximately roughly nearly almost 약'.split(' '));
/** `8 - 3 is 5 more than …`, `10 = 2 times …`: not what the arithmetic comes to. */
const comparing = new Set('more less fewer greater times percent larger smaller as'.split(' '));
const remainders = new Set(['remainder', 'r', '나머지', 'with', 'left', 'leftover']);

/** Units of measures: with two of them in a sum, numbers alone don't tell whether it holds. */
const measures = new Map(
  Object.entries({
    time: 'second sec minute min hour hr day week month year decade 초 분 시간 일 주 달 개월 년',
    length:
      'inch inches foot feet ft yard mile mm cm m km meter metre centimeter kilometer 센티미터 미터 킬로미터',
    weight: 'ounce oz pound lb gram g kg kilogram ton 그램 킬로그램 톤',
    volume: 'cup pint quart gallon ml l liter litre 리터 밀리리터',
    money: 'cent dollar penny pennies nickel dime quarter 원 달러',
    count: 'dozen pair score percent',
  }).flatMap(([, words]) => words.split(' ').map((word) => [word, word] as const)),
);

/**
 * Every equation in the text whose sides can both be worked out, in its order.
 *
 * A side is what stands next to the equals sign as far as it is arithmetic: `So he had 22 + 8 = 30 left`
 * has the sides `22 + 8` and `30`. Units may stand between (`5 apples + 3 apples = 8`). Of a chain
 * (`8 + 2 * 3 = 8 + 6 = 14`) each neighbouring pair is an equation. Where something is in the way that
 * is not understood (a variable, a power, mixed measures), there is no equation: better to miss one
 * than to accuse a right one.
 */
export function equationsIn(text: string): Equation[] {
  if (!/\p{Nd}/u.test(text)) return [];
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) =>
    token.kind === 'equals' ? (equationAt(tokens, at, token) ?? []) : [],
  );
}

/** One side of an equation. */
interface Side {
  /** Of its tokens: the first, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** A side without a sign: what is claimed, to the digits shown. */
  readonly plain: NumberToken | null;
  /** The first number of it, with which a running total goes on: `5 + 3 = 8 + 2 = 10`. */
  readonly first: number | null;
  readonly tokens: readonly Token[];
  readonly roughly: boolean;
}

function equationAt(tokens: readonly Token[], at: number, equals: EqualsToken): Equation | null {
  const left = leftOf(tokens, at);
  if (left === null) return null;
  const right = rightOf(tokens, at);
  if (right === null || (left.plain !== null && right.plain !== null)) return null;
  // `One hour = 60 * 60 seconds`: a definition.
  if (left.plain !== null && (equals.by === 'word' || unitsIn(left.tokens).length > 0)) return null;
  const holds = agree(left, right, equals.roughly || right.roughly);
  if (!holds && !isSure(tokens, left, right, equals)) return null;
  return {
    ...{ from: left.from, to: right.to, holds },
    value: left.plain === null ? left.value : right.value,
    claimed: left.plain === null ? right.value : left.value,
  };
}

/** The arithmetic that ends at a token, read backwards. */
function leftOf(tokens: readonly Token[], end: number): Side | null {
  let start = end;
  let wantsOperand = true;
  let units = 0;
  let at = end - 1;
  for (; at >= Math.max(0, end - reach); at -= 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (wantsOperand) {
      if (token.kind === 'word' && ++units <= mostUnits && !noUnits.has(token.text)) continue;
      if (token.kind === 'number') start = at;
      else if (token.kind === 'close') {
        const open = openingOf(tokens, at);
        if (open === null) return null;
        at = open;
        if (!hasNumber(tokens, open, end)) continue;
        start = open;
      } else return null;
      wantsOperand = false;
      units = 0;
      continue;
    }
    if (token.kind === 'operator') {
      const sign = token.sign;
      if (isUnary(tokens, at)) start = at;
      else if (sign === 'of' && !isShareBefore(tokens, at)) break;
      else if (isBullet(tokens, at)) break;
      else wantsOperand = true;
      continue;
    }
    // Two numbers side by side, `f(…)`, `2(…)`: not read.
    if (token.kind === 'number' || token.kind === 'unreadable') return null;
    if (token.kind === 'close' || (token.kind === 'word' && touches(tokens, at))) {
      if (tokens[at + 1]?.kind === 'open') return null;
    }
    break;
  }
  return wantsOperand ? null : sideOf(tokens, start, end, false);
}

/** The arithmetic that begins behind a token. */
function rightOf(tokens: readonly Token[], equals: number): Side | null {
  let at = equals + 1;
  let rough = false;
  for (let words = 0; words < mostUnits; words += 1, at += 1) {
    const token = tokens[at];
    const text = token?.kind === 'word' ? token.text : token?.kind === 'operator' ? token.sign : '';
    if (roughly.has(text)) rough = true;
    else if (!before.has(text)) break;
  }
  const start = at;
  let end: number | null = null;
  let wantsOperand = true;
  let units = 0;
  for (; at < Math.min(tokens.length, equals + reach); at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (wantsOperand) {
      if (token.kind === 'operator' && (token.sign === '-' || token.sign === '+') && at === start)
        continue;
      if (token.kind === 'open') {
        const close = closingOf(tokens, at);
        if (close === null) return null;
        at = close;
      } else if (token.kind !== 'number') {
        if (token.kind === 'unreadable' || end === null) return null;
        break;
      }
      end = at + 1;
      wantsOperand = false;
      units = 0;
      continue;
    }
    if (token.kind === 'operator' && (token.sign !== 'of' || isShareBefore(tokens, at))) {
      wantsOperand = true;
    } else if (token.kind === 'word' && ++units <= mostUnits && !noUnits.has(token.text)) {
      continue;
    } else if (units === 0 && (token.kind === 'number' || token.kind === 'open')) {
      return null;
    } else break;
  }
  if (end === null) return null;
  const unit = tokens[end];
  const hasUnit = unit?.kind === 'word' && !noUnits.has(unit.text);
  return sideOf(tokens, start, hasUnit ? end + 1 : end, rough);
}

function sideOf(all: readonly Token[], start: number, end: number, rough: boolean): Side | null {
  const tokens = all.slice(start, end);
  const written = writtenOut(tokens);
  const value = written === null ? null : evaluateExpression(written);
  if (value === null) return null;
  const numbers = tokens.filter((token) => token.kind === 'number');
  const first = tokens[0];
  const last = tokens.findLast((token) => token.kind !== 'word');
  if (first === undefined || last === undefined) return null;
  const plain = tokens.some(({ kind }) => kind === 'operator') ? null : (numbers[0] ?? null);
  const negative = plain === null && numbers.length === 1 && /^[+-]/.test(written ?? '');
  return {
    ...{ start, end, from: first.from, to: last.to, value, tokens, roughly: rough },
    plain: negative ? (numbers[0] ?? null) : plain,
    first: numbers[0]?.value ?? null,
  };
}

/** For the evaluator; null where a word stands in the place of a number. */
function writtenOut(tokens: readonly Token[]): string | null {
  const parts: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (token.kind === 'number') parts.push(`(${token.value})`);
    else if (token.kind === 'operator') parts.push(token.sign === 'of' ? '*' : token.sign);
    else if (token.kind === 'close') parts.push(')');
    else if (token.kind === 'word') {
      const earlier = tokens[at - 1]?.kind;
      if (earlier !== 'number' && earlier !== 'close' && earlier !== 'word') return null;
    } else if (token.kind === 'open') {
      const close = closingOf(tokens, at);
      if (close === null) return null;
      // `5 (red) + 3`: a remark.
      if (hasNumber(tokens, at, close)) parts.push('(');
      else at = close;
    } else return null;
  }
  return parts.join(' ');
}

/** Whether both sides are the same to the digits shown. */
function agree(left: Side, right: Side, rough: boolean): boolean {
  const plain = right.plain ?? left.plain;
  const worked = right.plain === null ? right.value : left.value;
  if (plain === null) {
    return near(left.value, right.value, 0) || continues(left.value, right);
  }
  const claimed = right.plain === null ? left.value : right.value;
  return (
    shows(claimed, plain, worked, rough) ||
    // `80 / 200 * 100 = 40%`
    (plain.percent && shows(claimed * 100, { ...plain, step: plain.step * 100 }, worked, rough))
  );
}

/** Rounded or cut off to the digits shown, half of the last digit either way. */
function shows(claimed: number, plain: NumberToken, worked: number, rough: boolean): boolean {
  const off = Math.abs(worked - claimed);
  const cutOff = plain.step < 1 && Math.abs(worked) >= Math.abs(claimed) ? plain.step : 0;
  const allowed = Math.max(plain.step / 2, cutOff, rough ? 0.05 * Math.abs(worked) : 0);
  return near(worked, claimed, 0) || off <= allowed * (1 + 1e-9);
}

const continues = (total: number, next: Side): boolean =>
  next.first !== null && near(total, next.first, 0.005);

const near = (a: number, b: number, slack: number): boolean =>
  Math.abs(a - b) <= Math.max(1e-6, slack) * Math.max(1, Math.abs(a), Math.abs(b));

/** Whether an equation that does not hold was understood: what follows are the ways in which it may not have been. */
function isSure(tokens: readonly Token[], left: Side, right: Side, equals: EqualsToken): boolean {
  const all = [...left.tokens, ...right.tokens];
  if (new Set(unitsIn(all)).size > 1 || mixesPercent(left.tokens) || mixesPercent(right.tokens)) {
    return false;
  }
  const words = tokens
    .slice(right.end - 1, right.end + 3)
    .filter((token): token is WordToken => token.kind === 'word');
  const divided = left.tokens.some((token) => token.kind === 'operator' && token.sign === '/');
  if (divided && words.some(({ text }) => remainders.has(text))) {
    if (Math.floor(left.value) === right.value) return false;
  }
  if (equals.by === 'word' && words[0] !== undefined && comparing.has(words[0].text)) return false;
  // `5 pens and 3 pencils - 2 pencils = 6`: the sum may begin before it.
  const joined = tokens[left.start - 1];
  const isJoined = joined?.kind === 'word' && (joined.text === 'and' || joined.text === '와');
  return !(isJoined && left.tokens.some(({ kind }) => kind === 'word'));
}

/** Percentages added to or taken from what is none: of what they are, nobody says. */
function mixesPercent(tokens: readonly Token[]): boolean {
  const numbers = tokens.filter((token) => token.kind === 'number');
  const percents = numbers.filter(({ percent }) => percent).length;
  const adds = tokens.some(
    (token) => token.kind === 'operator' && (token.sign === '+' || token.sign === '-'),
  );
  return adds && percents > 0 && percents < numbers.length;
}

function unitsIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.kind !== 'word') return [];
    const known = measures.get(token.text) ?? measures.get(token.text.replace(/s$/u, ''));
    return known === undefined ? [] : [known];
  });
}

/** A sign of its number: `= -5 + 3`, `3 * -2`. */
function isUnary(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const next = tokens[at + 1];
  if (token?.kind !== 'operator' || (token.sign !== '-' && token.sign !== '+')) return false;
  if (next === undefined || next.from !== token.to) return false;
  const previous = tokens[at - 1];
  if (previous?.kind === 'word') return previous.to < token.from;
  return previous === undefined || !['number', 'close', 'unreadable'].includes(previous.kind);
}

/** `- 5 + 3 = 8` as an item of a list. */
function isBullet(tokens: readonly Token[], at: number): boolean {
  const previous = tokens[at - 1];
  return previous === undefined || previous.kind === 'break';
}

/** `20% of`, `1/3 of`: a share, which is multiplied; `3 of 4` is not. */
function isShareBefore(tokens: readonly Token[], at: number): boolean {
  const [operand, sign, above] = [tokens[at - 1], tokens[at - 2], tokens[at - 3]];
  if (operand?.kind !== 'number') return operand?.kind === 'close';
  if (operand.percent) return true;
  return sign?.kind === 'operator' && sign.sign === '/' && above?.kind === 'number';
}

const touches = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.to === tokens[at + 1]?.from;

function openingOf(tokens: readonly Token[], close: number): number | null {
  return partnerOf(tokens, close, -1, 'close', 'open');
}

function closingOf(tokens: readonly Token[], open: number): number | null {
  return partnerOf(tokens, open, 1, 'open', 'close');
}

function partnerOf(
  tokens: readonly Token[],
  from: number,
  step: 1 | -1,
  own: 'open' | 'close',
  other: 'open' | 'close',
): number | null {
  let depth = 0;
  for (let at = from, seen = 0; seen < reach; at += step, seen += 1) {
    const kind = tokens[at]?.kind;
    if (kind === undefined || kind === 'break' || kind === 'equals') return null;
    if (kind === own) depth += 1;
    else if (kind === other && (depth -= 1) === 0) return at;
  }
  return null;
}

function hasNumber(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (tokens[at]?.kind === 'number') return true;
  return false;
}
