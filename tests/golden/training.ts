import type { OptimizerSettings } from '../../electron/model/optimizer/index.ts';
import { learningRateAt } from '../../electron/model/schedule.ts';
import { TrainingModel } from '../../electron/model/t5/training.ts';
import type { TrainingBatch, UpdateSettings } from '../../electron/model/t5/training.ts';
import { Largest, absent, finding, largestDifference, relative } from './finding.ts';
import type { Outcome } from './finding.ts';
import type { Io, TrainingRun } from './fixture.ts';
import { GRADIENT, LOSS, compareGradients } from './forward.ts';
import type { ModelCase } from './model-case.ts';
import { labelled, mixed, unpadded } from './rows.ts';

/** After some steps float32 in another order has drifted further apart. */
export const TRAINED_LOSS = 1e-3;
export const TRAINED_NORM = 2e-3;
/** A twentieth of one step, whose size is about the learning rate. */
const STEP_SHARE = 0.05;
const SUM = 1e-5;

interface RunSettings {
  readonly optimizer: OptimizerSettings;
  readonly update: Pick<UpdateSettings, 'weightDecay' | 'clipNorm'>;
}

const adamw = (
  form: 'torch' | 'transformers',
  weightDecay: number,
  clipNorm: number | null,
): RunSettings => ({ optimizer: { kind: 'adamw', form }, update: { weightDecay, clipNorm } });

const torch = adamw('torch', 0.01, null);

/** What each of the reference's runs was set to; learning rates are in the run itself. */
const settingsOf: Readonly<Record<string, RunSettings>> = {
  adamw_torch: torch,
  'adamw_torch_wd0_lr5e-5': adamw('torch', 0, null),
  adamw_torch_clip1_linear: adamw('torch', 0, 1),
  adamw_hf: adamw('transformers', 0.01, null),
  adamw_hf_clip1_linear: adamw('transformers', 0, 1),
  adafactor: {
    optimizer: { kind: 'adafactor' },
    update: { weightDecay: 0, clipNorm: null },
  },
  adafactor_defaults_relative_step: {
    optimizer: { kind: 'adafactor', scaleParameter: true, relativeStep: true },
    update: { weightDecay: 0, clipNorm: null },
  },
  adafactor_scale_beta1_wd: {
    optimizer: { kind: 'adafactor', scaleParameter: true, beta1: 0.9 },
    update: { weightDecay: 0.01, clipNorm: null },
  },
};

/** Every recorded run of an optimizer on one batch. */
export async function checkOptimizers(given: ModelCase): Promise<Outcome[]> {
  const runs = Object.entries(given.io.train ?? {});
  if (runs.length === 0) return [absent('optimizer runs', 'io.json does not record any')];
  const batch = labelled(unpadded(given.io.inputs));
  const outcomes: Outcome[] = [];
  for (const [name, run] of runs) {
    const settings = settingsOf[name];
    outcomes.push(
      ...(settings
        ? await withModel(given, settings, (model) => follow(name, model, batch, run, settings))
        : [absent(name, 'it is not known what this run was set to')]),
    );
  }
  return [...outcomes, ...checkSchedule(given.io.train ?? {})];
}

/** The step-by-step loss in every recorded combination: its terms, gradients and five steps. */
export async function checkMultitask(given: ModelCase): Promise<Outcome[]> {
  const { multitask } = given.io;
  if (!multitask) return [absent('step-by-step loss', 'io.json does not record it')];
  const outcomes: Outcome[] = [];
  for (const [name, combination] of Object.entries(multitask.combos)) {
    const weights = weightsOf(name);
    outcomes.push(
      ...(weights
        ? await withModel(given, torch, (model) =>
            checkCombination({ name, model, multitask, combination, weights }),
          )
        : [absent(name, 'only combinations called alpha_… and lambda_… are known')]),
    );
  }
  return outcomes;
}

type Multitask = NonNullable<Io['multitask']>;

interface Combination {
  readonly name: string;
  readonly model: TrainingModel;
  readonly multitask: Multitask;
  readonly combination: Multitask['combos'][string];
  readonly weights: TrainingBatch['weights'];
}

async function checkCombination(given: Combination): Promise<Outcome[]> {
  const { name, model, multitask, combination, weights } = given;
  const label = unpadded(multitask.label_batch);
  const rationale = unpadded(multitask.rationale_batch);
  const batch = mixed(label, rationale, weights);
  const { loss, labelLoss, rationaleLoss } = await model.step(batch);
  const terms = new Largest();
  terms.add(relative(loss, combination.loss), 'the sum');
  terms.add(relative(labelLoss ?? NaN, multitask.label_loss), 'labels');
  terms.add(relative(rationaleLoss ?? NaN, multitask.rationale_loss), 'rationales');
  const outcomes: Outcome[] = [
    terms.outcome(`${name}: loss and its two terms`, LOSS),
    compareGradients(`${name}: gradients`, model.gradients(), combination.grads),
    finding(
      `${name}: gradient norm`,
      relative(model.gradientNorm(), combination.grad_total_norm),
      GRADIENT,
    ),
  ];
  const run = combination.adamw_torch;
  return [...outcomes, ...(await follow(`${name}: five steps`, model, batch, run, torch))];
}

/** Repeats the reference's steps on one batch; the last loss is the one after the last update. */
async function follow(
  name: string,
  model: TrainingModel,
  batch: TrainingBatch,
  run: TrainingRun,
  { update }: RunSettings,
): Promise<Outcome[]> {
  const losses = new Largest();
  const norms = new Largest();
  for (const [index, learningRate] of run.lr.entries()) {
    const { loss } = await model.step(batch);
    losses.add(relative(loss, run.loss_before_step[index] ?? NaN), `before step ${index + 1}`);
    norms.add(
      relative(model.gradientNorm(), run.grad_norm_before_clip[index] ?? NaN),
      `step ${index + 1}`,
    );
    // Adafactor's relative steps come from the step's number; no rate is used.
    model.update({ ...update, learningRate: learningRate ?? 0, step: index + 1 });
  }
  const { loss } = await model.step(batch);
  losses.add(relative(loss, run.loss_after_step.at(-1) ?? NaN), 'after the last step');
  return [
    losses.outcome(`${name}: losses`, TRAINED_LOSS),
    norms.outcome(`${name}: gradient norms`, TRAINED_NORM),
    ...compareParameters(name, model.parameters(), run),
  ];
}

/** A sum over a tensor hides opposite errors, so its first row is compared too. */
export function compareParameters(
  name: string,
  parameters: ReadonlyMap<string, Float32Array>,
  run: TrainingRun,
): Outcome[] {
  const recorded = Object.entries(run.params_after);
  if (recorded.length === 0) return [];
  const values = new Largest();
  const sums = new Largest();
  let summed = false;
  for (const [parameter, after] of recorded) {
    const actual = parameters.get(parameter) ?? new Float32Array();
    if ('data' in after) {
      values.add(largestDifference(actual, after.data), parameter);
      continue;
    }
    const row = actual.subarray(0, after.first_row.data.length);
    values.add(largestDifference(row, after.first_row.data), parameter);
    const absolute = actual.reduce((total, value) => total + Math.abs(value), 0);
    summed = true;
    sums.add(relative(absolute, after.abs_sum), parameter);
  }
  const rates = run.lr.map((rate) => rate ?? 0);
  const tolerance = STEP_SHARE * Math.max(...rates);
  const outcome = values.outcome(`${name}: parameters after`, tolerance);
  if (!summed) return [outcome];
  return [outcome, sums.outcome(`${name}: absolute sums of parameters after`, SUM)];
}

/** The trainer's own linear fall without a warm-up, against the rates of the recorded runs. */
function checkSchedule(runs: NonNullable<Io['train']>): Outcome[] {
  return Object.entries(runs).flatMap(([name, { lr }]) => {
    const peak = lr[0] ?? null;
    if (!name.endsWith('_linear') || peak === null) return [];
    const settings = { learningRate: peak, steps: lr.length, warmupShare: 0 };
    const own = lr.map((_rate, index) => learningRateAt(index + 1, settings));
    const difference = largestDifference(
      own,
      lr.map((rate) => rate ?? NaN),
    );
    return [finding(`${name}: learning rates`, difference, 1e-12)];
  });
}

/** `alpha_A`: A and 1 - A; `lambda_L`: 1 and L. */
function weightsOf(name: string): TrainingBatch['weights'] | null {
  const [, form, value] = /^(alpha|lambda)_([\d.]+)$/.exec(name) ?? [];
  if (form === undefined) return null;
  const number = Number(value);
  return form === 'alpha'
    ? { label: number, rationale: 1 - number }
    : { label: 1, rationale: number };
}

async function withModel(
  { engine, model }: ModelCase,
  { optimizer }: RunSettings,
  use: (training: TrainingModel) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const training = await TrainingModel.create(engine, model.config, model.parameters, {
    optimizer,
  });
  try {
    return await use(training);
  } finally {
    await training.dispose();
  }
}
