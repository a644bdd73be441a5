import { z } from 'zod';
import { Count, ExampleId, Id, Part, Time } from './basics.ts';

/** What splits of earlier versions did not say; each default is what they did. */
const LaterSplitSettings = z.strictObject({
  /** Mask names too, not numbers alone, before texts are compared for {@link SplitSettings} `groupByMaskedText`. */
  maskNames: z.boolean().default(false),
  /** A kept column: rows with an equal value stay together. */
  groupColumn: z.string().nullable().default(null),
  /** A kept column that orders the rows of a split by time. */
  timeColumn: z.string().nullable().default(null),
  /** Which of how many folds is the test part; null for no folds. */
  fold: z
    .strictObject({ of: z.number().int().min(2).max(20), index: Count })
    .nullable()
    .default(null),
  /** Kinds of leaks whose clusters are moved whole into one part before the split is frozen. */
  move: z
    .strictObject({
      exact: z.boolean(),
      normalised: z.boolean(),
      /** Similarity from which on two rows count as near-duplicates; null leaves them. */
      near: z.number().min(0.5).max(1).nullable(),
      template: z.boolean(),
      exemplars: z.boolean(),
    })
    .nullable()
    .default(null),
});
export const splitSettingsDefaults = LaterSplitSettings.parse({});

export const SplitSettings = z.strictObject({
  /**
   * `given` uses the part each row or file was marked with; rows without one are divided by the
   * shares. `time` puts the newest rows into test and those before them into validation.
   */
  kind: z.enum(['random', 'given', 'time']),
  /** Shares of the rows that are divided; train gets the rest. */
  validation: z.number().min(0).max(0.9),
  test: z.number().min(0).max(0.9),
  /** Keep the share of each gold label equal across parts (classification only; ignored elsewhere). */
  stratify: z.boolean(),
  /** Keep rows that are equal after numbers are masked in one part, so that no test row is a training row in disguise. */
  groupByMaskedText: z.boolean(),
  seed: z.number().int().nonnegative(),
  ...LaterSplitSettings.shape,
});
export type SplitSettings = z.infer<typeof SplitSettings>;

export const PartCounts = z.strictObject({ train: Count, validation: Count, test: Count });
export type PartCounts = z.infer<typeof PartCounts>;

export const LeakKind = z.enum(['exact', 'normalised', 'near', 'template', 'exemplar']);
export type LeakKind = z.infer<typeof LeakKind>;

const LeakRow = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  part: Part,
  input: z.string(),
});

/** Two rows in different parts that are too much alike, or a row that a prompt shows as an exemplar. */
export const LeakPair = z.strictObject({
  kind: LeakKind,
  /** Jaccard similarity of their shingles, 0 to 1; 1 for equal texts. */
  similarity: z.number(),
  a: LeakRow,
  /** Null for an exemplar that is no other row of the project. */
  b: LeakRow.nullable(),
  /** The exemplar's text as prompts show it; null for all other kinds. */
  exemplar: z.string().nullable(),
});
export type LeakPair = z.infer<typeof LeakPair>;

/** What the leak guard found. A pair counts under the first kind that holds, in the order of `LeakKind`. */
export const LeakReport = z.strictObject({
  /**
   * Hash of the settings, of the rows they divided and of the prompts: a report for others does not
   * fit. Of several thresholds, the newest report is kept.
   */
  key: z.string(),
  rows: Count,
  /** Similarity from which on two rows count as near-duplicates. */
  threshold: z.number(),
  kinds: z.array(
    z.strictObject({
      kind: LeakKind,
      pairs: Count,
      /** Whether counting stopped there. */
      more: z.boolean(),
      /** Rows of validation and test in those pairs. */
      heldOut: Count,
      clusters: Count,
    }),
  ),
  /** Rows of validation and test with a leak of any kind. */
  heldOut: Count,
  /** Rows that `move` has put into another part. */
  moved: Count,
  shown: z.array(LeakPair),
  checkedAt: Time,
});
export type LeakReport = z.infer<typeof LeakReport>;

export const SplitPreview = z.strictObject({
  counts: PartCounts,
  /** Gold label -> share of each part, for classification; empty elsewhere. */
  labels: z.array(z.strictObject({ label: z.string(), counts: PartCounts })),
  /** Rows of validation and test whose masked text also stands in train. */
  maskedLeaks: Count,
  /** Groups of rows that stay together, and the largest; null where each row stands alone. */
  groups: z.strictObject({ count: Count, largest: Count }).nullable(),
  /** Rows that lack the group or time that the settings ask for. */
  without: Count,
});
export type SplitPreview = z.infer<typeof SplitPreview>;

export const Split = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  settings: SplitSettings,
  settingsHash: z.string(),
  counts: PartCounts,
  /** What the leak guard found before it was frozen; null where it was not asked. */
  leaks: LeakReport.nullable(),
  /** How often scores on the sealed test part were looked at. */
  looks: Count,
  /** Splits are frozen when saved: membership never changes. */
  frozenAt: Time,
});
export type Split = z.infer<typeof Split>;
