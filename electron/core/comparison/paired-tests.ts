import { chiSquareTail, logChoose } from './distributions.ts';

/** Terms of a sum that are this much smaller than it change nothing. */
const NEGLIGIBLE = 1e-18;

/**
 * Exact two-sided McNemar test of two systems on the same rows: how often a fair coin splits the rows
 * on which one alone is right as unevenly as this, or more. Rows on which both are right or both wrong
 * say nothing about which is better.
 *
 * Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
 * percentages", Psychometrika 12 (1947), 153-157, with the binomial distribution itself.
 *
 * @returns 1 where no row tells them apart
 * @throws RangeError unless both are whole numbers, not negative
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  assertCounts([onlyA, onlyB]);
  const rows = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  // The distribution is symmetric: a split down the middle is as even as can be.
  if (2 * fewer >= rows - 1) return 1;
  const first = Math.exp(logChoose(rows, fewer) - rows * Math.LN2);
  return Math.min(1, 2 * sumDown(first, fewer, (k) => k / (rows - k + 1)));
}

/** Exact two-sided sign test: of `a + b` preferences, `a` were for one side. The same as McNemar's. */
export const signTest = (a: number, b: number): number => mcnemarExact(a, b);

/**
 * Cochran's Q: whether several systems are right equally often on the same rows. Its p is that of
 * chi-square with one degree of freedom fewer than there are systems, which holds for many rows.
 *
 * Source: W. G. Cochran, "The comparison of percentages in matched samples", Biometrika 37 (1950),
 * 256-266.
 *
 * @param systems whether each row was right, 1 or 0, in the same order
 * @returns null for fewer than three systems (two are McNemar's case) and without rows
 * @throws RangeError unless all are of the same rows
 */
export function cochransQ(
  systems: readonly Uint8Array[],
): { readonly q: number; readonly degrees: number; readonly p: number } | null {
  const count = systems.length;
  const rows = systems[0]?.length ?? 0;
  if (systems.some((right) => right.length !== rows)) {
    throw new RangeError('the answers are not of the same rows');
  }
  if (count < 3 || rows === 0) return null;
  const byRow = new Float64Array(rows);
  let total = 0;
  let squaresBySystem = 0;
  for (const right of systems) {
    let own = 0;
    for (let row = 0; row < rows; row++) {
      const one = right[row] ?? 0;
      own += one;
      byRow[row] = (byRow[row] ?? 0) + one;
    }
    total += own;
    squaresBySystem += own * own;
  }
  const squaresByRow = byRow.reduce((sum, right) => sum + right * right, 0);
  const degrees = count - 1;
  const spread = count * total - squaresByRow;
  // All systems say the same of every row.
  if (spread === 0) return { q: 0, degrees, p: 1 };
  const q = (degrees * (count * squaresBySystem - total * total)) / spread;
  return { q, degrees, p: chiSquareTail(q, degrees) };
}

/**
 * Holm's correction: with these, calling real what is below a level is wrong about any of them no more
 * often than that level, however they depend on each other.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
 * Statistics 6 (1979), 65-70.
 *
 * @returns corrected values, in the order given
 */
export function holm(ps: readonly number[]): number[] {
  const ranked = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(ps.length).fill(1);
  let highest = 0;
  for (const [rank, { p, index }] of ranked.entries()) {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    corrected[index] = highest;
  }
  return corrected;
}

/**
 * Fisher's exact test, one-sided: how often as few as `right` of `rows`, or fewer, would be right if
 * these rows were drawn blindly from them and the rest together. Not corrected in any way.
 *
 * Source: R. A. Fisher, "The logic of inductive inference", Journal of the Royal Statistical Society
 * 98 (1935), 39-82.
 *
 * @throws RangeError unless they are whole numbers, and no more right than rows
 */
export function fisherExactLess(
  right: number,
  rows: number,
  restRight: number,
  restRows: number,
): number {
  assertCounts([right, rows, restRight, restRows]);
  if (right > rows || restRight > restRows) throw new RangeError('more are right than there are');
  const allRight = right + restRight;
  const all = rows + restRows;
  const restWrong = restRows - restRight;
  if (right === Math.min(rows, allRight)) return 1;
  const chance = (k: number): number =>
    Math.exp(logChoose(allRight, k) + logChoose(all - allRight, rows - k) - logChoose(all, rows));
  // Sums run away from the mode, where terms fall.
  if (right * all <= rows * allRight) {
    return Math.min(
      1,
      sumDown(
        chance(right),
        right,
        (k) => (k * (restWrong - right + k)) / ((allRight - k + 1) * (rows - k + 1)),
      ),
    );
  }
  const above = Math.min(rows, allRight) - right;
  const up = sumDown(chance(right + 1), above - 1, (left) => {
    const k = right + above - left;
    return ((allRight - k) * (rows - k)) / ((k + 1) * (restWrong - right + k + 1));
  });
  return Math.max(0, 1 - up);
}

/** `first`, and `steps` further terms, each `ratio(steps left)` times the one before it. */
function sumDown(first: number, steps: number, ratio: (left: number) => number): number {
  let term = first;
  let sum = first;
  for (let left = steps; left > 0 && term > NEGLIGIBLE * sum; left--) {
    term *= ratio(left);
    sum += term;
  }
  return sum;
}

function assertCounts(counts: readonly number[]): void {
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`no counts: ${counts.join(', ')}`);
  }
}
