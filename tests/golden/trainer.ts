import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSettingsDefaults } from '../../electron/contract/entities.ts';
import type { MetricPoint, RunSettings } from '../../electron/contract/entities.ts';
import type { TrainTask } from '../../electron/contract/worker.ts';
import { RowOrder } from '../../electron/model/batches.ts';
import type { EncodedRow } from '../../electron/model/batches.ts';
import { stepFolder } from '../../electron/model/checkpoint.ts';
import { newState } from '../../electron/model/preparation.ts';
import type { Prepared } from '../../electron/model/preparation.ts';
import { readSafetensors } from '../../electron/model/safetensors.ts';
import { TrainingModel } from '../../electron/model/t5/training.ts';
import { Tokenizer, trainTokenizer } from '../../electron/model/tokenizer.ts';
import { Trainer } from '../../electron/model/trainer.ts';
import { Largest, absent, finding, relative } from './finding.ts';
import type { Outcome } from './finding.ts';
import type { Io, TrainingRun } from './fixture.ts';
import { GRADIENT, LOSS } from './forward.ts';
import type { ModelCase } from './model-case.ts';
import { encodedRows, unpadded } from './rows.ts';
import { TRAINED_LOSS, TRAINED_NORM, compareParameters } from './training.ts';

/**
 * Follows the reference's trainings with the studio's own trainer: its order of rows, its batches and
 * weights, its updates, evaluations and checkpoints. Only the model and the rows' tokens are the
 * reference's, since its texts were never words.
 */

/** Every recorded training that a run's settings can ask for. */
export async function checkTrainer(given: ModelCase): Promise<Outcome[]> {
  const recorded = [...labelTrainings(given.io), ...twoTaskTrainings(given.io)];
  if (recorded.length === 0) return [absent('trainings', 'io.json does not record any')];
  const outcomes: Outcome[] = [];
  for (const each of recorded) outcomes.push(...(await follow(given, each)));
  return outcomes;
}

/** One training of the reference, as a run of ours. */
export interface Recorded {
  readonly name: string;
  readonly rows: readonly EncodedRow[];
  readonly run: TrainingRun;
  readonly settings: Partial<RunSettings>;
  /** What only the two-task trainings record, of the first step. */
  readonly terms?: Terms;
}

interface Terms {
  readonly loss: number;
  readonly labelLoss: number;
  readonly rationaleLoss: number;
  /** Of the label term's gradient with its weight. */
  readonly labelNorm: number | null;
}

/** The label task alone. Other recorded optimizers are ones that a run cannot ask for. */
const labelSettings: Readonly<Record<string, Partial<RunSettings>>> = {
  adamw_torch: { weightDecay: 0.01 },
  'adamw_torch_wd0_lr5e-5': { weightDecay: 0 },
  adamw_torch_clip1_linear: { weightDecay: 0, clipNorm: 1, schedule: 'linear' },
  adafactor: { weightDecay: 0, optimizer: 'adafactor' },
};

export function labelTrainings({ inputs, train: runs = {} }: Io): Recorded[] {
  const rows = encodedRows(unpadded(inputs));
  return Object.entries(runs).flatMap(([name, run]) => {
    const settings = labelSettings[name];
    return settings ? [{ name, rows, run, settings: { ...settings, method: 'finetune' } }] : [];
  });
}

export function twoTaskTrainings({ multitask }: Io): Recorded[] {
  if (!multitask) return [];
  const { label_batch, rationale_batch, label_loss, rationale_loss, combos } = multitask;
  const rows = encodedRows(unpadded(label_batch), unpadded(rationale_batch));
  const labelsAlone = combos['alpha_1.0']?.grad_total_norm;
  return Object.entries(combos).flatMap(([name, { loss, adamw_torch: run }]) => {
    const form = lossOf(name);
    if (form === null) return [];
    const weight = form.lossForm === 'alpha' ? 1 / (1 + form.lambda) : 1;
    const labelNorm = labelsAlone === undefined ? null : weight * labelsAlone;
    const terms = { loss, labelLoss: label_loss, rationaleLoss: rationale_loss, labelNorm };
    return [{ name, rows, run, settings: { ...form, weightDecay: 0.01 }, terms }];
  });
}

/** `alpha_A` as the form alpha, `lambda_L` as the form lambda. */
function lossOf(name: string): Pick<RunSettings, 'lossForm' | 'lambda'> | null {
  const [, form, value] = /^(alpha|lambda)_([\d.]+)$/.exec(name) ?? [];
  const number = Number(value);
  if (form === 'lambda') return { lossForm: form, lambda: number };
  return form === 'alpha' && number > 0 ? { lossForm: form, lambda: (1 - number) / number } : null;
}

async function follow(given: ModelCase, recorded: Recorded): Promise<Outcome[]> {
  const { name, rows, run, terms } = recorded;
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-golden-'));
  try {
    const points = await train(given, folder, rows, settingsOf(recorded));
    const saved = join(folder, stepFolder(run.lr.length), 'model.safetensors');
    const tensors = [...(await readSafetensors(saved))];
    const parameters = new Map(tensors.map(([key, { values }]) => [key, values]));
    return [
      ...(terms ? compareTerms(name, points, terms) : []),
      ...compareSteps(name, points, run),
      ...compareParameters(`${name}, as saved`, parameters, run),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Every step is evaluated and saved. At a constant rate there is one step more than recorded, for the
 * loss after the last.
 */
export function settingsOf({ rows, run: { lr }, settings }: Recorded): RunSettings {
  const { schedule = 'constant' } = settings;
  return {
    ...runSettingsDefaults,
    method: 'step-by-step',
    labelSource: 'gold',
    rationales: 'parsed',
    lambda: 1,
    preset: 'micro',
    labelPrefix: '',
    rationalePrefix: '',
    steps: schedule === 'constant' ? lr.length + 1 : lr.length,
    batchSize: rows.length,
    learningRate: lr[0] ?? NaN,
    warmupShare: 0,
    weightDecay: 0,
    // Further up than any gradient here: most of the reference's runs did not clip.
    clipNorm: 1_000,
    evaluateEvery: 1,
    keepEvery: lr.length,
    validationRows: 1,
    maxInputTokens: 512,
    maxLabelTokens: 512,
    maxRationaleTokens: 512,
    vocabularySize: 300,
    seed: 1,
    ...settings,
    schedule,
  };
}

async function train(
  { engine, model: reference }: ModelCase,
  folder: string,
  rows: readonly EncodedRow[],
  settings: RunSettings,
): Promise<MetricPoint[]> {
  const task: TrainTask = {
    kind: 'train',
    folder,
    task: 'text',
    labels: [],
    settings: { ...settings, engine: engine.id },
    train: [],
    validation: [],
    studentFolder: null,
    tokenizerTexts: null,
    resume: false,
  };
  const { config, parameters } = reference;
  // Checkpoints hold a tokenizer; nothing is encoded with it.
  const tokenizerJson = await trainTokenizer(['unused'], settings);
  const model = await TrainingModel.create(engine, config, parameters, {
    optimizer: { kind: settings.optimizer },
  });
  const prepared: Prepared = {
    tokenizerJson,
    tokenizer: Tokenizer.fromJson(tokenizerJson),
    rows,
    model,
    generator: null,
    order: new RowOrder(rows.length, settings.seed),
    state: newState(task, ''),
  };
  const points: MetricPoint[] = [];
  const trainer = new Trainer(
    task,
    {
      engine,
      signal: new AbortController().signal,
      report: ({ metrics }) => void points.push(...metrics),
      score: () => false,
      now: () => performance.now(),
      memoryBytes: () => null,
    },
    prepared,
  );
  try {
    await trainer.run();
  } finally {
    await model.dispose();
  }
  return points;
}

/** Both losses unweighted, their weighted sum, and the pull of the label term alone. */
function compareTerms(name: string, [first]: readonly MetricPoint[], expected: Terms): Outcome[] {
  const terms = new Largest();
  terms.add(relative(first?.labelLoss ?? NaN, expected.labelLoss), 'labels');
  terms.add(relative(first?.rationaleLoss ?? NaN, expected.rationaleLoss), 'rationales');
  terms.add(relative(first?.loss ?? NaN, expected.loss), 'the sum');
  const outcomes = [terms.outcome(`${name}: loss and its two terms`, LOSS)];
  if (expected.labelNorm === null) return outcomes;
  const error = relative(first?.balance?.labelNorm ?? NaN, expected.labelNorm);
  return [...outcomes, finding(`${name}: gradient norm of the label term`, error, GRADIENT)];
}

export function compareSteps(
  name: string,
  points: readonly Pick<MetricPoint, 'loss' | 'gradientNorm'>[],
  { loss_before_step, loss_after_step, grad_norm_before_clip }: TrainingRun,
): Outcome[] {
  const losses = new Largest();
  const norms = new Largest();
  const expected = [...loss_before_step, loss_after_step.at(-1) ?? NaN];
  points.forEach(({ loss }, index) => {
    losses.add(relative(loss, expected[index] ?? NaN), `after step ${index}`);
  });
  grad_norm_before_clip.forEach((norm, index) => {
    norms.add(relative(points[index]?.gradientNorm ?? NaN, norm), `step ${index + 1}`);
  });
  return [
    losses.outcome(`${name}: losses of ${loss_before_step.length} steps`, TRAINED_LOSS),
    norms.outcome(`${name}: gradient norms`, TRAINED_NORM),
  ];
}
