import { describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { parameterSpecs } from '../../../../electron/model/t5/config.ts';
import { ForwardModel } from '../../../../electron/model/t5/forward.ts';
import { trainingGraph } from '../../../../electron/model/t5/graphs.ts';
import { adapterSpecs, loraTargets, mergeLora } from '../../../../electron/model/t5/lora.ts';
import { TrainingModel } from '../../../../electron/model/t5/training.ts';
import { labelBatch, randomInitial, randomRows, smallConfig } from './small.ts';

const shape = { rank: 3, alpha: 6, targets: loraTargets };
const lora = { ...shape, seed: 9 };
const batch = labelBatch(randomRows([9, 4, 6], 2), randomRows([5, 3, 7], 3));
const settings = { learningRate: 1e-2, weightDecay: 0.01, clipNorm: 1 };

const copied = (views: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> =>
  new Map([...views].map(([name, values]) => [name, values.slice()]));

async function open(initial = randomInitial(1)): Promise<TrainingModel> {
  return TrainingModel.create(await openEngine({ threads: 1 }), smallConfig, initial, { lora });
}

async function train(model: TrainingModel, from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step <= to; step++) {
    losses.push((await model.step(batch)).loss);
    model.update({ ...settings, step });
  }
  return losses;
}

describe('low-rank adapters', () => {
  it('stand beside the matrices that are named, two for each', () => {
    const names = adapterSpecs(smallConfig, { ...shape, targets: ['q', 'wi'] }).map(
      ({ name }) => name,
    );
    expect(names.slice(0, 4)).toEqual([
      'encoder.block.0.layer.0.SelfAttention.q.lora_A.weight',
      'encoder.block.0.layer.0.SelfAttention.q.lora_B.weight',
      'encoder.block.0.layer.1.DenseReluDense.wi_0.lora_A.weight',
      'encoder.block.0.layer.1.DenseReluDense.wi_0.lora_B.weight',
    ]);
    // One encoder block with 1 + 2 matrices, two decoder blocks with 2 + 2.
    expect(names).toHaveLength(2 * (3 + 2 * 4));
    const wide = adapterSpecs(smallConfig, shape).find(({ name }) => name.includes('wo.lora_A'));
    expect(wide?.shape).toEqual([3, smallConfig.dFf]);
  });

  it('begin as the model without them', async () => {
    const engine = await openEngine({ threads: 1 });
    const plain = await TrainingModel.create(engine, smallConfig, randomInitial(1));
    const adapted = await open();
    expect((await adapted.step(batch)).loss).toBeCloseTo((await plain.step(batch)).loss, 5);
    for (const [name, values] of plain.parameters()) {
      expect(adapted.merged().get(name), name).toEqual(values);
    }
    expect(adapted.parameterCount).toBe(plain.parameterCount);
    await plain.dispose();
    await adapted.dispose();
  });

  it('learn alone: nothing is kept or computed for the frozen parameters', async () => {
    const model = await open();
    const before = copied(model.parameters());
    const first = await train(model, 1, 40);
    expect(first.at(-1)).toBeLessThan((first[0] ?? 0) * 0.8);
    const frozen = parameterSpecs(smallConfig).map(({ name }) => name);
    for (const name of frozen) {
      expect(model.parameters().get(name), name).toEqual(before.get(name));
    }
    const adapters = adapterSpecs(smallConfig, shape).map(({ name }) => name);
    expect([...model.gradients().keys()]).toEqual(adapters);
    for (const tensors of model.optimizerState().regions.values()) {
      expect([...tensors.keys()]).toEqual(adapters);
    }
    const trainable = new Set(adapters);
    const outputs = trainingGraph(smallConfig, { lora: shape, trainable }).outputs.length;
    expect(outputs).toBe(1 + adapters.length);
    await model.dispose();
  });

  it('compute the same merged as apart', async () => {
    const model = await open();
    await train(model, 1, 20);
    const apart = (await model.step(batch)).loss;
    const engine = await openEngine({ threads: 1 });
    const merged = await TrainingModel.create(engine, smallConfig, model.merged());
    expect((await merged.step(batch)).loss).toBeCloseTo(apart, 5);
    // Live: a program made before sees what was learned since.
    const views = model.merged();
    const forward = await ForwardModel.create(engine, smallConfig, views);
    const source = batch.inputs.slice(0, 1);
    const run = async (): Promise<Float32Array> =>
      (await forward.run(source, source)).logits[0] ?? new Float32Array();
    const before = await run();
    await train(model, 21, 22);
    expect(await run()).toEqual(before);
    model.merged();
    expect(await run()).not.toEqual(before);
    for (const used of [model, merged, forward]) await used.dispose();
  });

  it('are merged as W + (alpha / rank) B A', () => {
    const random = new Random(4);
    const config = { ...smallConfig, numLayers: 1, numDecoderLayers: 1 };
    const small = { rank: 2, alpha: 3, targets: ['v'] } as const;
    const parameters = new Map(
      [...parameterSpecs(config), ...adapterSpecs(config, small)].map(
        ({ name, shape: [n, m = 1] }) => [
          name,
          Float32Array.from({ length: (n ?? 0) * m }, () => random.normal()),
        ],
      ),
    );
    const merged = mergeLora(parameters, config, small);
    const prefix = 'decoder.block.0.layer.1.EncDecAttention.v';
    const [weight, a, b] = ['weight', 'lora_A.weight', 'lora_B.weight'].map((part) =>
      parameters.get(`${prefix}.${part}`),
    );
    const [row, column] = [5, 7];
    const product = [0, 1].map(
      (r) => (b?.[row * 2 + r] ?? 0) * (a?.[r * config.dModel + column] ?? 0),
    );
    const expected =
      (weight?.[row * config.dModel + column] ?? 0) + 1.5 * ((product[0] ?? 0) + (product[1] ?? 0));
    expect(merged.get(`${prefix}.weight`)?.[row * config.dModel + column]).toBeCloseTo(expected, 6);
    expect(merged.get('shared.weight')).toBe(parameters.get('shared.weight'));
    expect([...merged.keys()]).toEqual(parameterSpecs(config).map(({ name }) => name));
  });

  it('go on bit for bit from what is saved', async () => {
    const whole = await open();
    const losses = await train(whole, 1, 6);
    const first = await open();
    const before = await train(first, 1, 3);
    const saved = copied(first.merged());
    for (const [name, { values }] of first.unmerged() ?? []) saved.set(name, values.slice());
    const second = await TrainingModel.create(
      await openEngine({ threads: 1 }),
      smallConfig,
      saved,
      { lora },
    );
    second.restoreOptimizer(first.optimizerState());
    expect([...before, ...(await train(second, 4, 6))]).toEqual(losses);
    expect(second.parameters()).toEqual(whole.parameters());
    for (const model of [whole, first, second]) await model.dispose();
  });
});
