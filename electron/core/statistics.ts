import type { Accuracy } from '../contract/entities.ts';

/** The 97.5% quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * A proportion with its 95% score interval, which stays sensible near 0 and 1 and for few rows.
 * Without rows nothing is known: accuracy 0 within [0, 1].
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22 (1927), 209-212, without continuity correction.
 *
 * @throws RangeError unless both are whole numbers with 0 <= correct <= rows
 */
export function wilson(correct: number, rows: number): Accuracy {
  if (!Number.isInteger(correct) || !Number.isInteger(rows) || correct < 0 || correct > rows) {
    throw new RangeError(`no proportion: ${correct} of ${rows}`);
  }
  if (rows === 0) return { correct, rows, accuracy: 0, low: 0, high: 1 };
  const p = correct / rows;
  const zz = Z * Z;
  const centre = (p + zz / (2 * rows)) / (1 + zz / rows);
  const half = (Z / (1 + zz / rows)) * Math.sqrt((p * (1 - p)) / rows + zz / (4 * rows * rows));
  return {
    correct,
    rows,
    accuracy: p,
    // The bounds are exactly 0 and 1 at the ends; rounding must not say otherwise.
    low: correct === 0 ? 0 : centre - half,
    high: correct === rows ? 1 : centre + half,
  };
}
