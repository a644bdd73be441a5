import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluateExpression } from '../../../electron/core/expression.ts';
import { Random } from '../../../electron/core/random.ts';

describe('evaluateExpression', () => {
  it.each([
    ['5', 5],
    ['( 8.0 - 3.0 )', 5],
    ['((7.0 + 3.0) / 2.0)', 5],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 4 - 3', 3],
    ['100 / 10 / 2', 5],
    ['-5', -5],
    ['--5', 5],
    ['2 - -3', 5],
    ['-(2 + 3) * 2', -10],
    ['6 × 7 ÷ 2', 21],
    ['9 − 4', 5],
    ['1,200 + 1', 1201],
    ['12,345,678.5', 12_345_678.5],
    ['.5 + 3.', 3.5],
    ['1e3', 1000],
    ['1.5E-2', 0.015],
    ['\t7\n', 7],
    ['0 * -1', 0],
    ['0', 0],
    ['(34 + 40) and (62 - 17)', 45],
    ['((29/2) and (30/2))', 15],
  ])('%j is %d', (text, value) => {
    expect(evaluateExpression(text)).toBe(value);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a word', 'bad'],
    ['a letter for a number', 'x + 1'],
    ['a letter for a sign', '6 x 7'],
    ['a unit', '5 apples'],
    ['a currency', '$5'],
    ['division by zero', '1/0'],
    ['division by zero further in', '3 + 4 / (2 - 2)'],
    ['an overflow', '1e308 * 10'],
    ['an open parenthesis', '( 8.0 - 3.0'],
    ['a closing parenthesis too many', '8)'],
    ['empty parentheses', '()'],
    ['a trailing sign', '8 - 3 ='],
    ['a missing operand', '3 *'],
    ['a leading operator', '* 3'],
    ['an implied product', '2(3)'],
    ['two parentheses side by side', '(1+2)(3)'],
    ['two numbers', '1 2'],
    ['a pair', '(1, 2)'],
    ['misplaced commas', '12,34'],
    ['a long last group', '1,2000'],
    ['a comma after a zero', '0,500'],
    ['two decimal points', '1.2.3'],
    ['a leading zero', '05'],
    ['a dangling and', '3 and'],
    ['and without space', '3 and4'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['code', 'process.exit(1)'],
  ])('has no value for %s', (_, text) => {
    expect(evaluateExpression(text)).toBeNull();
  });

  it.each(['(', '-', '+', ')', '((', '(-', '1,', '9', ' ', '1+', '(1'])(
    'answers to a million characters of %j without running out of stack',
    (piece) => {
      const text = piece.repeat(1_000_000 / piece.length);
      expect(evaluateExpression(text)).toBeNull();
    },
  );

  it('adds up half a million terms', () => {
    expect(evaluateExpression('1+'.repeat(499_999) + '1')).toBe(500_000);
  });

  it('accepts sensible nesting and refuses absurd nesting', () => {
    const nested = (depth: number) => '('.repeat(depth) + '1' + ')'.repeat(depth);
    expect(evaluateExpression(nested(100))).toBe(1);
    expect(evaluateExpression(nested(101))).toBeNull();
  });

  it('agrees with a tree that is evaluated while it is written down', () => {
    const random = new Random(20230503);
    let withValue = 0;
    for (let i = 0; i < 2_000; i++) {
      const { text, value } = randomExpression(random, random.integer(0, 5));
      if (Number.isFinite(value)) withValue += 1;
      expect(evaluateExpression(text), text).toBe(Number.isFinite(value) ? value + 0 : null);
    }
    expect(withValue).toBeGreaterThan(1_500);
  });

  it('never throws, whatever the text, and gives a finite number or null', () => {
    const random = new Random(7);
    const alphabet = [...'0123456789.,+-*/()×÷−e x$%^and\n'];
    for (let i = 0; i < 5_000; i++) {
      const text = Array.from({ length: random.integer(0, 24) }, () => random.pick(alphabet)).join(
        '',
      );
      const value = evaluateExpression(text);
      expect(value === null || Number.isFinite(value), text).toBe(true);
    }
  });
});

interface Written {
  text: string;
  /** Not finite where a division by zero stands somewhere in the tree. */
  value: number;
}

/** A random expression with its value, worked out on the tree and not from the text. */
function randomExpression(random: Random, depth: number): Written {
  if (depth === 0) {
    const value = random.integer(0, 40) / random.pick([1, 1, 2, 4, 10]);
    return { text: String(value), value };
  }
  const left = randomExpression(random, random.integer(0, depth - 1));
  const right = randomExpression(random, random.integer(0, depth - 1));
  const space = random.pick(['', ' ', '  ']);
  const write = (sign: string) => `(${left.text}${space}${sign}${space}${right.text})`;
  switch (random.integer(0, 4)) {
    case 0:
      return { text: write(random.pick(['+'])), value: left.value + right.value };
    case 1:
      return { text: write(random.pick(['-', '−'])), value: left.value - right.value };
    case 2:
      return { text: write(random.pick(['*', '×'])), value: left.value * right.value };
    case 3: {
      // 0/0 and x/0 must both poison the whole tree, even where x/0 would vanish in a division.
      const value = right.value === 0 ? Number.NaN : left.value / right.value;
      return { text: write(random.pick(['/', '÷'])), value };
    }
    default:
      return { text: `-(${left.text})`, value: -left.value };
  }
}

const recipe = new URL('../../../../shared/fixtures/dsbs/recipe.json', import.meta.url);

describe.skipIf(!existsSync(recipe))('against the published recipe (needs ../shared)', () => {
  /** Where the reference has a value (or none) and this application decides otherwise. */
  const deliberate = new Map<string, number | null>([
    ['1,000', 1000],
    ['2 ** 3', null],
    ['7 // 2', null],
    ['7 % 4', null],
    ['(1, 2)', null],
    ['1_000', null],
    ["'5'", null],
    ['True', null],
    ['[1]', null],
    ['0x10', null],
    ['1 if 1 else 2', null],
    ['1 == 1', null],
  ]);
  const Recipe = z.object({
    eval_equation: z.array(
      z.object({
        equation: z.string(),
        value: z.union([z.number(), z.string(), z.boolean()]).optional(),
        nan: z.boolean().optional(),
      }),
    ),
  });

  it('agrees on every case but the documented ones', () => {
    const cases = Recipe.parse(JSON.parse(readFileSync(recipe, 'utf8'))).eval_equation;
    expect(cases).toHaveLength(40);
    for (const { equation, value, nan } of cases) {
      const expected = deliberate.has(equation)
        ? deliberate.get(equation)
        : nan === true
          ? null
          : value;
      expect(evaluateExpression(equation), equation).toBe(expected);
    }
    const seen = new Set(cases.map(({ equation }) => equation));
    expect([...deliberate.keys()].filter((equation) => !seen.has(equation))).toEqual([]);
  });
});
