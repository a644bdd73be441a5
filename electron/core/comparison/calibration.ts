import type { Calibration } from '../../contract/entities.ts';
import { wilson } from '../statistics.ts';
import { smallSample, stretched } from './bootstrap.ts';
import { binomial, quantile, resampleCounts, resamplesOf } from './resample.ts';
import type { BootstrapOptions } from './resample.ts';
import { Random } from '../random.ts';

/** Bins of equal width. */
const BINS = 10;
/** Confidences that differ by less are one in resamples; figures themselves are of the exact ones. */
const LEVELS = 1_000;

/**
 * How well confidence tells what is right.
 *
 * @param confidence NaN where it is not known; such rows are left out
 * @param right 1 or 0
 * @returns null without a row that has a confidence
 */
export function calibrationOf(
  confidence: Float32Array,
  right: Uint8Array,
  options: BootstrapOptions = {},
): Calibration | null {
  throw new RangeError(`${confidence.length} ${right.length} ${String(options)}`);
}
void [
  wilson,
  smallSample,
  stretched,
  binomial,
  quantile,
  resampleCounts,
  resamplesOf,
  Random,
  BINS,
  LEVELS,
];
