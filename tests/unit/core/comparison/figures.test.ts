import { describe, expect, it } from 'vitest';
import { bootstrapMean, pairedBootstrap } from '../../../../electron/core/comparison/bootstrap.ts';
import { calibrationOf } from '../../../../electron/core/comparison/calibration.ts';
import {
  classScores,
  classified,
  confusionOf,
  macroF1,
  macroF1Difference,
} from '../../../../electron/core/comparison/classes.ts';
import { binomial, resampleCounts } from '../../../../electron/core/comparison/resample.ts';
import { rowsNeeded, verdictOfPair } from '../../../../electron/core/comparison/rows-needed.ts';
import { seedsTest } from '../../../../electron/core/comparison/seeds-test.ts';
import { marginOfError } from '../../../../electron/contract/entities.ts';
import { Random } from '../../../../electron/core/random.ts';
import { difference } from '../../../../electron/core/study-statistics.ts';

/** Properties and edges; values of others are in `reference.test.ts`. */

describe('resamples', () => {
  it.each([
    [200, 0.3],
    [40, 0.01],
    [100_000, 0.85],
    [100_000, 0.000_02],
  ])('of %d trials at %d succeed as often as they should', (trials, probability) => {
    const random = new Random(4);
    const draws = Array.from({ length: 4_000 }, () => binomial(trials, probability, random));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const spread = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1);
    const variance = trials * probability * (1 - probability);
    expect(Math.abs(mean - trials * probability)).toBeLessThan(4 * Math.sqrt(variance / 4_000));
    expect(spread / variance).toBeGreaterThan(0.88);
    expect(spread / variance).toBeLessThan(1.12);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(trials);
  });

  it('draw every row, as often from each cell as it weighs, whatever its size', () => {
    const weights = Float64Array.from([5_000, 3, 1, 0, 300, 0.5, 12]);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const sums = new Float64Array(weights.length);
    resampleCounts(weights, 5_000, { resamples: 2_000 }, (counts) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5_000);
      for (const [cell, count] of counts.entries()) sums[cell] = (sums[cell] ?? 0) + count / 2_000;
    });
    for (const [cell, weight] of weights.entries()) {
      const wanted = (5_000 * weight) / total;
      expect(Math.abs((sums[cell] ?? 0) - wanted)).toBeLessThanOrEqual(0.12 * Math.sqrt(wanted));
    }
  });
});

describe('the bootstrap of a mean', () => {
  it('is the same for the same seed, and another for another', () => {
    const values = Array.from({ length: 50 }, (_, at) => Math.sin(at));
    expect(bootstrapMean(values, { seed: 3 })).toEqual(bootstrapMean(values, { seed: 3 }));
    expect(bootstrapMean(values, { seed: 3 })).not.toEqual(bootstrapMean(values, { seed: 4 }));
  });

  it('needs two values, and leaves out what has none', () => {
    expect(bootstrapMean([])).toBeNull();
    expect(bootstrapMean([1])).toBeNull();
    expect(bootstrapMean([1, Number.NaN])).toBeNull();
    expect(bootstrapMean([2, Number.NaN, 2])).toEqual({ value: 2, low: 2, high: 2 });
  });

  it('of bundles is as wide as that of rows', () => {
    const random = new Random(9);
    const values = Float64Array.from({ length: 20_000 }, () => random.normal());
    const { value = 0, low = 0, high = 0 } = bootstrapMean(values) ?? {};
    const half = 1.96 / Math.sqrt(20_000);
    for (const reach of [value - low, high - value]) {
      expect(reach / half).toBeGreaterThan(0.92);
      expect(reach / half).toBeLessThan(1.08);
    }
  });

  it('is paired: what both share is no noise', () => {
    const a = Array.from({ length: 60 }, (_, at) => 100 * Math.sin(at) + 1 + (at % 2) / 10);
    const b = Array.from({ length: 60 }, (_, at) => 100 * Math.sin(at));
    const { low = 0, high = 0 } = pairedBootstrap(a, b) ?? {};
    expect(low).toBeGreaterThan(1);
    expect(high).toBeLessThan(1.1);
    expect(() => pairedBootstrap([1, 2], [1])).toThrow(RangeError);
  });
});

const column = (...places: number[]): Int32Array => Int32Array.from(places);

describe('classes', () => {
  it('are of rows with gold that all were asked', () => {
    const asked = Uint8Array.of(1, 1, 0, 1);
    const label = column(0, -1, 1, 1);
    expect(classified(column(0, 1, 1, -1), [{ asked, label }])).toEqual({
      gold: column(0, 1),
      said: [column(0, -1)],
    });
  });

  it('show what was said for what, other answers and none', () => {
    const gold = column(0, 0, 0, 1, 1, -1);
    const said = [column(0, 1, 7, -1, 1, 0), column(0, 0, 0, 1, 1, 1)];
    expect(confusionOf(gold, said, ['no', 'yes'])).toEqual({
      labels: ['no', 'yes'],
      counts: [
        [4, 1],
        [0, 3],
      ],
      other: [1, 0],
      none: [0, 1],
    });
  });

  it('show the 20 commonest labels', () => {
    const gold = Int32Array.from({ length: 600 }, (_, row) => Math.floor(Math.sqrt(row)));
    const { labels, counts, other } = confusionOf(gold, [gold], [...gold.keys()].map(String));
    expect(labels).toHaveLength(20);
    expect(labels[0]).toBe('23');
    expect(counts[0]?.[0]).toBe(47);
    expect(other.every((count) => count === 0)).toBe(true);
  });

  it('have no precision where nobody says them', () => {
    const [, rare] = classScores(column(0, 0, 1), [column(0, 0, 0)], ['no', 'yes']);
    expect(rare).toMatchObject({ label: 'yes', precision: null, recall: { accuracy: 0 } });
    expect(rare?.f1?.value).toBe(0);
  });

  it('count rows once, however many seeds answered them', () => {
    const gold = Int32Array.from({ length: 100 }, (_, row) => row % 2);
    const said = gold.map((truth, row) => (row % 10 === 0 ? 1 - truth : truth));
    const [one] = classScores(gold, [said], ['a', 'b']);
    const [three] = classScores(gold, [said, said, said], ['a', 'b']);
    expect(three?.recall?.rows).toBe(3 * (one?.recall?.rows ?? 0));
    expect(three?.recall?.low).toBeCloseTo(one?.recall?.low ?? 0, 12);
    expect(three?.f1?.how).toBe('seeds');
    expect(one?.f1?.how).toBe('bootstrap');
  });

  it('are never certain, even all right, all wrong, or of one row', () => {
    const gold = Int32Array.from({ length: 40 }, (_, row) => row % 2);
    const { low = 1, high = 0 } = macroF1(gold, [gold]) ?? {};
    expect(low).toBeLessThan(0.98);
    expect(high).toBe(1);
    const wrong = macroF1(gold, [gold.map((truth) => 1 - truth)]);
    expect(wrong).toMatchObject({ value: 0, low: 0 });
    expect(wrong?.high).toBeGreaterThan(0.02);
    const single = macroF1(column(0), [column(0)]);
    expect(single?.value).toBe(1);
    expect(single?.low).toBeLessThan(0.7);
  });

  it('turn round with their sides, and are nothing between equals', () => {
    const random = new Random(2);
    const gold = Int32Array.from({ length: 80 }, () => random.integer(0, 2));
    const a = gold.map((truth) => (random.next() < 0.8 ? truth : 0));
    const b = gold.map((truth) => (random.next() < 0.6 ? truth : 1));
    const there = macroF1Difference(gold, [a], [b]);
    const back = macroF1Difference(gold, [b], [a]);
    expect(there?.value).toBeCloseTo(-(back?.value ?? 0), 12);
    const same = macroF1Difference(gold, [a], [a]);
    expect(same?.value).toBe(0);
    expect(same?.low).toBeLessThan(0);
    expect(same?.high).toBeGreaterThan(0);
  });

  it('are not known without rows or systems', () => {
    expect(macroF1(column(), [column()])).toBeNull();
    expect(macroF1(column(-1), [column(0)])).toBeNull();
    expect(macroF1(column(0), [])).toBeNull();
    expect(macroF1Difference(column(0), [column(0)], [])).toBeNull();
    expect(classScores(column(0), [], [])).toEqual([]);
    expect(() => macroF1(column(0), [column(0, 1)])).toThrow(RangeError);
  });
});

describe('calibration', () => {
  it('is not known without a confidence', () => {
    expect(calibrationOf(Float32Array.of(Number.NaN), Uint8Array.of(1))).toBeNull();
    expect(calibrationOf(new Float32Array(0), new Uint8Array(0))).toBeNull();
  });

  it('puts a border into the lower bin, and 0 and 1 at the ends', () => {
    const { bins = [], rows } =
      calibrationOf(Float32Array.of(0, 0.1, 0.3, 0.301, 1, Number.NaN), new Uint8Array(6)) ?? {};
    expect(rows).toBe(5);
    expect(bins.map(({ from, rows: own }) => [from, own])).toEqual([
      [0, 2],
      [0.2, 1],
      [0.3, 1],
      [0.9, 1],
    ]);
  });

  it('calls no ECE surely above 0 that chance explains', () => {
    const confidence = new Float32Array(100).fill(0.8);
    const right = Uint8Array.from({ length: 100 }, (_, row) => (row < 77 ? 1 : 0));
    const { ece, eceByChance = 0 } = calibrationOf(confidence, right) ?? {};
    expect(ece?.value).toBeCloseTo(0.03, 6);
    expect(ece?.low).toBe(0);
    expect(eceByChance).toBeGreaterThan(0.03);
  });

  it('is refused for what is no probability, and for other rows', () => {
    expect(() => calibrationOf(Float32Array.of(1.2), Uint8Array.of(1))).toThrow(RangeError);
    expect(() => calibrationOf(Float32Array.of(0.2), new Uint8Array(2))).toThrow(RangeError);
  });
});

describe('the test over seeds', () => {
  const random = new Random(5);
  const answers = (share: number, seeds: number) =>
    Array.from({ length: seeds }, () =>
      Uint8Array.from({ length: 150 }, () => (random.next() < share ? 1 : 0)),
    );

  it('is below 0.05 just where the interval leaves out 0', () => {
    let real = 0;
    for (let trial = 0; trial < 60; trial++) {
      const [a, b] = [answers(0.55 + trial / 500, 3), answers(0.5, trial % 2 === 0 ? 3 : 2)];
      const found = seedsTest(a, b);
      expect(found?.difference).toEqual(difference(a, b));
      const { low = 0, high = 0 } = found?.difference ?? {};
      expect((found?.p ?? 0) < 0.05).toBe(low > 0 || high < 0);
      if (low > 0) real += 1;
    }
    expect(real).toBeGreaterThan(5);
    expect(real).toBeLessThan(60);
  });

  it('of equal answers shows nothing', () => {
    const same = answers(0.5, 3);
    expect(seedsTest(same, same)?.p).toBeCloseTo(1, 12);
    expect(seedsTest(same, same)?.discordant).toBeCloseTo(0, 12);
    expect(seedsTest(same, [])).toBeNull();
  });

  it('of one seed each counts the rows that tell them apart', () => {
    const [a, b] = [Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0)];
    expect(seedsTest([a], [b])).toMatchObject({ discordant: 0.5, seedVariance: 0 });
  });
});

describe('rows that are needed', () => {
  it("are Connor's for McNemar's test where it asks for more than the margin of error", () => {
    // ((1.959964 √0.4 + 0.841621 √(0.4 - 0.01)) / 0.1)² = 311.9
    expect(rowsNeeded({ difference: 0.1, discordant: 0.4 })).toBe(312);
  });

  it('are never fewer than the margin of error asks for', () => {
    for (const gap of [0.01, 0.03, 0.1, 0.4]) {
      const rows = rowsNeeded({ difference: gap, discordant: gap }) ?? 0;
      expect(marginOfError(rows)).toBeLessThanOrEqual(gap);
    }
  });

  it('grow with smaller gaps, smaller levels and seeds that vary', () => {
    const usual = { difference: 0.05, discordant: 0.2 };
    const rows = rowsNeeded(usual) ?? 0;
    expect(rowsNeeded({ ...usual, difference: 0.04 })).toBeGreaterThan(rows);
    expect(rowsNeeded({ ...usual, alpha: 0.005 })).toBeGreaterThan(rows);
    expect(rowsNeeded({ ...usual, seedVariance: 1e-4 })).toBeGreaterThan(rows);
  });

  it('are not told without a gap, and where seeds drown it', () => {
    expect(rowsNeeded({ difference: 0, discordant: 0.2 })).toBeNull();
    expect(rowsNeeded({ difference: Number.NaN, discordant: 0.2 })).toBeNull();
    expect(rowsNeeded({ difference: 0.02, discordant: 0.2, seedVariance: 1e-3 })).toBeNull();
  });
});

describe('the verdict on a pair', () => {
  const gap = { value: 0.08, low: 0.01, high: 0.15 };

  it.each([
    ['better', { difference: gap, rows: 200, pCorrected: 0.02, margin: 0.02 }],
    ['not-shown', { difference: gap, rows: 200, pCorrected: 0.06, margin: 0.02 }],
    ['not-shown', { difference: gap, rows: 100, pCorrected: 0.02, margin: 0.02 }],
    [
      'alike',
      {
        difference: { value: 0.002, low: -0.01, high: 0.015 },
        ...{ rows: 5_000, pCorrected: 0.8, margin: 0.02 },
      },
    ],
    [
      'not-shown',
      {
        difference: { value: 0.002, low: -0.01, high: 0.02 },
        ...{ rows: 5_000, pCorrected: 0.8, margin: 0.02 },
      },
    ],
  ] as const)('is %s', (verdict, pair) => {
    expect(verdictOfPair(pair)).toBe(verdict);
  });
});
