import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../../electron/contract/errors.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import type { T5Config } from '../../../../electron/model/t5/config.ts';
import { parameterSpecs } from '../../../../electron/model/t5/config.ts';
import {
  LABEL_TASK,
  RATIONALE_TASK,
  TrainingModel,
} from '../../../../electron/model/t5/training.ts';
import { labelBatch, randomRows, smallConfig, smallModel } from './small.ts';

const tensor = (views: ReadonlyMap<string, Float32Array>, name: string): Float32Array => {
  const found = views.get(name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
};

const copied = (views: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> =>
  new Map([...views].map(([name, values]) => [name, values.slice()]));

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest difference, relative to the largest value of `b`. */
function relativeDifference(a: Float32Array, b: Float32Array): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  a.forEach((value, index) => {
    most = Math.max(most, Math.abs(value - (b[index] ?? Number.NaN)));
  });
  return most / largest(b);
}

const configs: Readonly<Record<string, T5Config>> = {
  'gated, tied, unequal depths': smallConfig,
  'relu, untied': { ...smallConfig, feedForward: 'relu', tieWordEmbeddings: false },
  'gated, untied, more encoder than decoder blocks': {
    ...smallConfig,
    tieWordEmbeddings: false,
    numLayers: 2,
    numDecoderLayers: 1,
  },
};

describe('the gradient of a whole model', () => {
  for (const [title, config] of Object.entries(configs)) {
    it(`agrees with differences of the loss: ${title}`, async () => {
      const model = await smallModel({ config });
      const batch = labelBatch(randomRows([5, 3, 7], 2), randomRows([4, 6, 2], 3));
      await model.step(batch);
      const gradients = copied(model.gradients());
      for (const { name } of parameterSpecs(config)) {
        const gradient = tensor(gradients, name);
        // Along the gradient itself the difference is largest, and every element takes part.
        const norm = Math.hypot(...gradient);
        expect(norm, name).toBeGreaterThan(0);
        const values = tensor(model.parameters(), name);
        const kept = values.slice();
        const moveBy = (distance: number): void => {
          kept.forEach((value, index) => {
            values[index] = value + (distance * (gradient[index] ?? 0)) / norm;
          });
        };
        const distance = 5e-3;
        moveBy(distance);
        const above = (await model.step(batch)).loss;
        moveBy(-distance);
        const below = (await model.step(batch)).loss;
        values.set(kept);
        const slope = (above - below) / (2 * distance);
        expect(Math.abs(slope / norm - 1), `${name}: ${slope} and ${norm}`).toBeLessThan(0.02);
      }
      await model.dispose();
    });
  }
});

describe('padding', () => {
  it('has no part in a batch of unequal rows', async () => {
    const model = await smallModel();
    const inputs = randomRows([9, 2, 5], 4);
    const targets = randomRows([3, 8, 1], 5);
    const total = targets.reduce((sum, row) => sum + row.length, 0);
    const together = await model.step(labelBatch(inputs, targets));
    const gradients = copied(model.gradients());
    let loss = 0;
    const sums = new Map([...gradients].map(([n, g]) => [n, new Float32Array(g.length)]));
    for (const [row, target] of targets.entries()) {
      const share = target.length / total;
      const alone = await model.step(labelBatch([inputs[row] ?? target], [target]));
      loss += share * alone.loss;
      for (const [name, sum] of sums) {
        const own = tensor(model.gradients(), name);
        sum.forEach((value, index) => {
          sum[index] = value + share * (own[index] ?? 0);
        });
      }
    }
    expect(Math.abs(together.loss / loss - 1)).toBeLessThan(1e-6);
    for (const [name, sum] of sums) {
      expect(relativeDifference(tensor(gradients, name), sum), name).toBeLessThan(1e-5);
    }
    await model.dispose();
  });
});

describe('rows of an embedding that occur many times', () => {
  for (const tieWordEmbeddings of [true, false]) {
    it(`add up at 1, 2 and 4 threads, ${tieWordEmbeddings ? 'tied' : 'untied'}`, async () => {
      const config = { ...smallConfig, tieWordEmbeddings };
      const single = await smallModel({ config, threads: 1 });
      // Hundreds of uses of six tokens, of which some threads would lose one another's.
      const batch = labelBatch(
        randomRows(new Array<number>(24).fill(40), 6, 7),
        randomRows(new Array<number>(24).fill(30), 7, 7),
      );
      await single.step(batch);
      const expected = copied(single.gradients());
      for (const threads of [2, 4]) {
        const model = await smallModel({ config, threads });
        for (let repeat = 0; repeat < 5; repeat++) {
          await model.step(batch);
          for (const [name, gradient] of expected) {
            const actual = tensor(model.gradients(), name);
            expect(relativeDifference(actual, gradient), name).toBeLessThan(2e-5);
          }
        }
        await model.dispose();
      }
      await single.dispose();
    });
  }

  it('give the slope of the loss along one of them', async () => {
    const model = await smallModel({ threads: 2 });
    const batch = labelBatch(
      randomRows(new Array<number>(8).fill(12), 8, 4),
      randomRows(new Array<number>(8).fill(10), 9, 4),
    );
    await model.step(batch);
    const width = smallConfig.dModel;
    const row = (views: ReadonlyMap<string, Float32Array>): Float32Array =>
      tensor(views, 'shared.weight').subarray(3 * width, 4 * width);
    const gradient = row(model.gradients()).slice();
    const norm = Math.hypot(...gradient);
    const losses: number[] = [];
    for (const distance of [5e-3, -1e-2]) {
      row(model.parameters()).forEach((value, index, values) => {
        values[index] = value + (distance * (gradient[index] ?? 0)) / norm;
      });
      losses.push((await model.step(batch)).loss);
    }
    const slope = ((losses[0] ?? 0) - (losses[1] ?? 0)) / 1e-2;
    expect(Math.abs(slope / norm - 1)).toBeLessThan(0.01);
    await model.dispose();
  });
});

describe('the two tasks', () => {
  it('weigh by mean per token of each task, in any order of rows', async () => {
    const model = await smallModel();
    const inputs = randomRows([4, 6, 5], 10);
    const targets = randomRows([2, 9, 3], 11);
    const task = Uint8Array.of(LABEL_TASK, RATIONALE_TASK, LABEL_TASK);
    const weights = { label: 0.8, rationale: 0.2 };
    const both = await model.step({ inputs, targets, task, weights });
    const pick = (which: number): ReturnType<typeof labelBatch> => {
      const rows = [0, 1, 2].filter((row) => task[row] === which);
      const take = (all: Int32Array[]): Int32Array[] =>
        rows.map((row) => all[row] ?? new Int32Array());
      return labelBatch(take(inputs), take(targets));
    };
    const label = (await model.step(pick(LABEL_TASK))).loss;
    const rationale = (await model.step(pick(RATIONALE_TASK))).loss;
    expect(both.labelLoss).toBeCloseTo(label, 5);
    expect(both.rationaleLoss).toBeCloseTo(rationale, 5);
    expect(both.loss).toBeCloseTo(0.8 * label + 0.2 * rationale, 5);
    await model.dispose();
  });
});

describe('a model in training', () => {
  it('learns a batch by heart', async () => {
    const model = await smallModel();
    const batch = labelBatch(randomRows([5, 4], 12), randomRows([4, 3], 13));
    const first = (await model.step(batch)).loss;
    for (let step = 1; step <= 60; step++) {
      await model.step(batch);
      model.update({ learningRate: 1e-2, weightDecay: 0, clipNorm: 1, step });
    }
    expect((await model.step(batch)).loss).toBeLessThan(first / 20);
    await model.dispose();
  });

  it('continues from copied parameters and moments as if never stopped', async () => {
    const batch = labelBatch(randomRows([5, 4], 14), randomRows([4, 3], 15));
    const settings = { learningRate: 1e-2, weightDecay: 0.01, clipNorm: 1 };
    const whole = await smallModel();
    for (let step = 1; step <= 3; step++) {
      await whole.step(batch);
      whole.update({ ...settings, step });
    }
    const engine = await openEngine();
    const resumed = await TrainingModel.create(engine, smallConfig, copied(whole.parameters()));
    resumed.restoreOptimizer(whole.optimizerState());
    for (const model of [whole, resumed]) {
      await model.step(batch);
      model.update({ ...settings, step: 4 });
    }
    for (const [name, values] of whole.parameters()) {
      expect([...tensor(resumed.parameters(), name)], name).toEqual([...values]);
    }
    await whole.dispose();
    await resumed.dispose();
  });

  it('counts its parameters', async () => {
    const model = await smallModel();
    const sizes = [...model.parameters().values()].map((values) => values.length);
    expect(model.parameterCount).toBe(sizes.reduce((total, size) => total + size, 0));
    await model.dispose();
  });

  it('says plainly what is wrong with a batch or with weights', async () => {
    const model = await smallModel();
    const [row = new Int32Array()] = randomRows([3], 16);
    await expect(model.step(labelBatch([row], [new Int32Array()]))).rejects.toThrow(StudioError);
    await expect(model.step(labelBatch([row, row], [row]))).rejects.toThrow('2 inputs, 1 targets');
    const missing = copied(model.parameters());
    missing.delete('shared.weight');
    const engine = await openEngine();
    await expect(TrainingModel.create(engine, smallConfig, missing)).rejects.toThrow(
      'shared.weight is missing',
    );
    missing.set('shared.weight', new Float32Array(3));
    await expect(TrainingModel.create(engine, smallConfig, missing)).rejects.toThrow(
      'has 3 numbers, where 40 x 16 = 640 are expected',
    );
    await model.dispose();
  });

  it('stops when the loss is no longer a number', async () => {
    const model = await smallModel();
    tensor(model.parameters(), 'encoder.final_layer_norm.weight').fill(Number.NaN);
    const step = model.step(labelBatch(randomRows([3], 17), randomRows([3], 18)));
    await expect(step).rejects.toMatchObject({ code: 'training-diverged' });
    await model.dispose();
  });
});
