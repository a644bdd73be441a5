import { describe, expect, it } from 'vitest';
import {
  bootstrapTrial,
  classWorlds,
  differenceTrial,
  eceTrial,
  falseVerdictTrial,
  held,
  macroDifferenceTrial,
  macroTrial,
  meanTrial,
  powerTrial,
  wilsonTrial,
  worlds,
} from '../../../fixtures/statistics/simulated.ts';
import type { Trial } from '../../../fixtures/statistics/simulated.ts';

/** A seeded part of `npm run bench -- coverage`, which has the full table. */

const { svamp, sample, few } = worlds;
const one = { ...sample, seeds: 1, seed: 0 };

describe('intervals of 95%', () => {
  it.each<readonly [string, number, Trial]>([
    ['an accuracy', 2_000, wilsonTrial(200, 0.8)],
    ['an accuracy of 1,000 rows', 2_000, wilsonTrial(1_000, 0.95)],
    ['a paired difference of two students', 1_000, differenceTrial(one)],
    ['a difference over seeds, few right', 1_000, differenceTrial(svamp)],
    ['a mean over seeds that vary', 1_000, meanTrial(few)],
    ['a difference over seeds, many right', 1_000, differenceTrial(sample)],
    ['a difference over seeds that vary', 1_000, differenceTrial(few)],
    ['macro-F1', 500, macroTrial(classWorlds.three, 200, 300)],
    ['macro-F1 with a rare class', 1_000, macroTrial(classWorlds.rare, 200, 400)],
    ['a difference of macro-F1', 500, macroDifferenceTrial(classWorlds.three, 200, 300)],
    ['a mean of lengths', 1_000, bootstrapTrial(200, 400)],
    ['an ECE', 500, eceTrial(200, 0.1, 300)],
  ])('of %s hold the truth in 93 to 97%%', (_name, trials, trial) => {
    const share = held(trials, 17, trial);
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThanOrEqual(0.97);
  });
});

describe('where seeds hardly matter', () => {
  it('a mean over three of them is a little wide: they are too few to show it', () => {
    const share = held(1_000, 21, meanTrial(svamp));
    expect(share).toBeGreaterThanOrEqual(0.95);
    expect(share).toBeLessThanOrEqual(0.985);
  });
});

describe('verdicts', () => {
  it.each([2, 3, 5])('between %d students that are alike are rarely “better”', (arms) => {
    expect(held(250, 18, falseVerdictTrial(few, arms))).toBeLessThanOrEqual(0.05);
    expect(held(250, 19, falseVerdictTrial(one, arms))).toBeLessThanOrEqual(0.05);
  });

  it('find a gap with the rows that are asked for it, 4 times of 5', () => {
    const share = held(500, 20, powerTrial(0.1, 0.3));
    expect(share).toBeGreaterThan(0.76);
    expect(share).toBeLessThan(0.88);
  });
});
