import { describe, expect, it } from 'vitest';
import { Estimate } from '../../../electron/contract/extraction.ts';
import { Random } from '../../../electron/core/random.ts';
import { estimate, totalOf } from '../../../electron/teacher/estimate.ts';
import type { AnswerUsage, EstimateInput } from '../../../electron/teacher/estimate.ts';

const price = { input: 2, output: 8, batchShare: 0.5 };

/** Lengths as they come: mostly alike, now and then three times as long. */
const skewed = (random: Random, median: number): number =>
  Math.round(median * Math.exp(0.5 * random.normal()));
const answer = (random: Random): AnswerUsage => ({
  promptTokens: 600 + skewed(random, 60),
  completionTokens: skewed(random, 80),
  milliseconds: skewed(random, 900),
});
const answers = (count: number, random: Random): AnswerUsage[] =>
  Array.from({ length: count }, () => answer(random));

const input = (parts: Partial<EstimateInput>): EstimateInput => ({
  answers: 2_000,
  usage: answers(20, new Random(1)),
  price,
  batches: true,
  concurrency: 8,
  answersPerRequest: 1,
  promptTokens: 1_300_000,
  maxTokens: 256,
  spend: null,
  ...parts,
});

describe('the ranges', () => {
  it.each([
    [10, 200],
    [20, 2_000],
    [20, 10],
  ])(
    'from %i answers cover the true totals of %i further ones in 90 of 100 draws',
    (pilot, further) => {
      const covered = { promptTokens: 0, completionTokens: 0, cost: 0, seconds: 0 };
      for (let seed = 0; seed < 100; seed++) {
        const random = new Random(seed * 7_919 + 1);
        const found = estimate(
          input({ usage: answers(pilot, random), answers: further, concurrency: 1 }),
        );
        const truth = { promptTokens: 0, completionTokens: 0, cost: 0, seconds: 0 };
        for (const one of answers(further, random)) {
          truth.promptTokens += one.promptTokens ?? 0;
          truth.completionTokens += one.completionTokens ?? 0;
          truth.seconds += (one.milliseconds ?? 0) / 1_000;
        }
        truth.cost = (truth.promptTokens * 2 + truth.completionTokens * 8) / 1e6;
        for (const key of ['promptTokens', 'completionTokens', 'cost', 'seconds'] as const) {
          const range = found[key];
          if (range && range.low <= truth[key] && truth[key] <= range.high) covered[key] += 1;
        }
      }
      for (const count of Object.values(covered)) {
        expect(count).toBeGreaterThanOrEqual(90);
        // A range that always holds is wider than 95% asks for.
        expect(count).toBeLessThan(100);
      }
    },
  );

  it('get narrower with a longer pilot, in share with more answers', () => {
    const width = (pilot: number, further: number): number => {
      const {
        low = 0,
        likely = 0,
        high = 0,
      } = estimate(input({ usage: answers(pilot, new Random(5)), answers: further })).cost ?? {};
      return (high - low) / likely;
    };
    expect(width(100, 2_000)).toBeLessThan(width(10, 2_000) / 2);
    expect(width(20, 2_000)).toBeLessThan(width(20, 10));
  });

  it('are points where all answers are alike', () => {
    const alike = { promptTokens: 100, completionTokens: 50, milliseconds: 500 };
    const found = estimate(input({ usage: [alike, alike, alike], answers: 10, concurrency: 5 }));
    const point = (value: number) => {
      const close = expect.closeTo(value, 9);
      return { low: close, likely: close, high: close };
    };
    expect(found.promptTokens).toEqual(point(1_000));
    expect(found.completionTokens).toEqual(point(500));
    expect(found.cost).toEqual(point(0.006));
    expect(found.batchCost).toEqual(point(0.003));
    expect(found.seconds).toEqual(point(1));
    expect(found.basis).toBe(3);
  });
});

describe('an estimate', () => {
  it('is what the contract says', () => {
    expect(Estimate.parse(estimate(input({})))).toEqual(estimate(input({})));
  });

  it('knows only the most it may cost before there are answers', () => {
    const found = estimate(input({ usage: [] }));
    expect(found).toMatchObject({
      basis: 0,
      cost: null,
      batchCost: null,
      promptTokens: null,
      seconds: null,
    });
    expect(found.atMost).toBeCloseTo((1_300_000 * 2 + 2_000 * 256 * 8) / 1e6, 10);
    expect(estimate(input({ promptTokens: null })).atMost).toBeNull();
  });

  it('says nothing of money without a price, nor of batches without a batch API', () => {
    expect(estimate(input({ price: null }))).toMatchObject({
      cost: null,
      batchCost: null,
      atMost: null,
    });
    expect(estimate(input({ batches: false })).batchCost).toBeNull();
    expect(estimate(input({ price: null })).completionTokens).not.toBeNull();
  });

  it('leaves out answers whose tokens nobody counted, but not their time', () => {
    const uncounted = answers(20, new Random(1)).map((one) => ({ ...one, promptTokens: null }));
    const found = estimate(input({ usage: uncounted }));
    expect(found).toMatchObject({ basis: 0, cost: null });
    expect(found.seconds).toEqual(estimate(input({})).seconds);
  });

  it('takes no time, tokens or money where nothing is left', () => {
    const nothing = { low: 0, likely: 0, high: 0 };
    const found = estimate(input({ answers: 0, promptTokens: 0 }));
    expect(found).toMatchObject({
      cost: nothing,
      seconds: nothing,
      completionTokens: nothing,
      atMost: 0,
    });
  });

  it('reckons with answers that come together, and no more requests at a time than there are', () => {
    const likely = (parts: Partial<EstimateInput>) => estimate(input(parts)).seconds?.likely ?? 0;
    expect(likely({ answersPerRequest: 5 })).toBeCloseTo(likely({}) / 5, 6);
    expect(likely({ concurrency: 16 })).toBeCloseTo(likely({}) / 2, 6);
    expect(likely({ answers: 4, concurrency: 256 })).toBeCloseTo(
      likely({ answers: 4, concurrency: 4 }),
      6,
    );
  });
});

describe('the total', () => {
  it('is unknown from fewer than two values, and never below zero', () => {
    expect(totalOf([], 10)).toBeNull();
    expect(totalOf([5], 10)).toBeNull();
    expect(totalOf([0, 100], 1)?.low).toBe(0);
  });

  it('has the interval of the documented formula', () => {
    // m = 4, s = 2, n = 3, N = 6: 24 ± 4.3027 · 2 · 6 · √(1/3 + 1/6)
    const { low = 0, likely = 0, high = 0 } = totalOf([2, 4, 6], 6) ?? {};
    expect(likely).toBe(24);
    expect(high - likely).toBeCloseTo(36.5092, 3);
    expect(low).toBe(0);
  });
});
