import { z } from 'zod';
import { Count, Id, Time } from './basics.ts';

/** What a student is computed with; see `EngineReport`. */
export const EngineId = z.enum(['cpu', 'webgpu', 'cuda', 'tensorflow']);
export type EngineId = z.infer<typeof EngineId>;

/** How a student is trained; ARCHITECTURE.md, "Methods", has what each learns and needs. */
export const Method = z.enum([
  'finetune',
  'distill',
  'step-by-step',
  'rationale-input',
  'single-task',
]);
export type Method = z.infer<typeof Method>;

/** Shapes that are trained from scratch, and `folder`: a student of the workspace's list. */
export const StudentPreset = z.enum(['micro', 'mini', 'small', 'folder']);
export type StudentPreset = z.infer<typeof StudentPreset>;

/** The pretrained student that a run starts from. The hash tells whether its files are still the same. */
export const StudentChoice = z.strictObject({ id: Id, name: z.string(), sha256: z.string() });
export type StudentChoice = z.infer<typeof StudentChoice>;

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
  /**
   * How the two losses are put together: L_label + lambda * L_rationale (the paper), or
   * alpha * L_label + (1 - alpha) * L_rationale with alpha = 1 / (1 + lambda) (its published code).
   * The direction is the same; the scale is not, which clipping and weight decay notice.
   */
  lossForm: z.enum(['lambda', 'alpha']).default('lambda'),
  /**
   * What the tokenizer of a student from scratch is learned from: the texts that this run reads and
   * writes, or inputs, labels and rationales of all its training rows, so that it is the same one for
   * every method.
   */
  tokenizer: z.enum(['own', 'shared']).default('own'),
  /** Set exactly where `preset` is `folder`. */
  student: StudentChoice.nullable().default(null),
  /** Parts that stay as they are; freezing the encoder freezes the embeddings that it reads. */
  freeze: z.array(z.enum(['embeddings', 'encoder'])).default([]),
  /**
   * Weight of the mutual-information term: the cross-entropy between the output distributions of
   * the explain task and the predict task (Chen et al. 2024, arXiv 2403.03348; there 0.1).
   */
  mutualInformation: z.number().min(0).max(10).default(0),
  /** Rationales that a student learns to write are cut at the last sentence that ends within this many tokens; null: only at `maxRationaleTokens`. */
  rationaleCap: z.number().int().min(4).max(1_024).nullable().default(null),
  /** Share of rows whose rationale is left out, drawn anew in each epoch. */
  rationaleDropout: z.number().min(0).lt(1).default(0),
  /** Stands between rationale and label in the one target of `single-task`. */
  answerMark: z.string().trim().min(1).max(64).default('Answer:'),
  /** Stands before the teacher's rationale in the input of `rationale-input`. */
  rationaleMark: z.string().trim().min(1).max(64).default('Rationale:'),
  /**
   * Share of the training part's rows that is used. Shares are nested: a seed's smaller share is
   * part of its larger one, whatever the method.
   */
  trainShare: z.number().gt(0).max(1).default(1),
  /** Stop when so many evaluations in a row brought no better validation; null: never. */
  earlyStopping: z
    .strictObject({ patience: z.number().int().min(1).max(1_000) })
    .nullable()
    .default(null),
  /** Beside the best and the newest, keep the student of every n-th evaluation; null: none. */
  keepEvery: z.number().int().min(1).max(1_000).nullable().default(null),
});

/** What a run does where its settings say nothing. */
export const runSettingsDefaults = LaterRunSettings.parse({});

export const RunSettings = z.strictObject({
  method: Method,
  /** Which label the student learns; `finetune` is always gold, `distill` always teacher. */
  labelSource: z.enum(['gold', 'teacher']),
  /**
   * Which rationales are learned from: every parsed one, those where teacher and gold agree, those
   * that a person accepted, or those without grave flags. Rejected ones never.
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
  /** Of x; `rationale-input` adds `maxRationaleTokens` for the rationale that it reads. */
  maxInputTokens: z.number().int().min(8).max(4_096),
  /** Of y; `single-task` adds `maxRationaleTokens` for the rationale that it writes first. */
  maxLabelTokens: z.number().int().min(2).max(1_024),
  maxRationaleTokens: z.number().int().min(2).max(1_024),
  vocabularySize: z.number().int().min(300).max(32_000),
  seed: z.number().int().nonnegative(),
  ...LaterRunSettings.shape,
});
export type RunSettings = z.infer<typeof RunSettings>;

/** How a run came to its end; of the last, its job has failed. */
export const RunEnd = z.strictObject({
  reason: z.enum(['steps-done', 'early-stopping', 'kept-best', 'median-rule', 'diverged']),
  step: Count,
  at: Time,
});
export type RunEnd = z.infer<typeof RunEnd>;

export const Run = z.strictObject({
  id: Id,
  projectId: Id,
  splitId: Id,
  extractionId: Id.nullable(),
  name: z.string(),
  settings: RunSettings,
  settingsHash: z.string(),
  /** The job that trains it alone; null for a run that a study trains. */
  jobId: Id.nullable(),
  /** The study that made it. */
  studyId: Id.nullable(),
  /** The run whose settings it was made from. */
  parentId: Id.nullable(),
  /** Both 0 of an imported student that does not say how it was trained; see {@link isTrainingKnown}. */
  trainRows: Count,
  rationaleRows: Count,
  parameters: Count.nullable(),
  engine: z.string().nullable(),
  /** The step whose checkpoint is kept as best, chosen by validation accuracy, never by test. */
  bestStep: Count.nullable(),
  bestValidation: z.number().nullable(),
  /** Null until it has ended for good; a paused or interrupted run has not. */
  ended: RunEnd.nullable(),
  /** Whether it was not trained here but imported; `ImportedFrom` says from where. */
  imported: z.boolean().default(false),
  createdAt: Time,
});
export type Run = z.infer<typeof Run>;

/**
 * Whether rows, steps and settings of a run are facts. A folder from elsewhere may say nothing of its
 * training; its run then has only what a person said of how it is asked. No training learns no rows.
 */
export const isTrainingKnown = ({
  imported,
  trainRows,
}: Pick<Run, 'imported' | 'trainRows'>): boolean => !imported || trainRows > 0;

/** Gradient norms of the two terms of a loss, weights included. */
export const TaskBalance = z.strictObject({ labelNorm: z.number(), rationaleNorm: z.number() });
export type TaskBalance = z.infer<typeof TaskBalance>;

export const MetricPoint = z.strictObject({
  step: z.number().int().positive(),
  /** Mean cross-entropy per label token, nats; of `single-task`, per token of its one target. */
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
  /** Resident memory of the numeric process; null where an earlier version did not look. */
  memoryBytes: Count.nullable().default(null),
  /** The mutual-information term, unweighted; null without it. */
  mutualInformation: z.number().nullable().default(null),
  /** Of the batch that an evaluation came after; null elsewhere and with one task alone. */
  balance: TaskBalance.nullable().default(null),
});
export type MetricPoint = z.infer<typeof MetricPoint>;

/** A point with the 95% interval (Wilson) of its validation accuracy. */
export const CurvePoint = MetricPoint.extend({
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

/** One side's gradient is this many times the other's before it is said to starve it. */
export const starvingRatio = 10;

/**
 * The task that learns next to nothing because the other's gradient drowns it, at the last two
 * evaluations; null where neither does. Gradients, not losses: a long text has a small loss per
 * token and can still pull the model its way.
 */
export function starvedTask(points: readonly MetricPoint[]): 'label' | 'rationale' | null {
  const last = points.flatMap(({ balance }) => (balance ? [balance] : [])).slice(-2);
  if (last.length < 2) return null;
  if (last.every((norms) => norms.rationaleNorm > starvingRatio * norms.labelNorm)) return 'label';
  if (last.every((norms) => norms.labelNorm > starvingRatio * norms.rationaleNorm)) {
    return 'rationale';
  }
  return null;
}

/** Validation rows that are decoded again at every evaluation, to watch what the student writes. */
export const watchedRows = 8;

export const RunSamples = z.strictObject({
  rows: z.array(
    z.strictObject({ input: z.string(), gold: z.string(), rationale: z.string().nullable() }),
  ),
  /** Oldest evaluation first; answers in the order of `rows`. */
  evaluations: z.array(
    z.strictObject({
      step: Count,
      answers: z.array(
        z.strictObject({
          label: z.string(),
          rationale: z.string().nullable(),
          correct: z.boolean(),
        }),
      ),
    }),
  ),
});
export type RunSamples = z.infer<typeof RunSamples>;

// ---------------------------------------------------------------- pretrained students

/** Something about a folder that a person should know; errors keep it from being used. */
export const StudentFinding = z.strictObject({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string(),
});
export type StudentFinding = z.infer<typeof StudentFinding>;

/** A Hugging Face folder as it was found. Nothing but `findings` is known of one that can't be read. */
export const StudentReport = z.strictObject({
  folder: z.string(),
  usable: z.boolean(),
  findings: z.array(StudentFinding),
  family: z.enum(['T5', 'T5 v1.1', 'mT5']).nullable(),
  parameters: Count.nullable(),
  layers: z.strictObject({ encoder: Count, decoder: Count, width: Count, heads: Count }).nullable(),
  vocabulary: Count.nullable(),
  tokenizerTokens: Count.nullable(),
  /** How the weights lie in the file: float32, bfloat16 or float16. */
  storedAs: z.string().nullable(),
  fileBytes: Count.nullable(),
  /** Of training it here at one row a time, whole and with adapters: weights, gradients, moments. */
  trainingBytes: z.strictObject({ full: Count, lora: Count }).nullable(),
  memoryBytes: z.strictObject({ available: Count, total: Count }),
  /** Of configuration, weights and tokenizer together. */
  sha256: z.string().nullable(),
});
export type StudentReport = z.infer<typeof StudentReport>;

/** A pretrained student that runs of any project can start from. */
export const Student = z.strictObject({
  id: Id,
  name: z.string(),
  folder: z.string(),
  report: StudentReport,
  addedAt: Time,
});
export type Student = z.infer<typeof Student>;

// ---------------------------------------------------------------- before a run

/** What a run will need and take, tried and timed on its own rows. */
export const Preflight = z.strictObject({
  engine: EngineId,
  device: z.string().nullable(),
  threads: Count,
  parameters: Count,
  /** Fewer than all with adapters or frozen parts. */
  trainable: Count,
  /** Rows of a step that fit into memory, found by trying the longest ones. */
  batch: z.strictObject({
    /** Rows of a step that were asked for: `batchSize` times `accumulate`. */
    wanted: Count,
    /** Rows at once that fit, and how often: together as few more than wanted as can be. */
    size: Count,
    accumulate: Count,
    tried: z.array(z.strictObject({ rows: Count, bytes: Count, fits: z.boolean() })),
  }),
  memory: z.strictObject({
    /** Most that the numeric process had, at the size that is suggested. */
    needed: Count,
    available: Count,
    total: Count,
  }),
  time: z.strictObject({
    /** Of timed steps, median; and one evaluation of the validation rows. */
    step: z.number().nonnegative(),
    timedSteps: Count,
    evaluation: z.number().nonnegative(),
    /** Of the whole run, seconds. */
    total: z.number().nonnegative(),
    epochs: z.number().nonnegative(),
    /** Something else was computing, the studio or another program, so the times are too long. */
    busy: z.boolean(),
  }),
  /** What will be written: where runs have their folders, most bytes of this one at once, and what is free there. */
  disk: z.strictObject({ folder: z.string(), bytes: Count, free: Count }),
  /** Of the `rows` that were looked at (of very many a sample), those whose text is too long, and is cut. */
  cut: z.strictObject({ rows: Count, inputs: Count, labels: Count, rationales: Count }),
});
export type Preflight = z.infer<typeof Preflight>;
