import type { Interval } from '../../contract/entities.ts';
import { contrast, halfWidth, partsOf, seedVariance } from '../study-statistics.ts';
import type { Answers, Spread, Term } from '../study-statistics.ts';
import { falling, studentTails } from './distributions.ts';

export interface SeedsTest {
  /** As `difference` of study-statistics. */
  readonly difference: Interval;
  /** Two-sided: below 0.05 where the interval leaves out 0. */
  readonly p: number;
  /** Mean square of the rows' differences; of one seed each, the share of rows on which one alone is right. */
  readonly discordant: number;
  /** Variance of the difference that more rows would not take away. */
  readonly seedVariance: number;
}

/**
 * Whether `a` is right more often than `b` over rows and seeds: p is the level at which the interval of
 * their difference (`contrast` of study-statistics) just reaches 0.
 *
 * @param fixed the side that has no seeds, as a teacher; null where both have
 * @returns null where one of them has no rows or seeds
 * @throws RangeError unless all answers are of the same rows
 */
export function seedsTest(
  a: Answers,
  b: Answers,
  fixed: 'a' | 'b' | null = null,
): SeedsTest | null {
  const terms: Term[] = [
    { weight: 1, answers: a, fixed: fixed === 'a' },
    { weight: -1, answers: b, fixed: fixed === 'b' },
  ];
  const difference = contrast(terms);
  const parts = partsOf(terms, 1);
  if (difference === null || parts === null) return null;
  return {
    difference,
    p: levelOf(Math.abs(parts.centre), parts),
    discordant: parts.meanSquare,
    seedVariance: parts.seeds === null ? 0 : seedVariance(parts.seeds),
  };
}

/** Levels below 10 to this are told as that. */
const LOWEST = -300;

/** The level whose half width is `distance`. */
function levelOf(distance: number, spread: Spread): number {
  const { rows, seeds } = spread;
  if (seeds === null) return studentTails(distance / Math.sqrt(rows.variance), rows.degrees);
  if (distance === 0) return 1;
  return 10 ** falling((exponent) => halfWidth(spread, 10 ** exponent), distance, LOWEST, 0);
}
