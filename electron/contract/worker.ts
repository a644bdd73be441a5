import { z } from 'zod';
import {
  EngineId,
  ExportFormat,
  MetricPoint,
  Preflight,
  RunEnd,
  RunSamples,
  RunSettings,
  Task,
} from './entities.ts';
import { ErrorValue } from './errors.ts';

/** The numeric child process: what main asks of it and what it reports. It never opens the store. */

/** One row to train on, already composed: choices are part of `input`. */
export const TrainRow = z.strictObject({
  input: z.string(),
  label: z.string(),
  /**
   * What explains the label, each an example of its own; in a run that draws, those to draw from.
   * Empty where there is none to learn from; the label is still learned.
   */
  rationales: z.array(z.string()),
});
export type TrainRow = z.infer<typeof TrainRow>;

/** One row to be decoded and scored against `gold`. */
export const ScoredRow = z.strictObject({
  input: z.string(),
  gold: z.string(),
  choices: z.array(z.string()).nullable(),
  /** The teacher's, which `rationale-input` reads; null where there is none. */
  rationale: z.string().nullable(),
});
export type ScoredRow = z.infer<typeof ScoredRow>;

export const TrainTask = z.strictObject({
  kind: z.literal('train'),
  /** Folder of the run; checkpoints are `last/` and `best/` in it, each a Hugging Face folder with trainer state. */
  folder: z.string(),
  task: Task,
  labels: z.array(z.string()),
  settings: RunSettings,
  train: z.array(TrainRow),
  validation: z.array(ScoredRow),
  /** Where the pretrained student lies; null from scratch. */
  studentFolder: z.string().nullable(),
  /** What a `shared` tokenizer is learned from; null for one of the run's own texts. */
  tokenizerTexts: z.array(z.string()).nullable(),
  /** Continue from `last/` when it is there. */
  resume: z.boolean(),
});
export type TrainTask = z.infer<typeof TrainTask>;

export const TrainBatch = z.strictObject({
  kind: z.literal('train'),
  metrics: z.array(MetricPoint),
  /** Set when a checkpoint has been written whole and renamed into place. */
  checkpoint: z
    .strictObject({
      which: z.enum(['last', 'best']),
      step: z.number().int().nonnegative(),
      folder: z.string(),
      validation: z.number().nullable(),
    })
    .nullable(),
  /** What the process is doing, and how far. */
  step: z.number().int().nonnegative(),
  phase: z.enum(['preparing', 'working', 'evaluating', 'saving']),
  /** Told once, when the model is built. */
  model: z.strictObject({ parameters: z.number().int(), engine: z.string() }).nullable(),
  /** What the student wrote for the watched rows at the evaluation of `step`. */
  samples: RunSamples.shape.evaluations.element.nullable(),
  /** Told once, when there is nothing left to train. */
  ended: RunEnd.shape.reason.nullable(),
});
export type TrainBatch = z.infer<typeof TrainBatch>;

export const PredictTask = z.strictObject({
  kind: z.literal('predict'),
  /** A Hugging Face folder written by training or export. */
  folder: z.string(),
  inputs: z.array(z.string()),
  labelPrefix: z.string(),
  /** Null when the student was not taught to explain in a task of its own. */
  rationalePrefix: z.string().nullable(),
  /** Set for a student that writes rationale and label in one text: what parts them. */
  answerMark: z.string().nullable(),
  maxInputTokens: z.number().int(),
  maxLabelTokens: z.number().int(),
  maxRationaleTokens: z.number().int(),
  batchSize: z.number().int().min(1),
  /** `cpu` when absent. */
  engine: EngineId.optional(),
});
export type PredictTask = z.infer<typeof PredictTask>;

export const PredictBatch = z.strictObject({
  kind: z.literal('predict'),
  /** Index into `inputs` of the first answer. */
  offset: z.number().int().nonnegative(),
  answers: z.array(
    z.strictObject({
      label: z.string(),
      rationale: z.string().nullable(),
      /** Probability of the label as it was written, its end included; 0 without a label. */
      confidence: z.number().min(0).max(1),
      milliseconds: z.number().nonnegative(),
    }),
  ),
});
export type PredictBatch = z.infer<typeof PredictBatch>;

/** Times a student that answers with labels alone: one question at a time, then many at once. */
export const SpeedTask = z.strictObject({
  ...PredictTask.shape,
  kind: z.literal('speed'),
});
export type SpeedTask = z.infer<typeof SpeedTask>;

/** Sent once, at the end. */
export const SpeedBatch = z.strictObject({
  kind: z.literal('speed'),
  /** Milliseconds from each question to its label. */
  timings: z.array(z.number().nonnegative()).min(1),
  /** Questions a second, `batchSize` at once. */
  throughput: z.number().nonnegative(),
  /** Resident memory of the process. */
  memoryBytes: z.number().int().nonnegative(),
  engine: EngineId,
  threads: z.number().int().positive(),
  device: z.string().nullable(),
  /** Something else was computing just before or after. */
  busy: z.boolean(),
});
export type SpeedBatch = z.infer<typeof SpeedBatch>;

/** Opens one engine for real, so that a faulty driver ends this process and not the studio. */
export const EngineTask = z.strictObject({
  kind: z.literal('engine'),
  engine: EngineId,
  /** Also time it, which takes some seconds. */
  measure: z.boolean(),
});
export type EngineTask = z.infer<typeof EngineTask>;

/** Sent once, when the engine works. */
export const EngineBatch = z.strictObject({
  kind: z.literal('engine'),
  device: z.string().nullable(),
  threads: z.number().int().positive(),
  figures: z
    .strictObject({
      gflops: z.number().positive(),
      stepMilliseconds: z.number().positive(),
      projected: z.boolean(),
      fallbacks: z.array(z.string()),
    })
    .nullable(),
});
export type EngineBatch = z.infer<typeof EngineBatch>;

/** Tries a training for some steps: which batch fits into memory, and how long a step takes. */
export const PreflightTask = z.strictObject({
  kind: z.literal('preflight'),
  settings: RunSettings,
  /** A sample of the training rows that has the longest ones in it. */
  train: z.array(TrainRow),
  validation: z.array(ScoredRow),
  studentFolder: z.string().nullable(),
  tokenizerTexts: z.array(z.string()).nullable(),
  /** Resident bytes that the process may come to. */
  memoryLimit: z.number().int().positive(),
  /** Most rows that are tried at once; null: those of a whole step. */
  largest: z.number().int().min(1).nullable(),
  timedSteps: z.number().int().min(1).max(100),
});
export type PreflightTask = z.infer<typeof PreflightTask>;

export const PreflightBatch = z.strictObject({
  kind: z.literal('preflight'),
  device: z.string().nullable(),
  threads: z.number().int().positive(),
  parameters: z.number().int(),
  trainable: z.number().int(),
  batch: Preflight.shape.batch,
  neededBytes: z.number().int(),
  /** Milliseconds: median of the timed steps, one evaluation of all validation rows. */
  stepMilliseconds: z.number().nonnegative(),
  evaluationMilliseconds: z.number().nonnegative(),
  cut: Preflight.shape.cut,
});
export type PreflightBatch = z.infer<typeof PreflightBatch>;

/** Makes the process stay: it answers one question after another until it is ended. */
export const AskTask = z.strictObject({
  kind: z.literal('ask'),
  /** Students that are kept open, those asked last; at least the one that is asked. */
  keep: z.number().int().min(1),
  /** Bytes that the weights of all kept students may have together. */
  keepBytes: z.number().int().positive(),
  /** `cpu` when absent. */
  engine: EngineId.optional(),
});
export type AskTask = z.infer<typeof AskTask>;

/** One question to the student in a folder, which says itself how it is asked. */
export const StudentQuestion = z.strictObject({
  folder: z.string(),
  /** Composed: with its choices, and with the teacher's rationale where the student reads it. */
  input: z.string(),
  /** Labels whose probabilities are wanted; empty for none. */
  labels: z.array(z.string()),
  /** Of an exported folder, which is opened as its format is; absent for the checkpoint of a run. */
  format: ExportFormat.optional(),
});
export type StudentQuestion = z.infer<typeof StudentQuestion>;

export const StudentReply = z.strictObject({
  label: z.string(),
  rationale: z.string().nullable(),
  /** Probability that it gave to the label it wrote; null where it wrote none. */
  confidence: z.number().nullable(),
  /** In the order of the question's labels; they add up to 1. */
  probabilities: z.array(z.number()),
  /** From the question, with the student open, to the label, and to the rationale's end. */
  labelMilliseconds: z.number().nonnegative(),
  milliseconds: z.number().nonnegative(),
});
export type StudentReply = z.infer<typeof StudentReply>;

/** Writes a checkpoint in one format into a folder that holds `stepwise.json` and the model card already. */
export const WriteTask = z.strictObject({
  kind: z.literal('write'),
  format: ExportFormat,
  checkpoint: z.string(),
  folder: z.string(),
  /** What the run trains on, for a training bundle; null for every other format. */
  training: TrainTask.nullable(),
});
export type WriteTask = z.infer<typeof WriteTask>;

export const WriteBatch = z.strictObject({
  kind: z.literal('write'),
  /** Bytes written, and in all; both may be estimates until the end. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
export type WriteBatch = z.infer<typeof WriteBatch>;

/** Answers rows with a written folder, opened as its format is; or, without a format, with a checkpoint. */
export const ProveTask = z.strictObject({
  ...PredictTask.shape,
  kind: z.literal('prove'),
  format: ExportFormat.nullable(),
});
export type ProveTask = z.infer<typeof ProveTask>;

export const ProveBatch = z.strictObject({
  kind: z.literal('prove'),
  offset: z.number().int().nonnegative(),
  answers: z.array(
    z.strictObject({
      label: z.string(),
      rationale: z.string().nullable(),
      /** Token ids as they were written; see `ScoredAnswer`. */
      ids: z.array(z.number().int()),
      rationaleIds: z.array(z.number().int()).nullable(),
    }),
  ),
  /** What answered, with its version. */
  openedWith: z.string(),
});
export type ProveBatch = z.infer<typeof ProveBatch>;

export const WorkerTask = z.discriminatedUnion('kind', [
  TrainTask,
  PredictTask,
  EngineTask,
  PreflightTask,
  SpeedTask,
  AskTask,
  WriteTask,
  ProveTask,
]);
export type WorkerTask = z.infer<typeof WorkerTask>;
export const WorkerBatch = z.discriminatedUnion('kind', [
  TrainBatch,
  PredictBatch,
  EngineBatch,
  PreflightBatch,
  SpeedBatch,
  WriteBatch,
  ProveBatch,
]);
export type WorkerBatch = z.infer<typeof WorkerBatch>;

/**
 * All end the process. `pause` writes a checkpoint first; `finish` ends a training for good and
 * sees to it that there is a best student.
 */
export const StopReason = z.enum(['pause', 'cancel', 'finish']);
export type StopReason = z.infer<typeof StopReason>;

export const ToWorker = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), task: WorkerTask }),
  /** The batch with this number is committed; the worker keeps at most 8 unacknowledged. */
  z.strictObject({ type: z.literal('acknowledge'), seq: z.number().int().positive() }),
  z.strictObject({ type: z.literal('stop'), reason: StopReason }),
  /** For a process that stays; the next question comes when this one is answered. */
  z.strictObject({
    type: z.literal('question'),
    id: z.number().int().positive(),
    question: StudentQuestion,
  }),
  /** Nobody waits for the answer to this question any more. */
  z.strictObject({ type: z.literal('drop'), id: z.number().int().positive() }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

export const FromWorker = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('batch'),
    seq: z.number().int().positive(),
    batch: WorkerBatch,
  }),
  z.strictObject({ type: z.literal('done'), stopped: StopReason.nullable() }),
  z.strictObject({ type: z.literal('failed'), error: ErrorValue }),
  z.strictObject({
    type: z.literal('answer'),
    id: z.number().int().positive(),
    reply: StudentReply,
  }),
  /** A question without an answer; the process stays. */
  z.strictObject({
    type: z.literal('unanswered'),
    id: z.number().int().positive(),
    error: ErrorValue,
  }),
]);
export type FromWorker = z.infer<typeof FromWorker>;
