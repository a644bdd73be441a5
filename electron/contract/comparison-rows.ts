import { z } from 'zod';
import { Accuracy, Count, ExampleId, Id, Part } from './basics.ts';
import { SystemKey } from './comparison.ts';

/** Compared rows one by one: filtered, in slices, judged by a person. */

// ---------------------------------------------------------------- rows

/** One condition on rows. Several together are a slice: rows that meet all of them. */
export const SliceTerm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gold'), label: z.string() }),
  /** Characters of the input, `from` inclusive, `to` exclusive; null: no end. */
  z.strictObject({ kind: z.literal('length'), from: Count, to: Count.nullable() }),
  /** Numbers that stand in the input. */
  z.strictObject({ kind: z.literal('numbers'), from: Count, to: Count.nullable() }),
  /** A word of the input, folded. */
  z.strictObject({ kind: z.literal('word'), word: z.string().min(1).max(100) }),
  /** A value of a kept column. */
  z.strictObject({ kind: z.literal('column'), column: z.string(), value: z.string() }),
  z.strictObject({ kind: z.literal('dataset'), datasetId: Id }),
  /** The teacher's answer has a flag. */
  z.strictObject({ kind: z.literal('flagged'), flagged: z.boolean() }),
]);
export type SliceTerm = z.infer<typeof SliceTerm>;

export const CompareFilter = z.strictObject({
  /** Rows on which the answers of the systems are not all the same. */
  disagree: z.boolean().default(false),
  /** Systems that have to be right, and that have to be wrong. */
  right: z.array(SystemKey).max(64).default([]),
  wrong: z.array(SystemKey).max(64).default([]),
  /** Rows on which this system is less sure than that. */
  unsure: z
    .strictObject({ system: SystemKey, below: z.number().min(0).max(1) })
    .nullable()
    .default(null),
  /** Rows that this system answered so; null: without a label. */
  said: z
    .strictObject({ system: SystemKey, label: z.string().nullable() })
    .nullable()
    .default(null),
  terms: z.array(SliceTerm).max(4).default([]),
  noted: z.boolean().default(false),
  /** Words of the input, as in a search; empty for all. */
  text: z.string().max(200).default(''),
  sort: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('order') }),
      /** The longest input first. */
      z.strictObject({ by: z.literal('length') }),
      /** The least sure first. */
      z.strictObject({ by: z.literal('confidence'), system: SystemKey }),
    ])
    .default({ by: 'order' }),
});
export type CompareFilter = z.infer<typeof CompareFilter>;

/** What one system said of a row. */
export const SystemAnswer = z.strictObject({
  /** Null: no label, or not asked. */
  label: z.string().nullable(),
  /** Null without gold, or where it was not asked. */
  correct: z.boolean().nullable(),
  /** Probability that it gave to the label it wrote; null where that is not known. */
  confidence: z.number().nullable(),
  asked: z.boolean(),
});
export type SystemAnswer = z.infer<typeof SystemAnswer>;

/** A row of the table; texts are cut to what a line can show. */
export const CompareRow = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  input: z.string(),
  gold: z.string().nullable(),
  noted: z.boolean(),
  /** In the order of the systems that were asked for. */
  answers: z.array(SystemAnswer),
});
export type CompareRow = z.infer<typeof CompareRow>;

/** How many rows filters leave, and what else there is to filter by. */
export const RowCounts = z.strictObject({
  /** Rows of the part. */
  rows: Count,
  /** For each filter that was asked about, in their order. */
  counts: z.array(Count),
  /** The commonest gold labels with their rows, at most 50. */
  golds: z.array(z.strictObject({ label: z.string(), rows: Count })),
  /** Different gold labels there are. */
  goldLabels: Count,
  /** Characters at which a quarter, a half and three quarters of the inputs are shorter; fewer where they are alike. */
  lengths: z.array(Count),
});
export type RowCounts = z.infer<typeof RowCounts>;

/** A row, whole. */
export const CompareDetail = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  gold: z.string().nullable(),
  columns: z.array(z.strictObject({ column: z.string(), value: z.string() })),
  note: z.string(),
  answers: z.array(
    SystemAnswer.extend({
      rationale: z.string().nullable(),
      milliseconds: z.number().nullable(),
      /** False: its rationale comes to another answer; null: that can't be told. */
      leadsToLabel: z.boolean().nullable(),
      /** Equations of the rationale that do not hold, each with what it comes to. */
      wrongArithmetic: z.string().nullable(),
    }),
  ),
});
export type CompareDetail = z.infer<typeof CompareDetail>;

// ---------------------------------------------------------------- slices

export const SliceScore = z.strictObject({
  terms: z.array(SliceTerm),
  rows: Count,
  /** In the order of the systems that were asked for; null where none of its rows has a gold label. */
  scores: z.array(Accuracy.nullable()),
});
export type SliceScore = z.infer<typeof SliceScore>;

/** Rows on which one system is worse than on its other rows. */
export const WeakSlice = SliceScore.extend({
  system: SystemKey,
  /** Its accuracy on the other rows. */
  rest: Accuracy,
  /** Of Fisher's exact test, one-sided, and after Holm's correction over all slices that were tried. */
  p: z.number(),
  pCorrected: z.number(),
});
export type WeakSlice = z.infer<typeof WeakSlice>;

export const Slices = z.strictObject({
  looks: Count,
  /** Groups that need no search: by class, length, numbers, data set, kept column. */
  groups: z.array(
    z.strictObject({
      by: z.enum(['gold', 'length', 'numbers', 'column', 'dataset', 'flagged']),
      /** Of a kept column; null otherwise. */
      name: z.string().nullable(),
      slices: z.array(SliceScore),
    }),
  ),
  /** Found by a search over one and two conditions; the surest first. */
  weak: z.array(WeakSlice),
  /** Slices that the search tried, and the fewest rows of one. */
  tried: Count,
  fewestRows: Count,
});
export type Slices = z.infer<typeof Slices>;

// ---------------------------------------------------------------- judging

/** One blind question: which of two rationales is better. Who wrote which is not told. */
export const JudgePair = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  gold: z.string().nullable(),
  left: z.strictObject({ label: z.string().nullable(), rationale: z.string() }),
  right: z.strictObject({ label: z.string().nullable(), rationale: z.string() }),
});
export type JudgePair = z.infer<typeof JudgePair>;

export const JudgeChoice = z.enum(['left', 'right', 'both', 'neither']);
export type JudgeChoice = z.infer<typeof JudgeChoice>;

/** How far judging two systems has come: all that may be told before their result is looked at. */
export const JudgeProgress = z.strictObject({
  judged: Count,
  /** Rows on which both have a rationale, and not the same one. */
  pairs: Count,
  /** Judgements there were when the result was first looked at; null before. */
  revealedAfter: Count.nullable(),
});
export type JudgeProgress = z.infer<typeof JudgeProgress>;

/** Who was preferred. Looking at it is written down: judging is not blind any more. */
export const JudgeResult = JudgeProgress.extend({
  splitId: Id,
  part: Part,
  a: SystemKey,
  b: SystemKey,
  preferA: Count,
  preferB: Count,
  both: Count,
  neither: Count,
  /** Of the judged pairs with a preference, those for `a`; null before the first. */
  share: Accuracy.nullable(),
  /** Exact sign test over these; null before the first. */
  p: z.number().nullable(),
  verdict: z.enum(['a', 'b', 'not-shown']).nullable(),
});
export type JudgeResult = z.infer<typeof JudgeResult>;
