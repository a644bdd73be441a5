import { describe, expect, it } from 'vitest';
import { marginOfError } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import {
  contrast,
  difference,
  gainPerDoubling,
  meanAccuracy,
  verdictOf,
} from '../../../electron/core/study-statistics.ts';
import type { Answers } from '../../../electron/core/study-statistics.ts';

const answers = (...seeds: string[]): Answers =>
  seeds.map((seed) => Uint8Array.from(seed, (right) => Number(right)));

describe('the mean of an arm', () => {
  it('has the interval of the documented formula', () => {
    // The rows' means, and the made-up rows.
    const interval = meanAccuracy(answers('1100', '1010'));
    const reach = 0.5 / Math.sqrt(2);
    const rows = [1, 0.5, 0.5, 0, ...[1, -1, 1, -1].map((side) => 0.5 + side * reach)];
    const variance = rows.reduce((sum, row) => sum + (row - 0.5) ** 2, 0) / 7;
    // Both seeds are right on two rows: no variance between them. t(7) = 2.36462.
    const half = 2.36462 * Math.sqrt(variance / 8);
    expect(interval?.value).toBe(0.5);
    expect(interval?.low).toBeCloseTo(0.5 - half, 4);
    expect(interval?.high).toBeCloseTo(0.5 + half, 4);
  });

  it('adds the variance between seeds, with few degrees of freedom', () => {
    const even = meanAccuracy(
      answers('1'.repeat(50) + '0'.repeat(50), '1'.repeat(50) + '0'.repeat(50)),
    );
    const uneven = meanAccuracy(
      answers('1'.repeat(70) + '0'.repeat(30), '1'.repeat(30) + '0'.repeat(70)),
    );
    expect(even?.value).toBe(uneven?.value);
    expect(uneven?.high ?? 0).toBe(1);
    expect(even?.high).toBeCloseTo(0.597, 2);
  });

  it('is never certain, and stays between 0 and 1', () => {
    const interval = meanAccuracy(answers('1'.repeat(200)));
    expect(interval).toMatchObject({ value: 1, high: 1 });
    expect(interval?.low).toBeGreaterThan(0.97);
    expect(interval?.low).toBeLessThan(0.985);
    expect(meanAccuracy(answers('000'))).toMatchObject({ value: 0, low: 0 });
  });

  it('is about six points wide to each side with 200 rows', () => {
    const { value = 0, low = 0 } = meanAccuracy(answers('1'.repeat(140) + '0'.repeat(60))) ?? {};
    expect(value - low).toBeGreaterThan(0.06);
    expect(value - low).toBeLessThan(0.072);
  });

  it('is not known without rows or seeds', () => {
    expect(meanAccuracy([])).toBeNull();
    expect(meanAccuracy([new Uint8Array(0)])).toBeNull();
    expect(difference(answers('10'), [])).toBeNull();
  });
});

describe('a difference', () => {
  it('is paired: rows that are hard for both are no noise', () => {
    // 100 rows, of which b misses five that a gets right; all else is equal.
    const a = answers('1'.repeat(60) + '0'.repeat(40));
    const b = answers('1'.repeat(55) + '0'.repeat(45));
    const paired = difference(a, b);
    expect(paired?.value).toBeCloseTo(0.05, 12);
    const unpaired = answers('0'.repeat(45) + '1'.repeat(55));
    const width = (interval: ReturnType<typeof difference>) =>
      (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width(paired)).toBeLessThan(0.5 * width(difference(a, unpaired)));
  });

  it('turns round with its sides', () => {
    const [a, b] = [answers('110110', '111110'), answers('010100', '011101')];
    const there = difference(a, b);
    const back = difference(b, a);
    expect(there?.value).toBeCloseTo(-(back?.value ?? 0), 12);
    expect(there?.low).toBeCloseTo(-(back?.high ?? 0), 12);
  });

  it('of equal answers is nothing, within a width', () => {
    const same = answers('1'.repeat(150) + '0'.repeat(50));
    const { value, low, high } = difference(same, same) ?? { value: 1, low: 1, high: 1 };
    expect(value).toBe(0);
    expect(low).toBeLessThan(-0.01);
    expect(high).toBeCloseTo(-low, 12);
  });

  it('lends an arm with one seed the variance of the others', () => {
    const several = answers('1111111000', '1111000000', '1111111110');
    const single = answers('1110001111');
    const { low: alone = 0 } = difference(answers('1111111000'), single) ?? {};
    const { low: lent = 0 } = difference(several, single) ?? {};
    expect(lent).toBeLessThan(alone);
  });

  it('is refused for answers to other rows', () => {
    expect(() => difference(answers('10'), answers('100'))).toThrow(RangeError);
  });
});

describe('the line over log2(rows)', () => {
  it('is the least-squares slope of the means', () => {
    const share = (right: number) => answers('1'.repeat(right) + '0'.repeat(100 - right));
    const gain = gainPerDoubling([
      { rows: 100, answers: share(40) },
      { rows: 200, answers: share(47) },
      { rows: 400, answers: share(50) },
    ]);
    // Over 0, 1, 2 doublings: (50 - 40) / 2 points.
    expect(gain?.value).toBeCloseTo(0.05, 12);
    expect(gain?.low).toBeLessThan(0.05);
    expect(gain?.high).toBeGreaterThan(0.05);
  });

  it('needs two sizes', () => {
    const one = { rows: 100, answers: answers('10') };
    expect(gainPerDoubling([one])).toBeNull();
    expect(gainPerDoubling([one, one])).toBeNull();
    expect(gainPerDoubling([])).toBeNull();
  });
});

describe('a verdict', () => {
  it.each([
    [0.01, 0.05, 'better'],
    [-0.05, -0.01, 'worse'],
    [-0.019, 0.05, 'no-worse'],
    [-0.02, 0.05, 'not-shown'],
    [-0.06, 0.06, 'not-shown'],
    [-0.03, -0.01, 'worse'],
  ] as const)('on %d to %d is %s', (low, high, verdict) => {
    expect(verdictOf({ value: (low + high) / 2, low, high }, 0.02, 10_000)).toBe(verdict);
  });

  it('calls no gap real that is below the margin of error of its rows', () => {
    const gap = { value: 0.04, low: 0.003, high: 0.076 };
    expect(marginOfError(200)).toBeCloseTo(0.0693, 4);
    expect(verdictOf(gap, 0.02, 200)).toBe('no-worse');
    expect(verdictOf(gap, 0.02, 1_000)).toBe('better');
    expect(verdictOf({ value: -0.04, low: -0.076, high: -0.003 }, 0.02, 200)).toBe('not-shown');
    expect(verdictOf({ value: 0.08, low: 0.003, high: 0.15 }, 0.02, 200)).toBe('better');
  });

  it('with a margin of 0 is no-worse nowhere', () => {
    expect(verdictOf({ value: 0.02, low: 0, high: 0.04 }, 0, 10_000)).toBe('not-shown');
  });
});

/** How rows and seeds of a simulated study vary, in the deviation of one answer's own noise. */
interface World {
  readonly rows: number;
  readonly seeds: number;
  /** Hardness of a row, the same for all arms: answers to a row go together. */
  readonly row: number;
  /** What a seed does to all rows of an arm. */
  readonly seed: number;
  /** What a seed does to one row. */
  readonly rowAndSeed: number;
  /** The normal quantile of the true accuracy. */
  readonly quantile: number;
}

/**
 * Draws the answers of several arms: a row is right where a normal variable is above a threshold, so
 * that the true accuracy is the chosen one whatever the parts of its variance are.
 */
function draw(world: World, arms: number, random: Random): Answers[] {
  const { rows, seeds, row, seed, rowAndSeed, quantile } = world;
  const spread = Math.sqrt(row ** 2 + seed ** 2 + rowAndSeed ** 2 + 1);
  const hardness = Array.from({ length: rows }, () => row * random.normal());
  return Array.from({ length: arms }, () =>
    Array.from({ length: seeds }, () => {
      const luck = seed * random.normal();
      return Uint8Array.from(hardness, (hard) => {
        const own = rowAndSeed * random.normal() + random.normal();
        return hard + luck + own + quantile * spread > 0 ? 1 : 0;
      });
    }),
  );
}

const fair = { quantile: 0, accuracy: 0.5 };
const good = { quantile: 0.841_621_2, accuracy: 0.8 };
const nearly = { quantile: 1.644_853_6, accuracy: 0.95 };
const world = { rows: 100, seeds: 3, row: 0, seed: 0, rowAndSeed: 0 };
const worlds: readonly (readonly [string, World, number])[] = [
  ['independent rows', { ...world, quantile: fair.quantile }, fair.accuracy],
  ['correlated rows', { ...world, row: 2, quantile: good.quantile }, good.accuracy],
  ['seed effects', { ...world, seed: 0.3, quantile: fair.quantile }, fair.accuracy],
  [
    'strong seed effects and correlated rows',
    { ...world, row: 1, seed: 0.4, rowAndSeed: 0.5, quantile: good.quantile },
    good.accuracy,
  ],
  ['nearly all right', { ...world, row: 1, quantile: nearly.quantile }, nearly.accuracy],
  [
    'one seed, rows alone',
    { ...world, seeds: 1, rows: 200, row: 1, quantile: good.quantile },
    good.accuracy,
  ],
];

describe.each(worlds)('simulated studies with %s', (_name, simulated, accuracy) => {
  const studies = 2_000;

  it('have intervals of means that hold the truth in 93% or more', () => {
    const random = new Random(11);
    let held = 0;
    for (let study = 0; study < studies; study++) {
      const [arm = []] = draw(simulated, 1, random);
      const { low = 1, high = 0 } = meanAccuracy(arm) ?? {};
      if (low <= accuracy && accuracy <= high) held += 1;
    }
    expect(held / studies).toBeGreaterThanOrEqual(0.93);
  });

  it('have intervals of differences that hold 0 in 93% or more', () => {
    const random = new Random(12);
    let claimed = 0;
    for (let study = 0; study < studies; study++) {
      const [a = [], b = []] = draw(simulated, 2, random);
      const gap = difference(a, b) ?? { value: 1, low: 1, high: 1 };
      if (gap.low > 0 || gap.high < 0) claimed += 1;
    }
    expect(claimed / studies).toBeLessThanOrEqual(0.07);
  });
});

describe('simulated curves', () => {
  it('see growth where there is none in 6% at most', () => {
    const random = new Random(13);
    const flat: World = { ...world, row: 1, seed: 0.2, rowAndSeed: 0.3, quantile: good.quantile };
    let claimed = 0;
    for (let study = 0; study < 1_000; study++) {
      const sizes = draw(flat, 4, random).map((answered, index) => ({
        rows: 50 * 2 ** index,
        answers: answered,
      }));
      const { low = 1, high = 0 } = gainPerDoubling(sizes) ?? {};
      if (low > 0 || high < 0) claimed += 1;
    }
    expect(claimed / 1_000).toBeLessThanOrEqual(0.06);
  });

  it('find a gap of 15 points with 200 rows and three seeds nearly always', () => {
    const random = new Random(14);
    const weak: World = { ...world, rows: 200, row: 1, rowAndSeed: 0.3, quantile: 0.3 };
    let found = 0;
    for (let study = 0; study < 500; study++) {
      const seedOfRows = random.integer(1, 1 << 30);
      const [a = []] = draw({ ...weak, quantile: 0.75 }, 1, new Random(seedOfRows));
      const [b = []] = draw(weak, 1, new Random(seedOfRows));
      if (
        (contrast([
          { weight: 1, answers: a },
          { weight: -1, answers: b },
        ])?.low ?? -1) > 0
      )
        found += 1;
    }
    expect(found / 500).toBeGreaterThan(0.95);
  });
});
