import type { Accuracy } from '../../contract/entities.ts';
import { wilson } from '../../core/statistics.ts';

/**
 * A share counted over all seeds of a line. Seeds answer the same rows, so that 3 x 200 answers tell
 * less than 600 rows would: the interval is Wilson's of as many rows as one seed has, which is too wide
 * rather than too narrow.
 *
 * @param seeds systems that were counted together, at least 1
 */
export function shareOver(correct: number, rows: number, seeds: number): Accuracy {
  if (seeds === 1 || rows === 0) return wilson(correct, rows);
  const accuracy = correct / rows;
  const ofOne = Math.max(1, Math.round(rows / seeds));
  const { low, high } = wilson(Math.min(ofOne, Math.round(accuracy * ofOne)), ofOne);
  return {
    correct,
    rows,
    accuracy,
    low: Math.min(low, accuracy),
    high: Math.max(high, accuracy),
  };
}

/** The same, or null without rows. */
export const shareIfAny = (correct: number, rows: number, seeds: number): Accuracy | null =>
  rows === 0 ? null : shareOver(correct, rows, seeds);
