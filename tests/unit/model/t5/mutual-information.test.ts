import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import {
  describeTensorFlow,
  openTensorFlowEngine,
} from '../../../../electron/model/engines/tensorflow.ts';
import { ForwardModel } from '../../../../electron/model/t5/forward.ts';
import { trainingGraph } from '../../../../electron/model/t5/graphs.ts';
import { shiftRight } from '../../../../electron/model/t5/packing.ts';
import {
  TrainingModel,
  type RowPair,
  type TrainingBatch,
  type TrainingOptions,
} from '../../../../electron/model/t5/training.ts';
import { pairLoss } from './pair-loss.ts';
import { randomInitial, randomRows, smallConfig } from './small.ts';

/**
 * Three texts: the first with one rationale, the second with two, the third without any. All rows of
 * a text have the same input, so that it is encoded once.
 */
const texts = randomRows([5, 9, 3], 2);
const text = (which: number): Int32Array => texts[which] ?? new Int32Array();
const inputs = [0, 1, 2, 0, 1, 1].map(text);
const targets = randomRows([2, 4, 3, 9, 6, 7], 3);
const task = Uint8Array.of(0, 0, 0, 1, 1, 1);
const pairs: RowPair[] = [
  { label: 0, rationale: 3 },
  { label: 1, rationale: 4 },
  { label: 1, rationale: 5 },
];
const weights = { label: 0.7, rationale: 0.4, mutualInformation: 0.5 };
const batch: TrainingBatch = { inputs, targets, task, pairs, weights };

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

async function open(options: TrainingOptions = {}, engine?: Engine): Promise<TrainingModel> {
  return TrainingModel.create(
    engine ?? (await openEngine({ threads: 1 })),
    smallConfig,
    randomInitial(1),
    { mutualInformation: true, ...options },
  );
}

/** Rows of a batch as a batch of their own, with the pairs that lie among them. */
function part(rows: readonly number[]): TrainingBatch {
  const place = (row: number): number => rows.indexOf(row);
  const take = (all: readonly Int32Array[]): Int32Array[] =>
    rows.map((row) => all[row] ?? new Int32Array());
  return {
    inputs: take(inputs),
    targets: take(targets),
    task: Uint8Array.from(rows, (row) => task[row] ?? 0),
    pairs: pairs
      .filter(({ label, rationale }) => place(label) >= 0 && place(rationale) >= 0)
      .map(({ label, rationale }) => ({ label: place(label), rationale: place(rationale) })),
    weights,
  };
}

describe('the mutual-information term', () => {
  it('is the cross-entropy of max-pooled distributions, over all pairs', async () => {
    const model = await open();
    const losses = await model.step(batch);
    const forward = await ForwardModel.create(await openEngine(), smallConfig, model.parameters());
    const { logits } = await forward.run(
      inputs,
      targets.map((target) => shiftRight(target, smallConfig.decoderStartTokenId)),
    );
    const rowsOf = (row: number): number[][] => {
      const values = logits[row] ?? new Float32Array();
      const width = smallConfig.vocabSize;
      return Array.from({ length: values.length / width }, (_unused, token) =>
        Array.from(values.subarray(token * width, (token + 1) * width)),
      );
    };
    const expected =
      pairs
        .map(({ label, rationale }) => pairLoss(rowsOf(label), rowsOf(rationale)).loss)
        .reduce((sum, loss) => sum + loss, 0) / pairs.length;
    expect(losses.mutualInformation).toBeCloseTo(expected, 4);
    expect(losses.loss).toBeCloseTo(
      0.7 * (losses.labelLoss ?? 0) + 0.4 * (losses.rationaleLoss ?? 0) + 0.5 * expected,
      4,
    );
    await forward.dispose();
    await model.dispose();
  });

  it('leaves the graph as it is where it is not asked for', () => {
    const plain = trainingGraph(smallConfig);
    const without = trainingGraph(smallConfig, { mutualInformation: false });
    expect(without.bytes).toEqual(plain.bytes);
    const added = trainingGraph(smallConfig, { mutualInformation: true });
    const names = plain.inputs.map(({ name }) => name);
    expect(
      added.inputs
        .map(({ name }) => name)
        .filter((name) => !names.includes(name))
        .sort(),
    ).toEqual(['pairs.labels', 'pairs.owners', 'pairs.rationales', 'pairs.weights']);
  });

  it('gives a model that weighs it with zero the losses and gradients of one without it', async () => {
    const plain = await open({ mutualInformation: false });
    const unweighted = { ...batch, weights: { label: 0.7, rationale: 0.4 } };
    const expected = await plain.step(unweighted);
    expect(expected.mutualInformation).toBeNull();
    const model = await open();
    const losses = await model.step(unweighted);
    expect(losses.loss).toBeCloseTo(expected.loss, 6);
    expect(losses.mutualInformation).toBeGreaterThan(0);
    expect(difference(model.gradients(), plain.gradients())).toBeLessThan(1e-6);
    await model.step(batch);
    expect(difference(model.gradients(), plain.gradients())).toBeGreaterThan(1e-4);
    await plain.dispose();
    await model.dispose();
  });

  it('is absent from a batch without any rationale', async () => {
    const model = await open();
    const plain = await open({ mutualInformation: false });
    const labels = part([0, 1, 2]);
    const losses = await model.step(labels);
    const expected = await plain.step({ ...labels, weights: { label: 0.7, rationale: 0.4 } });
    expect(losses.mutualInformation).toBeNull();
    expect(losses.loss).toBeCloseTo(expected.loss, 6);
    expect(difference(model.gradients(), plain.gradients())).toBeLessThan(1e-6);
    await plain.dispose();
    await model.dispose();
  });

  it('is learned: the explain task comes to speak of the label', async () => {
    const model = await open();
    const only = { ...batch, weights: { label: 0, rationale: 0, mutualInformation: 1 } };
    const settings = { learningRate: 1e-2, weightDecay: 0, clipNorm: 1 };
    const slopes: number[] = [];
    for (let step = 1; step <= 20; step++) {
      slopes.push((await model.step(only)).mutualInformation ?? Number.NaN);
      model.update({ ...settings, step });
    }
    expect(slopes.at(-1)).toBeLessThan((slopes[0] ?? 0) - 0.05);
    await model.dispose();
  });

  it('adds up over micro-batches as in one batch, or as the mean of their own terms', async () => {
    const model = await open({ accumulates: true });
    const micro = [part([0, 3]), part([1, 4, 5]), part([2])];
    const whole = await model.step(batch);
    const gradients = copied(model.gradients());
    const added = await model.accumulate(micro, 'token-weighted');
    expect(added.loss).toBeCloseTo(whole.loss, 5);
    expect(added.mutualInformation).toBeCloseTo(whole.mutualInformation ?? Number.NaN, 5);
    expect(difference(model.gradients(), gradients)).toBeLessThan(1e-6);

    const own: number[] = [];
    for (const one of micro) own.push((await model.step(one)).loss);
    const mean = await model.accumulate(micro, 'mean-of-means');
    expect(mean.loss).toBeCloseTo(own.reduce((sum, loss) => sum + loss, 0) / 3, 5);
    await model.dispose();
  });

  it('says plainly what is wrong with pairs, or with a model that was made without it', async () => {
    const model = await open();
    const wrong: readonly RowPair[][] = [
      [{ label: 0, rationale: 1 }],
      [{ label: 3, rationale: 4 }],
      [{ label: 0, rationale: 9 }],
      [
        { label: 0, rationale: 3 },
        { label: 1, rationale: 3 },
      ],
    ];
    for (const some of wrong) {
      await expect(model.step({ ...batch, pairs: some })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
    const plain = await open({ mutualInformation: false });
    await expect(plain.step(batch)).rejects.toThrow('made without');
    await plain.dispose();
    await model.dispose();
  });
});

const { installed } = describeTensorFlow();
const title = installed
  ? 'the mutual-information term on TensorFlow'
  : 'the mutual-information term on TensorFlow (skipped: its library is absent; npm run tensorflow-cpu)';
describe.skipIf(!installed)(title, () => {
  it.each([0, 0.1])('is what it is on ONNX Runtime, smoothed by %f', async (labelSmoothing) => {
    const expected = await open({ labelSmoothing });
    const model = await open({ labelSmoothing }, await openTensorFlowEngine());
    const [a, b] = [await model.step(batch), await expected.step(batch)];
    expect(a.loss).toBeCloseTo(b.loss, 5);
    expect(a.mutualInformation).toBeCloseTo(b.mutualInformation ?? Number.NaN, 5);
    expect(difference(model.gradients(), expected.gradients())).toBeLessThan(1e-5);
    await expected.dispose();
    await model.dispose();
  });
});
