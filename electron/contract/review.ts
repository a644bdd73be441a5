import { z } from 'zod';
import { Agreement, Sample } from './extraction.ts';
import { Count, ExampleId, Id, Part, Time } from './basics.ts';

// ---------------------------------------------------------------- health of rationales

/**
 * What can be wrong with a rationale, in the order in which it is shown. What each one means, and
 * when exactly it is raised, stands in `core/health`.
 */
export const healthFlags = [
  'no-rationale',
  'wrong-label',
  'wrong-arithmetic',
  'contradicts-label',
  'truncated',
  'near-empty',
  'letter-only',
  'repeats-input',
  'no-answer-number',
  'identical',
  'low-agreement',
  'other-language',
] as const;
export const HealthFlag = z.enum(healthFlags);
export type HealthFlag = z.infer<typeof HealthFlag>;

/**
 * What each flag adds to a row's suspicion, which is their sum (0: nothing found). The order of
 * magnitude is by how surely a flag means a rationale that would teach something wrong: 5 is a
 * proven fault, 1 a hint.
 */
export const flagWeights: Readonly<Record<HealthFlag, number>> = {
  'no-rationale': 5,
  'wrong-label': 5,
  'wrong-arithmetic': 4,
  'contradicts-label': 4,
  truncated: 3,
  'near-empty': 3,
  'letter-only': 3,
  'repeats-input': 2,
  'no-answer-number': 2,
  identical: 2,
  'low-agreement': 2,
  'other-language': 2,
};

/** A flag with what it was raised for. */
export const HealthFinding = z.strictObject({
  flag: HealthFlag,
  /** What was found, quoted or counted: `18 / 4 = 5 (4.5)`, `repeated in 31 rows`; empty where the flag says all. */
  evidence: z.string(),
  /** Where in the rationale it stands, from and to; null where it is nowhere in particular. */
  at: z.tuple([Count, Count]).nullable(),
});
export type HealthFinding = z.infer<typeof HealthFinding>;

export const HealthSummary = z.strictObject({
  /** Rows that were checked, of those with a parsed answer that stands for its row. */
  checked: Count,
  answered: Count,
  /** Checked rows without any flag. */
  clean: Count,
  flags: z.array(z.strictObject({ flag: HealthFlag, weight: Count, rows: Count })),
  /** Rows by suspicion, rising. */
  suspicion: z.array(z.strictObject({ score: Count, rows: Count })),
});
export type HealthSummary = z.infer<typeof HealthSummary>;

// ---------------------------------------------------------------- review

export const ReviewVerdict = z.enum(['accepted', 'rejected']);
export type ReviewVerdict = z.infer<typeof ReviewVerdict>;

/** What one person said of one row. What the teacher wrote stays as it came. */
export const Review = z.strictObject({
  /** Empty for the person of this workspace; a name for one whose review was imported. */
  reviewer: z.string(),
  verdict: ReviewVerdict.nullable(),
  /** In place of the teacher's; null where they were not edited. */
  label: z.string().nullable(),
  rationale: z.string().nullable(),
  /**
   * The label was edited after the rationale, or the teacher's answer changed after it was accepted or
   * edited: the rationale may argue for another answer.
   */
  stale: z.boolean(),
  note: z.string(),
  tags: z.array(z.string()),
  updatedAt: Time,
});
export type Review = z.infer<typeof Review>;

const Tag = z.string().trim().min(1).max(60);

export const ReviewChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('verdict'), verdict: ReviewVerdict.nullable() }),
  /** Null goes back to what the teacher wrote; absent leaves it. */
  z.strictObject({
    kind: z.literal('edit'),
    label: z.string().trim().min(1).max(2_000).nullable().optional(),
    rationale: z.string().trim().min(1).max(100_000).nullable().optional(),
  }),
  z.strictObject({ kind: z.literal('tag'), tag: Tag, add: z.boolean() }),
  z.strictObject({ kind: z.literal('note'), note: z.string().max(10_000) }),
]);
export type ReviewChange = z.infer<typeof ReviewChange>;

/** A change to one or more rows that can be undone as a whole. */
export const ReviewAction = z.strictObject({
  id: Count,
  change: ReviewChange,
  rows: Count,
  undone: z.boolean(),
  createdAt: Time,
});
export type ReviewAction = z.infer<typeof ReviewAction>;

export const ReviewProgress = z.strictObject({
  rows: Count,
  accepted: Count,
  rejected: Count,
  edited: Count,
  stale: Count,
  noted: Count,
  /** The newest action that can be undone, and the newest that can be done again. */
  undo: ReviewAction.nullable(),
  redo: ReviewAction.nullable(),
});
export type ReviewProgress = z.infer<typeof ReviewProgress>;

/** How far two people agree, over the rows on which both gave a verdict. */
export const ReviewAgreement = z.strictObject({
  a: z.string(),
  b: z.string(),
  rows: Count,
  /** [a accepted, rejected][b accepted, rejected] */
  counts: z.tuple([z.tuple([Count, Count]), z.tuple([Count, Count])]),
  /** Share of rows with the same verdict. */
  observed: z.number(),
  /** Cohen's kappa; null where chance alone would agree always. */
  kappa: z.number().nullable(),
  /** Its 95% interval; null with kappa, or with too few rows to say. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
});
export type ReviewAgreement = z.infer<typeof ReviewAgreement>;

// ---------------------------------------------------------------- rows, searched and filtered

export const AnswerState = z.enum(['all', 'answered', 'parsed', 'unparsed', 'wrong', 'failed']);
export type AnswerState = z.infer<typeof AnswerState>;

/** Which rows of a project; all that is given must hold. */
export const RowQuery = z.strictObject({
  /** Words that must all occur, each also as the beginning of a longer one; `"…"` is a phrase. */
  text: z.string().max(500).default(''),
  datasetId: Id.nullable().default(null),
  gold: z.string().nullable().default(null),
  split: z.strictObject({ splitId: Id, part: Part }).nullable().default(null),
  /** What follows needs an extraction. */
  answers: AnswerState.default('all'),
  label: z.string().nullable().default(null),
  /** Rows with any of these. */
  flags: z.array(HealthFlag).default([]),
  verdict: z
    .enum(['any', 'accepted', 'rejected', 'none', 'edited', 'stale', 'noted'])
    .default('any'),
  tag: z.string().nullable().default(null),
  /** `suspicion`: the most suspicious first, and of equal ones in import order. */
  sort: z.enum(['order', 'suspicion']).default('order'),
});
export type RowQuery = z.infer<typeof RowQuery>;
export const everyRow = RowQuery.parse({});

export const ReviewRow = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  gold: z.string().nullable(),
  /** Teacher's, of the answer that stands for the row. */
  label: z.string().nullable(),
  rationale: z.string().nullable(),
  correct: z.boolean().nullable(),
  /** The server's words when the request failed for good. */
  failure: z.string().nullable(),
  /** Whether there is an answer or a failure. */
  answered: z.boolean(),
  agreement: Agreement.nullable(),
  flags: z.array(HealthFlag),
  /** Sum of the flags' weights; null until the row was checked. */
  suspicion: Count.nullable(),
  /** Of this workspace's person; null before the first word. */
  review: Review.nullable(),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

/** Everything about one row. */
export const RowDetail = z.strictObject({
  row: ReviewRow,
  completion: z.string().nullable(),
  finishReason: z.string().nullable(),
  /** Where in the completion they stand, from and to; null where they were not found as they stand. */
  rationaleAt: z.tuple([Count, Count]).nullable(),
  answerAt: z.tuple([Count, Count]).nullable(),
  findings: z.array(HealthFinding),
  samples: z.array(Sample),
  /** Of other people. */
  reviews: z.array(Review),
  meta: z.record(z.string(), z.string()),
  dataset: z.string(),
});
export type RowDetail = z.infer<typeof RowDetail>;

export const SavedView = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  query: RowQuery,
  createdAt: Time,
});
export type SavedView = z.infer<typeof SavedView>;

// ---------------------------------------------------------------- which rows train

/** How many rows a run would learn from, and what the others lack. */
export const TrainingRows = z.strictObject({
  /** Rows of the training part. */
  examples: Count,
  /** Rows whose label is learned, and (row, rationale) pairs that are. */
  labels: Count,
  rationales: Count,
  /** Rows with a rationale. */
  explained: Count,
  withoutLabel: Count,
  /** Rows left out together with their rationale because `withoutRationale` is `drop`. */
  dropped: Count,
  /** Why rationales are not learned; each row counts under the first that holds. */
  reasons: z.array(
    z.strictObject({
      reason: z.enum([
        'no-answer',
        'unparsed',
        'empty',
        'rejected',
        'stale',
        'disagrees-with-gold',
        'not-accepted',
        'unhealthy',
      ]),
      rows: Count,
    }),
  ),
});
export type TrainingRows = z.infer<typeof TrainingRows>;
