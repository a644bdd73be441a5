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
  return wilsonOf(correct, rows, 1);
}

/**
 * As {@link wilson}, where each row was counted `times` times, as by several seeds of a student: the
 * same rows seen again are no more rows, so the interval is that of `rows / times`. It says nothing of
 * what seeds do.
 */
export function wilsonOf(correct: number, rows: number, times: number): Accuracy {
  if (rows === 0) return { correct, rows, accuracy: 0, low: 0, high: 1 };
  const p = correct / rows;
  const zz = Z * Z;
  const own = rows / times;
  const centre = (p + zz / (2 * own)) / (1 + zz / own);
  const half = (Z / (1 + zz / own)) * Math.sqrt((p * (1 - p)) / own + zz / (4 * own * own));
  return {
    correct,
    rows,
    accuracy: p,
    // The bounds are exactly 0 and 1 at the ends; rounding must not say otherwise.
    low: correct === 0 ? 0 : centre - half,
    high: correct === rows ? 1 : centre + half,
  };
}
