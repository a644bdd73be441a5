import { describe, expect, it } from 'vitest';
import { bitsWhere, countRows } from '../../../../electron/core/comparison/row-bits.ts';
import { coded, textFeatures } from '../../../../electron/core/comparison/slice-features.ts';
import { groupsOf, quarters } from '../../../../electron/core/comparison/slice-groups.ts';
import type { Condition } from '../../../../electron/core/comparison/slice-groups.ts';
import { findWeakSlices } from '../../../../electron/core/comparison/weak-slices.ts';
import type { Found } from '../../../../electron/core/comparison/weak-slices.ts';
import { Random } from '../../../../electron/core/random.ts';

const labels = ['good', 'bad'];
const vocabulary = ['sun', 'rain', 'snow', 'wind', 'fog', 'hail', 'dew', 'ice', '우산이', '우산을'];

interface Made {
  readonly input: string;
  readonly meta: Record<string, string>;
  readonly gold: number;
}

/** Rows of drawn words, numbers, classes and a column. */
function madeRows(random: Random, rows: number): Made[] {
  return Array.from({ length: rows }, () => {
    const words = vocabulary.filter(() => random.next() < 0.25);
    const numbers = Array.from({ length: random.integer(0, 3) }, () => random.integer(1, 99));
    return {
      input: [...words, ...numbers].join(' '),
      meta: { kind: random.pick(['a', 'b', 'c']), id: String(random.integer(0, 1_000_000)) },
      gold: random.integer(0, 1),
    };
  });
}

function conditionsOf(made: readonly Made[]): Condition[] {
  const length = made.length;
  const texts = textFeatures(made, length, { fewest: 20, most: length / 2, words: 50 });
  const groups = groupsOf({
    ...{ length, labels, numbers: texts.numbers, columns: texts.columns },
    gold: Int32Array.from(made, ({ gold }) => gold),
    inputLengths: Int32Array.from(made, ({ input }) => input.length),
    datasets: coded(
      made.map(() => 'only'),
      length,
    ),
    flagged: null,
  });
  const words = texts.words.map(({ word, rows }): Condition => {
    const standing = new Set(rows);
    return { term: { kind: 'word', word }, rows: bitsWhere(length, (row) => standing.has(row)) };
  });
  return [...groups.flatMap(({ conditions }) => conditions), ...words];
}

/** @param chance of being right on a row, for each system */
function search(
  made: readonly Made[],
  random: Random,
  ...chance: readonly ((row: Made) => number)[]
): { found: Found[]; tried: number } {
  const counted = bitsWhere(made.length, () => true);
  const systems = chance.map((of) => ({
    counted,
    right: bitsWhere(made.length, (row) => {
      const at = made[row];
      return at !== undefined && random.next() < of(at);
    }),
  }));
  return findWeakSlices(conditionsOf(made), systems, { fewest: 20, shown: 12, byChance: 3 });
}

const shown = (found: readonly Found[]): Found[] =>
  found.filter(({ pCorrected }) => pCorrected < 0.05);

describe('a search for weak slices', () => {
  it('finds a planted word, of the system that stumbles over it', () => {
    const random = new Random(1);
    const made = madeRows(random, 600);
    const { found } = search(
      made,
      random,
      () => 0.8,
      ({ input }) => (input.includes('snow') ? 0.3 : 0.8),
    );
    const [first, ...others] = shown(found);
    expect(first).toMatchObject({ system: 1, terms: [{ kind: 'word', word: 'snow' }] });
    expect(others.filter(({ system }) => system === 0)).toEqual([]);
  });

  it('finds a Korean noun whatever particle is written behind it', () => {
    const random = new Random(2);
    const made = madeRows(random, 600);
    const { found } = search(made, random, ({ input }) => (input.includes('우산') ? 0.4 : 0.9));
    expect(found[0]?.terms).toEqual([{ kind: 'word', word: '우산' }]);
  });

  it('finds a pair of conditions that is weak where neither is by itself', () => {
    const random = new Random(3);
    const made = madeRows(random, 2_000);
    const weak = ({ input, meta }: Made): boolean => input.includes('fog') && meta['kind'] === 'b';
    const { found } = search(made, random, (row) => (weak(row) ? 0.2 : 0.8));
    expect(new Set(found[0]?.terms)).toEqual(
      new Set([
        { kind: 'column', column: 'kind', value: 'b' },
        { kind: 'word', word: 'fog' },
      ]),
    );
  });

  it('shows nearly the same rows once', () => {
    const random = new Random(4);
    const made = madeRows(random, 800).map((row) => ({
      ...row,
      input: row.input.replace('hail', 'hail storm'),
    }));
    const { found } = search(made, random, ({ input }) => (input.includes('hail') ? 0.2 : 0.8));
    const named = shown(found)
      .flatMap(({ terms }) => terms)
      .filter((term) => term.kind === 'word' && ['hail', 'storm'].includes(term.word));
    expect(named).toHaveLength(1);
  });

  it('tries only slices of twenty rows to half of them, and none of fewer than forty rows', () => {
    const random = new Random(5);
    const made = madeRows(random, 300);
    const { found } = search(made, random, () => 0.5);
    for (const { rows } of found) {
      expect(countRows(rows)).toBeGreaterThanOrEqual(20);
      expect(countRows(rows)).toBeLessThanOrEqual(150);
    }
    expect(search(madeRows(random, 39), random, () => 0.5)).toEqual({ found: [], tried: 0 });
  });

  it('calls chance weak in no more than one of twenty sets of random answers', () => {
    const trials = 200;
    let wrong = 0;
    let raw = 0;
    for (let seed = 0; seed < trials; seed++) {
      const random = new Random(1_000 + seed);
      const { found, tried } = search(
        madeRows(random, 200),
        random,
        () => 0.7,
        () => 0.5,
      );
      expect(tried).toBeGreaterThan(50);
      if (shown(found).length > 0) wrong += 1;
      if (found.length > 0) raw += 1;
    }
    // 5% of 200 and two standard deviations; without correction nearly every set has such a slice.
    expect(wrong).toBeLessThanOrEqual(16);
    expect(raw).toBeGreaterThan(150);
  });
});

describe('groups', () => {
  it('part lengths in quarters, fewer where many are equal', () => {
    expect(quarters(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toEqual([0, 3, 5, 7]);
    expect(quarters(Int32Array.of(5, 5, 5, 5))).toEqual([0, 5]);
  });

  it('hold every row once, and leave out columns with many values', () => {
    const made = madeRows(new Random(6), 400);
    const terms = conditionsOf(made).map(({ term }) => term);
    expect(terms.some((term) => term.kind === 'column' && term.column === 'id')).toBe(false);
    for (const kind of ['gold', 'length', 'numbers', 'column'] as const) {
      const sizes = conditionsOf(made)
        .filter(({ term }) => term.kind === kind)
        .map(({ rows }) => countRows(rows));
      expect(
        sizes.reduce((sum, size) => sum + size, 0),
        kind,
      ).toBe(400);
    }
  });

  it('leave out gold labels that are answers rather than classes', () => {
    const length = 30;
    const gold = Int32Array.from({ length }, (_, row) => row);
    const groups = groupsOf({
      ...{ length, gold, labels: [...gold].map(String), inputLengths: gold, numbers: gold },
      ...{ columns: new Map(), datasets: coded([], 0), flagged: null },
    });
    expect(groups.map(({ by }) => by)).toEqual(['length', 'numbers']);
  });
});
