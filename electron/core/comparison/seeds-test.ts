import type { Interval } from '../../contract/entities.ts';
import type { Answers } from '../study-statistics.ts';

export interface SeedsTest {
  /** As `difference` of study-statistics. */
  readonly difference: Interval;
  /** Two-sided, of the t test that the interval belongs to: below 0.05 where that leaves out 0. */
  readonly p: number;
  /** Mean square of the rows' differences; of one seed each, the share of rows on which one alone is right. */
  readonly discordant: number;
  /** Variance of the difference that more rows would not take away. */
  readonly seedVariance: number;
}
/** Whether `a` is right more often than `b`, over rows and seeds; null where one has no rows or seeds. */
export declare function seedsTest(a: Answers, b: Answers): SeedsTest | null;
