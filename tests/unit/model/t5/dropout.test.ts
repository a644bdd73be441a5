import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { Graph } from '../../../../electron/model/graph/graph.ts';
import { attend, dropout } from '../../../../electron/model/graph/ops/index.ts';
import { DropoutMasks, type MaskPlace } from '../../../../electron/model/t5/dropout.ts';
import { trainingGraph } from '../../../../electron/model/t5/graphs.ts';
import { TrainingModel, type TrainingOptions } from '../../../../electron/model/t5/training.ts';
import { labelBatch, randomInitial, randomRows, smallConfig } from './small.ts';

const places: MaskPlace[] = [
  { input: 'a', shape: ['tokens', 100] },
  { input: 'b', shape: ['batch', 2, 30, 30] },
];
const sizes = { tokens: 700, batch: 20 };

function drawn(masks: DropoutMasks, name = 'a'): Float32Array {
  return masks.draw(places, sizes)[name]?.data.slice() ?? new Float32Array();
}

const share = (values: Float32Array, is: (value: number) => boolean): number =>
  values.filter(is).length / values.length;

describe('the masks of dropout', () => {
  it.each([0.1, 0.5, 0.9])('drop a share of %f and keep the mean', (rate) => {
    const masks = new DropoutMasks({ rate, seed: 1 });
    for (const name of ['a', 'b']) {
      const values = drawn(masks, name);
      const [kept] = values.filter((value) => value !== 0);
      expect(new Set(values)).toEqual(new Set([0, kept]));
      expect(Math.abs((kept ?? 0) * (1 - rate) - 1)).toBeLessThan(2e-4);
      // Five standard deviations of a share of so many draws.
      const spread = 5 * Math.sqrt((rate * (1 - rate)) / values.length);
      expect(Math.abs(share(values, (value) => value === 0) - rate)).toBeLessThan(spread);
    }
  });

  it('are independent of their neighbours, of other passes and of other seeds', () => {
    const masks = new DropoutMasks({ rate: 0.5, seed: 7 });
    const first = drawn(masks);
    const others = [
      drawn(masks),
      drawn(new DropoutMasks({ rate: 0.5, seed: 8 })),
      ...[1, 2, 4, 8, 16, 32, 100].map(
        (lag) => new Float32Array([...first.slice(lag), ...first.slice(0, lag)]),
      ),
    ];
    const spread = 5 * Math.sqrt(0.25 / first.length);
    for (const other of others) {
      const same = first.filter((value, index) => value === other[index]).length / first.length;
      expect(Math.abs(same - 0.5)).toBeLessThan(spread);
    }
  });

  it('come again from the same seed, and go on from a saved state', () => {
    const masks = new DropoutMasks({ rate: 0.3, seed: 2 });
    const again = new DropoutMasks({ rate: 0.3, seed: 2 });
    expect(drawn(masks)).toEqual(drawn(again));
    const { state } = masks;
    expect(state).toEqual({ seed: 2, passes: 1 });
    const next = drawn(masks);
    expect(drawn(new DropoutMasks({ rate: 0.3, seed: 99, state }))).toEqual(next);
  });

  it('never drop everything or nothing because the rate was rounded', () => {
    expect(
      share(drawn(new DropoutMasks({ rate: 1e-9, seed: 1 })), (value) => value === 0),
    ).toBeLessThan(1e-3);
    expect(
      share(drawn(new DropoutMasks({ rate: 1 - 1e-9, seed: 1 })), (value) => value === 0),
    ).toBeLessThan(1);
    const rarely = drawn(new DropoutMasks({ rate: 1 - 1e-9, seed: 1 })).filter(
      (value) => value > 0,
    );
    expect(rarely.every((value) => value === 65_536)).toBe(true);
  });
});

describe('what masks cannot be', () => {
  it('larger than the memory they lie in', () => {
    const masks = new DropoutMasks({ rate: 0.5, seed: 1 });
    const draw = () => masks.draw(places, { tokens: 20_000_000, batch: 1 });
    expect(draw).toThrow('this batch needs 7.5 GiB of masks');
    expect(() => masks.draw(places, { tokens: 1 })).toThrow('no size for “batch”');
  });

  it('of another shape than what they drop', () => {
    const graph = new Graph('test');
    const [x, mask] = [graph.input('x', 'float32', [2, 3]), graph.input('mask', 'float32', [3])];
    const place = 'dropout([2, 3], [3]) in test: the mask has another shape';
    expect(() => dropout(x, mask)).toThrow(place);
    const scores = graph.input('scores', 'float32', [1, 1, 2, 3]);
    const values = graph.input('values', 'float32', [1, 1, 3, 4]);
    expect(() => attend(scores, values, mask)).toThrow('the mask has another shape');
  });
});

describe('the places of dropout', () => {
  const inputs = (drops: boolean): string[] =>
    trainingGraph(smallConfig, { dropout: drops }).inputs.map(({ name }) => name);

  it('are those of the reference, and none without dropout', () => {
    expect(inputs(false).some((name) => name.startsWith('dropout/'))).toBe(false);
    const attention = (prefix: string, kind: string): string[] => [
      `${prefix}.${kind}.weights`,
      `${prefix}.output`,
    ];
    const feedForward = (prefix: string): string[] => [
      `${prefix}.DenseReluDense.activation`,
      `${prefix}.output`,
    ];
    const expected = [
      'encoder.embed_tokens',
      ...attention('encoder.block.0.layer.0', 'SelfAttention'),
      ...feedForward('encoder.block.0.layer.1'),
      'encoder.final_layer_norm',
      'decoder.embed_tokens',
      ...[0, 1].flatMap((block) => [
        ...attention(`decoder.block.${block}.layer.0`, 'SelfAttention'),
        ...attention(`decoder.block.${block}.layer.1`, 'EncDecAttention'),
        ...feedForward(`decoder.block.${block}.layer.2`),
      ]),
      'decoder.final_layer_norm',
    ].map((place) => `dropout/${place}`);
    const { masks } = trainingGraph(smallConfig, { dropout: true });
    expect(masks.map(({ input }) => input)).toEqual(expected);
    expect(
      inputs(true)
        .filter((name) => name.startsWith('dropout/'))
        .sort(),
    ).toEqual(expected.sort());
  });
});

describe('a model with dropout', () => {
  const settings = { learningRate: 1e-2, weightDecay: 0.01, clipNorm: 1 };
  const batch = labelBatch(randomRows([9, 4, 6], 2), randomRows([5, 3, 7], 3));
  const open = async (options: TrainingOptions, threads = 1): Promise<TrainingModel> =>
    TrainingModel.create(await openEngine({ threads }), smallConfig, randomInitial(1), options);

  async function train(model: TrainingModel, from: number, to: number): Promise<number[]> {
    const losses: number[] = [];
    for (let step = from; step <= to; step++) {
      losses.push((await model.step(batch)).loss);
      model.update({ ...settings, step });
    }
    return losses;
  }

  it('continues bit for bit: three and three steps are six', async () => {
    const masks = { rate: 0.2, seed: 5 };
    const whole = await open({ dropout: masks });
    const losses = await train(whole, 1, 6);
    const first = await open({ dropout: masks });
    const before = await train(first, 1, 3);
    const state = first.dropoutState() ?? undefined;
    expect(state).toEqual({ seed: 5, passes: 3 });
    const second = await TrainingModel.create(
      await openEngine({ threads: 1 }),
      smallConfig,
      first.parameters(),
      { dropout: { ...masks, ...(state && { state }) } },
    );
    second.restoreOptimizer(first.optimizerState());
    expect([...before, ...(await train(second, 4, 6))]).toEqual(losses);
    expect(second.parameters()).toEqual(whole.parameters());
    for (const model of [whole, first, second]) await model.dispose();
  });

  it('drops the same with any number of threads, and something else each step', async () => {
    const losses: number[] = [];
    for (const threads of [1, 2, 4]) {
      const model = await open({ dropout: { rate: 0.2, seed: 5 } }, threads);
      losses.push((await model.step(batch)).loss, (await model.step(batch)).loss);
      await model.dispose();
    }
    const [first = 0, second = 0, ...others] = losses;
    expect(Math.abs(second / first - 1)).toBeGreaterThan(1e-3);
    others.forEach((loss, index) => {
      expect(loss).toBeCloseTo(index % 2 === 0 ? first : second, 5);
    });
  });
});

describe('label smoothing', () => {
  it('adds a share of the mean over the vocabulary to both tasks’ losses', async () => {
    const batch = {
      ...labelBatch(randomRows([5, 4], 6), randomRows([3, 6], 7)),
      task: Uint8Array.of(0, 1),
      weights: { label: 0.7, rationale: 0.3 },
    };
    const lossesWith = async (labelSmoothing: number) => {
      const engine = await openEngine();
      const model = await TrainingModel.create(engine, smallConfig, randomInitial(1), {
        labelSmoothing,
      });
      const losses = await model.step(batch);
      await model.dispose();
      return losses;
    };
    const plain = await lossesWith(0);
    const half = await lossesWith(0.5);
    const smoothed = await lossesWith(0.25);
    // The loss is linear in the share.
    expect(smoothed.loss).toBeCloseTo((plain.loss + half.loss) / 2, 5);
    expect(Math.abs(smoothed.loss / plain.loss - 1)).toBeGreaterThan(1e-3);
    for (const { loss, labelLoss, rationaleLoss } of [plain, half, smoothed]) {
      expect(loss).toBeCloseTo(0.7 * (labelLoss ?? 0) + 0.3 * (rationaleLoss ?? 0), 5);
    }
  });

  it('leaves the graph as it is when the share is zero', () => {
    const plain = trainingGraph(smallConfig).bytes;
    expect(trainingGraph(smallConfig, { labelSmoothing: 0 }).bytes).toEqual(plain);
    expect(trainingGraph(smallConfig, { labelSmoothing: 0.1 }).bytes).not.toEqual(plain);
  });
});
