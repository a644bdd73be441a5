import { describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import {
  TrainedParameters,
  type AdafactorSettings,
  type UpdateSettings,
} from '../../../../electron/model/optimizer/index.ts';
import { fill, filled, flat, largestDifference, region, shapes } from './support.ts';

type Settings = Omit<AdafactorSettings, 'kind'>;

/** One parameter in float64, row by row, as the paper's algorithms 4 to 6 and `transformers` have it. */
class Reference {
  readonly parameter: number[];
  readonly rows: number;
  readonly columns: number;
  readonly factored: boolean;
  readonly row: number[];
  readonly column: number[];
  readonly second: number[];
  readonly first: number[];

  constructor(shape: readonly number[], values: Float32Array) {
    this.parameter = [...values];
    this.factored = shape.length === 2;
    this.columns = shape.at(-1) ?? 1;
    this.rows = values.length / this.columns;
    this.row = new Array<number>(this.rows).fill(0);
    this.column = new Array<number>(this.columns).fill(0);
    this.second = new Array<number>(values.length).fill(0);
    this.first = new Array<number>(values.length).fill(0);
  }

  update(gradient: readonly number[], now: UpdateSettings, settings: Settings): void {
    const { clipThreshold = 1, decayRate = -0.8, beta1 = null, epsilon = [1e-30, 1e-3] } = settings;
    const beta2 = 1 - now.step ** decayRate;
    let rate = now.learningRate;
    if (settings.relativeStep) {
      const most = settings.warmupInit ? 1e-6 * now.step : 1e-2;
      rate = Math.min(most, 1 / Math.sqrt(now.step));
    }
    if (settings.scaleParameter) rate *= Math.max(epsilon[1], rms(this.parameter));
    const squares = gradient.map((g) => g * g + epsilon[0]);
    const blend = (old: number, fresh: number): number => beta2 * old + (1 - beta2) * fresh;
    const at = (i: number): [number, number] => [Math.floor(i / this.columns), i % this.columns];
    this.row.forEach((old, r) => {
      this.row[r] = blend(old, mean(squares.filter((_square, i) => at(i)[0] === r)));
    });
    this.column.forEach((old, c) => {
      this.column[c] = blend(old, mean(squares.filter((_square, i) => at(i)[1] === c)));
    });
    squares.forEach((square, i) => {
      this.second[i] = blend(this.second[i] ?? 0, square);
    });
    const updates = gradient.map((g, i) => {
      const [r, c] = at(i);
      const estimate = ((this.row[r] ?? 0) * (this.column[c] ?? 0)) / mean(this.row);
      return g / Math.sqrt(this.factored ? estimate : (this.second[i] ?? 0));
    });
    const shrink = Math.max(1, rms(updates) / clipThreshold);
    updates.forEach((update, i) => {
      let change = (update / shrink) * rate;
      if (beta1 !== null) {
        change = beta1 * (this.first[i] ?? 0) + (1 - beta1) * change;
        this.first[i] = change;
      }
      const value = this.parameter[i] ?? 0;
      this.parameter[i] = value - now.weightDecay * rate * value - change;
    });
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const rms = (values: readonly number[]): number => Math.sqrt(mean(values.map((v) => v * v)));

const variants: Readonly<Record<string, Settings>> = {
  'a plain learning rate': {},
  'steps relative to the parameter and the time': { scaleParameter: true, relativeStep: true },
  'a warm-up of its own': { relativeStep: true, warmupInit: true },
  'a running mean of updates': { beta1: 0.9, scaleParameter: true },
  'other constants': { clipThreshold: 0.3, decayRate: -0.5, epsilon: [1e-3, 5] },
};

describe('Adafactor', () => {
  it.each(Object.entries(variants))('follows float64 with %s', (_title, settings) => {
    const parameters = filled(1, { kind: 'adafactor', ...settings });
    const references = new Map(
      [...parameters.values()].map(([name, values]) => [
        name,
        new Reference(shapes.get(name) ?? [], values),
      ]),
    );
    const random = new Random(2);
    for (let step = 1; step <= 20; step++) {
      // Every fifth gradient is small, so that update clipping is not always at work.
      fill(parameters.gradients(), random, step % 5 === 0 ? 0.01 : 1);
      parameters.gradientsChanged();
      const now = { learningRate: 1e-2, weightDecay: 0.1, clipNorm: step % 3 ? null : 2, step };
      const scale = now.clipNorm === null ? 1 : Math.min(1, 2 / parameters.gradientNorm());
      for (const [name, reference] of references) {
        const gradient = [...(parameters.gradients().get(name) ?? [])].map((g) => g * scale);
        reference.update(gradient, now, settings);
      }
      parameters.update(now);
    }
    const all = [...references.values()];
    const expected = all.flatMap((reference) => reference.parameter);
    expect(largestDifference(flat(parameters.values()), expected)).toBeLessThan(1e-5);
    const matrices = all.filter((reference) => reference.factored);
    const [rows, columns] = [matrices.flatMap((m) => m.row), matrices.flatMap((m) => m.column)];
    expect(largestDifference(flat(region(parameters, 'row')), rows)).toBeLessThan(1e-5);
    expect(largestDifference(flat(region(parameters, 'column')), columns)).toBeLessThan(1e-5);
    const vectors = all.filter((reference) => !reference.factored).flatMap((v) => v.second);
    expect(largestDifference(flat(region(parameters, 'second')), vectors)).toBeLessThan(1e-5);
    if (settings.beta1) {
      const first = all.flatMap((reference) => reference.first);
      expect(largestDifference(flat(region(parameters, 'first')), first)).toBeLessThan(1e-5);
    }
  });

  it('keeps two numbers a row and column instead of two an element', () => {
    const shape = new Map([['p', [1_000, 500]]]);
    const bytes = (settings: { kind: 'adamw' | 'adafactor'; beta1?: number }): number =>
      new TrainedParameters(shape, settings).bytes;
    const [parameterAndGradient, statistics] = [2 * 4 * 500_000, 2 * 4 * 1_500];
    const padding = 2 * 4 * (8 + 12);
    expect(bytes({ kind: 'adafactor' })).toBe(parameterAndGradient + statistics + padding);
    expect(bytes({ kind: 'adafactor', beta1: 0.9 })).toBeGreaterThan(1.5 * parameterAndGradient);
    expect(bytes({ kind: 'adamw' })).toBe(2 * parameterAndGradient);
  });

  it('gives rows and columns without a gradient no update', () => {
    const shape = new Map([['p', [6, 5]]]);
    const parameters = new TrainedParameters(shape, { kind: 'adafactor' });
    const values = parameters.values().get('p') ?? new Float32Array();
    const gradients = parameters.gradients().get('p') ?? new Float32Array();
    values.fill(1);
    gradients.fill(0.5, 10, 13);
    parameters.update({ learningRate: 1e-2, weightDecay: 0, clipNorm: null, step: 1 });
    const moved = [...values].flatMap((value, index) => (value === 1 ? [] : [index]));
    expect(moved).toEqual([10, 11, 12]);
    expect([...values].every(Number.isFinite)).toBe(true);
  });

  it('adds up columns of very many rows finely', () => {
    const rows = 200_000;
    const parameters = new TrainedParameters(new Map([['p', [rows, 2]]]), { kind: 'adafactor' });
    parameters.gradients().get('p')?.fill(0.1);
    parameters.update({ learningRate: 1e-2, weightDecay: 0, clipNorm: null, step: 1 });
    const [mean = 0] = region(parameters, 'column').get('p') ?? [];
    expect(Math.abs(mean / Math.fround(0.1) ** 2 - 1)).toBeLessThan(1e-5);
  });
});
