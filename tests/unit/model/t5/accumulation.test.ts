import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import {
  TrainingModel,
  type Accumulation,
  type TrainingBatch,
} from '../../../../electron/model/t5/training.ts';
import { randomInitial, randomRows, smallConfig } from './small.ts';

async function model(accumulates = true): Promise<TrainingModel> {
  const engine = await openEngine({ threads: 1 });
  return TrainingModel.create(engine, smallConfig, randomInitial(1), { accumulates });
}

/** Micro-batches of unequal lengths; the third has no rationale row. */
const inputs = randomRows([5, 9, 3, 7, 4, 6, 8, 5], 2);
const targets = randomRows([2, 9, 3, 11, 1, 4, 6, 8], 3);
const tasks = [0, 1, 0, 1, 0, 0, 0, 1];
const weights = { label: 0.7, rationale: 0.4 };

function rows(from: number, to: number): TrainingBatch {
  const task = Uint8Array.from(tasks.slice(from, to));
  return { inputs: inputs.slice(from, to), targets: targets.slice(from, to), task, weights };
}

const whole = rows(0, 8);
const micro = [rows(0, 2), rows(2, 4), rows(4, 6), rows(6, 8)];

const copied = (views: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> =>
  new Map([...views].map(([name, values]) => [name, values.slice()]));

/** The L2 norm of the difference of all gradients, relative to that of `b`. */
function difference(
  a: ReadonlyMap<string, Float32Array>,
  b: ReadonlyMap<string, Float32Array>,
): number {
  let [squares, all] = [0, 0];
  for (const [name, values] of b) {
    values.forEach((value, i) => {
      squares += (value - (a.get(name)?.[i] ?? Number.NaN)) ** 2;
      all += value ** 2;
    });
  }
  return Math.sqrt(squares / all);
}

describe('gradient accumulation', () => {
  it('token-weighted equals the one big batch', async () => {
    const trained = await model();
    const expected = await trained.step(whole);
    const gradients = copied(trained.gradients());
    const norm = trained.gradientNorm();
    const losses = await trained.accumulate(micro, 'token-weighted');
    for (const key of ['loss', 'labelLoss', 'rationaleLoss'] as const) {
      expect(Math.abs((losses[key] ?? Number.NaN) / (expected[key] ?? 0) - 1)).toBeLessThan(1e-6);
    }
    expect(difference(trained.gradients(), gradients)).toBeLessThan(1e-6);
    expect(Math.abs(trained.gradientNorm() / norm - 1)).toBeLessThan(1e-6);
    await trained.dispose();
  });

  it('mean-of-means equals the mean of the micro-batches’ own losses and gradients', async () => {
    const trained = await model();
    const sum = new Map([...trained.gradients()].map(([n, g]) => [n, new Float32Array(g.length)]));
    let loss = 0;
    for (const batch of micro) {
      loss += (await trained.step(batch)).loss / micro.length;
      for (const [name, values] of trained.gradients()) {
        sum.get(name)?.forEach((value, i, all) => {
          all[i] = value + (values[i] ?? 0) / micro.length;
        });
      }
    }
    const losses = await trained.accumulate(micro, 'mean-of-means');
    expect(Math.abs(losses.loss / loss - 1)).toBeLessThan(1e-6);
    expect(difference(trained.gradients(), sum)).toBeLessThan(1e-6);

    const exact = await trained.step(whole);
    // Per token of the whole step, which is what the two are compared by.
    expect(Math.abs((losses.labelLoss ?? 0) / (exact.labelLoss ?? 0) - 1)).toBeLessThan(1e-6);
    expect(Math.abs(losses.loss / exact.loss - 1)).toBeGreaterThan(1e-3);
    expect(difference(trained.gradients(), sum)).toBeGreaterThan(1e-2);
    await trained.dispose();
  });

  it.each<Accumulation>(['token-weighted', 'mean-of-means'])(
    '%s of one micro-batch is an ordinary step, and needs no memory for it',
    async (accumulation) => {
      const trained = await model(false);
      const { loss } = await trained.step(whole);
      const gradients = copied(trained.gradients());
      expect((await trained.accumulate([whole], accumulation)).loss).toBe(loss);
      expect(difference(trained.gradients(), gradients)).toBe(0);
      await expect(trained.accumulate(micro, accumulation)).rejects.toThrow('accumulated');
      await trained.dispose();
    },
  );

  it('refuses a step without any row', async () => {
    const trained = await model();
    await expect(trained.accumulate([], 'token-weighted')).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await trained.dispose();
  });
});
