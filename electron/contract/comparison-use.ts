import { z } from 'zod';
import { Accuracy, Count, Id, Part, Time } from './basics.ts';
import { SystemKey } from './comparison.ts';
import { TeacherKind } from './teacher.ts';
import { Method } from './training.ts';

/** What follows from a comparison: questions asked, money, cascades, reports. */

// ---------------------------------------------------------------- playground

export const PlaygroundSystem = z.strictObject({
  key: SystemKey,
  kind: z.enum(['teacher', 'student']),
  name: z.string(),
  teacherKind: TeacherKind.nullable(),
  method: Method.nullable(),
  /** Of a student; tells those of one name apart. */
  seed: Count.nullable(),
  needsTeacher: z.boolean(),
  /** Why it can't be asked anything new, such as a teacher whose answers were recorded; null where it can. */
  unavailable: z.string().nullable(),
  /** Whether a question may cost money. */
  costs: z.boolean(),
  /**
   * US dollars of one question: `about`, from what saved answers took, or `most`, an answer of full
   * length to an empty question. Null where nothing is charged, or no price is known.
   */
  price: z
    .strictObject({ dollars: z.number().nonnegative(), basis: z.enum(['about', 'most']) })
    .nullable(),
});
export type PlaygroundSystem = z.infer<typeof PlaygroundSystem>;

export const PlaygroundAnswer = z.strictObject({
  system: SystemKey,
  /** Null where no label could be read from what it wrote. */
  label: z.string().nullable(),
  rationale: z.string().nullable(),
  confidence: z.number().nullable(),
  /** Of a closed set of labels or choices, the most probable first; empty where there is none. */
  probabilities: z.array(z.strictObject({ label: z.string(), probability: z.number() })),
  /** From question to label, and to the whole answer with its rationale. */
  labelMilliseconds: z.number().nonnegative(),
  milliseconds: z.number().nonnegative(),
  /** US dollars of this question; null where nothing is charged or the price is not known. */
  cost: z.number().nonnegative().nullable(),
  /** What a teacher wrote, whole; null of a student. */
  completion: z.string().nullable(),
  /** Id in its file of the project's row whose saved answer this is; null where it was asked now. */
  savedFor: z.string().nullable(),
});
export type PlaygroundAnswer = z.infer<typeof PlaygroundAnswer>;

/** A file that students have answered. */
export const PredictedFile = z.strictObject({
  /** Of the job that wrote it. */
  id: Id,
  projectId: Id,
  systems: z.array(SystemKey),
  format: z.enum(['csv', 'jsonl']),
  path: z.string(),
  rows: Count,
  bytes: Count,
  createdAt: Time,
});
export type PredictedFile = z.infer<typeof PredictedFile>;

// ---------------------------------------------------------------- money

/** What a person says things cost; the studio's own suggestions are marked so until they are changed. */
export const CostSettings = z.strictObject({
  /** US dollars for an hour of the computer that students run and train on; null: not counted. */
  machineHour: z.number().min(0).max(10_000).nullable(),
  /** US dollars for 1,000 answers of a teacher, by extraction, where its own price is not known or wrong. */
  teacherPerThousand: z.record(Id, z.number().min(0).max(1_000_000)),
  /** Answers a month that are needed. */
  volume: z.number().int().min(1).max(1_000_000_000_000),
});
export type CostSettings = z.infer<typeof CostSettings>;

export const costSettingsDefaults: CostSettings = {
  machineHour: 0.1,
  teacherPerThousand: {},
  volume: 100_000,
};

export const SystemCost = z.strictObject({
  key: z.string(),
  name: z.string(),
  kind: z.enum(['teacher', 'student']),
  needsTeacher: z.boolean(),
  /** US dollars for 1,000 answers; null where it is not known. */
  perThousand: z.number().nonnegative().nullable(),
  /** `entered` by a person, from `saved` answers and their price, or from `measured` speed and `machineHour`. */
  basis: z.enum(['entered', 'saved', 'measured', 'free', 'unknown']),
  /** Once: the answers that it learned from, and the machine's hours of training; null of a teacher. */
  build: z
    .strictObject({
      rationales: z.number().nonnegative().nullable(),
      training: z.number().nonnegative().nullable(),
      trainingHours: z.number().nonnegative().nullable(),
      total: z.number().nonnegative(),
      /** Parts that are not known and count as nothing. */
      unknown: z.array(z.enum(['rationales', 'training'])),
    })
    .nullable(),
  /** Answers after which it has cost less than the teacher; null: never, or not known. */
  breakEven: Count.nullable(),
});
export type SystemCost = z.infer<typeof SystemCost>;

export const CostReport = z.strictObject({
  settings: CostSettings,
  /** Whether `settings` were saved by a person. */
  saved: z.boolean(),
  /** The teacher that break-even is reckoned against; null where no teacher is compared. */
  teacher: SystemKey.nullable(),
  systems: z.array(SystemCost),
});
export type CostReport = z.infer<typeof CostReport>;

// ---------------------------------------------------------------- cascade

/** A student answers where its confidence reaches `threshold`; the rest goes to the teacher. */
export const CascadePoint = z.strictObject({
  threshold: z.number(),
  rows: Count,
  /** Share that the student answers, and how many of these are right. */
  coverage: z.number(),
  student: Accuracy,
  /** Both together, the teacher answering the rest. */
  together: Accuracy,
  /** US dollars for 1,000 questions; null where a price is not known. */
  perThousand: z.number().nonnegative().nullable(),
  /** How many times cheaper than the teacher alone; null where that is not known. */
  cheaper: z.number().nonnegative().nullable(),
});
export type CascadePoint = z.infer<typeof CascadePoint>;

/** What a threshold is chosen for. */
export const CascadeTarget = z.discriminatedUnion('kind', [
  /** The student's own answers are right at least this often. */
  z.strictObject({ kind: z.literal('student'), accuracy: z.number().min(0).max(1) }),
  /** Both together lose at most this much against the teacher alone. */
  z.strictObject({ kind: z.literal('together'), loss: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('threshold'), threshold: z.number().min(0).max(1) }),
]);
export type CascadeTarget = z.infer<typeof CascadeTarget>;

/** What is known before a threshold is chosen: validation rows alone. */
export const CascadeCurve = z.strictObject({
  runId: Id,
  extractionId: Id,
  /** Validation rows with gold that both answered, and that have a confidence. */
  rows: Count,
  teacher: Accuracy.nullable(),
  points: z.array(CascadePoint),
  /** The point that the target asks for; null where none reaches it. */
  chosen: CascadePoint.nullable(),
});
export type CascadeCurve = z.infer<typeof CascadeCurve>;

/** A threshold that was chosen on validation rows and confirmed on test rows. */
export const Cascade = z.strictObject({
  id: Id,
  projectId: Id,
  runId: Id,
  extractionId: Id,
  splitId: Id,
  target: CascadeTarget,
  threshold: z.number(),
  validation: CascadePoint,
  /** The same threshold on the test part, with the teacher alone beside it. */
  test: CascadePoint,
  testTeacher: Accuracy,
  createdAt: Time,
});
export type Cascade = z.infer<typeof Cascade>;

// ---------------------------------------------------------------- report

export const ReportRecord = z.strictObject({
  /** Of the job that wrote it. */
  id: Id,
  projectId: Id,
  splitId: Id,
  part: Part,
  systems: z.array(SystemKey),
  language: z.enum(['en', 'ko']),
  title: z.string(),
  /** Paths of the two files, and their sizes. */
  html: z.strictObject({ path: z.string(), bytes: Count }),
  json: z.strictObject({ path: z.string(), bytes: Count }),
  createdAt: Time,
});
export type ReportRecord = z.infer<typeof ReportRecord>;
