import { describe, expect, it } from 'vitest';
import { flagWeights, healthFlags } from '../../../../electron/contract/entities.ts';
import type { HealthFlag } from '../../../../electron/contract/entities.ts';
import { checkRationale, suspicionOf } from '../../../../electron/core/health/index.ts';
import type { HealthContext, HealthRow } from '../../../../electron/core/health/index.ts';
import { answer, context, evidence } from './support.ts';

type Case = [row: Partial<HealthRow>, more?: Partial<HealthContext>];

/** Rows that must raise a flag, and rows that must not. */
function planted(flag: HealthFlag, raised: readonly Case[], silent: readonly Case[]): void {
  describe(flag, () => {
    it.each(raised)('is raised for %j %j', (row, more) => {
      expect(evidence(flag, row, more)).not.toBeNull();
    });
    it.each(silent)('is not raised for %j %j', (row, more) => {
      expect(evidence(flag, row, more)).toBeNull();
    });
  });
}

const text = { task: 'text' } as const;
const choice = { task: 'multiple-choice' } as const;
const options = { choices: ['bank', 'river', 'train station'], label: 'bank' };

planted(
  'no-rationale',
  [null, '', '   ', '\n\n', '…', '.', '**', '—'].map((rationale): Case => [{ rationale }]),
  ['8', 'b', '네', 'So 8.', '(b)', '答', 'Because.', '8 - 3 = 5'].map((rationale): Case => [
    { rationale },
  ]),
);

planted(
  'wrong-label',
  [
    [{ correct: false }],
    [{ correct: false, rationale: null }],
    [{ correct: false, rationale: '' }],
    [{ correct: false, label: '5' }],
    [{ correct: false, ...options }, choice],
    [{ correct: false, label: 'positive' }, { task: 'classification' }],
    [{ correct: false, label: '긍정' }, text],
    [{ correct: false, votes: 5, answers: 5 }],
  ],
  [
    [{ correct: true }],
    [{ correct: null }],
    [{ correct: null, rationale: null }],
    [{ correct: true, rationale: 'The answer is 7.' }],
    [{ correct: true, votes: 1, answers: 5 }],
    [{ correct: null, label: '' }],
    [{ correct: true, ...options }, choice],
    [{ correct: true, label: '긍정' }, text],
  ],
);

planted(
  'truncated',
  [
    [{ finishReason: 'length' }],
    [{ finishReason: 'max_tokens' }],
    [{ finishReason: 'MAX_TOKENS' }],
    [
      {
        finishReason: 'length',
        completion: 'Eight pens. The answer is 5',
        rationale: 'Eight pens.',
      },
    ],
    [{ rationale: 'He starts with 8 pens and gives the', completion: '{"answer": 5}' }],
    [{ rationale: 'He has 8 pens. He gives 3 away. Then his mother buys him', completion: '{}' }],
    [{ rationale: 'So he keeps 8 -', completion: '{}' }],
    [{ rationale: 'He has eight pens,', completion: '{}' }],
    [{ rationale: 'He keeps five (', completion: '{}' }],
    [{ rationale: '연필이 8자루 있다. 3자루를', completion: '{}' }],
    [{ rationale: '연필 3자루를 주었기 때문에', completion: '{}' }],
    [{ rationale: 'Five because', completion: '5\nFive because' }],
  ],
  [
    [{ finishReason: 'stop' }],
    [{ finishReason: null }],
    [
      {
        finishReason: 'length',
        rationale: 'He gives 3 away.',
        completion: 'He gives 3 away. The answer is 5.\n\nQ: How many ap',
      },
    ],
    [
      {
        rationale: 'Since he gives 3 of his 8 pens away,',
        completion: 'Since he gives 3 of his 8 pens away, the answer is 5.',
      },
    ],
    [
      {
        rationale: '연필 8자루에서 3자루를 주었으므로',
        completion: '연필 8자루에서 3자루를 주었으므로 정답은 5입니다.',
      },
    ],
    [{ rationale: 'He has 8 pens.\nHe gives 3 away.\n8 - 3 = 5', completion: '{}' }],
    [{ rationale: 'He keeps five pens', completion: '{}' }],
    [{ rationale: '- has 8 pens\n- gives 3 away\n- keeps the others', completion: '{}' }],
    [{ rationale: 'Pens were given away. He said: “I keep five.”', completion: '{}' }],
    [{ rationale: '연필이 5자루 남습니다', completion: '{}' }],
    [{ rationale: '정답은 사과', completion: '{}' }],
    [{ rationale: 'He has **five pens.**', completion: '{}' }],
  ],
);

planted(
  'near-empty',
  [
    'Yes.',
    'I think so.',
    'b',
    'Because it is.',
    '8',
    '그렇다.',
    '맞습니다.',
    '정답이다',
    '正解です',
  ].map((rationale): Case => [{ rationale }]),
  [
    '8 - 3 = 5',
    'He keeps five pens.',
    'Because birds can fly.',
    '세 자루를 동생에게 주었다.',
    '8개에서 3개를 빼면 5개가 남는다.',
    '8 minus 3 is 5',
    '鳥は空を飛ぶことができます。',
    'A bank keeps money safe.',
  ].map((rationale): Case => [{ rationale }]),
);

planted(
  'letter-only',
  [
    'The answer is (b).',
    'Option B is correct.',
    '(b)',
    'b',
    'The correct choice must be (c), so the answer is (c).',
    'So, of the above choices, only option (a) is right.',
    'I choose (d).',
    '정답은 (b)입니다.',
    '보기 중 2번이 정답입니다.',
    '②',
    '따라서 정답은 (b)입니다.',
    '(b) is the best answer because it is the most likely.',
  ].map((rationale): Case => [{ rationale, ...options }, choice]),
  [
    'The answer is (b) river.',
    'Money is kept in a bank, so the answer is (a).',
    'Option B flows, and water flows.',
    'A bank.',
    'A fish lives in water.',
    '은행은 돈을 맡기는 곳이므로 정답은 (a)입니다.',
    '물고기는 강에 살기 때문에 2번이 정답입니다.',
    'He has a pen and a pencil.',
    'The answer must be a place where money is kept.',
    '8 - 3 = 5',
  ].map((rationale): Case => [{ rationale, ...options }, choice]),
);

const story = 'Ben has 8 pens in his bag and gives 3 of them to his sister at school.';
planted(
  'repeats-input',
  [
    [{ input: story, rationale: story }],
    [{ input: story, rationale: story.toUpperCase() }],
    [{ input: story, rationale: 'Ben has 8 pens in his bag.' }],
    [{ input: `${story} How many are left?`, rationale: `${story} How many are left?` }],
    [{ input: story, rationale: 'gives 3 of them to his sister at school' }],
    [
      {
        input: story,
        rationale: 'So: Ben has 8 pens in his bag and gives 3 of them to his sister at school.',
      },
    ],
    [
      {
        input: '새는 날 수 있고 물고기는 헤엄칠 수 있다. 새는?',
        rationale: '새는 날 수 있고 물고기는 헤엄칠 수 있다.',
      },
    ],
    [
      {
        input: 'Where is money kept?',
        choices: ['in a big bank', 'river'],
        rationale: 'in a big bank, river',
      },
      choice,
    ],
  ],
  [
    [{}],
    [{ input: story, rationale: `${story} So he keeps 8 - 3 = 5 pens.` }],
    [{ input: story, rationale: 'Ben has 8 pens. He gives 3 away and keeps 5.' }],
    [{ input: story, rationale: '8 - 3 = 5' }],
    [{ input: story, rationale: 'Ben has' }],
    [{ input: story, rationale: '벤은 연필 여덟 자루에서 세 자루를 주었다.' }],
    [
      {
        input: '새는 날 수 있다.',
        rationale: '새는 날 수 있다. 그러므로 새장에 가두어 두지 않으면 날아간다.',
      },
    ],
    [{ input: 'Is it true?', rationale: 'It is true because the sun rises in the east.' }],
  ],
);

planted(
  'no-answer-number',
  [
    [{ rationale: 'He gives some away and keeps the others.' }],
    [{ rationale: 'He has 9 pens and gives 4 away.' }],
    [{ rationale: 'He has nine pens.' }],
    [{ label: '12', rationale: 'There are eleven eggs in it.' }],
    [{ label: '12', rationale: 'There are eleven eggs in it.' }, text],
    [{ label: '(100 / 4)', rationale: 'We divide the money evenly.' }],
    [{ label: '8', rationale: '사과가 일곱 개 있다.' }],
    [{ label: '300', rationale: '이백 원을 더 내야 한다.' }],
    [{ label: '0.5', rationale: 'It is the smaller one.' }],
  ],
  [
    [{}],
    [{ rationale: 'Eight pens, and some are gone.' }],
    [{ rationale: 'In the end five are left.' }],
    [{ label: '24', rationale: 'There are twenty-four hours in a day.' }],
    [{ label: '12', rationale: 'A dozen eggs are in it.' }],
    [{ label: '(2 * 7)', rationale: 'It is twice as much.' }],
    [{ label: '8', rationale: '사과가 여덟 개 있다.' }],
    [{ label: '21', rationale: '스물한 명이 왔다.' }],
    [{ label: '300', rationale: '삼백 원을 더 내야 한다.' }],
    [{ label: '35000', rationale: '3만 5천 원을 냈다.' }],
    [{ label: '1200', rationale: 'He pays $1,200.00 for it.' }],
    [{ label: '105', rationale: 'One hundred and five came.' }],
    [{ label: 'many', rationale: 'There are lots.' }],
    [{ label: 'bank', rationale: 'It keeps money.' }, text],
    [{ ...options, label: '7', rationale: 'It keeps money.' }, choice],
    [{ label: '0.333', rationale: 'It is 1/3, or 33.3%, or 0.333.' }],
  ],
);

const twenty = { inputsWith: () => 20 };
planted(
  'identical',
  [
    [{}, { inputsWith: () => 5 }],
    [{}, { inputsWith: () => 6 }],
    [{}, twenty],
    [{ rationale: 'The answer is (b).' }, twenty],
    [{ rationale: '그렇다.' }, twenty],
    [{ rationale: '새는 날 수 있다.' }, twenty],
    [{ rationale: 'Yes.' }, twenty],
    [{ correct: null }, { inputsWith: () => 1_000_000 }],
  ],
  [
    [{}, { inputsWith: () => 1 }],
    [{}, { inputsWith: () => 2 }],
    [{}, { inputsWith: () => 4 }],
    [{}, { inputsWith: () => 0 }],
    [{ rationale: null }, twenty],
    [{ rationale: '' }, twenty],
    [{ rationale: ' … ' }, twenty],
    [{ rationale: '새는 날 수 있다.' }, { inputsWith: () => 3 }],
  ],
);

planted(
  'low-agreement',
  (
    [
      [1, 3],
      [1, 4],
      [2, 4],
      [2, 5],
      [5, 10],
      [1, 100],
      [0, 3],
      [3, 7],
    ] as const
  ).map(([votes, answers]): Case => [{ votes, answers }]),
  (
    [
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 3],
      [3, 5],
      [3, 3],
      [6, 10],
      [51, 100],
    ] as const
  ).map(([votes, answers]): Case => [{ votes, answers }]),
);

const english =
  'Ben has eight pens in his bag and gives three of them to his little sister, so that five are left.';
const german =
  'Ben hat acht Stifte in seiner Tasche und gibt seiner kleinen Schwester drei davon, also bleiben ihm fünf.';
const korean =
  '벤은 가방에 연필 여덟 자루가 있고 동생에게 세 자루를 주었으므로 다섯 자루가 남습니다.';
const french =
  'Ben a huit stylos dans son sac et en donne trois à sa petite sœur, il lui en reste donc cinq.';
const japanese = 'ベンはかばんに鉛筆を八本持っていて、妹に三本あげたので、五本残ります。';
planted(
  'other-language',
  [
    [{ input: english, rationale: korean }],
    [{ input: korean, rationale: english }],
    [{ input: english, rationale: german }],
    [{ input: german, rationale: english }],
    [{ input: french, rationale: german }],
    [{ input: korean, rationale: japanese }],
    [{ input: english, rationale: japanese }],
    [{ input: 'How many pens does Ben keep?', rationale: korean }],
  ],
  [
    [{}],
    [{ input: english, rationale: 'He keeps five pens.' }],
    [{ input: korean, rationale: '다섯 자루가 남습니다.' }],
    [{ input: english, rationale: '8 - 3 = 5' }],
    [{ input: english, rationale: 'Fünf.' }],
    [{ input: '8 - 3', rationale: korean }],
    [{ input: german, rationale: german }],
    [{ input: english, rationale: 'The frog jumped 12 inches. 12 - 9 = 3.' }],
    [{ input: `${korean} (pens)`, rationale: `${korean} 8 - 3 = 5 pens left.` }],
  ],
);

describe('all flags', () => {
  it('are silent about an answer without a fault', () => {
    expect(checkRationale(answer(), context())).toEqual([]);
  });

  it('come in the order of the contract, each once', () => {
    const row = answer({ rationale: 'b', label: '(8 - 3)', correct: false, votes: 1, answers: 4 });
    const flags = checkRationale(row, context(twenty)).map(({ flag }) => flag);
    expect(flags).toEqual(healthFlags.filter((flag) => flags.includes(flag)));
    expect(flags).toEqual([
      ...['wrong-label', 'near-empty', 'letter-only'],
      ...['no-answer-number', 'identical', 'low-agreement'],
    ]);
  });

  it('add up to the suspicion', () => {
    expect(suspicionOf([])).toBe(0);
    expect(suspicionOf(['wrong-label', 'truncated'])).toBe(
      flagWeights['wrong-label'] + flagWeights.truncated,
    );
  });
});
