import { Random } from '../random.ts';
import { logGamma } from './distributions.ts';

/** Draws of a bootstrap; the ends of its interval are then within about 2% of their distance. */
const RESAMPLES = 2_000;

export interface BootstrapOptions {
  /** Of the draws: the same rows and the same seed give the same interval. */
  readonly seed?: number;
  readonly resamples?: number;
}

/** Cells that are expected to get more rows than this are drawn at once, others row by row. */
const DRAWN_AT_ONCE = 40;

/**
 * Draws rows with replacement, again and again. Rows that are alike in all that matters share a cell,
 * and only the counts of cells are drawn, so that 100,000 rows cost little more than a few hundred.
 *
 * @param weights rows of each cell, or how likely each is
 * @param rows to draw
 * @param visit gets the cells' counts of each resample, in an array that is used again
 */
export function resampleCounts(
  weights: Float64Array,
  rows: number,
  { seed = 1, resamples = RESAMPLES }: BootstrapOptions,
  visit: (counts: Float64Array, resample: number) => void,
): void {
  const random = new Random(seed);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const large: number[] = [];
  const small: number[] = [];
  for (const [cell, weight] of weights.entries()) {
    (weight * rows > DRAWN_AT_ONCE * all ? large : small).push(cell);
  }
  const drawSmall = aliasOf(small.map((cell) => weights[cell] ?? 0));
  const drawn = new Float64Array(weights.length);
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0);
    // A multinomial draw: of each large cell a binomial one of what the cells before it left.
    let left = rows;
    let weight = all;
    for (const [at, cell] of large.entries()) {
      const own = weights[cell] ?? 0;
      const last = small.length === 0 && at === large.length - 1;
      const here = last ? left : binomial(left, own / weight, random);
      drawn[cell] = here;
      left -= here;
      weight -= own;
    }
    for (; left > 0; left--) {
      const cell = small[drawSmall(random)] ?? 0;
      drawn[cell] = (drawn[cell] ?? 0) + 1;
    }
    visit(drawn, resample);
  }
}

/**
 * Draws places as often as they weigh, each in constant time: every place has a slot of its own, whose
 * rest belongs to one other (A. J. Walker, ACM Transactions on Mathematical Software 3, 1977, 253-256).
 */
function aliasOf(weights: readonly number[]): (random: Random) => number {
  const count = weights.length;
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const share = Float64Array.from(weights, (weight) => (weight * count) / whole);
  const other = Int32Array.from(weights, (_, place) => place);
  const poor = [...share.keys()].filter((place) => (share[place] ?? 0) < 1);
  const rich = [...share.keys()].filter((place) => (share[place] ?? 0) >= 1);
  for (let low = poor.pop(); low !== undefined; low = poor.pop()) {
    const high = rich.at(-1);
    if (high === undefined) break;
    other[low] = high;
    share[high] = (share[high] ?? 0) - (1 - (share[low] ?? 0));
    if ((share[high] ?? 0) < 1) {
      rich.pop();
      poor.push(high);
    }
  }
  // What rounding has left over has its slot to itself.
  for (const place of poor) share[place] = 1;
  return (random) => {
    const at = random.next() * count;
    const slot = Math.floor(at);
    return at - slot < (share[slot] ?? 1) ? slot : (other[slot] ?? slot);
  };
}

/** Draws of an option, or the usual number. */
export const resamplesOf = ({ resamples = RESAMPLES }: BootstrapOptions): number => resamples;

/** Above this mean, draws are made by rejection. */
const COUNTED_UP_TO = 10;

/** How many of `trials` succeed, each with `probability`. */
export function binomial(trials: number, probability: number, random: Random): number {
  if (trials === 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(trials, 1 - probability, random);
  return trials * probability < COUNTED_UP_TO
    ? counted(trials, probability, random)
    : rejected(trials, probability, random);
}

/** Goes up through the distribution until a uniform draw is used up. */
function counted(trials: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  let chance = Math.exp(trials * Math.log1p(-p));
  let left = random.next();
  let successes = 0;
  while (left > chance && successes < trials) {
    left -= chance;
    successes += 1;
    chance *= ((trials - successes + 1) / successes) * odds;
  }
  return successes;
}

/**
 * Algorithm BTRS of W. Hörmann, "The generation of binomial random variates", Journal of Statistical
 * Computation and Simulation 46 (1993), 101-110; for p up to 0.5 and a mean of 10 or more.
 */
function rejected(trials: number, p: number, random: Random): number {
  const deviation = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = trials * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const inside = 0.92 - 4.2 / b;
  const mode = Math.floor((trials + 1) * p);
  const logOdds = Math.log(p / (1 - p));
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= inside) return k;
    if (k < 0 || k > trials) continue;
    const height = Math.log((v * alpha) / (a / (edge * edge) + b));
    const chance =
      logGamma(mode + 1) +
      logGamma(trials - mode + 1) -
      logGamma(k + 1) -
      logGamma(trials - k + 1) +
      (k - mode) * logOdds;
    if (height <= chance) return k;
  }
}

/**
 * The value below which a share of sorted values lies, between two of them by their distance (type 7
 * of R. J. Hyndman and Y. Fan, The American Statistician 50, 1996, 361-365).
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (at - below) * (high - low);
}
