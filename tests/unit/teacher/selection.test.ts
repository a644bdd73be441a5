import { describe, expect, it } from 'vitest';
import type { Exemplar, ExemplarSelection } from '../../../electron/contract/teacher.ts';
import { drawExemplars, selectorFor } from '../../../electron/teacher/selection.ts';
import { TextVectors, medoids } from '../../../electron/teacher/vectors.ts';

const exemplar = (input: string): Exemplar => ({
  input,
  choices: null,
  rationale: 'So.',
  answer: 'x',
});
const row = (input: string) => ({ input, choices: null });
const how = (name: ExemplarSelection['how'], count = 2, seed = 1): ExemplarSelection => ({
  how: name,
  count,
  seed,
});

/** Three groups of three: bread, ships, music. */
const inputs = [
  'The baker kneads dough for rye bread.',
  'Fresh bread rises in the oven of the baker.',
  'A loaf of rye bread lies beside the oven.',
  'The ship leaves the harbour at high tide.',
  'Two ships wait outside the harbour for the tide.',
  'A pilot guides the ship into the harbour.',
  'The violinist tunes her violin before the concert.',
  'A concert for violin and piano opens the evening.',
  'The pianist and the violinist practise for the concert.',
];
const pool = inputs.map(exemplar);
const groupOf = (position: number) => Math.floor(position / 3);

const korean = [
  '버스가 정류장에 늦게 도착했다.',
  '김치찌개에 두부를 넣고 끓였다.',
  '강아지가 마당에서 공을 물고 뛰었다.',
  '도서관에서 빌린 책을 돌려주었다.',
];

describe('all', () => {
  it('shows every exemplar in its order', () => {
    expect(selectorFor(pool, how('all'))(row('x'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('a row', () => {
  it.each(['all', 'random', 'diverse', 'nearest'] as const)(
    'is never shown itself with its answer (%s)',
    (name) => {
      const select = selectorFor(pool, how(name, 9));
      inputs.forEach((input, position) => {
        const shown = select(row(` ${input.toUpperCase()} `));
        expect(shown).toHaveLength(8);
        expect(shown).not.toContain(position);
      });
    },
  );

  it('with other choices is another question', () => {
    const question = { ...exemplar('Which is red?'), choices: ['rose', 'sky'] };
    const select = selectorFor([question], how('all'));
    expect(select({ input: 'Which is red?', choices: ['grass', 'blood'] })).toEqual([0]);
    expect(select({ input: 'Which is red?', choices: ['rose', 'sky'] })).toEqual([]);
  });
});

describe('nearest', () => {
  it('shows the exemplars most like the row, the most alike last', () => {
    const shown = selectorFor(
      pool,
      how('nearest', 3),
    )(row('The ship waits in the harbour for the tide.'));
    expect(shown.map(groupOf)).toEqual([1, 1, 1]);
    expect(shown.at(-1)).toBe(4);
  });

  it('finds Korean words under other endings', () => {
    const select = selectorFor(korean.map(exemplar), how('nearest', 1));
    expect(select(row('늦은 버스를 정류장에서 기다렸다.'))).toEqual([0]);
    expect(select(row('두부김치를 만들어 먹었다.'))).toEqual([1]);
    expect(select(row('공놀이를 하는 강아지들'))).toEqual([2]);
    expect(select(row('책은 도서관에 있다.'))).toEqual([3]);
  });

  it('takes the earlier of two that are equally alike', () => {
    const twins = ['apple pie', 'green tea', 'green tea', 'green tea'].map(exemplar);
    const select = selectorFor(twins, how('nearest', 2));
    expect(select(row('green tea with milk'))).toEqual([2, 1]);
    expect(select(row('nothing in common'))).toEqual(select(row('nothing in common')));
    expect(selectorFor(pool, how('nearest', 2))(row('')).toSorted()).toEqual([0, 1]);
  });
});

describe.each(['random', 'diverse'] as const)('%s', (name) => {
  it('shows the same exemplars for every row, in their order', () => {
    const select = selectorFor(pool, how(name, 4));
    const shown = select(row('x'));
    expect(shown).toHaveLength(4);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(new Set(shown).size).toBe(4);
    expect(select(row('y'))).toEqual(shown);
  });

  it('depends on the seed alone', () => {
    const draws = Array.from({ length: 20 }, (_, seed) => drawExemplars(pool, name, 4, seed));
    expect(drawExemplars(pool, name, 4, 7)).toEqual(draws[7]);
    expect(new Set(draws.map((draw) => JSON.stringify(draw))).size).toBeGreaterThan(1);
  });

  it('takes all of a pool that is too small', () => {
    expect(drawExemplars(pool, name, 50, 1)).toEqual(pool);
    expect(drawExemplars([], name, 3, 1)).toEqual([]);
  });
});

describe('diverse', () => {
  it('takes one of each group, whatever the seed', () => {
    for (let seed = 0; seed < 20; seed++) {
      const shown = selectorFor(pool, how('diverse', 3, seed))(row('x'));
      expect(shown.map(groupOf)).toEqual([0, 1, 2]);
    }
  });

  it('copes with texts that are all the same, and with empty ones', () => {
    const same = Array.from({ length: 5 }, () => exemplar('same'));
    expect(drawExemplars(same, 'diverse', 3, 1)).toHaveLength(3);
    expect(drawExemplars(['', '', '', 'a'].map(exemplar), 'diverse', 2, 1)).toHaveLength(2);
  });

  it('draws from a large pool, which it compares in part', () => {
    const large = Array.from({ length: 5_000 }, (_, i) => exemplar(`${inputs[i % 9] ?? ''} ${i}`));
    const drawn = drawExemplars(large, 'diverse', 3, 1);
    expect(
      new Set(
        drawn.map(({ input }) => groupOf(inputs.findIndex((text) => input.startsWith(text)))),
      ),
    ).toEqual(new Set([0, 1, 2]));
  });
});

describe('text vectors', () => {
  const vectors = new TextVectors(inputs);

  it('give 1 for the same text, 0 for nothing in common, and something between', () => {
    const [self = 0, sibling = 0, other = 1] = vectors.similarities(inputs[0] ?? '');
    expect(self).toBeCloseTo(1, 10);
    expect(sibling).toBeGreaterThan(0.1);
    expect(sibling).toBeLessThan(1);
    expect(other).toBeLessThan(1);
    expect(Math.max(...vectors.similarities('☂ 1234 가나다'))).toBe(0);
  });

  it('pay no regard to case, punctuation and composition', () => {
    const plain = new TextVectors(['Café au lait']);
    expect(plain.similarities('CAFE\u0301, au lait!')[0]).toBeCloseTo(1, 10);
  });

  it('have the middles of clusters as medoids', () => {
    const texts = [
      'red rose',
      'red rose garden',
      'red rose bush garden',
      'blue sea',
      'blue sea shore',
    ];
    const chosen = medoids(new TextVectors(texts).vectors, 2, 0);
    expect(chosen).toHaveLength(2);
    expect(chosen[0]).toBe(1);
    expect(chosen[1]).toBeGreaterThanOrEqual(3);
  });
});
