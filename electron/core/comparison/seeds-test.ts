import type { Interval } from '../../contract/entities.ts';
import { contrast, halfWidth, partsOf } from '../study-statistics.ts';
import type { Answers, Spread } from '../study-statistics.ts';
import { falling } from './distributions.ts';

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
 * @returns null where one of them has no rows or seeds
 * @throws RangeError unless all answers are of the same rows
 */
export function seedsTest(a: Answers, b: Answers): SeedsTest | null {
  const terms = [
    { weight: 1, answers: a },
    { weight: -1, answers: b },
  ];
  const difference = contrast(terms);
  const parts = partsOf(terms, 1);
  if (difference === null || parts === null) return null;
  return {
    difference,
    p: levelOf(Math.abs(parts.centre), parts),
    discordant: parts.meanSquare,
    seedVariance: parts.seeds?.variance ?? 0,
  };
}

/** Levels below this are told as this. */
const LOWEST = -300;

/** The level whose half width is `distance`. */
function levelOf(distance: number, spread: Spread): number {
  if (distance === 0) return 1;
  return 10 ** falling((exponent) => halfWidth(spread, 10 ** exponent), distance, LOWEST, 0);
}
