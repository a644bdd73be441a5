import { describe, expect, it } from 'vitest';
import type { Task } from '../../../../electron/contract/entities.ts';
import { checkRationale, rationaleKey } from '../../../../electron/core/health/index.ts';
import { Random } from '../../../../electron/core/random.ts';
import { answer, context } from './support.ts';

const tasks: readonly Task[] = ['text', 'classification', 'multiple-choice', 'arithmetic'];
const pieces = [
  ...['8', '3.5', '1,200', '.5', '12%', '3만 5천', '１２', '9:30', '3x', '2nd', '-4', '$7', '₩900'],
  ...['+', '-', '*', '/', '×', '÷', '=', '==', '≈', '!=', '^', '**', '%', '(', ')', '{', '}', '}{'],
  ...[
    '\\frac{',
    '\\times',
    '\\text{',
    '\\(',
    '\\',
    '$',
    '_',
    '`',
    '"',
    '“',
    '.',
    ',',
    '!',
    '?',
    ':',
  ],
  ...['the answer is', 'So', 'Therefore', 'only', 'is', 'of', 'bank', 'river', '(b)', 'Option B'],
  ...[
    '정답은',
    '따라서',
    '여덟',
    '삼백',
    '개',
    '는',
    '은행만이',
    '이다.',
    '때문에',
    '更',
    'ベン',
    '👩‍👩‍👧',
    '\ud800',
  ],
  ...[' ', ' ', ' ', '\n', '\t', '\u00a0', '\u0000', 'apples', 'dozen', 'twenty', 'hundred', 'and'],
];

const sound = context({ task: 'text' });

function check(random: Random, rationale: string): void {
  const task = tasks[random.integer(0, tasks.length)] ?? 'text';
  const labels = task === 'classification' ? ['bank', 'river'] : [];
  const label = ['(8 - 3)', 'bank', '', '8', 'b', '여덟'][random.integer(0, 6)] ?? '';
  const choices = task === 'multiple-choice' ? ['bank', 'river', '', '은행'] : null;
  const finishReason = random.integer(0, 2) === 0 ? null : 'length';
  const row = answer({ rationale, label, choices, finishReason });
  const findings = checkRationale(row, context({ ...sound, task, labels }));
  expect(new Set(findings.map(({ flag }) => flag)).size).toBe(findings.length);
  for (const { evidence, at } of findings) {
    expect(evidence.length).toBeLessThan(500);
    const [from, to] = at ?? [0, rationale.length];
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from).toBeLessThanOrEqual(to);
    expect(to).toBeLessThanOrEqual(rationale.length);
  }
}

describe('any text', () => {
  it('is checked without a failure, and what is found lies within it', () => {
    const random = new Random(20_261_121);
    for (let round = 0; round < 1_500; round += 1) {
      const length = random.integer(0, 60);
      const text = Array.from({ length }, () => pieces[random.integer(0, pieces.length)] ?? '');
      check(random, text.join(random.integer(0, 2) === 0 ? ' ' : ''));
    }
  });

  // Were one of the checks quadratic, these would take minutes and end at the limit of the test.
  it.each([
    ...[
      '1',
      '1 + ',
      '1+1=3 ',
      '1 + 1 = 3; ',
      '( ',
      ') ',
      '((1+2) ',
      '{',
      '}{',
      '-',
      '- 5 ',
      '= ',
      '**',
    ],
    ...[
      'a ',
      'the ',
      'So ',
      'only ',
      'only bank ',
      'the answer is ',
      'answer: ',
      '. ',
      '\n',
      ' ',
      '.',
    ],
    ...[
      '정답은 ',
      '은행 ',
      '만이 ',
      '삼백',
      '3만',
      '3만 ',
      '여덟',
      '1,000',
      '1.',
      '1.1',
      'twenty ',
      'hundred ',
    ],
    ...[
      '\\text{',
      '\\frac{1}{',
      '"',
      '(b) ',
      '①',
      'a.',
      'is ',
      '5 apples + ',
      '1/3 of ',
      '5%',
      '없이 ',
      '\ud83d',
    ],
  ])('of 100 kB made of %j is checked in linear time', (piece) => {
    const rationale = piece.repeat(Math.ceil(100_000 / piece.length));
    const random = new Random(1);
    for (let round = 0; round < 2; round += 1) check(random, rationale);
    expect(rationaleKey(rationale)?.length ?? 0).toBeLessThanOrEqual(rationale.length);
  });
});
