import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { trainingGraph } from '../../../../electron/model/t5/graphs.ts';
import { TrainingModel } from '../../../../electron/model/t5/training.ts';
import { labelBatch, randomInitial, randomRows, smallConfig, smallModel } from './small.ts';

const batch = labelBatch(randomRows([5, 4], 12), randomRows([4, 3], 13));
const update = { learningRate: 1e-2, weightDecay: 0.1, clipNorm: null, step: 1 };

/** One matrix in the middle, one norm, and the table that is gathered sparsely. */
const choices: readonly string[][] = [
  ['decoder.block.1.layer.2.DenseReluDense.wo.weight'],
  ['encoder.block.0.layer.0.layer_norm.weight', 'decoder.block.0.layer.0.SelfAttention.q.weight'],
  ['shared.weight'],
];

describe('a model of which only some parameters learn', () => {
  it.each(choices.map((names) => [names]))('has the whole model’s gradients: %s', async (names) => {
    const all = await smallModel({ threads: 1 });
    const engine = await openEngine({ threads: 1 });
    const trainable = new Set(names);
    const some = await TrainingModel.create(engine, smallConfig, randomInitial(1), { trainable });
    expect((await some.step(batch)).loss).toBeCloseTo((await all.step(batch)).loss, 5);
    expect([...some.gradients().keys()].sort()).toEqual([...names].sort());
    for (const [name, gradient] of some.gradients()) {
      const expected = all.gradients().get(name) ?? new Float32Array();
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      gradient.forEach((value, i) => {
        expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(1e-5 * largest);
      });
    }
    expect(some.parameterCount).toBe(all.parameterCount);
    await all.dispose();
    await some.dispose();
  });

  it.each(['adamw', 'adafactor'] as const)(
    'leaves the others as they are, and keeps no state for them: %s',
    async (kind) => {
      const trainable = new Set(choices[1]);
      const model = await TrainingModel.create(
        await openEngine({ threads: 1 }),
        smallConfig,
        randomInitial(1),
        { trainable, optimizer: { kind } },
      );
      const before = new Map([...model.parameters()].map(([name, v]) => [name, v.slice()]));
      const { loss } = await model.step(batch);
      model.update(update);
      expect((await model.step(batch)).loss).toBeLessThan(loss);
      for (const [name, values] of model.parameters()) {
        const same = values.every((value, i) => value === before.get(name)?.[i]);
        expect(same, name).toBe(!trainable.has(name));
      }
      for (const tensors of model.optimizerState().regions.values()) {
        expect([...tensors.keys()].every((name) => trainable.has(name))).toBe(true);
      }
      await model.dispose();
    },
  );

  it('has a graph that gives and computes no other gradient', () => {
    const whole = trainingGraph(smallConfig);
    const one = trainingGraph(smallConfig, { trainable: new Set(choices[0]) });
    expect([...one.dense.keys()]).toEqual(choices[0]);
    expect(one.sparse).toEqual([]);
    expect(one.bytes.length).toBeLessThan(0.6 * whole.bytes.length);
  });

  it('must have at least one, and only ones that there are', async () => {
    const engine = await openEngine({ threads: 1 });
    const create = (names: string[]) =>
      TrainingModel.create(engine, smallConfig, randomInitial(1), { trainable: new Set(names) });
    await expect(create([])).rejects.toThrow('No parameter is left to train');
    await expect(create(['shared'])).rejects.toThrow('no parameter “shared”');
  });
});
