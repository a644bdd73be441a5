import type { Interval } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';

/** Decimals of a number of points; more where a rounded one would cross a bound that it keeps. */
const fewest = 1;
const most = 4;

/**
 * A difference of shares in points of a hundred. What is above or below a bound is shown so: an
 * interval that ends at 0.04 points does not read as one that ends at 0.
 *
 * @param bounds shares that the value may not seem to reach, 0 always among them
 */
export function points(share: number, bounds: readonly number[] = []): string {
  const value = 100 * share;
  const kept = [0, ...bounds.map((bound) => 100 * bound)];
  let digits = fewest;
  while (digits < most && kept.some((bound) => !sameSide(value, bound, digits))) digits += 1;
  // Nothing but rounding noise is left, or the value is the bound itself.
  const shown = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'negative',
  }).format(value);
  return shown.replace('-', '−');
}

const sameSide = (value: number, bound: number, digits: number): boolean =>
  Math.sign(value - bound) === Math.sign(Number(value.toFixed(digits)) - bound);

/** `4.2 points (1.1 to 7.3)`. */
export function pointsWithin(
  { value, low, high }: Interval,
  bounds: readonly number[] = [],
): string {
  return i18n.t.studyResults.pointsFrom(
    points(value, bounds),
    points(low, bounds),
    points(high, bounds),
  );
}

/** `84.2% (80.1% to 88.3%)`. */
export function percentWithin({ value, low, high }: Interval): string {
  const { t, format } = i18n;
  return `${format.percent(value)} (${t.studyResults.from(format.percent(low), format.percent(high))})`;
}

/** A margin in points: as it was chosen, `2` or `0.5`. */
export const marginPoints = (margin: number): string => i18n.format.short(100 * margin);

/** A setting's value as it is typed: `0.0003`, not `3.0e−4`. */
export const settingValue = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-6
    ? i18n.format.short(value)
    : new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 4 }).format(value);

/** A share of the rows, without the decimal where it has none: `12.5%`, `50%`. */
export const shareOf = (share: number): string =>
  new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(
    share,
  );
