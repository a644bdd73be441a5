import { z } from 'zod';
import { Accuracy, Count, ExampleId, Id, Part, Time } from './basics.ts';
import { Interval } from './study.ts';
import { TeacherKind } from './teacher.ts';
import { EngineId, Method } from './training.ts';

/**
 * Comparing systems on the rows of one part of a split. A system is whoever answers rows: a teacher,
 * by the answers that an extraction has saved, or the student of a run, by its saved predictions.
 * Everything that is shown is computed from these rows.
 */

// ---------------------------------------------------------------- who is compared

/** `teacher:` and an extraction's id, or `run:` and a run's. */
export const SystemKey = z.string().regex(/^(?:teacher|run):.{1,64}$/u);
export type SystemKey = z.infer<typeof SystemKey>;

export const systemKey = {
  teacher: (extractionId: string): SystemKey => `teacher:${extractionId}`,
  run: (runId: string): SystemKey => `run:${runId}`,
};

/** What a key stands for. */
export function systemOf(key: SystemKey): {
  readonly kind: 'teacher' | 'student';
  readonly id: string;
} {
  const at = key.indexOf(':');
  return { kind: key.startsWith('teacher:') ? 'teacher' : 'student', id: key.slice(at + 1) };
}

export const System = z.strictObject({
  key: SystemKey,
  kind: z.enum(['teacher', 'student']),
  name: z.string(),
  /** Of a teacher; null of a student. */
  teacherKind: TeacherKind.nullable(),
  /** Of a student; null of a teacher. */
  method: Method.nullable(),
  labelSource: z.enum(['gold', 'teacher']).nullable(),
  seed: Count.nullable(),
  trainRows: Count.nullable(),
  studyId: Id.nullable(),
  /** Students that differ by their seed alone have the same text here; null of a teacher. */
  group: z.string().nullable(),
  /** It reads the teacher's rationale with every question: its score is not its own alone. */
  needsTeacher: z.boolean(),
  /** Rows of the part that it was asked; one that it left without a label counts. */
  answered: Count,
  /** Of these, the rows whose label has a confidence: all, none, or those decoded since. */
  withConfidence: Count,
  /** Every row of the part has an answer. */
  complete: z.boolean(),
});
export type System = z.infer<typeof System>;

/** Which rows are looked at, and whose answers. */
export const Comparing = z.strictObject({
  projectId: Id,
  splitId: Id,
  part: Part,
  systems: z.array(SystemKey).min(1).max(64),
});
export type Comparing = z.infer<typeof Comparing>;

export const Systems = z.strictObject({
  rows: Count,
  withGold: Count,
  /** How often scores on the test part of this split were looked at so far. */
  looks: Count,
  /** Extractions with an answer to a row of the part, newest first, then runs, oldest first. */
  systems: z.array(System),
});
export type Systems = z.infer<typeof Systems>;

// ---------------------------------------------------------------- figures

/**
 * A figure with its 95% interval and how that was found: `wilson` for a proportion, `bootstrap` over
 * rows, `seeds` over rows and seeds (`contrast` in core/study-statistics.ts).
 */
export const Measure = Interval.extend({
  rows: Count,
  how: z.enum(['wilson', 'bootstrap', 'seeds']),
});
export type Measure = z.infer<typeof Measure>;

/** Of one class: of the rows that a system puts there, those that are (precision), and of those that are, those it finds (recall). */
export const ClassScore = z.strictObject({
  label: z.string(),
  /** Null where it puts no row there. */
  precision: Accuracy.nullable(),
  /** Null where no row has this gold label. */
  recall: Accuracy.nullable(),
  f1: Measure.nullable(),
});
export type ClassScore = z.infer<typeof ClassScore>;

export const Confusion = z.strictObject({
  /** The commonest gold labels, at most 20. */
  labels: z.array(z.string()),
  /** [gold][answer] */
  counts: z.array(z.array(Count)),
  /** [gold]: answers that are none of the labels. */
  other: z.array(Count),
  /** [gold]: rows that were asked and have no label. */
  none: z.array(Count),
});
export type Confusion = z.infer<typeof Confusion>;

/** How well confidence tells what is right. */
export const Calibration = z.strictObject({
  rows: Count,
  /** Expected calibration error over ten bins of equal width, with a bootstrap interval. */
  ece: Measure,
  /** The ECE that a perfectly calibrated system with these confidences stays below in 95% of such samples. */
  eceByChance: z.number(),
  /** Bins that hold rows; `right` is the share of right answers with its interval. */
  bins: z.array(
    z.strictObject({
      from: z.number(),
      to: z.number(),
      rows: Count,
      confidence: z.number(),
      right: Accuracy,
    }),
  ),
});
export type Calibration = z.infer<typeof Calibration>;

/** What a system's rationales are like. Shares over the rationales that can be judged. */
export const RationaleMeasures = z.strictObject({
  /** Answered rows with a rationale; of several seeds all of theirs. */
  rows: Count,
  /** Of these, those that were read: of a large part, rows spread evenly over it. */
  read: Count,
  /** Mean words. */
  words: Measure,
  /** Of the rationales with equations, those in which all hold; null without any. */
  arithmeticHolds: Accuracy.nullable(),
  /** Of the rationales that come to an answer, those that come to the system's own label; null without any. */
  leadsToLabel: Accuracy.nullable(),
  /** Mean ROUGE-L F-measure to the teacher's rationale of the same row: a weak sign, since good reasons can be put otherwise. Null of the teacher. */
  rougeL: Measure.nullable(),
});
export type RationaleMeasures = z.infer<typeof RationaleMeasures>;

/** How fast a student answered when it was measured, or a teacher over its saved answers. */
export const Speed = z.strictObject({
  /** Milliseconds from one question to its label, one at a time. */
  p50: z.number().nonnegative(),
  p95: z.number().nonnegative(),
  /** Questions that were timed. */
  timed: Count,
  /** Rows a second, many at a time; null where it is not known. */
  throughput: z.number().nonnegative().nullable(),
  /** Resident memory of the process that answered; null of a teacher. */
  memoryBytes: Count.nullable(),
  /** What computed it; null of a teacher. */
  engine: EngineId.nullable(),
  threads: Count.nullable(),
  device: z.string().nullable(),
  measuredAt: Time.nullable(),
  /** Something else was computing at the time, so that it is too slow. */
  busy: z.boolean(),
});
export type Speed = z.infer<typeof Speed>;

// ---------------------------------------------------------------- scoreboard

/** A line of the scoreboard: a teacher, a student, or students that differ by their seed alone. */
export const Entry = z.strictObject({
  /** Of its only system, else `group:` and the group. */
  key: z.string(),
  name: z.string(),
  systems: z.array(System).min(1),
  /** Null without a row that has a gold label and was asked. */
  accuracy: Measure.nullable(),
  /** Each system by itself, in the order of `systems`. */
  scores: z.array(Accuracy),
  /** Rows without a label, of those that were asked. */
  unparsed: Accuracy,
  /** Of classes; null for other tasks. With several seeds the mean over them. */
  macroF1: Measure.nullable(),
  classes: z.array(ClassScore),
  /** Over all its systems together. */
  confusion: Confusion.nullable(),
  calibration: Calibration.nullable(),
  rationales: RationaleMeasures.nullable(),
  speed: Speed.nullable(),
  parameters: Count.nullable(),
  /** Of the student's folder, all files. */
  fileBytes: Count.nullable(),
});
export type Entry = z.infer<typeof Entry>;

/**
 * What the rows say of two entries. `better`: `a` is, after correction, and by no less than the margin
 * of error of that many rows (`marginOfError`). `alike`: the interval leaves out differences of the
 * margin and more, either way. `not-shown`: neither.
 */
export const PairVerdict = z.strictObject({
  /** Keys of entries; `a` has the higher score. */
  a: z.string(),
  b: z.string(),
  /** Rows with a gold label that both were asked. */
  rows: Count,
  /** `a` less `b`. */
  difference: Interval,
  /** Rows by who was right; null where an entry has several seeds. */
  table: z.strictObject({ both: Count, onlyA: Count, onlyB: Count, neither: Count }).nullable(),
  /** Exact McNemar for two systems; a t test over rows and seeds where there are several. */
  test: z.enum(['mcnemar-exact', 'seeds-t']),
  p: z.number(),
  /** Holm's correction over all pairs that are shown; equal to `p` where there is one. */
  pCorrected: z.number(),
  verdict: z.enum(['better', 'alike', 'not-shown']),
  /** Rows with which a gap of this size would be shown 4 times of 5; null where there is no gap. */
  rowsNeeded: Count.nullable(),
  /** The same two by macro-F1, paired bootstrap; null without classes. */
  macroF1: Interval.nullable(),
});
export type PairVerdict = z.infer<typeof PairVerdict>;

export const Scoreboard = z.strictObject({
  splitId: Id,
  part: Part,
  rows: Count,
  withGold: Count,
  /** How often scores on the test part of this split were looked at, this time included. */
  looks: Count,
  /** Whether anything that answers is generated or made up: rows of a sample, a practice teacher. */
  synthetic: z.boolean(),
  /** Teachers first, then students by their score, the best first. */
  entries: z.array(Entry),
  verdicts: z.strictObject({
    /** Differences smaller than this do not matter; share. */
    margin: z.number(),
    /** `marginOfError` of the rows that all share. */
    marginOfError: z.number(),
    alpha: z.number(),
    power: z.number(),
    /** Cochran's Q over entries of one system each, on the rows that all were asked; null with fewer than three. */
    omnibus: z
      .strictObject({ q: z.number(), degrees: Count, p: z.number(), systems: Count, rows: Count })
      .nullable(),
    correction: z.enum(['none', 'holm']),
    /** Every pair, the larger differences first. */
    pairs: z.array(PairVerdict),
  }),
});
export type Scoreboard = z.infer<typeof Scoreboard>;

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
