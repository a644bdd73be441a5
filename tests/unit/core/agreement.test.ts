import { describe, expect, it } from 'vitest';
import { cohensKappa } from '../../../electron/core/agreement.ts';

describe('Cohen’s kappa', () => {
  // 35 of 50 agree (0.7); by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; so (0.7 - 0.5) / (1 - 0.5) = 0.4.
  it('is what the agreement has beyond chance', () => {
    const { rows, observed, kappa } = cohensKappa([
      [20, 5],
      [10, 15],
    ]);
    expect([rows, observed]).toEqual([50, 0.7]);
    expect(kappa).toBeCloseTo(0.4, 12);
  });

  // Equal agreement of 60 in 100, but other margins: p_e = 0.54 gives 0.06 / 0.46, p_e = 0.46 gives
  // 0.14 / 0.54.
  it.each([
    [
      [
        [45, 15],
        [25, 15],
      ],
      0.06 / 0.46,
    ],
    [
      [
        [25, 35],
        [5, 35],
      ],
      0.14 / 0.54,
    ],
  ])('takes the margins into account: %j', (counts, expected) => {
    expect(cohensKappa(counts).observed).toBeCloseTo(0.6, 12);
    expect(cohensKappa(counts).kappa).toBeCloseTo(expected, 12);
  });

  // Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, table 18.1: 100 patients,
  // three diagnoses; kappa 0.68, standard error 0.087.
  it('has the published interval for three classes', () => {
    const { kappa, interval } = cohensKappa([
      [75, 1, 4],
      [5, 4, 1],
      [0, 0, 10],
    ]);
    expect(kappa).toBeCloseTo(0.676, 3);
    const [low, high] = interval ?? [0, 0];
    expect((high - low) / (2 * 1.959964)).toBeCloseTo(0.088, 2);
    expect([low, high].map((bound) => bound.toFixed(2))).toEqual(['0.50', '0.85']);
  });

  // By hand for [[40, 10], [10, 40]]: p_o 0.8, p_e 0.5, kappa 0.6. All margins are 0.5, so the terms are
  // 2 * 0.4 * (1 - 0.4)^2 = 0.288, 0.4^2 * 2 * 0.1 * 1 = 0.032, less (0.6 - 0.2)^2 = 0.16: 0.16.
  // The error is sqrt(0.16 / 100) / 0.5 = 0.08.
  it('has the interval worked out by hand for two', () => {
    const { kappa, interval } = cohensKappa([
      [40, 10],
      [10, 40],
    ]);
    expect(kappa).toBeCloseTo(0.6, 12);
    expect(interval?.[0]).toBeCloseTo(0.6 - 1.959963984540054 * 0.08, 12);
    expect(interval?.[1]).toBeCloseTo(0.6 + 1.959963984540054 * 0.08, 12);
  });

  it('is below 0 where people disagree more than by chance', () => {
    expect(
      cohensKappa([
        [0, 10],
        [10, 0],
      ]).kappa,
    ).toBeCloseTo(-1, 12);
  });

  it('is 1 where all agree on more than one answer, without an interval', () => {
    const { kappa, interval } = cohensKappa([
      [30, 0],
      [0, 20],
    ]);
    expect(kappa).toBe(1);
    expect(interval).toBeNull();
  });

  it.each([
    [
      [
        [30, 0],
        [0, 0],
      ],
      1,
    ],
    [
      [
        [0, 0],
        [0, 0],
      ],
      0,
    ],
  ])('is not known where chance alone would agree always: %j', (counts, observed) => {
    expect(cohensKappa(counts)).toMatchObject({ observed, kappa: null, interval: null });
  });

  it('tells no interval of few rows', () => {
    expect(
      cohensKappa([
        [9, 1],
        [1, 8],
      ]).interval,
    ).toBeNull();
    expect(
      cohensKappa([
        [9, 1],
        [1, 9],
      ]).interval,
    ).not.toBeNull();
  });

  it.each([
    [
      [
        [1, 2],
        [3, -1],
      ],
    ],
    [[[1, 2]]],
    [
      [
        [1, 0.5],
        [0, 1],
      ],
    ],
  ])('refuses what is no table of counts: %j', (counts) => {
    expect(() => cohensKappa(counts)).toThrow(RangeError);
  });
});
