import { z } from 'zod';
import { Accuracy, Count, Id, Part, Task, Time } from './basics.ts';
import { CascadePoint, CascadeTarget } from './comparison-use.ts';
import { Interval, isReal } from './study.ts';
import { Method, RunSettings, StudentReport } from './training.ts';

/**
 * What a student is written as, each a folder of its own that needs nothing beside it: Hugging Face
 * folders in three number formats; ONNX in the layout of Optimum and Transformers.js; weights and a
 * loader for TensorFlow.js; a program that answers with Node alone; a file for llama.cpp; and what a
 * cluster needs to train the same run with PyTorch.
 */
export const ExportFormat = z.enum([
  'huggingface',
  'huggingface-bfloat16',
  'huggingface-float16',
  'onnx',
  'onnx-int8',
  'tensorflowjs',
  'predictor',
  'predictor-int8',
  'gguf',
  'gguf-float16',
  'training',
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/**
 * Formats whose numbers are the student's own: answers must be equal, token for token. Not `gguf`, whose
 * numbers are too: llama.cpp looks up GELU in half precision, which may decide between like tokens.
 */
export const exactFormats: ReadonlySet<ExportFormat> = new Set([
  'huggingface',
  'onnx',
  'tensorflowjs',
  'predictor',
]);

/** Which of a run's students: the best by validation, the newest, or one that `keepEvery` kept. */
export const CheckpointChoice = z.discriminatedUnion('which', [
  z.strictObject({ which: z.literal('best') }),
  z.strictObject({ which: z.literal('last') }),
  z.strictObject({ which: z.literal('step'), step: Count }),
]);
export type CheckpointChoice = z.infer<typeof CheckpointChoice>;

export const ExportFile = z.strictObject({ name: z.string(), bytes: Count, sha256: z.string() });
export type ExportFile = z.infer<typeof ExportFile>;

/** Validation rows that an export is tried on, unless another number is asked for. */
export const usualProofRows = 200;

/** What came of opening a written folder and letting it answer rows that the run's student answers. */
export const ExportProof = z.strictObject({
  rows: Count,
  /** Rows whose label and rationale are the same tokens as the run's student writes, greedily. */
  equal: Count,
  /** Test in exports of earlier versions. */
  part: Part.default('test'),
  /** What opened it, for example `TensorFlow.js 4.22.0 (WebAssembly)`; null: the app itself, as earlier versions did. */
  openedWith: z.string().nullable().default(null),
  /** What trained the run. */
  trainedWith: z.string().nullable().default(null),
  /** Whether every row had to be equal for the export to be kept. */
  exact: z.boolean().default(true),
  /** Of the rows with a gold label, right answers of the run's student and of the export. */
  accuracy: z
    .strictObject({
      run: Accuracy,
      exported: Accuracy,
      /** Accuracy of the export less that of the run's student, paired, 95%. */
      difference: Interval,
    })
    .nullable()
    .default(null),
});
export type ExportProof = z.infer<typeof ExportProof>;

/** Whether the rows show an export to be less accurate than the run's student, see `isReal`. */
export const isLessAccurate = ({ accuracy }: Pick<ExportProof, 'accuracy'>): boolean =>
  accuracy !== null &&
  accuracy.difference.value < 0 &&
  isReal(accuracy.difference, accuracy.run.rows);

export const ExportRecord = z.strictObject({
  id: Id,
  projectId: Id,
  runId: Id,
  format: ExportFormat,
  /** The step of the checkpoint that was written; null for a training bundle, and where an earlier version did not say. */
  step: Count.nullable(),
  folder: z.string(),
  files: z.array(ExportFile),
  /** Null where nothing here can open it: a training bundle carries the losses it must come to. */
  proof: ExportProof.nullable(),
  createdAt: Time,
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/** A program text that asks one export, as it was run in tests. */
export const ExportSnippet = z.strictObject({
  language: z.enum(['python', 'javascript', 'html', 'shell']),
  title: z.string(),
  code: z.string(),
});
export type ExportSnippet = z.infer<typeof ExportSnippet>;

/** What can be exported of a run, and how big it gets. */
export const ExportOptions = z.strictObject({
  /** Best first, then the newest, then those that were kept, latest first. */
  checkpoints: z.array(
    z.strictObject({
      choice: CheckpointChoice,
      step: Count,
      /** Validation accuracy at that step; null where it was not measured. */
      validation: z.number().nullable(),
    }),
  ),
  formats: z.array(
    z.strictObject({
      format: ExportFormat,
      /** Roughly, from the student's numbers; the file says it exactly. */
      bytes: Count,
      /** Null: it can be written. Otherwise a sentence. */
      refused: z.string().nullable(),
    }),
  ),
  /** Where exports go unless another folder is chosen, and what is free there. */
  folder: z.string(),
  freeBytes: Count,
  /** The name that folders begin with when none is given. */
  name: z.string(),
  validationRows: Count,
});
export type ExportOptions = z.infer<typeof ExportOptions>;

/** What a check of a folder's files against its certificate found. */
export const ExportCheck = z.strictObject({
  /** False as soon as anything below is not empty. */
  whole: z.boolean(),
  checked: Count,
  changed: z.array(z.string()),
  missing: z.array(z.string()),
  /** Files that the certificate does not know; they alone do not make a folder unsound. */
  added: z.array(z.string()),
  /** SHA-256 of the certificate itself: two copies with the same one were certified together. */
  certificate: z.string(),
});
export type ExportCheck = z.infer<typeof ExportCheck>;

// ---------------------------------------------------------------- what lies in a folder

/**
 * From which confidence on the student's answer is used, and what that did: chosen on validation rows,
 * confirmed on test rows. Below it the teacher is to be asked. The confidence is the probability that
 * the student gave to its label: the product over the label's tokens, end token included.
 */
export const ManifestCascade = z.strictObject({
  threshold: z.number(),
  target: CascadeTarget,
  teacher: z.string(),
  validation: CascadePoint,
  test: CascadePoint,
  testTeacher: Accuracy,
});
export type ManifestCascade = z.infer<typeof ManifestCascade>;

/** Where a student comes from: what its run says, for whoever opens the folder elsewhere. */
export const StudentOrigin = z.strictObject({
  project: z.string(),
  run: z.string(),
  settings: RunSettings,
  settingsHash: z.string(),
  step: Count.nullable(),
  trainRows: Count,
  rationaleRows: Count,
  parameters: Count.nullable(),
  engine: z.string().nullable(),
  /** Validation accuracy of this checkpoint; null where it was not measured. */
  validation: z.number().nullable(),
  teacher: z.string().nullable(),
  /** Generated rows or a practice teacher: for learning the tool, not for use. */
  synthetic: z.boolean(),
});
export type StudentOrigin = z.infer<typeof StudentOrigin>;

/** What an exported folder says about itself beside the files of its format (`stepwise.json`). */
export const StudentManifest = z.strictObject({
  format: z.literal(1),
  method: Method,
  task: Task,
  labels: z.array(z.string()),
  labelPrefix: z.string(),
  rationalePrefix: z.string().nullable(),
  /** Of a `single-task` student, what stands between rationale and label. */
  answerMark: z.string().nullable().default(null),
  /** Of a `rationale-input` student, what stands before the teacher's rationale in its input. */
  rationaleMark: z.string().nullable().default(null),
  maxInputTokens: z.number().int().min(1).max(4_096),
  maxLabelTokens: z.number().int().min(1).max(4_096),
  maxRationaleTokens: z.number().int().min(1).max(4_096),
  /** Only in exports, and of students with a saved cascade. */
  cascade: ManifestCascade.optional(),
  /** Only in exports. */
  origin: StudentOrigin.optional(),
});
export type StudentManifest = z.infer<typeof StudentManifest>;

/** `certificate.json` of an exported folder: what it is, how it was tried, and the hash of every other file. */
export const ExportCertificate = z.strictObject({
  format: z.literal(1),
  exported: ExportFormat,
  createdAt: Time,
  /** Of the studio and of what it wrote and tried the folder with, by name. */
  versions: z.record(z.string(), z.string()),
  student: z.strictObject({
    project: z.string(),
    run: z.string(),
    runId: Id,
    settingsHash: z.string(),
    step: Count.nullable(),
  }),
  /** Null where nothing here can open it. */
  proof: ExportProof.nullable(),
  /** By name, folders parted with `/`. */
  files: z.array(ExportFile),
});
export type ExportCertificate = z.infer<typeof ExportCertificate>;

// ---------------------------------------------------------------- a student comes back in

/** Where an imported student's folder was, and what it said of itself. */
export const ImportedFrom = z.strictObject({
  folder: z.string(),
  /** Of configuration, weights and tokenizer together. */
  sha256: z.string(),
  /** What its files were; `training`: trained elsewhere from a training bundle. Null for a folder that is none of our exports. */
  exported: ExportFormat.nullable(),
  /** Null for a folder that does not say. */
  origin: StudentOrigin.nullable(),
  /** Whether every file was as its certificate says; null without a certificate. */
  whole: z.boolean().nullable(),
  /**
   * Rows of the split's test part whose input the student was trained on, where the folder says what it
   * was trained on; its test score is too good. Null where it does not.
   */
  seenTestRows: Count.nullable().default(null),
});
export type ImportedFrom = z.infer<typeof ImportedFrom>;

/** How a folder that does not say it itself is to be asked. */
export const ImportedAsking = z.strictObject({
  method: Method,
  labelPrefix: z.string().max(64),
  rationalePrefix: z.string().max(64),
});
export type ImportedAsking = z.infer<typeof ImportedAsking>;

/** A folder that is to become a student of a split, as it was found. */
export const ImportReport = z.strictObject({
  from: ImportedFrom,
  name: z.string(),
  /** What keeps it from being imported, and what a person should know. */
  findings: z.array(
    z.strictObject({
      severity: z.enum(['error', 'warning']),
      message: z.string(),
      hint: z.string(),
    }),
  ),
  family: StudentReport.shape.family,
  parameters: Count.nullable(),
  /** How the weights lie in the file, and stay: float32, bfloat16 or float16. */
  storedAs: z.string().nullable(),
  /** Of what is copied. */
  bytes: Count,
  /** Null: a person has to say. */
  asking: ImportedAsking.nullable(),
  /** Of the split's test part; `from.seenTestRows` are those that it was trained on. */
  testRows: Count,
});
export type ImportReport = z.infer<typeof ImportReport>;
