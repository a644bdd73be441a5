import { describe, expect, it } from 'vitest';
import {
  TrainedParameters,
  type OptimizerSettings,
  type UpdateSettings,
} from '../../../../electron/model/optimizer/index.ts';
import { filled, flat, shapes } from './support.ts';

const update: UpdateSettings = { learningRate: 1e-2, weightDecay: 0.1, clipNorm: 1, step: 1 };
const kinds: OptimizerSettings['kind'][] = ['adamw', 'adafactor'];

const everything = (parameters: TrainedParameters): number[] => [
  ...flat(parameters.values()),
  ...[...parameters.state().regions.values()].flatMap((tensors) =>
    [...tensors.values()].flatMap(({ values }) => [...values]),
  ),
];

describe.each(kinds)('parameters trained with %s', (kind) => {
  it('keep their gradients through an update', () => {
    const parameters = filled(3, { kind });
    const before = flat(parameters.gradients());
    parameters.update(update);
    expect(flat(parameters.gradients())).toEqual(before);
  });

  it('are the same in one memory and in many', () => {
    const one = filled(5, { kind });
    // Little more than the largest parameter needs with all that belongs to it.
    const many = filled(5, { kind }, { shardBytes: kind === 'adamw' ? 8_192 : 5_120 });
    for (let step = 1; step <= 3; step++) {
      for (const parameters of [one, many]) parameters.update({ ...update, step });
      expect(many.gradientNorm()).toBe(one.gradientNorm());
    }
    expect([one.shards, many.shards]).toEqual([1, 2]);
    expect(many.bytes).toBe(one.bytes);
    expect(everything(many)).toEqual(everything(one));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'are left alone when a gradient is %d',
    (gradient) => {
      const parameters = filled(6, { kind });
      parameters.update(update);
      const before = everything(parameters);
      parameters.gradients().get('narrow')?.fill(gradient, 4, 5);
      parameters.gradientsChanged();
      const next = { ...update, step: 2, clipNorm: null };
      expect(() => {
        parameters.update(next);
      }).toThrow(expect.objectContaining({ code: 'training-diverged' }));
      expect(everything(parameters)).toEqual(before);
    },
  );

  it('go on from a saved state as if they had never stopped', () => {
    const whole = filled(7, { kind });
    whole.update(update);
    const resumed = filled(7, { kind });
    for (const [name, values] of whole.values()) resumed.values().get(name)?.set(values);
    resumed.restore(whole.state());
    for (const parameters of [whole, resumed]) parameters.update({ ...update, step: 2 });
    expect(everything(resumed)).toEqual(everything(whole));
  });

  it('refuse the state of other parameters', () => {
    const other = new TrainedParameters(new Map([['narrow', [9, 3]]]), { kind });
    expect(() => {
      filled(8, { kind }).restore(other.state());
    }).toThrow(expect.objectContaining({ code: 'checkpoint-corrupt' }));
  });

  it('add up the gradients of micro-batches', () => {
    const parameters = filled(9, { kind }, { accumulate: true });
    const before = flat(parameters.gradients());
    parameters.putAside('first');
    parameters.putAside('next');
    parameters.takeBack();
    expect(flat(parameters.gradients())).toEqual(
      before.map((g) => Math.fround(g + Math.fround(g + g))),
    );
    expect(parameters.bytes).toBeGreaterThan(filled(9, { kind }).bytes);
  });
});

describe('the gradient norm', () => {
  it('is the L2 norm over all parameters', () => {
    const parameters = filled(5, { kind: 'adamw' });
    const expected = Math.sqrt(flat(parameters.gradients()).reduce((sum, g) => sum + g * g, 0));
    expect(Math.abs(parameters.gradientNorm() / expected - 1)).toBeLessThan(1e-12);
  });

  it('is summed finely enough for a million equal gradients', () => {
    const parameters = new TrainedParameters(new Map([['p', [2 ** 20]]]), { kind: 'adamw' });
    parameters.gradients().get('p')?.fill(0.1);
    const expected = Math.fround(0.1) * 1024;
    expect(Math.abs(parameters.gradientNorm() / expected - 1)).toBeLessThan(1e-10);
  });
});

describe('clipping', () => {
  it('scales by the norm over all memories, and only downwards', () => {
    const moved = (clipNorm: number | null, shardBytes?: number): number[] => {
      const settings = { kind: 'adamw', betas: [0, 0], epsilon: 1e6 } as const;
      const parameters = filled(10, settings, shardBytes === undefined ? {} : { shardBytes });
      const before = flat(parameters.values());
      parameters.update({ learningRate: 1e6, weightDecay: 0, clipNorm, step: 1 });
      return flat(parameters.values()).map((value, index) => value - (before[index] ?? 0));
    };
    const free = Math.hypot(...moved(null));
    expect(Math.hypot(...moved(1, 8_192))).toBeCloseTo(1, 4);
    expect(Math.hypot(...moved(free * 2))).toBeCloseTo(free, 4);
  });
});

describe('memory', () => {
  it('keeps tensors apart', () => {
    const parameters = new TrainedParameters(shapes, { kind: 'adamw' }, { accumulate: true });
    const views = [
      ...parameters.values().values(),
      ...parameters.gradients().values(),
      ...[...parameters.state().regions.values()].flatMap((tensors) =>
        [...tensors.values()].map(({ values }) => values),
      ),
    ];
    views.forEach((values, index) => values.fill(index + 1));
    views.forEach((values, index) => {
      expect(values.every((value) => value === index + 1)).toBe(true);
    });
    expect(views.length).toBe(4 * shapes.size);
  });

  it('goes beyond 4 GiB by whole parameters', () => {
    const layers = new Map(Array.from({ length: 5 }, (_unused, i) => [`layer ${i}`, [64_000_000]]));
    const parameters = new TrainedParameters(layers, { kind: 'adamw' });
    expect(parameters.shards).toBe(2);
    expect(parameters.bytes).toBe(5 * 4 * 256_000_000);
    // Only what is touched takes real memory: the last numbers of the last parameter.
    for (const views of [parameters.values(), parameters.gradients()]) {
      views.get('layer 4')?.fill(2, 63_999_990);
    }
    expect(views(parameters)).toEqual([2, 2]);
  });

  it('says so when there is not enough', () => {
    // A limit beyond what one memory may have stands for a system that gives none.
    const build = () =>
      new TrainedParameters(
        new Map([['p', [300_000, 1_000]]]),
        { kind: 'adamw' },
        { shardBytes: 2 ** 33 },
      );
    expect(build).toThrow('There is not enough memory to train this student: it takes 4.5 GiB');
  });

  it('says which parameter no memory can hold', () => {
    const build = () =>
      new TrainedParameters(new Map([['shared.weight', [300_000, 1_000]]]), { kind: 'adamw' });
    expect(build).toThrow('shared.weight alone takes 4.5 GiB in training');
  });
});

const views = (parameters: TrainedParameters): (number | undefined)[] =>
  [parameters.values(), parameters.gradients()].map((all) => all.get('layer 4')?.at(-1));
