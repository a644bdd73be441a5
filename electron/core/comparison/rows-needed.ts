import { isReal } from '../../contract/entities.ts';
import type { Interval, PairVerdict } from '../../contract/entities.ts';
import { normalPoint } from './distributions.ts';

/** The level that verdicts are given at, and how often a real gap should be found. */
export const verdictAlpha = 0.05;
export const verdictPower = 0.8;

export interface Gap {
  /** Share of rows by which one is right more often; the sign does not matter. */
  readonly difference: number;
  /** Share of rows on which one alone is right, at least |difference|; of several seeds `discordant` of {@link seedsTest}. */
  readonly discordant: number;
  /** Variance of the difference that stays however many rows there are; `seedVariance` of {@link seedsTest}. */
  readonly seedVariance?: number;
  /** Two-sided; where several pairs are compared, of a single pair. */
  readonly alpha?: number;
  readonly power?: number;
}

/**
 * Rows with which a gap of this size would be called real with the wanted power, so by McNemar's test
 * and by `isReal`, which asks for a gap of no less than the margin of error:
 *
 *     n = ((max(z(α/2) √ψ, 0.98) + z(1 - power) √(ψ - δ²)) / δ)²
 *
 * with the gap δ and the share ψ of rows on which one alone is right. Source: R. J. Connor, "Sample
 * size for testing differences in proportions for the paired-sample design", Biometrics 43 (1987),
 * 207-211, formula for McNemar's test. It takes both shares for the true ones: an estimate.
 *
 * @returns null where there is no gap, or where seeds alone vary too much for any number of rows
 */
export function rowsNeeded(gap: Gap): number | null {
  const { seedVariance = 0, alpha = verdictAlpha, power = verdictPower } = gap;
  const difference = Math.abs(gap.difference);
  if (!(difference > 0)) return null;
  const discordant = Math.max(gap.discordant, difference);
  const test = normalPoint(alpha / 2);
  const miss = normalPoint(1 - power);
  const shown = (rows: number): boolean => {
    const atNone = Math.sqrt(discordant / rows + seedVariance);
    const atGap = Math.sqrt((discordant - difference ** 2) / rows + seedVariance);
    return Math.max(test * atNone, 0.98 / Math.sqrt(rows)) + miss * atGap <= difference;
  };
  return fewest(shown);
}

const MOST_ROWS = 2 ** 50;

function fewest(enough: (rows: number) => boolean): number | null {
  let high = 1;
  while (!enough(high)) {
    high *= 2;
    if (high > MOST_ROWS) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * What may be said of two. `better`: the difference is above 0 after correction, and real by `isReal`;
 * `alike`: its interval leaves out differences of the margin and more, either way; else `not-shown`.
 * `difference` is of the one with the higher score less the other.
 */
export function verdictOfPair(pair: {
  readonly difference: Interval;
  readonly rows: number;
  readonly pCorrected: number;
  readonly margin: number;
}): PairVerdict['verdict'] {
  const { difference, rows, pCorrected, margin } = pair;
  if (pCorrected < verdictAlpha && difference.value > 0 && isReal(difference, rows))
    return 'better';
  return -margin < difference.low && difference.high < margin ? 'alike' : 'not-shown';
}
