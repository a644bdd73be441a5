import { falling, studentTails } from './comparison/distributions.ts';

const usual = 0.05;
/** Quantiles of the usual level, by degrees of freedom: they are asked for again and again. */
const known = new Map<number, number>();
const MOST_KNOWN = 1_000;

/**
 * What Student's t distribution leaves out with probability `alpha`, half of it on each side: the
 * 97.5% quantile where `alpha` is 0.05. Found from its tails by bisection.
 *
 * @param degrees of freedom, at least 1, also between whole ones
 * @throws RangeError for fewer
 */
export function studentT(degrees: number, alpha = usual): number {
  if (!(degrees >= 1)) throw new RangeError(`no t distribution with ${degrees} degrees of freedom`);
  if (alpha !== usual) return found(degrees, alpha);
  const before = known.get(degrees);
  if (before !== undefined) return before;
  const quantile = found(degrees, alpha);
  if (known.size < MOST_KNOWN) known.set(degrees, quantile);
  return quantile;
}

function found(degrees: number, alpha: number): number {
  const tails = (value: number): number => studentTails(value, degrees);
  let high = 2;
  while (tails(high) > alpha && high < MOST) high *= 2;
  return falling(tails, alpha, 0, high);
}

/** Beyond this a quantile is not looked for. */
const MOST = 1e150;
