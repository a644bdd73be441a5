import { z } from 'zod';
import { Accuracy, Count, ExampleId, Id, Part, Percentiles, Time } from './basics.ts';
import { ParseRules, Price, Teacher } from './teacher.ts';

/**
 * Settings that extractions of earlier versions have not saved. Each default is what those did.
 */
const LaterExtractionSettings = z.strictObject({
  /** Answers asked for each row; more than one makes the majority's label the row's (self-consistency). */
  samples: z.number().int().min(1).max(20).default(1),
  /** Rationales marked as kept for each row, of answers that agree with its label. Training takes the chosen one. */
  keepRationales: z.number().int().min(1).max(20).default(1),
  /** Sent with each request where the server takes it, raised by one for each further sample. */
  seed: Count.nullable().default(null),
  /** US dollars that this extraction may cost in all; it pauses before it would be crossed. */
  budget: z.number().gt(0).max(1_000_000).nullable().default(null),
  /** Requests it may send in all, repeated ones included. */
  maxRequests: z.number().int().positive().nullable().default(null),
  /** Also every row of this part of a split, whatever the limit: the teacher's score on it is then whole. */
  also: z.strictObject({ splitId: Id, part: Part }).nullable().default(null),
  /** `batch`: files handed to the server's batch API, answered within a day at a lower price. */
  mode: z.enum(['requests', 'batch']).default('requests'),
});

/** What an extraction does where its settings say nothing. */
export const extractionSettingsDefaults = LaterExtractionSettings.parse({});

export const ExtractionSettings = z.strictObject({
  /** Requests at a time at most; fewer are sent while the server asks for patience. */
  concurrency: z.number().int().min(1).max(256),
  temperature: z.number().min(0).max(2),
  maxTokens: z.number().int().min(1).max(32_768),
  timeoutSeconds: z.number().min(1).max(3_600),
  retries: z.number().int().min(0).max(10),
  /** Only n examples, spread evenly over the rows; null for all. */
  limit: z.number().int().positive().nullable(),
  ...LaterExtractionSettings.shape,
});
export type ExtractionSettings = z.infer<typeof ExtractionSettings>;

/** What an extraction has used up, added up as its requests ended. */
export const Spend = z.strictObject({
  /** Requests sent, repeated and failed ones included. */
  requests: Count,
  promptTokens: Count,
  completionTokens: Count,
  /** US dollars; null where the model has no price. */
  cost: z.number().nonnegative().nullable(),
  /** Answers taken from earlier extractions instead of being asked for again. */
  reused: Count,
  /** Whether some tokens were counted here because the server did not say. */
  estimated: z.boolean(),
});
export type Spend = z.infer<typeof Spend>;

export const Extraction = z.strictObject({
  id: Id,
  projectId: Id,
  teacher: Teacher,
  templateId: Id.nullable(),
  settings: ExtractionSettings,
  /** The price its requests are reckoned with, as it was at the last start; null where there is none. */
  price: Price.nullable(),
  /** Rules its completions were parsed with when they are other than the template's. */
  parse: ParseRules.nullable(),
  /** Answers this extraction is to get: examples times samples. */
  wanted: Count,
  completed: Count,
  failed: Count,
  spend: Spend,
  createdAt: Time,
});
export type Extraction = z.infer<typeof Extraction>;

/** Fields that scripts rely on (`stepwise parse --json`). */
export const ParseSummary = z.strictObject({
  rows: Count,
  parsed: Count,
  unparsed: Count,
  /** Parsed rows whose label scores right against gold; null where no row has a gold label. */
  correct: Count.nullable(),
  /** correct / rows that have a gold label and a completion; unparsed rows count as wrong. Null without gold. */
  accuracy: z.number().nullable(),
  /** The same proportion with its interval. */
  score: Accuracy.nullable(),
});
export type ParseSummary = z.infer<typeof ParseSummary>;

/** How many of a row's answers gave its label. */
export const Agreement = z.strictObject({ votes: Count, answers: Count });
export type Agreement = z.infer<typeof Agreement>;

/** One of the answers to a row. */
export const Sample = z.strictObject({
  sample: Count,
  completion: z.string().nullable(),
  failure: z.string().nullable(),
  finishReason: z.string().nullable(),
  rationale: z.string().nullable(),
  label: z.string().nullable(),
  /** Whether it stands for the row: the first that gave the majority's label. */
  chosen: z.boolean(),
  /** Whether its rationale is among those kept for the row. */
  kept: z.boolean(),
  promptTokens: Count.nullable(),
  completionTokens: Count.nullable(),
  milliseconds: z.number().nonnegative().nullable(),
});
export type Sample = z.infer<typeof Sample>;

/** Requests that failed for one reason. */
export const FailureKind = z.strictObject({
  code: z.string(),
  /** The server's words, as they came. */
  message: z.string(),
  rows: Count,
});
export type FailureKind = z.infer<typeof FailureKind>;

/** An extraction as it runs: what the live table shows. */
export const LiveExtraction = z.strictObject({
  extraction: Extraction,
  /** Milliseconds, of the newest 500 answers that were asked for; null before the first. */
  latency: Percentiles.nullable(),
  failures: z.array(FailureKind),
  /** The newest answers and failures, newest first. */
  newest: z.array(
    z.strictObject({
      exampleId: ExampleId,
      externalId: z.string(),
      sample: Count,
      input: z.string(),
      rationale: z.string().nullable(),
      label: z.string().nullable(),
      correct: z.boolean().nullable(),
      failure: z.string().nullable(),
      reused: z.boolean(),
      promptTokens: Count.nullable(),
      completionTokens: Count.nullable(),
      milliseconds: z.number().nonnegative().nullable(),
      savedAt: Time,
    }),
  ),
});
export type LiveExtraction = z.infer<typeof LiveExtraction>;

/** A figure that is not known yet, as a range of 95%. */
export const Range = z.strictObject({ low: z.number(), likely: z.number(), high: z.number() });
export type Range = z.infer<typeof Range>;

/** What is still to come of an extraction, reckoned from the answers there are. */
export const Estimate = z.strictObject({
  /** Answers still to be asked for. */
  answers: Count,
  /** Answers the ranges are drawn from; 0: there are none, and only `atMost` is known. */
  basis: Count,
  promptTokens: Range.nullable(),
  completionTokens: Range.nullable(),
  /** US dollars; null without a price or a basis. */
  cost: Range.nullable(),
  /** The same through the batch API; null where the server is not known to have one. */
  batchCost: Range.nullable(),
  seconds: Range.nullable(),
  /** If every answer were as long as it may be; from counted prompts. Null without a price. */
  atMost: z.number().nullable(),
  price: Price.nullable(),
  /** What it has cost so far. */
  spend: Spend.nullable(),
});
export type Estimate = z.infer<typeof Estimate>;

/** How one completion is read by each rule of a set, and by the set. */
export const ParseTrial = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  completion: z.string(),
  gold: z.string().nullable(),
  /** As it is saved. */
  before: z.strictObject({ rationale: z.string().nullable(), label: z.string().nullable() }),
  /** What each rule would give alone, in their order; null: it finds no answer. */
  byRule: z.array(z.string().nullable()),
  after: z.strictObject({
    rationale: z.string().nullable(),
    label: z.string().nullable(),
    /** The rule that found the answer, from 0. */
    rule: Count.nullable(),
    correct: z.boolean().nullable(),
  }),
  /** Where in the completion they stand, from and to; null where they were not found as they stand. */
  rationaleAt: z.tuple([Count, Count]).nullable(),
  answerAt: z.tuple([Count, Count]).nullable(),
});
export type ParseTrial = z.infer<typeof ParseTrial>;

/** What a set of rules makes of a page of saved completions. */
export const ParseTrials = z.strictObject({
  rows: z.array(ParseTrial),
  /** Saved completions there are in all. */
  total: Count,
  /** Over the rows shown. */
  parsedBefore: Count,
  parsedAfter: Count,
  changed: Count,
});
export type ParseTrials = z.infer<typeof ParseTrials>;

/** What the teacher did, in figures computed from saved rows. */
export const TeacherReport = z.strictObject({
  extractionId: Id,
  rows: Count,
  parsed: Count,
  unparsed: Count,
  failed: Count,
  /** Of the rows with a gold label; unparsed rows count as wrong. Null without gold. */
  score: Accuracy.nullable(),
  /** Labels the teacher gave, the commonest first, at most 50; `gold`: rows whose gold label it is. */
  labels: z.array(z.strictObject({ label: z.string(), teacher: Count, gold: Count })),
  /** Distinct labels beyond those. */
  moreLabels: Count,
  /** Gold label by teacher's label, at most 20 classes; null where there are no classes or no gold. */
  confusion: z
    .strictObject({
      labels: z.array(z.string()),
      /** [gold][teacher] */
      counts: z.array(z.array(Count)),
      /** [gold]: answers that are none of the labels. */
      other: z.array(Count),
      /** [gold]: no answer. */
      unparsed: z.array(Count),
    })
    .nullable(),
  /** Null with one sample a row. */
  agreement: z
    .strictObject({
      /** Mean share of a row's answers that gave its label. */
      mean: z.number(),
      /** Rows by how many of their answers agree. */
      rows: z.array(
        z.strictObject({ votes: Count, answers: Count, rows: Count, score: Accuracy.nullable() }),
      ),
    })
    .nullable(),
  /** Words of the rationales; null when there is none. */
  rationaleWords: Percentiles.nullable(),
  /** Rationales by length: `from` (inclusive) to `to` words. */
  rationaleLengths: z.array(z.strictObject({ from: Count, to: Count, rows: Count })),
  /** Milliseconds; null where nothing was asked. */
  latency: Percentiles.nullable(),
  /** Answers by how the server says they ended. */
  finishReasons: z.array(z.strictObject({ reason: z.string(), rows: Count })),
  failures: z.array(FailureKind),
  spend: Spend,
});
export type TeacherReport = z.infer<typeof TeacherReport>;

/** One file handed to a server's batch API. */
export const Batch = z.strictObject({
  id: Id,
  extractionId: Id,
  /** The server's name for it; null while it is being handed over. */
  remoteId: z.string().nullable(),
  state: z.enum([
    'submitting',
    'validating',
    'in_progress',
    'finalizing',
    'completed',
    'failed',
    'expired',
    'cancelling',
    'cancelled',
  ]),
  requests: Count,
  /** As the server counts them. */
  completed: Count,
  failed: Count,
  /** Whether its answers are in the store. */
  collected: z.boolean(),
  /** The server's words when it refused the file. */
  error: z.string().nullable(),
  createdAt: Time,
});
export type Batch = z.infer<typeof Batch>;
