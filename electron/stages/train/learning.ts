import type { RunSettings, StudentPreset, StudentReport } from '../../contract/entities.ts';
import { presetDefaults } from '../../model/presets.ts';

/** What decides how a student is best trained. */
export interface LearningInput {
  readonly preset: StudentPreset;
  /** Set where `preset` is `folder`. */
  readonly student: Pick<StudentReport, 'parameters' | 'trainingBytes' | 'memoryBytes'> | null;
  readonly lora: boolean;
  /** Rows of the training part. */
  readonly rows: number;
}

/** The settings that say how a student learns, whatever it learns. */
export type Learning = Pick<
  RunSettings,
  | 'optimizer'
  | 'learningRate'
  | 'schedule'
  | 'weightDecay'
  | 'warmupShare'
  | 'clipNorm'
  | 'batchSize'
  | 'accumulate'
  | 'steps'
  | 'dropout'
  | 'evaluateEvery'
  | 'validationRows'
  | 'vocabularySize'
  | 'earlyStopping'
  | 'lora'
>;

/**
 * How a student is trained unless a person says otherwise: the same for all five methods. AdamW and
 * Adafactor divide by the gradient's own size, so that another weight of a loss asks for no other
 * rate, and methods that are compared differ in nothing but the method.
 */
export function suggestLearning(input: LearningInput): Learning {
  return input.preset === 'folder' ? pretrained(input) : fromScratch(input.preset, input);
}

/**
 * `micro` keeps the recipe that was measured for it. Larger ones see each row at least ten times, as
 * `micro` does on the sample project; of very many rows, a bounded number of steps is enough to see
 * where it leads.
 */
function fromScratch(
  preset: Exclude<StudentPreset, 'folder'>,
  { rows, lora }: LearningInput,
): Learning {
  const recipe = presetDefaults[preset];
  const steps = preset === 'micro' ? recipe.steps : stepsFor(rows, recipe.batchSize, scratch);
  const longer = steps > recipe.steps;
  const evaluateEvery = longer ? evaluationInterval(steps) : recipe.evaluateEvery;
  return {
    ...recipe,
    ...{ optimizer: 'adamw', schedule: 'linear', accumulate: 1, dropout: 0 },
    ...{ steps: Math.max(steps, recipe.steps), evaluateEvery },
    learningRate: lora ? ADAPTER_FACTOR * recipe.learningRate : recipe.learningRate,
    earlyStopping: steps >= LONG_RUN ? { patience: PATIENCE } : null,
    lora: lora ? adapters : null,
  };
}

/**
 * A pretrained T5.
 *
 * - Learning rate with AdamW: 1e-4 to 3e-4 (Hugging Face's documentation of T5), the lower the larger
 *   the student; the published code of Distilling Step-by-Step takes 5e-5 from 220 million parameters
 *   up (run.py), with far more steps. Fusion-in-Decoder took 1e-4 for base and 5e-5 for large.
 * - Adapters: ten times that, since the rate of whole matrices leaves them where they start (Schulman
 *   et al. 2025, LoRA Without Regret); at most 1e-3, which PEFT's example takes for mT0.
 * - Adafactor at a constant 1e-3 (Raffel et al. 2020, section 3.1.2) where AdamW's two moments of
 *   each parameter do not fit into memory.
 * - 32 rows a step: half of the published code's 64, for processors; in micro-batches that fit most
 *   machines. Dropout 0.1 as in T5's own fine-tuning (section 3.1.2).
 */
function pretrained({ student, rows, lora }: LearningInput): Learning {
  const parameters = student?.parameters ?? 0;
  const steps = stepsFor(rows, PRETRAINED_ROWS, tuned);
  const tight = !lora && student !== null && !fits(student);
  const batchSize = parameters > SMALL ? 8 : 16;
  return {
    ...presetDefaults.small,
    optimizer: tight ? 'adafactor' : 'adamw',
    learningRate: tight ? 1e-3 : rateOf(parameters, lora),
    schedule: tight ? 'constant' : 'linear',
    batchSize,
    accumulate: PRETRAINED_ROWS / batchSize,
    steps,
    dropout: 0.1,
    evaluateEvery: evaluationInterval(steps),
    earlyStopping: { patience: PATIENCE },
    lora: lora ? adapters : null,
  };
}

function rateOf(parameters: number, lora: boolean): number {
  const whole = parameters <= SMALL ? 3e-4 : parameters <= BASE ? 1e-4 : 5e-5;
  return lora ? Math.min(1e-3, ADAPTER_FACTOR * whole) : whole;
}

/** Whether training all of it leaves a fifth of the free memory, for activations and everything else. */
function fits({ trainingBytes, memoryBytes }: NonNullable<LearningInput['student']>): boolean {
  return trainingBytes === null || trainingBytes.full <= 0.8 * memoryBytes.available;
}

/** Up to the size of T5 small and Flan-T5 small; up to that of the base models. */
const SMALL = 100e6;
const BASE = 400e6;

const PRETRAINED_ROWS = 32;
const PATIENCE = 5;
/** So many steps are worth stopping early. */
const LONG_RUN = 3_000;

const ADAPTER_FACTOR = 10;
const adapters = { rank: 16, alpha: 32 } as const;

interface Span {
  readonly epochs: number;
  readonly least: number;
  readonly most: number;
}

const scratch: Span = { epochs: 10, least: 100, most: 20_000 };
/** The published code takes 10000 steps; early stopping ends most runs long before. */
const tuned: Span = { epochs: 30, least: 500, most: 10_000 };

/** Steps that see each row so many times, in whole hundreds. */
function stepsFor(rows: number, perStep: number, { epochs, least, most }: Span): number {
  const steps = 100 * Math.ceil((epochs * rows) / perStep / 100);
  return Math.min(most, Math.max(least, steps));
}

/** Fourteen evaluations or so, at a round number of steps: 11 to 18 where there are a hundred steps. */
export function evaluationInterval(steps: number): number {
  const wanted = steps / 14;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  const round = [1, 1.5, 2, 3, 5, 7.5, 10].map((factor) => Math.max(1, Math.round(factor * power)));
  const off = (every: number) => Math.abs(Math.log(every / wanted));
  return round.reduce((best, every) => (off(every) < off(best) ? every : best));
}
