import { isReal } from '../contract/entities.ts';
import type { Interval, Verdict } from '../contract/entities.ts';
import { normalPoint } from './comparison/distributions.ts';
import { studentT } from './student-t.ts';

/**
 * Which rows were right, 1 or 0: an array for each seed, the same rows in the same order in each of
 * them, and in all that is compared.
 */
export type Answers = readonly Uint8Array[];

/** One summand of a contrast: the mean accuracy of an arm, times its weight. */
export interface Term {
  readonly weight: number;
  readonly answers: Answers;
  /** It is this very system that is meant, as a teacher is: no seed of its could do otherwise. */
  readonly fixed?: boolean;
}

/**
 * The mean accuracy of an arm over its seeds, with its 95% interval; null without rows or seeds.
 * See {@link contrast}; the made-up rows are two right and two wrong ones (Agresti and Coull 1998).
 */
export const meanAccuracy = (answers: Answers): Interval | null =>
  contrast([{ weight: 1, answers }], 2);

/**
 * The accuracy of `a` less that of `b` on the same rows, with its 95% interval; null where one of
 * them has no rows or seeds. See {@link contrast}; of the made-up rows `a` alone has one right and
 * `b` alone the other (Bonett and Price 2012).
 */
export const difference = (a: Answers, b: Answers): Interval | null =>
  contrast([
    { weight: 1, answers: a },
    { weight: -1, answers: b },
  ]);

/**
 * What a doubling of the training rows has brought: the slope of the least-squares line of accuracy
 * over log2(rows), which is a contrast of the arm's means. Null with fewer than two sizes. The line
 * describes the sizes that were tried; beyond them it promises nothing.
 */
export function gainPerDoubling(
  sizes: readonly { readonly rows: number; readonly answers: Answers }[],
): Interval | null {
  const doublings = sizes.map(({ rows }) => Math.log2(rows));
  const centre = mean(doublings);
  const spread = doublings.reduce((sum, at) => sum + (at - centre) ** 2, 0);
  if (sizes.length < 2 || !(spread > 0)) return null;
  return contrast(
    sizes.map(({ answers }, index) => ({
      weight: ((doublings[index] ?? centre) - centre) / spread,
      answers,
    })),
  );
}

/**
 * A weighted sum of mean accuracies with its 95% interval, over rows and seeds:
 *
 *     half width² = t(N - 1)² V(rows) + t(ν)² V(seeds)
 *     V(rows) = s²(rows) / N
 *     V(seeds) = max(0, Σ w² / S (s²(seeds) - m(ν) s²(rows x seeds) / N))
 *
 * s²(rows) is the variance, over the N rows, of the row's own weighted sum of its shares of right
 * answers, so that rows that are hard for all arms do not count as noise; s²(seeds) the variance of
 * an arm's accuracy over its S seeds, and s²(rows x seeds) the mean square that neither rows nor seeds
 * explain (the residual of a two-way table). What a seed does to single rows is in s²(rows) already
 * and would count twice, so it is taken out of s²(seeds), as far as so few seeds show it half the
 * time: m(ν) is the median of chi-square over its mean, see {@link seedVariance}. Half widths of the
 * two parts are joined as those of independent estimates (W. G. Howe, "Approximate confidence limits on
 * the mean of X + Y where X and Y are two tabled independent random variables", Journal of the American
 * Statistical Association 69, 1974, 789-794). ν is Satterthwaite's (Biometrics Bulletin 2, 1946,
 * 110-114) for arms whose seeds vary alike: twice S - 1 for the difference of two arms.
 *
 * Where all arms have one seed, rows alone are left, and the interval says nothing of what another
 * seed would do. An arm with one seed among others with several is taken to vary as they do on average,
 * unless it is fixed: then it neither varies nor tells how others do. Rows are made up in pairs, one on
 * which arms with a positive weight are right and the others wrong, and one the other way round;
 * without them equal answers would have an interval of no width. They are 1 / √S of that size, as the
 * mean of S seeds would be that go their own ways. The estimate itself is of the real rows.
 *
 * By simulation (`npm run bench -- coverage`) it holds the truth 93 to 97% of the time with 200 rows and
 * more, for one seed and for three to five; up to 98% where seeds hardly matter, which so few can't
 * show. Two seeds are too few to tell how seeds vary where they matter much: 86 to 95% in worlds of that
 * kind; three are where seeds go their own ways on every row as well: 91% and more.
 *
 * @param pairs of made-up rows
 * @returns null without rows, or where an arm has no seed
 * @throws RangeError unless all arrays are of the same rows
 */
export function contrast(terms: readonly Term[], pairs = 1): Interval | null {
  const parts = partsOf(terms, pairs);
  if (parts === null) return null;
  const { value, centre, lowest, highest } = parts;
  const half = halfWidth(parts);
  return {
    value,
    low: Math.max(lowest, Math.min(value, centre - half)),
    high: Math.min(highest, Math.max(value, centre + half)),
  };
}

/** What the interval of a {@link contrast} is made of. */
export interface ContrastParts extends Spread {
  readonly value: number;
  /** Of real and made-up rows: the middle of the interval. */
  readonly centre: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean square of the rows' own sums, real rows alone. */
  readonly meanSquare: number;
}

/** @returns null without rows, or where an arm has no seed */
export function partsOf(terms: readonly Term[], pairs: number): ContrastParts | null {
  const rows = terms[0]?.answers[0]?.length ?? 0;
  if (rows === 0 || terms.some(({ answers }) => answers.length === 0)) return null;
  const sums = rowSums(terms, rows);
  const highest = terms.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  const lowest = terms.reduce((sum, { weight }) => sum + Math.min(weight, 0), 0);
  const made = madeUp(terms, { lowest, highest }, pairs);
  const all = [...sums, ...made];
  return {
    ...{ value: mean(sums), centre: mean(all), lowest, highest },
    meanSquare: sums.reduce((sum, own) => sum + own * own, 0) / rows,
    rows: { variance: variance(all) / all.length, degrees: all.length - 1 },
    seeds: seedPart(
      terms.flatMap(({ weight, answers, fixed = false }) =>
        fixed ? [] : { weight, ...seedsOf(answers) },
      ),
    ),
  };
}

/** What a gap on that many rows shows; `no-worse` leaves out losses of the margin and more. */
export function verdictOf(gap: Interval, margin: number, rows: number): Verdict {
  if (isReal(gap, rows)) return gap.value > 0 ? 'better' : 'worse';
  return gap.low > -margin ? 'no-worse' : 'not-shown';
}

// ---------------------------------------------------------------- rows and seeds

/** A part of the variance of an estimate. */
export interface VariancePart {
  readonly variance: number;
  readonly degrees: number;
}

export interface Spread {
  readonly rows: VariancePart;
  /** Null where no arm has a second seed. */
  readonly seeds: SeedPart | null;
}

/** What seeds vary by, as they are seen, and what of it single rows explain. */
export interface SeedPart {
  readonly seen: number;
  readonly noise: number;
  readonly degrees: number;
}

const usualAlpha = 0.05;

/**
 * The variance that seeds add to an estimate: what is seen, less what single rows explain. No more of
 * that is taken out than a chi-square variable over its mean, with so few degrees of freedom, stays
 * below half of the time. At a level under 5%, as after a correction for many pairs, it is ten times
 * the level of the time: seeds that look alike by luck would else make differences sure too often. The
 * quantile is that of E. B. Wilson and M. M. Hilferty (PNAS 17, 1931, 684-688).
 */
export function seedVariance({ seen, noise, degrees }: SeedPart, alpha = usualAlpha): number {
  const point = alpha < usualAlpha ? normalPoint((0.5 * alpha) / usualAlpha) : 0;
  const spread = 2 / (9 * degrees);
  const share = Math.max(0, 1 - spread - point * Math.sqrt(spread)) ** 3;
  return Math.max(0, seen - share * noise);
}

/** How far the interval of that level reaches to each side; formula in {@link contrast}. */
export function halfWidth({ rows, seeds }: Spread, alpha = usualAlpha): number {
  const own = studentT(rows.degrees, alpha) ** 2 * rows.variance;
  const added = seeds === null ? 0 : seedVariance(seeds, alpha);
  if (seeds === null || added === 0) return Math.sqrt(own);
  return Math.sqrt(own + studentT(seeds.degrees, alpha) ** 2 * added);
}

/** Scores of an arm's seeds, as far as a variance needs them. */
export interface SeedScores {
  readonly weight: number;
  readonly seeds: number;
  /** Of the scores, over seeds. */
  readonly variance: number;
  /** What they would vary by if seeds did nothing but to single rows. */
  readonly noise: number;
}

/** What seeds add to the variance of a weighted sum of means; null where no arm has a second seed. */
export function seedPart(arms: readonly SeedScores[]): SeedPart | null {
  const degrees = arms.reduce((sum, { seeds }) => sum + seeds - 1, 0);
  if (degrees === 0) return null;
  const single = arms.reduce((sum, { seeds, weight }) => sum + (seeds === 1 ? weight ** 2 : 0), 0);
  let whole = 0;
  let shares = 0;
  let seen = 0;
  let explained = 0;
  for (const { weight, seeds, variance: own, noise } of arms) {
    if (seeds < 2) continue;
    const share = weight ** 2 / seeds + (single * (seeds - 1)) / degrees;
    whole += share;
    shares += share ** 2 / (seeds - 1);
    seen += share * own;
    explained += share * noise;
  }
  return { seen, noise: explained, degrees: shares === 0 ? degrees : whole ** 2 / shares };
}

/** Rows that were not seen, half above and half below the middle. */
function madeUp(
  terms: readonly Term[],
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
  pairs: number,
): number[] {
  const varying = terms.filter(({ fixed = false }) => !fixed);
  const seeds = (varying.length === 0 ? terms : varying).map(({ answers }) => answers.length);
  const size = 1 / Math.sqrt(Math.min(...seeds));
  const middle = (highest + lowest) / 2;
  const reach = (size * (highest - lowest)) / 2;
  return Array.from({ length: pairs }, () => [middle + reach, middle - reach]).flat();
}

/** Each row's weighted sum of its shares of right answers. */
function rowSums(terms: readonly Term[], rows: number): Float64Array {
  const sums = new Float64Array(rows);
  for (const { weight, answers } of terms) {
    for (const seed of answers) {
      if (seed.length !== rows) throw new RangeError('the answers are not of the same rows');
      for (let row = 0; row < rows; row++) {
        sums[row] = (sums[row] ?? 0) + (weight * (seed[row] ?? 0)) / answers.length;
      }
    }
  }
  return sums;
}

/** An arm's accuracies, and the residual of the table of its rows and seeds. */
function seedsOf(answers: Answers): Omit<SeedScores, 'weight'> {
  const seeds = answers.length;
  if (seeds < 2) return { seeds, variance: 0, noise: 0 };
  const scores = answers.map((right) => mean(right));
  const rows = answers[0]?.length ?? 0;
  const byRow = rowSums([{ weight: 1, answers }], rows);
  // Σ (x - row - seed + all)² = Σ x² - S Σ row² - N Σ seed² + N S all², and x² = x.
  const all = mean(byRow);
  const squares = (values: ArrayLike<number>): number => sumOf(values, (value) => value * value);
  const residual =
    rows * seeds * (all + all ** 2) - seeds * squares(byRow) - rows * squares(scores);
  const degrees = (rows - 1) * (seeds - 1);
  return {
    seeds,
    variance: variance(scores),
    noise: degrees === 0 ? 0 : Math.max(0, residual) / degrees / rows,
  };
}

function sumOf(values: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += of(values[at] ?? 0);
  return sum;
}

const mean = (values: ArrayLike<number>): number => sumOf(values, (value) => value) / values.length;

/** Of a sample: divided by one fewer than there are values. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  return sumOf(values, (value) => (value - centre) ** 2) / (values.length - 1);
}
