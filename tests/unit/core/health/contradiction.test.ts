import { describe, expect, it } from 'vitest';
import type { HealthContext, HealthRow } from '../../../../electron/core/health/index.ts';
import { evidence } from './support.ts';

const places = { choices: ['bank', 'river', 'train station', 'fall asleep', 'falling asleep'] };
const classes = ['entailment', 'contradiction', 'neutral'];
const feelings = ['긍정', '부정', '중립'];

function contradicts(
  label: string,
  more: Partial<HealthContext>,
  row: Partial<HealthRow>,
  raised: readonly string[],
  silent: readonly string[],
): void {
  const found = (rationale: string) =>
    evidence('contradicts-label', { ...row, label, rationale }, more);
  it.each(raised)(`${label}: is raised for %s`, (rationale) => {
    expect(found(rationale)).not.toBeNull();
  });
  it.each(silent)(`${label}: is not raised for %s`, (rationale) => {
    expect(found(rationale)).toBeNull();
  });
}

describe('a rationale that contradicts its label', () => {
  contradicts(
    'bank',
    { task: 'multiple-choice' },
    places,
    [
      'Fish live in water. The answer is river.',
      'Fish live in water. The correct answer is (b).',
      'Trains stop there, so the answer is (c) train station.',
      'Of the above choices, only a river has water.',
      'Of the above choices, only the train station is a place for trains.',
      'It must have water. Therefore, it is the river.',
      'Water flows. So one would swim in a river.',
      '물이 흐르는 곳이다. 정답은 river입니다.',
      '따라서 river가 알맞다.',
      'Answer: river',
    ],
    [
      'Money is kept there. The answer is bank.',
      'Money is kept there. The answer is (a).',
      'The answer is a bank because a river has no money.',
      'Of the above choices, only a bank keeps money.',
      'Of the above choices, only banks have money.',
      'Of the above choices, only rivers and banks are wide.',
      'Of the above choices, only a river and a bank have sides.',
      'The answer must be a river. No, money is kept at a bank.',
      'Therefore, it is not the river.',
      'So it is the bank and not the river.',
      'A river has water. A train station has trains. Money needs a bank.',
      'Fish swim in a river, but nobody asked about fish.',
      'The answer is somewhere in the city.',
      '정답은 bank입니다.',
      '따라서 river가 아니라 bank이다.',
      'So he goes there.',
    ],
  );
  contradicts(
    'fall asleep',
    { task: 'multiple-choice' },
    places,
    ['Of the above choices, only a bank is quiet.'],
    ['Of the above choices, only falling asleep is quiet.', 'The answer is falling asleep.'],
  );
  contradicts(
    'either a bank or a river',
    { task: 'multiple-choice' },
    places,
    [],
    ['Of the above choices, only a river is wide.', 'The answer is river.'],
  );

  contradicts(
    'neutral',
    { task: 'classification', labels: classes },
    {},
    [
      'He sleeps and is awake. The answer is contradiction.',
      'So this is a contradiction.',
      'Therefore the label is entailment.',
      'The premise says so. The correct label is entailment.',
    ],
    [
      'He may sleep or not. The answer is neutral.',
      'So this is neither entailment nor contradiction.',
      'So it is not a contradiction.',
      'There is no contradiction in it.',
      'Therefore one can not tell whether it is entailment or contradiction.',
      'He sleeps.',
    ],
  );
  contradicts(
    '긍정',
    { task: 'classification', labels: feelings },
    {},
    ['재미없다고 했다. 정답은 부정이다.', '따라서 이 글은 부정입니다.', '그러므로 중립이다.'],
    ['재미있다고 했다. 정답은 긍정이다.', '따라서 부정이 아니라 긍정이다.', '재미있다는 글이다.'],
  );

  contradicts(
    '(8 - 3)',
    { task: 'arithmetic' },
    {},
    [
      'He has 8 pens and buys 3. 8 + 3 = 11.',
      'He keeps 8 - 3 = 5 pens. They cost 2 each, so he pays 5 * 2 = 10.',
      '8 - 3 = 5. The answer is 11.',
      'So the final answer is 7.',
      '8개에서 3개를 더하면 8 + 3 = 11개이다.',
      '정답은 7이다.',
      'The correct answer is 8 + 3 = 11.',
      'He keeps five. Answer: 6',
    ],
    [
      'He keeps 8 - 3 = 5 pens.',
      'The answer is 5.',
      'So the answer is 8 - 3.',
      'The answer is 8 - 3 = 5.',
      '8 + 3 = 11 is what he had. He keeps 5.',
      'He has 4 + 4 = 8 pens. He gives 3 away.',
      'The answer is the number of pens.',
      '8개에서 3개를 빼면 8 - 3 = 5개이다.',
      '정답은 5이다.',
      'He keeps some.',
    ],
  );
  contradicts(
    '(10 / 4)',
    { task: 'arithmetic' },
    {},
    ['10 / 4 = 2.5, and 2.5 * 4 = 10. So 10 + 1 = 11.'],
    [
      '10 / 4 = 2.5',
      'About 10 / 4 = 2 groups.',
      '10 / 4 = 3 rows',
      '12 - 2 = 10 and then a fourth.',
    ],
  );
  contradicts(
    '((1357 * 223) * 73)',
    { task: 'arithmetic' },
    {},
    ['1357 * 223 = 299,911. 299,911 + 73 = 299,984.'],
    ['1357 * 223 = $299,911. So $299,911 * 73 = $21,893,503.'],
  );
  contradicts('many', { task: 'arithmetic' }, {}, [], ['8 - 3 = 5', 'The answer is 9.']);
  contradicts('Seoul', { task: 'text' }, {}, [], ['The answer is Busan.', 'So it is Busan.']);

  it.each([
    ['Water. Of the above choices, only a river is wet.', 'only a river'],
    ['Water. The answer is (b) river.', '(b) river'],
    ['Water. So it is the river.', 'So it is the river.'],
  ])('is quoted: %s', (rationale, quoted) => {
    const found = evidence(
      'contradicts-label',
      { ...places, label: 'bank', rationale },
      { task: 'multiple-choice' },
    );
    expect(found).toBe(quoted);
  });
});
