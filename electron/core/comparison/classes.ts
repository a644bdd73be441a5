import type { ClassScore, Confusion, Interval, Measure } from '../../contract/entities.ts';
import type { BootstrapOptions } from './resample.ts';
import type { SystemColumns } from './sheet.ts';

/**
 * What was said of rows, as places in a list of labels: `gold` of each row, and a column of answers for
 * each system (for each seed of a student). -1 in `said`: no label.
 */
export interface Classified {
  readonly gold: Int32Array;
  readonly said: readonly Int32Array[];
}

/** The rows that have a gold label and that all of these systems were asked. */
export declare function classified(
  gold: Int32Array,
  systems: readonly Pick<SystemColumns, 'asked' | 'label'>[],
): Classified;
/** How often which label was given for which, over all the systems together. */
export declare function confusionOf(
  gold: Int32Array,
  said: readonly Int32Array[],
  labels: readonly string[],
): Confusion;
/** Scores of each class that is some row's gold label, the commonest first. */
export declare function classScores(
  gold: Int32Array,
  said: readonly Int32Array[],
  labels: readonly string[],
  options?: BootstrapOptions,
): ClassScore[];
/** Mean over systems (seeds) of the mean F1 over classes; null without rows or systems. */
export declare function macroF1(
  gold: Int32Array,
  said: readonly Int32Array[],
  options?: BootstrapOptions,
): Measure | null;
/** Macro-F1 of `a` less that of `b` (seeds of each) on the same rows. */
export declare function macroF1Difference(
  gold: Int32Array,
  a: readonly Int32Array[],
  b: readonly Int32Array[],
  options?: BootstrapOptions,
): Interval | null;
