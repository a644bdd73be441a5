import type { Interval } from '../../contract/entities.ts';
import { Random } from '../random.ts';
import { studentT } from '../student-t.ts';
import { quantile, resamplesOf } from './resample.ts';
import type { BootstrapOptions } from './resample.ts';

export type { BootstrapOptions } from './resample.ts';

/** The 97.5% quantile of the standard normal distribution. */
const Z = 1.959963984540054;
/** More rows than this are dealt into so many bundles. */
const BUNDLES = 2_000;

/**
 * The mean of values with its 95% bootstrap interval over rows: the 2.5th and 97.5th percentile of
 * means of resampled rows, their distance from the mean stretched by t(n - 1) / 1.96 · √(n / (n - 1)),
 * without which it is too narrow for few rows (T. C. Hesterberg, "What teachers should know about the
 * bootstrap", The American Statistician 69, 2015, 371-386, section 4.3). It is known to hold for a mean
 * that is not dominated by a few far values.
 *
 * More than 2,000 rows are dealt at random into 2,000 bundles, and bundles are drawn: their means vary
 * as the rows let them.
 *
 * @param values a row each; rows without a value are NaN and left out
 * @returns null for fewer than two values; no width where all are equal: that says nothing of the rows
 *   that are not there
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): Interval | null {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length < 2) return null;
  const random = new Random(options.seed ?? 1);
  const { sums, sizes } = bundled(known, random);
  const draws = new Float64Array(resamplesOf(options));
  for (let resample = 0; resample < draws.length; resample++) {
    let total = 0;
    let size = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const at = Math.floor(random.next() * sums.length);
      total += sums[at] ?? 0;
      size += sizes[at] ?? 0;
    }
    draws[resample] = total / size;
  }
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return stretched(draws, mean, smallSample(sums.length));
}

/**
 * The mean of `a` less `b` on the same rows, with its interval as in {@link bootstrapMean}. Rows where
 * one of them has no value (NaN) are left out.
 *
 * @throws RangeError unless both are of the same rows
 */
export function pairedBootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions = {},
): Interval | null {
  if (a.length !== b.length) throw new RangeError('the values are not of the same rows');
  return bootstrapMean(
    Float64Array.from(a, (value, row) => value - (b[row] ?? Number.NaN)),
    options,
  );
}

/** What an interval of that many rows is too narrow by. */
export const smallSample = (rows: number): number =>
  (studentT(rows - 1) / Z) * Math.sqrt(rows / (rows - 1));

/** The middle 95% of draws, with their distance from the value stretched. */
export function stretched(draws: Float64Array, value: number, factor: number): Interval {
  const sorted = draws.slice().sort();
  const low = value + factor * (quantile(sorted, 0.025) - value);
  const high = value + factor * (quantile(sorted, 0.975) - value);
  // A statistic may be biased in resamples; its interval holds it all the same.
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

function bundled(values: Float64Array, random: Random) {
  const count = Math.min(values.length, BUNDLES);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  const shuffled = values.length > count ? shuffledCopy(values, random) : values;
  for (const [row, value] of shuffled.entries()) {
    const bundle = row % count;
    sums[bundle] = (sums[bundle] ?? 0) + value;
    sizes[bundle] = (sizes[bundle] ?? 0) + 1;
  }
  return { sums, sizes };
}

function shuffledCopy(values: Float64Array, random: Random): Float64Array {
  const copy = values.slice();
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    const held = copy[last] ?? 0;
    copy[last] = copy[other] ?? 0;
    copy[other] = held;
  }
  return copy;
}
