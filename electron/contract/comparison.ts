import { z } from 'zod';
import { Accuracy, Count, Id, Part, Time } from './basics.ts';
import { Interval, isReal } from './study.ts';
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

/** What a comparison has to say of a student that was not trained here. */
export const ImportedStudent = z.strictObject({
  /** Whether its folder says how it was trained; if not, nothing of its training is shown. */
  trainingKnown: z.boolean(),
  /**
   * Rows of the split's test part that it was trained on: its score there is too good. Null where its
   * folder does not say what it was trained on.
   */
  seenTestRows: Count.nullable(),
});
export type ImportedStudent = z.infer<typeof ImportedStudent>;

export const System = z.strictObject({
  key: SystemKey,
  kind: z.enum(['teacher', 'student']),
  name: z.string(),
  /** Of a teacher; null of a student. */
  teacherKind: TeacherKind.nullable(),
  /** Of a student; null of a teacher. */
  method: Method.nullable(),
  /** This and the next two also null of an imported student that does not say how it was trained. */
  labelSource: z.enum(['gold', 'teacher']).nullable(),
  seed: Count.nullable(),
  trainRows: Count.nullable(),
  studyId: Id.nullable(),
  /** Students that differ by their seed alone have the same text here; null of a teacher. */
  group: z.string().nullable(),
  /** Of a student that was imported; null of one that was trained here, and of a teacher. */
  imported: ImportedStudent.nullable().default(null),
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

/** Whether a pair that is not shown would be if it alone had been compared: correction makes the difference. */
export const isShownAlone = ({ verdict, p, difference, rows }: PairVerdict): boolean =>
  verdict === 'not-shown' && p < 0.05 && isReal(difference, rows);

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
