import { z } from 'zod';
import {
  Cascade,
  CompareDetail,
  CostReport,
  Dataset,
  ExtractionSettings,
  HealthSummary,
  ImportOptions,
  ImportedStudent,
  JudgeResult,
  Language,
  LeakReport,
  Method,
  ParseRules,
  Part,
  PartCounts,
  Price,
  PromptTemplate,
  Provider,
  ReviewProgress,
  RunEnd,
  RunSettings,
  Scoreboard,
  Slices,
  SplitSettings,
  SystemKey,
  Task,
  TeacherKind,
  TeacherReport,
} from '../../../../contract/entities.ts';

/**
 * The facts of a report: all that its pages say, computed from saved rows, in one document that other
 * programs can read. Shares are 0 to 1, money is US dollars, times are ISO 8601 in UTC.
 */

/** Rises with every change of the format: who reads a document can tell whether it knows it. */
export const factsVersion = 1;

const Count = z.number().int().nonnegative();
const Time = z.string();

/** A file that was imported. Its path is not told. */
export const DataFacts = Dataset.omit({ projectId: true }).extend({
  /** How it was imported; null where that is not saved, as of the sample's rows. */
  options: ImportOptions.nullable(),
});
export type DataFacts = z.infer<typeof DataFacts>;

/** A teacher with the answers that it was asked for, or that came with the rows. No key, ever. */
export const TeacherFacts = z.strictObject({
  key: SystemKey,
  name: z.string(),
  /** `practice` is a rule-based program, `recorded` are completions of the imported rows. */
  kind: TeacherKind,
  provider: Provider,
  /** Without user, password, query and fragment; null where nothing was asked. */
  address: z.string().nullable(),
  model: z.string(),
  apiVersion: z.string().nullable(),
  settings: ExtractionSettings,
  settingsHash: z.string(),
  price: Price.nullable(),
  /** As `stepwise extract --template FILE` reads it; null where no prompt was sent. */
  template: PromptTemplate.omit({ id: true, projectId: true, createdAt: true }).nullable(),
  /** Rules its completions were parsed with in place of the template's. */
  parse: ParseRules.nullable(),
  report: TeacherReport,
  /** What was found in its rationales; `checked` is 0 where nobody looked. */
  health: HealthSummary,
  /** What a person said of them. */
  review: ReviewProgress.pick({ rows: true, accepted: true, rejected: true, edited: true }),
  createdAt: Time,
});
export type TeacherFacts = z.infer<typeof TeacherFacts>;

export const SplitFacts = z.strictObject({
  name: z.string(),
  settings: SplitSettings,
  settingsHash: z.string(),
  counts: PartCounts,
  /** Of the leak guard, without the pairs themselves; null where it was not asked. */
  leaks: LeakReport.omit({ shown: true, key: true }).nullable(),
  looks: Count,
  frozenAt: Time,
});
export type SplitFacts = z.infer<typeof SplitFacts>;

/** A point of a curve, the mean of the steps since the point before. */
export const CurvePoint = z.strictObject({
  step: Count,
  /** Nats per token. */
  labelLoss: z.number(),
  rationaleLoss: z.number().nullable(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

export const Curve = z.strictObject({
  /** Steps that were saved; `losses` has fewer points. */
  steps: Count,
  losses: z.array(CurvePoint),
  /** Every evaluation, with its 95% interval (Wilson). */
  validations: z.array(
    z.strictObject({
      step: Count,
      correct: Count,
      rows: Count,
      accuracy: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type Curve = z.infer<typeof Curve>;

/** A setting that is not what the studio suggests for these rows, this method and this student. */
export const SettingDifference = z.strictObject({
  name: RunSettings.keyof(),
  value: z.json(),
  suggested: z.json(),
});
export type SettingDifference = z.infer<typeof SettingDifference>;

export const StudentFacts = z.strictObject({
  key: SystemKey,
  name: z.string(),
  method: Method,
  /** It reads the teacher's rationale with every question: its score is not its own alone. */
  needsTeacher: z.boolean(),
  /** Of one that was not trained here; with `trainingKnown` false, rows, settings, steps and engine are no facts. */
  imported: ImportedStudent.extend({
    /** The folder's own name. Its path is not told. */
    folder: z.string(),
  })
    .nullable()
    .default(null),
  settings: RunSettings,
  settingsHash: z.string(),
  /** Null where nothing can be suggested any more, such as for a folder that is gone. */
  differences: z.array(SettingDifference).nullable(),
  /** Of the rows that it learned from; null of runs of earlier versions. */
  rowsHash: z.string().nullable(),
  trainRows: Count,
  rationaleRows: Count,
  /** The teacher whose answers it learned from; null of none. */
  taughtBy: SystemKey.nullable(),
  study: z.string().nullable(),
  parameters: Count.nullable(),
  engine: z.string().nullable(),
  bestStep: Count.nullable(),
  /** Accuracy on validation rows that its checkpoint was chosen by. */
  bestValidation: z.number().nullable(),
  ended: RunEnd.nullable(),
  createdAt: Time,
  curve: Curve,
});
export type StudentFacts = z.infer<typeof StudentFacts>;

export const ExampleFacts = CompareDetail.omit({ exampleId: true, columns: true }).extend({
  /** Its answers are not all the same. */
  disagree: z.boolean(),
});
export type ExampleFacts = z.infer<typeof ExampleFacts>;

export const Versions = z.strictObject({
  app: z.string(),
  node: z.string(),
  /** Null outside the desktop application. */
  electron: z.string().nullable(),
  onnxruntime: z.string(),
  /** Engines that computed the students. */
  engines: z.array(z.string()),
  os: z.string(),
});
export type Versions = z.infer<typeof Versions>;

/** Why the commands alone do not bring the same again. */
export const ReproduceNote = z.enum([
  /** Rows were generated by the studio. */
  'sample-rows',
  /** The price of a request, and its answer, may be another one now. */
  'asked-teacher',
  /** A person judged or edited rationales. */
  'reviewed',
  /** Parsing rules are in the JSON document. */
  'own-rules',
  /** The template is in the JSON document. */
  'template',
  /** The folder of a pretrained student has to be added first. */
  'pretrained',
  /** A name holds a sign that the command line can't take. */
  'not-expressible',
  /** A GPU rounds in another order than a processor. */
  'other-engine',
]);
export type ReproduceNote = z.infer<typeof ReproduceNote>;

export const ReproduceStep = z.strictObject({
  what: z.enum(['project', 'data', 'teacher', 'split', 'train', 'compare', 'cascade', 'report']),
  /** Words of the command after `stepwise`, each as the program is given it. */
  argv: z.array(z.string()),
});
export type ReproduceStep = z.infer<typeof ReproduceStep>;

export const ReportFacts = z.strictObject({
  format: z.literal('stepwise-report'),
  version: z.literal(factsVersion),
  title: z.string(),
  language: Language,
  createdAt: Time,
  project: z.strictObject({
    name: z.string(),
    task: Task,
    labels: z.array(z.string()),
    /** Its rows are generated. */
    synthetic: z.boolean(),
  }),
  part: Part,
  /** Whose scores the slices list, in their order. */
  comparedSystems: z.array(SystemKey),
  data: z.array(DataFacts),
  /** Those that are compared, and those that students learned from. */
  teachers: z.array(TeacherFacts),
  split: SplitFacts,
  students: z.array(StudentFacts),
  scoreboard: Scoreboard,
  slices: Slices,
  costs: CostReport,
  /** Saved thresholds of the students that are compared. */
  cascades: z.array(Cascade),
  /** Blind judging of pairs that are compared. */
  judged: z.array(JudgeResult),
  /** Rows on which the systems disagree first, drawn by the seed. */
  examples: z.strictObject({
    seed: Count,
    disagreements: Count,
    systems: z.array(SystemKey),
    rows: z.array(ExampleFacts),
  }),
  versions: Versions,
  reproduce: z.strictObject({
    steps: z.array(ReproduceStep),
    notes: z.array(ReproduceNote),
  }),
});
export type ReportFacts = z.infer<typeof ReportFacts>;
