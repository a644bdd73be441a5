import { describe, expect, it } from 'vitest';
import { composeBatch, type EncodedRow } from '../../electron/model/batches.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { learningRateAt } from '../../electron/model/schedule.ts';
import {
  LABEL_TASK,
  RATIONALE_TASK,
  TrainingModel,
  type TrainingBatch,
  type UpdateSettings,
} from '../../electron/model/t5/training.ts';
import {
  largestDifference,
  largestMagnitude,
  models,
  present,
  readReference,
  titled,
  unpadded,
  type Reference,
  type TrainingRun,
} from './reference.ts';

type RunSettings = Pick<UpdateSettings, 'weightDecay' | 'clipNorm' | 'form'>;

/** The reference's optimizer runs and what each was set to; learning rates are in the run itself. */
const optimizerRuns: Readonly<Record<string, RunSettings>> = {
  adamw_torch: { weightDecay: 0.01, clipNorm: null, form: 'torch' },
  'adamw_torch_wd0_lr5e-5': { weightDecay: 0, clipNorm: null, form: 'torch' },
  adamw_torch_clip1_linear: { weightDecay: 0, clipNorm: 1, form: 'torch' },
  adamw_hf: { weightDecay: 0.01, clipNorm: null, form: 'transformers' },
  adamw_hf_clip1_linear: { weightDecay: 0, clipNorm: 1, form: 'transformers' },
};

/** Repeats the reference's five steps on one batch; the sixth loss is the one after the last update. */
async function follow(
  model: TrainingModel,
  batch: TrainingBatch,
  run: TrainingRun,
  settings: RunSettings,
): Promise<void> {
  const losses: number[] = [];
  for (const [index, learningRate] of run.lr.entries()) {
    const { loss } = await model.step(batch);
    losses.push(loss);
    const norm = model.gradientNorm();
    expect(Math.abs(norm / (run.grad_norm_before_clip[index] ?? 0) - 1)).toBeLessThan(2e-3);
    model.update({ ...settings, learningRate: learningRate ?? Number.NaN, step: index + 1 });
  }
  losses.push((await model.step(batch)).loss);
  const expected = [...run.loss_before_step, ...run.loss_after_step.slice(-1)];
  losses.forEach((loss, index) => {
    expect(Math.abs(loss / (expected[index] ?? 0) - 1), `loss ${index}`).toBeLessThan(1e-3);
  });
  compareParameters(model, run);
}

/** A sum over a tensor hides opposite errors, so its first row is compared too. */
function compareParameters(model: TrainingModel, run: TrainingRun): void {
  for (const [name, after] of Object.entries(run.params_after)) {
    const actual = model.parameters().get(name) ?? new Float32Array();
    if ('data' in after) {
      expect(largestDifference(actual, after.data), name).toBeLessThan(PARAMETER_TOLERANCE);
      continue;
    }
    const row = actual.subarray(0, after.first_row.data.length);
    expect(largestDifference(row, after.first_row.data), name).toBeLessThan(PARAMETER_TOLERANCE);
    const absolute = actual.reduce((total, value) => total + Math.abs(value), 0);
    expect(Math.abs(absolute / after.abs_sum - 1), name).toBeLessThan(1e-5);
  }
}

/** A twentieth of one step at the reference's rate of 1e-3. */
const PARAMETER_TOLERANCE = 5e-5;

for (const name of models) {
  describe.skipIf(!present)(titled(`${name}: training against the reference`), () => {
    async function withModel(
      use: (model: TrainingModel, reference: Reference) => Promise<void>,
    ): Promise<void> {
      const reference = readReference(name);
      const engine = await openEngine();
      const model = await TrainingModel.create(engine, reference.config, reference.parameters);
      await use(model, reference);
      await model.dispose();
    }

    for (const [title, settings] of Object.entries(optimizerRuns)) {
      it(`follows five steps of ${title}`, () =>
        withModel(async (model, { io }) => {
          const rows = unpadded(io.inputs);
          const task = new Uint8Array(rows.inputs.length).fill(LABEL_TASK);
          const run = io.train[title];
          if (run === undefined) throw new Error(`the reference has no run ${title}`);
          await follow(
            model,
            { ...rows, task, weights: { label: 1, rationale: 0 } },
            run,
            settings,
          );
        }));
    }

    for (const combination of ['alpha_0.5', 'alpha_0.8', 'alpha_1.0', 'lambda_1', 'lambda_0.5']) {
      it(`adds the label and rationale losses as ${combination}, and trains on the sum`, () =>
        withModel(async (model, { io }) => {
          const { combos, label_batch, rationale_batch, ...losses } = io.multitask;
          const expected = combos[combination];
          if (expected === undefined) throw new Error(`the reference has no ${combination}`);
          const batch = mixed(
            unpadded(label_batch),
            unpadded(rationale_batch),
            weights(combination),
          );
          const { loss, labelLoss, rationaleLoss } = await model.step(batch);
          expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
          expect(Math.abs((labelLoss ?? 0) / losses.label_loss - 1)).toBeLessThan(1e-5);
          expect(Math.abs((rationaleLoss ?? 0) / losses.rationale_loss - 1)).toBeLessThan(1e-5);
          expect(Math.abs(model.gradientNorm() / expected.grad_total_norm - 1)).toBeLessThan(1e-5);
          for (const [parameter, gradient] of Object.entries(expected.grads)) {
            const actual = model.gradients().get(parameter) ?? [];
            const difference = largestDifference(actual, gradient);
            expect(difference / largestMagnitude(gradient), parameter).toBeLessThan(1e-4);
          }
          const settings: RunSettings = { weightDecay: 0.01, clipNorm: null, form: 'torch' };
          await follow(model, batch, expected.adamw_torch, settings);
        }));
    }

    for (const [combination, lambda] of [['lambda_1', 1] as const, ['lambda_0.5', 0.5] as const]) {
      it(`trains as ${combination} on the batch that the trainer composes`, () =>
        withModel(async (model, { io }) => {
          const { combos, label_batch, rationale_batch, ...losses } = io.multitask;
          const expected = combos[combination];
          if (expected === undefined) throw new Error(`the reference has no ${combination}`);
          const batch = composeBatch(encoded(label_batch, rationale_batch), lambda);
          const { loss, labelLoss, rationaleLoss } = await model.step(batch);
          expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
          expect(Math.abs((labelLoss ?? 0) / losses.label_loss - 1)).toBeLessThan(1e-5);
          expect(Math.abs((rationaleLoss ?? 0) / losses.rationale_loss - 1)).toBeLessThan(1e-5);
          const settings: RunSettings = { weightDecay: 0.01, clipNorm: null, form: 'torch' };
          await follow(model, batch, expected.adamw_torch, settings);
        }));
    }

    for (const alpha of [0.5, 0.8, 1]) {
      it(`has the published alpha ${alpha} at another scale: lambda is (1 - alpha) / alpha`, () =>
        withModel(async (model, { io }) => {
          const { combos, label_batch, rationale_batch } = io.multitask;
          const expected = combos[`alpha_${alpha.toFixed(1)}`];
          if (expected === undefined) throw new Error(`the reference has no alpha ${alpha}`);
          const rows = encoded(label_batch, rationale_batch);
          const { loss } = await model.step(composeBatch(rows, (1 - alpha) / alpha));
          expect(Math.abs((alpha * loss) / expected.loss - 1)).toBeLessThan(1e-5);
          const norm = alpha * model.gradientNorm();
          expect(Math.abs(norm / expected.grad_total_norm - 1)).toBeLessThan(1e-5);
        }));
    }

    it('lowers the learning rate as the reference does without a warm-up', () => {
      const { train } = readReference(name).io;
      const rates = train['adamw_torch_clip1_linear']?.lr ?? [];
      expect(rates.length).toBe(5);
      const settings = { learningRate: 1e-3, steps: rates.length, warmupShare: 0 };
      rates.forEach((rate, index) => {
        expect(learningRateAt(index + 1, settings)).toBeCloseTo(rate ?? Number.NaN, 12);
      });
    });
  });
}

type PaddedBatch = Reference['io']['multitask']['label_batch'];

/** The reference's rows as the trainer keeps them: each with its label and its rationale example. */
function encoded(label: PaddedBatch, rationale: PaddedBatch): EncodedRow[] {
  const [labels, rationales] = [unpadded(label), unpadded(rationale)];
  const example = (rows: Rows, row: number): EncodedRow['label'] => ({
    input: rows.inputs[row] ?? new Int32Array(),
    target: rows.targets[row] ?? new Int32Array(),
  });
  return labels.inputs.map((_input, row) => ({
    label: example(labels, row),
    rationale: example(rationales, row),
  }));
}

interface Rows {
  readonly inputs: readonly Int32Array[];
  readonly targets: readonly Int32Array[];
}

/** Label and rationale rows in turn, so that a task cannot be told by position alone. */
function mixed(label: Rows, rationale: Rows, taskWeights: TrainingBatch['weights']): TrainingBatch {
  const inputs: Int32Array[] = [];
  const targets: Int32Array[] = [];
  const task: number[] = [];
  const add = (rows: Rows, row: number, which: number): void => {
    inputs.push(rows.inputs[row] ?? new Int32Array());
    targets.push(rows.targets[row] ?? new Int32Array());
    task.push(which);
  };
  label.inputs.forEach((_input, row) => {
    add(label, row, LABEL_TASK);
    add(rationale, row, RATIONALE_TASK);
  });
  return { inputs, targets, task: Uint8Array.from(task), weights: taskWeights };
}

/** `alpha_A`: A and 1 - A; `lambda_L`: 1 and L. */
function weights(combination: string): TrainingBatch['weights'] {
  const [form, value] = combination.split('_');
  const number = Number(value);
  return form === 'alpha'
    ? { label: number, rationale: 1 - number }
    : { label: 1, rationale: number };
}
