import { isReal } from '../contract/entities.ts';
import type { Interval, Verdict } from '../contract/entities.ts';
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
 *     V = s²(rows) / N + Σ w² s²(seeds) / S,    estimate ± t(ν) √V
 *
 * s²(rows) is the variance, over the N rows, of the row's own weighted sum of its shares of right
 * answers, so that rows that are hard for all arms do not count as noise; s²(seeds) the variance of
 * an arm's accuracy over its S seeds. ν is Satterthwaite's (Biometrics Bulletin 2, 1946, 110-114):
 * V² / Σ(V_i² / ν_i) over the parts of V. Where all arms have one seed, rows alone are left, and the
 * interval says nothing of what another seed would do; an arm with one seed among others with
 * several is taken to vary as much as the one of them that varies most.
 *
 * It is conservative: what a seed does to single rows is in both parts of V, and seeds count as
 * independent from arm to arm. Rows are made up in pairs, one on which all arms with a positive
 * weight are right and the others wrong, and one the other way round; without them equal answers
 * would have an interval of no width. The estimate itself is of the real rows.
 *
 * @param pairs of made-up rows
 * @returns null without rows, or where an arm has no seed
 * @throws RangeError unless all arrays are of the same rows
 */
export function contrast(terms: readonly Term[], pairs = 1): Interval | null {
  const rows = terms[0]?.answers[0]?.length ?? 0;
  if (rows === 0 || terms.some(({ answers }) => answers.length === 0)) return null;
  const sums = new Float64Array(rows);
  for (const { weight, answers } of terms) {
    for (const seed of answers) {
      if (seed.length !== rows) throw new RangeError('the answers are not of the same rows');
      for (let row = 0; row < rows; row++) {
        sums[row] = (sums[row] ?? 0) + (weight * (seed[row] ?? 0)) / answers.length;
      }
    }
  }
  const highest = terms.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  const lowest = terms.reduce((sum, { weight }) => sum + Math.min(weight, 0), 0);
  const made = Array.from({ length: pairs }, () => [highest, lowest]).flat();
  const all = [...sums, ...made];
  const value = mean([...sums]);
  const centre = mean(all);
  const parts = [
    { variance: variance(all) / all.length, degrees: all.length - 1 },
    ...seedParts(terms),
  ];
  const half = halfWidth(parts);
  return {
    value,
    low: Math.max(lowest, Math.min(value, centre - half)),
    high: Math.min(highest, Math.max(value, centre + half)),
  };
}

/** What a gap on that many rows shows; `no-worse` leaves out losses of the margin and more. */
export function verdictOf(gap: Interval, margin: number, rows: number): Verdict {
  if (isReal(gap, rows)) return gap.value > 0 ? 'better' : 'worse';
  return gap.low > -margin ? 'no-worse' : 'not-shown';
}

interface VariancePart {
  readonly variance: number;
  readonly degrees: number;
}

/** What seeds add to the variance, an arm each; nothing where no arm has a second seed. */
function seedParts(terms: readonly Term[]): VariancePart[] {
  const seen = terms.map(({ answers }) => ({
    variance: answers.length > 1 ? variance(answers.map((seed) => mean([...seed]))) : 0,
    degrees: answers.length - 1,
  }));
  const widest = seen.reduce((most, part) => (part.variance > most.variance ? part : most));
  return terms.flatMap(({ weight, answers }, index) => {
    const own = seen[index];
    const part = own === undefined || own.degrees === 0 ? widest : own;
    if (part.degrees === 0) return [];
    return [{ ...part, variance: (weight ** 2 * part.variance) / answers.length }];
  });
}

function halfWidth(parts: readonly VariancePart[]): number {
  const total = parts.reduce((sum, part) => sum + part.variance, 0);
  const shares = parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
  return studentT(total ** 2 / shares) * Math.sqrt(total);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample: divided by one fewer than there are values. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
