import { z } from 'zod';
import { Accuracy, Count, ExampleId, Id, Part, Task, Time } from './basics.ts';
import { TeacherKind } from './teacher.ts';

export { Accuracy, ExampleId, Id, Part, Percentiles, Task } from './basics.ts';
export * from './teacher.ts';
export * from './extraction.ts';
export * from './data.ts';
export * from './review.ts';
export * from './split.ts';

/** What a student is computed with; see `EngineReport`. */
export const EngineId = z.enum(['cpu', 'webgpu', 'cuda', 'tensorflow']);
export type EngineId = z.infer<typeof EngineId>;

export const Project = z.strictObject({
  id: Id,
  name: z.string(),
  task: Task,
  /** The label set of a classification project; empty for other tasks. */
  labels: z.array(z.string()),
  /** True for the sample project: its rows are generated, and every screen says so. */
  synthetic: z.boolean(),
  createdAt: Time,
});
export type Project = z.infer<typeof Project>;

// ---------------------------------------------------------------- training

export const Method = z.enum(['finetune', 'distill', 'step-by-step']);
export type Method = z.infer<typeof Method>;

export const StudentPreset = z.enum(['micro']);
export type StudentPreset = z.infer<typeof StudentPreset>;

/**
 * Settings that runs of earlier versions have not saved. Each default is what those runs did, so
 * that they are read with the meaning they had.
 */
const LaterRunSettings = z.strictObject({
  optimizer: z.enum(['adamw', 'adafactor']).default('adamw'),
  /** The course of the learning rate after its warm-up. */
  schedule: z.enum(['linear', 'constant', 'cosine']).default('linear'),
  /** Micro-batches of `batchSize` rows that make up one step. */
  accumulate: z.number().int().min(1).max(1_024).default(1),
  /** Whether they equal one big batch, or the mean of their own losses is learned from. */
  accumulation: z.enum(['token-weighted', 'mean-of-means']).default('token-weighted'),
  dropout: z.number().min(0).lt(1).default(0),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /** Train small additions to frozen matrices instead of the matrices (Hu et al. 2021). */
  lora: z
    .strictObject({ rank: z.number().int().min(1).max(1_024), alpha: z.number().gt(0) })
    .nullable()
    .default(null),
  engine: EngineId.default('cpu'),
  /** Whether a row whose rationale is not learned still teaches its label, or is left out. */
  withoutRationale: z.enum(['label-only', 'drop']).default('label-only'),
  /**
   * Of a row's kept rationales: the chosen one; all, each as an example of its own (Li et al. 2023,
   * Symbolic Chain-of-Thought Distillation); or another one drawn in each epoch.
   */
  rationalesPerRow: z.enum(['chosen', 'all', 'sampled']).default('chosen'),
  /** With `healthy`: rationales of rows with this suspicion or more are not learned. */
  suspicionLimit: z.number().int().min(1).max(100).default(3),
});

/** What a run does where its settings say nothing. */
export const runSettingsDefaults = LaterRunSettings.parse({});

export const RunSettings = z.strictObject({
  method: Method,
  /** Which label the label task learns; `finetune` is always gold, `distill` always teacher. */
  labelSource: z.enum(['gold', 'teacher']),
  /**
   * Which rationales the rationale task learns from: every parsed one, those where teacher and gold
   * agree, those that a person accepted, or those without grave flags. Rejected ones never.
   */
  rationales: z.enum(['parsed', 'agrees-with-gold', 'accepted', 'healthy']),
  /** L = L_label + lambda * L_rationale (paper section 3.2). */
  lambda: z.number().min(0).max(100),
  preset: StudentPreset,
  labelPrefix: z.string().max(64),
  rationalePrefix: z.string().max(64),
  steps: z.number().int().min(1).max(1_000_000),
  batchSize: z.number().int().min(1).max(512),
  learningRate: z.number().gt(0).max(1),
  weightDecay: z.number().min(0).max(1),
  warmupShare: z.number().min(0).max(1),
  clipNorm: z.number().gt(0).max(1_000),
  /** Decode the validation part every n steps. */
  evaluateEvery: z.number().int().min(1),
  /** At most this many validation rows are decoded at each evaluation during training. */
  validationRows: z.number().int().min(1),
  maxInputTokens: z.number().int().min(8).max(4_096),
  maxLabelTokens: z.number().int().min(2).max(1_024),
  maxRationaleTokens: z.number().int().min(2).max(1_024),
  vocabularySize: z.number().int().min(300).max(32_000),
  seed: z.number().int().nonnegative(),
  ...LaterRunSettings.shape,
});
export type RunSettings = z.infer<typeof RunSettings>;

export const Run = z.strictObject({
  id: Id,
  projectId: Id,
  splitId: Id,
  extractionId: Id.nullable(),
  name: z.string(),
  settings: RunSettings,
  settingsHash: z.string(),
  jobId: Id.nullable(),
  trainRows: Count,
  rationaleRows: Count,
  parameters: Count.nullable(),
  engine: z.string().nullable(),
  /** The step whose checkpoint is kept as best, chosen by validation accuracy, never by test. */
  bestStep: Count.nullable(),
  bestValidation: z.number().nullable(),
  createdAt: Time,
});
export type Run = z.infer<typeof Run>;

export const MetricPoint = z.strictObject({
  step: z.number().int().positive(),
  /** Mean cross-entropy per label token, nats. */
  labelLoss: z.number(),
  /** Mean cross-entropy per rationale token, nats; null for methods without a rationale task. */
  rationaleLoss: z.number().nullable(),
  loss: z.number(),
  learningRate: z.number(),
  /** Global L2 norm before clipping. */
  gradientNorm: z.number(),
  tokensPerSecond: z.number(),
  /** Correct and decoded validation rows, where this step ended with an evaluation. */
  validation: z.strictObject({ correct: Count, rows: Count }).nullable(),
});
export type MetricPoint = z.infer<typeof MetricPoint>;

// ---------------------------------------------------------------- compare, export

export const Scoreboard = z.strictObject({
  splitId: Id,
  part: Part,
  rows: Count,
  withGold: Count,
  /** How often scores on the test part of this split were looked at, this time included. */
  looks: Count,
  teacher: z
    .strictObject({
      extractionId: Id,
      kind: TeacherKind,
      name: z.string(),
      unparsed: Count,
      score: Accuracy,
      /** US dollars that its extraction cost in all; null where it has no price. */
      cost: z.number().nonnegative().nullable(),
    })
    .nullable(),
  students: z.array(
    z.strictObject({
      runId: Id,
      name: z.string(),
      method: Method,
      labelSource: z.enum(['gold', 'teacher']),
      evaluationId: Id,
      score: Accuracy,
    }),
  ),
});
export type Scoreboard = z.infer<typeof Scoreboard>;

export const Answer = z.strictObject({
  label: z.string().nullable(),
  rationale: z.string().nullable(),
  correct: z.boolean().nullable(),
});
export type Answer = z.infer<typeof Answer>;

export const ComparisonRow = z.strictObject({
  exampleId: ExampleId,
  externalId: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  gold: z.string().nullable(),
  teacher: Answer.nullable(),
  /** In the order of the run ids that were asked for. */
  students: z.array(Answer),
});
export type ComparisonRow = z.infer<typeof ComparisonRow>;

export const ExportRecord = z.strictObject({
  id: Id,
  projectId: Id,
  runId: Id,
  folder: z.string(),
  files: z.array(z.strictObject({ name: z.string(), bytes: Count, sha256: z.string() })),
  /** Rows decoded from the written folder and compared with the app's own predictions. */
  proof: z.strictObject({ rows: Count, equal: Count }),
  createdAt: Time,
});
export type ExportRecord = z.infer<typeof ExportRecord>;

export const StudentAnswer = z.strictObject({
  label: z.string(),
  rationale: z.string().nullable(),
  milliseconds: z.number().nonnegative(),
});
export type StudentAnswer = z.infer<typeof StudentAnswer>;

export const EngineReport = z.strictObject({
  id: EngineId,
  available: z.boolean(),
  /** Plain words: what it is and what is notable, or why it can't be used here and what helps. */
  detail: z.string(),
  /** Name of the processor or the graphics adapter; null where the system does not tell. */
  device: z.string().nullable(),
  /** 10^9 operations a second in a float32 matrix product; null when not measured. */
  gflops: z.number().positive().nullable(),
  /** One training step of the `micro` student at its usual batch; null when not measured. */
  stepMilliseconds: z.number().positive().nullable(),
  /** Operations of a student that run on the processor although the engine is a GPU's. */
  fallbacks: z.array(z.string()),
  /** The fastest measured training step; never set without a measurement. */
  recommended: z.boolean(),
});
export type EngineReport = z.infer<typeof EngineReport>;

export const Preferences = z.strictObject({
  language: z.enum(['system', 'en', 'ko']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Name that a person's reviews carry when they are exported; empty until they say it. */
  reviewer: z.string().max(80).default(''),
  /** Whether single letters are commands of the review; off for who presses them without meaning to. */
  shortcuts: z.boolean().default(true),
});
export type Preferences = z.infer<typeof Preferences>;
