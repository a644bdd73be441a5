/** The 97.5% quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** Below this many rows the interval, which holds for many, is not told. */
export const fewestForInterval = 20;

export interface Kappa {
  readonly rows: number;
  /** Share of rows on which both say the same. */
  readonly observed: number;
  /** Null where chance alone would agree always: both say the same of every row, or nothing. */
  readonly kappa: number | null;
  /**
   * 95%, within [-1, 1]. Null with kappa, below {@link fewestForInterval} rows, and where the error is
   * estimated as 0 (as when all agree): the formula then says nothing of how sure it is.
   */
  readonly interval: [low: number, high: number] | null;
}

/**
 * Cohen's kappa: how far two people agree beyond what chance would bring, `(p_o - p_e) / (1 - p_e)`.
 *
 * Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
 * Measurement 20 (1960), 37-46. The interval is kappa ± 1.96 standard errors for many rows, of
 * J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted
 * kappa", Psychological Bulletin 72 (1969), 323-327 (for unweighted kappa, of one that is not 0).
 *
 * @param counts rows that the first put into class i and the second into class j, at [i][j]
 * @throws RangeError unless it is a square of whole numbers that are not negative
 */
export function cohensKappa(counts: readonly (readonly number[])[]): Kappa {
  const size = counts.length;
  for (const row of counts) {
    if (row.length !== size || !row.every((count) => Number.isInteger(count) && count >= 0)) {
      throw new RangeError('agreement is counted in a square of whole numbers');
    }
  }
  const rows = sum(counts.map(sum));
  if (rows === 0) return { rows, observed: 0, kappa: null, interval: null };
  const p = counts.map((row) => row.map((count) => count / rows));
  const first = p.map(sum);
  const second = p.map((_, column) => sum(p.map((row) => row[column] ?? 0)));
  const observed = sum(p.map((row, index) => row[index] ?? 0));
  const expected = sum(first.map((share, index) => share * (second[index] ?? 0)));
  if (1 - expected < Number.EPSILON) return { rows, observed, kappa: null, interval: null };

  const kappa = (observed - expected) / (1 - expected);
  let variance = -((kappa - expected * (1 - kappa)) ** 2);
  for (const [i, row] of p.entries()) {
    for (const [j, share] of row.entries()) {
      variance +=
        i === j
          ? share * (1 - ((first[i] ?? 0) + (second[i] ?? 0)) * (1 - kappa)) ** 2
          : share * ((second[i] ?? 0) + (first[j] ?? 0)) ** 2 * (1 - kappa) ** 2;
    }
  }
  const error = Math.sqrt(Math.max(0, variance) / rows) / (1 - expected);
  const known = rows >= fewestForInterval && error > 1e-9;
  return {
    rows,
    observed,
    kappa,
    interval: known ? [Math.max(-1, kappa - Z * error), Math.min(1, kappa + Z * error)] : null,
  };
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
