/**
 * Probabilities that the tests of a comparison need. Tails are computed as tails, not as one less the
 * rest, so that a p of 1e-200 is told from 0.
 */

/** Lanczos' approximation (SIAM Journal on Numerical Analysis B 1, 1964, 86-96), g = 7, nine terms. */
const LANCZOS = [
  676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
] as const;
const LANCZOS_FIRST = 0.999_999_999_999_809_9;
const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** Continued fractions and series end where a further term changes no more than rounding does. */
const PRECISION = 4 * Number.EPSILON;
const MOST_TERMS = 100_000;
/** Stands for a partial denominator of 0 (Lentz' method). */
const TINY = 1e-300;

/** ln Γ(x), for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let series = LANCZOS_FIRST;
  for (let at = 0; at < LANCZOS.length; at++) series += (LANCZOS[at] ?? 0) / (x + at);
  const base = x + 6.5;
  return HALF_LOG_TAU + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

/** ln of the number of ways to choose `k` of `n`. */
export function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/**
 * I_x(a, b), the regularised incomplete beta function: by its continued fraction (26.5.8 of
 * M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 1964), taken from the end
 * where that converges fast.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2) ? betaFraction(x, a, b) : 1 - betaFraction(1 - x, b, a);
}

function betaFraction(x: number, a: number, b: number): number {
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const fraction = continued((term) => {
    if (term === 0) return { over: 1, under: 1 };
    const m = term >> 1;
    const over =
      term % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { over, under: 1 };
  });
  return (Math.exp(logFront) * fraction) / a;
}

/**
 * Q(a, x), the upper regularised incomplete gamma function: by its continued fraction for large x
 * (6.5.31 of Abramowitz and Stegun), else as one less the series of the lower one (6.5.29).
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) return 1 - front * gammaSeries(a, x);
  return (
    front *
    continued((term) => ({
      over: term === 0 ? 1 : term * (a - term),
      under: x + 2 * term + 1 - a,
    }))
  );
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let at = 1; at < MOST_TERMS && term > PRECISION * sum; at++) {
    term *= x / (a + at);
    sum += term;
  }
  return sum;
}

/** over₀ / (under₀ + over₁ / (under₁ + …)), by Lentz' method. */
function continued(part: (term: number) => { readonly over: number; readonly under: number }) {
  let value = TINY;
  let up = TINY;
  let down = 0;
  for (let term = 0; term < MOST_TERMS; term++) {
    const { over, under } = part(term);
    down = 1 / (under + over * down || TINY);
    up = under + over / up || TINY;
    const change = up * down;
    value *= change;
    if (Math.abs(change - 1) <= PRECISION) break;
  }
  return value;
}

/** How often chi-square with that many degrees of freedom is `value` or more. */
export const chiSquareTail = (value: number, degrees: number): number =>
  upperGamma(degrees / 2, value / 2);

/** How often Student's t is as far from 0 as `value`, to either side. */
export const studentTails = (value: number, degrees: number): number =>
  incompleteBeta(degrees / (degrees + value * value), degrees / 2, 0.5);

/** How often a standard normal variable is `value` or more. */
export function normalTail(value: number): number {
  const tail = upperGamma(0.5, (value * value) / 2) / 2;
  return value >= 0 ? tail : 1 - tail;
}

/** The value that a standard normal variable reaches or exceeds with `probability`, in (0, 1). */
export function normalPoint(probability: number): number {
  if (probability > 0.5) return -normalPoint(1 - probability);
  return falling(normalTail, probability, 0, 40);
}

/** A bisection ends where its range is this share of its ends. */
const FINENESS = 1e-13;

/**
 * Where a falling function comes to `wanted`, by bisection.
 * @returns the end of the range that is nearest where it never does
 */
export function falling(
  of: (x: number) => number,
  wanted: number,
  from: number,
  to: number,
): number {
  let [low, high] = [from, to];
  while (high - low > FINENESS * Math.max(Math.abs(low), Math.abs(high), FINENESS)) {
    const middle = (low + high) / 2;
    if (of(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
