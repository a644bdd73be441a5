import { z } from 'zod';
import { Accuracy, Count, Id, Part, Time } from './basics.ts';
import { Method, RunSettings } from './training.ts';

/**
 * A study is a set of runs that belong together: made from one plan, trained one after another,
 * and read as one result. Runs that the project has already, with the same settings and rows, are
 * taken up instead of being trained again.
 */

/** One way to train: a method, and the label that it learns. */
export const Arm = z.strictObject({ method: Method, labelSource: z.enum(['gold', 'teacher']) });
export type Arm = z.infer<typeof Arm>;

const Seeds = z.array(Count).min(1).max(20);
const Arms = z.array(Arm).min(1).max(10);
/** Accuracy, as a share, that a student may be worse and still count as no worse. */
const Margin = z.number().min(0).max(0.5).default(0.02);

/** Every arm with every seed on the same split, then the comparison. */
export const BakeOffPlan = z.strictObject({
  kind: z.literal('bake-off'),
  arms: Arms,
  seeds: Seeds,
  /** Shared by all runs, but for method, label source and seed. */
  settings: RunSettings,
  part: Part.exclude(['train']).default('test'),
  margin: Margin,
});

/** Every arm at nested shares of the training rows (the paper's figures of data size). */
export const DataSizePlan = z.strictObject({
  kind: z.literal('data-size'),
  arms: Arms,
  shares: z.array(z.number().gt(0).max(1)).min(2).max(12),
  seeds: Seeds,
  settings: RunSettings,
  part: Part.exclude(['train']).default('test'),
  margin: Margin,
});

/** Settings that a sweep may try. */
export const SweepKey = z.enum([
  'learningRate',
  'lambda',
  'batchSize',
  'steps',
  'warmupShare',
  'weightDecay',
  'clipNorm',
  'dropout',
  'labelSmoothing',
  'rationaleDropout',
  'mutualInformation',
]);
export type SweepKey = z.infer<typeof SweepKey>;

/** The values of one setting: those listed, or a range that a random search draws from. */
export const SweepAxis = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list'),
    key: SweepKey,
    values: z.array(z.number()).min(1).max(20),
  }),
  z.strictObject({
    kind: z.literal('range'),
    key: SweepKey,
    low: z.number(),
    high: z.number(),
    scale: z.enum(['linear', 'log']),
  }),
]);
export type SweepAxis = z.infer<typeof SweepAxis>;

/** Tries settings of one arm; judged by validation alone, never by the test part. */
export const SweepPlan = z.strictObject({
  kind: z.literal('sweep'),
  arm: Arm,
  settings: RunSettings,
  axes: z.array(SweepAxis).min(1).max(6),
  search: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('grid') }),
    z.strictObject({
      kind: z.literal('random'),
      trials: z.number().int().min(1).max(200),
      seed: Count,
    }),
  ]),
  /**
   * Stop a trial whose best validation so far is below the median of the running means that earlier
   * trials had at the same step (Golovin et al. 2017, Google Vizier, section 3.2.2).
   */
  medianRule: z.boolean(),
});

export const StudyPlan = z.discriminatedUnion('kind', [BakeOffPlan, DataSizePlan, SweepPlan]);
export type StudyPlan = z.infer<typeof StudyPlan>;
export type BakeOffPlan = z.infer<typeof BakeOffPlan>;
export type DataSizePlan = z.infer<typeof DataSizePlan>;
export type SweepPlan = z.infer<typeof SweepPlan>;

export const Study = z.strictObject({
  id: Id,
  projectId: Id,
  splitId: Id,
  extractionId: Id.nullable(),
  name: z.string(),
  plan: StudyPlan,
  jobId: Id.nullable(),
  /** Runs that the plan asks for, and those that have ended. */
  runs: z.strictObject({ planned: Count, ended: Count }),
  /** The run that trains at present. */
  currentRunId: Id.nullable(),
  createdAt: Time,
});
export type Study = z.infer<typeof Study>;

/** How many runs a plan makes, and how many of them are there already. */
export const StudyPreview = z.strictObject({
  runs: Count,
  existing: Count,
  steps: Count,
  /** Training rows at each share (or at 1). */
  rows: z.array(z.strictObject({ share: z.number(), rows: Count })),
  /** From timed steps of earlier runs with the same student; null where there are none. */
  seconds: z.number().nonnegative().nullable(),
});
export type StudyPreview = z.infer<typeof StudyPreview>;

/** A mean, or a difference of means, with its 95% interval over rows and seeds. Shares, 0 to 1. */
export const Interval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof Interval>;

/** One arm at one share of the rows, over its seeds. */
export const StudyCell = z.strictObject({
  arm: Arm,
  share: z.number(),
  /** Training rows that its runs learn; null before the first has begun. */
  rows: Count.nullable(),
  scores: z.array(
    z.strictObject({
      runId: Id.nullable(),
      seed: Count,
      /** Null until it has been trained and decoded. */
      score: Accuracy.nullable(),
    }),
  ),
  /** Over the seeds that are done; null while none is. */
  mean: Interval.nullable(),
  /** Seconds of training, of the runs that say; mean. */
  seconds: z.number().nonnegative().nullable(),
});
export type StudyCell = z.infer<typeof StudyCell>;

/**
 * Half the width of the 95% interval of a share at its widest, as in polls: 1.96 * sqrt(0.25 / rows),
 * 6.9 points with 200 rows.
 */
export const marginOfError = (rows: number): number => 0.98 / Math.sqrt(rows);

/**
 * Whether a gap may be called real: its interval leaves out 0, and it is no smaller than the margin of
 * error of that many rows. The second guards against what the interval of one pair does not know: that
 * many pairs are looked at, and that the rows of one test part are one draw for all of them.
 */
export const isReal = ({ value, low, high }: Interval, rows: number): boolean =>
  (low > 0 || high < 0) && Math.abs(value) >= marginOfError(rows);

/**
 * Whether a gap is real ({@link isReal}): `better` or `worse` where it is; else `no-worse` where its
 * interval leaves out losses above the margin, and `not-shown`.
 */
export const Verdict = z.enum(['better', 'worse', 'no-worse', 'not-shown']);
export type Verdict = z.infer<typeof Verdict>;

const CellKey = z.strictObject({ arm: Arm, share: z.number() });

/** `a` less `b`, on the same rows. */
export const StudyComparison = z.strictObject({
  a: CellKey,
  b: CellKey,
  difference: Interval,
  verdict: Verdict,
});
export type StudyComparison = z.infer<typeof StudyComparison>;

/** What more rows have brought one arm, and are worth. */
export const StudyGrowth = z.strictObject({
  arm: Arm,
  /**
   * The last doubling, rows and gain: to the largest share from the largest that is half of it or
   * less; from the second-largest where there is none.
   */
  last: z.strictObject({ fromRows: Count, toRows: Count, gain: Interval }).nullable(),
  /** Accuracy that a doubling of the rows has brought, by a straight line over log2(rows). */
  perDoubling: Interval.nullable(),
  /** Dollars that a rationale has cost in this extraction; null without a price. */
  costPerRationale: z.number().nonnegative().nullable(),
  /** Whether rows are worth buying: `more` and `enough` where intervals say so, else `unclear`. */
  advice: z.enum(['more', 'enough', 'unclear']),
});
export type StudyGrowth = z.infer<typeof StudyGrowth>;

export const SweepTrial = z.strictObject({
  runId: Id.nullable(),
  values: z.array(z.strictObject({ key: SweepKey, value: z.number() })),
  /** Best validation; null before its first evaluation. */
  validation: Accuracy.nullable(),
  step: Count,
  ended: z
    .enum(['steps-done', 'early-stopping', 'kept-best', 'median-rule', 'diverged'])
    .nullable(),
});
export type SweepTrial = z.infer<typeof SweepTrial>;

export const StudyResult = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('comparison'),
    studyId: Id,
    /** Every run has ended and been decoded. */
    complete: z.boolean(),
    part: Part,
    rows: Count,
    margin: z.number(),
    /** How often scores on the test part of this split were looked at, this time included. */
    looks: Count,
    teacher: z.strictObject({ name: z.string(), score: Accuracy }).nullable(),
    cells: z.array(StudyCell),
    /** Every pair of arms at the largest share, larger mean first. */
    comparisons: z.array(StudyComparison),
    /** Of a data-size curve: each arm at each smaller share, against each other arm with all rows. */
    matches: z.array(StudyComparison),
    growth: z.array(StudyGrowth),
  }),
  z.strictObject({
    kind: z.literal('sweep'),
    studyId: Id,
    complete: z.boolean(),
    rows: Count,
    trials: z.array(SweepTrial),
    /** By validation, the first among equals; null before the first evaluation. */
    bestRunId: Id.nullable(),
    /** Whether the best is better than the next best by more than chance would do, on validation. */
    lead: z.strictObject({ difference: Interval, verdict: Verdict }).nullable(),
  }),
]);
export type StudyResult = z.infer<typeof StudyResult>;
