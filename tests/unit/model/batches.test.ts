import { describe, expect, it } from 'vitest';
import type { Method, RunSettings } from '../../../electron/contract/entities.ts';
import type { TrainRow } from '../../../electron/contract/worker.ts';
import {
  RowOrder,
  asDrawn,
  composeBatch,
  encodeRows,
  lossWeights,
  pickRows,
  textsOf,
  tokensIn,
} from '../../../electron/model/batches.ts';
import { withPrefix } from '../../../electron/core/methods.ts';
import { learningRateAt } from '../../../electron/model/schedule.ts';
import { Tokenizer, trainTokenizer } from '../../../electron/model/tokenizer.ts';
import { runSettings } from './support.ts';

const rows: TrainRow[] = [
  { input: 'one two', label: '1 + 2', rationales: ['add them'] },
  { input: 'three', label: '3', rationales: [] },
];

const equal = { label: 1, rationale: 1 };

describe('withPrefix', () => {
  it('puts exactly one space between prefix and text', () => {
    expect(withPrefix('predict: ', 'x')).toBe('predict: x');
    expect(withPrefix('[label]', 'x')).toBe('[label] x');
    expect(withPrefix(' ', 'x')).toBe('x');
  });
});

describe('encodeRows and composeBatch', () => {
  const encoded = async (
    method: Method,
    of: readonly TrainRow[] = rows,
    changes: Partial<RunSettings> = {},
  ) => {
    const settings = runSettings({ method, ...changes });
    const texts = [...textsOf(of, settings), ...textsOf(of, settings)];
    const tokenizer = Tokenizer.fromJson(await trainTokenizer(texts, settings));
    return { tokenizer, encoded: await encodeRows(tokenizer, of, settings) };
  };

  it('gives step-by-step a second example for every row with a rationale', async () => {
    const { tokenizer, encoded: examples } = await encoded('step-by-step');
    const batch = composeBatch(examples, { label: 1, rationale: 0.5 });
    expect(await tokenizer.decodeAll(batch.inputs)).toEqual([
      'predict: one two',
      'predict: three',
      'explain: one two',
    ]);
    expect(await tokenizer.decodeAll(batch.targets)).toEqual(['1 + 2', '3', 'add them']);
    expect([...batch.task]).toEqual([0, 0, 1]);
    expect(batch.weights).toEqual({ label: 1, rationale: 0.5 });
    expect(tokensIn(batch)).toBe(
      [...batch.inputs, ...batch.targets].map((ids) => ids.length).reduce((a, b) => a + b),
    );
  });

  it('gives a row with several rationales an example for each, and its label once', async () => {
    const several: TrainRow[] = [
      { input: 'one', label: '1', rationales: ['first', 'second'] },
      { input: 'two', label: '2', rationales: [] },
      { input: 'three', label: '3', rationales: ['third'] },
    ];
    const { tokenizer, encoded: examples } = await encoded('step-by-step', several);
    const batch = composeBatch(examples, equal);
    expect(await tokenizer.decodeAll(batch.inputs)).toEqual([
      ...['predict: one', 'predict: two', 'predict: three'],
      ...['explain: one', 'explain: one', 'explain: three'],
    ]);
    expect(await tokenizer.decodeAll(batch.targets)).toEqual([
      ...['1', '2', '3'],
      ...['first', 'second', 'third'],
    ]);
    expect([...batch.task]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...textsOf(several.slice(0, 1), runSettings({ method: 'step-by-step' }))]).toEqual([
      ...['predict: one', '1', 'explain: one', 'first', 'second'],
    ]);
    const drawn = examples.map((row) =>
      asDrawn(row, { choice: 1, explains: true }, { rationalesPerRow: 'sampled' }),
    );
    expect(await tokenizer.decodeAll(composeBatch(drawn, equal).targets)).toEqual([
      ...['1', '2', '3'],
      'second',
    ]);
  });

  it.each(['finetune', 'distill'] as const)('gives %s the labels alone', async (method) => {
    const { encoded: examples } = await encoded(method);
    expect(examples.map((row) => row.rationales)).toEqual([[], []]);
    expect([...composeBatch(examples, equal).task]).toEqual([0, 0]);
  });

  it('writes rationale and label of single-task in one target', async () => {
    const { tokenizer, encoded: examples } = await encoded('single-task');
    const batch = composeBatch(examples, equal);
    expect(await tokenizer.decodeAll(batch.inputs)).toEqual(['predict: one two', 'predict: three']);
    expect(await tokenizer.decodeAll(batch.targets)).toEqual([
      'add them Answer: 1 + 2',
      'Answer: 3',
    ]);
    expect([...batch.task]).toEqual([0, 0]);
  });

  it('keeps the whole label of single-task behind a rationale that is cut', async () => {
    const long = [{ input: 'one', label: '1 + 2', rationales: ['add them '.repeat(30)] }];
    const { tokenizer, encoded: examples } = await encoded('single-task', long, {
      maxRationaleTokens: 5,
    });
    const [target] = await tokenizer.decodeAll(composeBatch(examples, equal).targets);
    expect(target).toMatch(/^add.{0,40} Answer: 1 \+ 2$/);
  });

  it('reads the teacher’s rationale in the input of rationale-input', async () => {
    const { tokenizer, encoded: examples } = await encoded('rationale-input');
    const batch = composeBatch(examples, equal);
    expect(await tokenizer.decodeAll(batch.inputs)).toEqual([
      'predict: one two Rationale: add them',
      'predict: three',
    ]);
    expect(await tokenizer.decodeAll(batch.targets)).toEqual(['1 + 2', '3']);
  });

  it('ends a rationale at the last sentence within the cap', async () => {
    const text = 'Add one and two. Then take three away. Then stop.';
    const long = [{ input: 'one', label: '0', rationales: [text] }];
    const kept = async (rationaleCap: number | null) => {
      const { tokenizer, encoded: examples } = await encoded('step-by-step', long, {
        rationaleCap,
      });
      return (await tokenizer.decodeAll(composeBatch(examples, equal).targets))[1];
    };
    expect(await kept(null)).toBe(text);
    expect(await kept(1_000)).toBe(text);
    const first = 'Add one and two.';
    const results = await Promise.all([4, 8, 12, 16, 20, 24, 28].map(kept));
    for (const result of results) expect(text.startsWith(result ?? '-')).toBe(true);
    expect(results).toContain(first);
    expect(results).toContain('Add one and two. Then take three away.');
  });

  it('leaves the rationale out where rationale-dropout says so', async () => {
    for (const method of ['step-by-step', 'rationale-input', 'single-task'] as const) {
      const { tokenizer, encoded: examples } = await encoded(method);
      const silent = examples.map((row) =>
        asDrawn(row, { choice: 0, explains: false }, { rationalesPerRow: 'chosen' }),
      );
      const batch = composeBatch(silent, equal);
      expect(batch.inputs).toHaveLength(2);
      const texts = await tokenizer.decodeAll([...batch.inputs, ...batch.targets]);
      expect(texts.join(' ')).not.toContain('add them');
    }
  });

  it('weighs the two losses by lambda, or as the published code by alpha', () => {
    expect(lossWeights(runSettings({ lambda: 0.25, lossForm: 'lambda' }))).toEqual({
      label: 1,
      rationale: 0.25,
    });
    expect(lossWeights(runSettings({ lambda: 0.25, lossForm: 'alpha' }))).toEqual({
      label: 0.8,
      rationale: expect.closeTo(0.2) as number,
    });
    expect(lossWeights(runSettings({ lambda: 0, lossForm: 'alpha' }))).toEqual({
      label: 1,
      rationale: 0,
    });
  });

  it('pairs each rationale with the label of its row, where that is asked for', async () => {
    const several: TrainRow[] = [
      { input: 'one', label: '1', rationales: [] },
      { input: 'two', label: '2', rationales: ['a', 'b'] },
      { input: 'three', label: '3', rationales: ['c'] },
    ];
    const { encoded: examples } = await encoded('step-by-step', several);
    const settings = runSettings({ method: 'step-by-step', mutualInformation: 0.1 });
    const weights = lossWeights(settings);
    expect(weights).toEqual({ label: 1, rationale: 1, mutualInformation: 0.1 });
    expect(composeBatch(examples, weights).pairs).toEqual([
      { label: 1, rationale: 3 },
      { label: 1, rationale: 4 },
      { label: 2, rationale: 5 },
    ]);
    expect(composeBatch(examples, equal)).not.toHaveProperty('pairs');
    expect(lossWeights({ ...settings, method: 'single-task' })).toEqual({ label: 1, rationale: 1 });
  });

  it('cuts rows to the lengths in the settings', async () => {
    const { tokenizer } = await encoded('step-by-step');
    const settings = runSettings({
      method: 'step-by-step',
      maxInputTokens: 8,
      maxLabelTokens: 2,
      maxRationaleTokens: 2,
    });
    const long = [{ input: 'one two '.repeat(20), label: '1 + 2', rationales: ['add them'] }];
    const [row] = await encodeRows(tokenizer, long, settings);
    expect(row?.label.input).toHaveLength(8);
    expect(row?.label.target).toHaveLength(2);
    expect(row?.rationales[0]?.target).toHaveLength(2);
    expect(row?.label.target.at(-1)).toBe(1);
  });
});

describe('RowOrder', () => {
  const rowsOf = (order: RowOrder, count: number): number[] =>
    order.take(count).map(({ row }) => row);

  it('draws every row once per epoch, in an order of its own each time', () => {
    const order = new RowOrder(10, 1);
    const first = rowsOf(order, 10);
    const second = rowsOf(order, 10);
    const all = Array.from({ length: 10 }, (_, row) => row);
    expect([...first].sort((a, b) => a - b)).toEqual(all);
    expect([...second].sort((a, b) => a - b)).toEqual(all);
    expect(second).not.toEqual(first);
    expect(rowsOf(new RowOrder(10, 2), 10)).not.toEqual(first);
  });

  it('draws the same rows as ever, and no rationale, where none is sampled', () => {
    const drawn = new RowOrder(10, 7).take(12);
    expect(drawn.map(({ row }) => row)).toEqual([6, 5, 8, 1, 2, 3, 4, 7, 9, 0, 8, 6]);
    expect(drawn.every(({ choice }) => choice === 0)).toBe(true);
  });

  const alternatives = [0, 1, 2, 3, 4, 5, 1, 1, 2, 9];
  it.each([0, 3, 10, 13, 25])('goes on from its state after %i rows', (drawn) => {
    for (const counts of [[], alternatives]) {
      const whole = new RowOrder(10, 7, undefined, { alternatives: counts });
      whole.take(drawn);
      const resumed = new RowOrder(10, 7, whole.state, { alternatives: counts });
      expect(resumed.take(24)).toEqual(whole.take(24));
    }
  });

  it('draws another of a row’s rationales in other epochs, each about as often', () => {
    const order = new RowOrder(10, 3, undefined, { alternatives });
    const seen = alternatives.map(() => new Map<number, number>());
    for (const { row, choice } of order.take(10 * 400)) {
      seen[row]?.set(choice, (seen[row].get(choice) ?? 0) + 1);
    }
    alternatives.forEach((count, row) => {
      const times = [...(seen[row]?.values() ?? [])];
      expect(times).toHaveLength(Math.max(1, count));
      expect(Math.min(...times)).toBeGreaterThan((400 / Math.max(1, count)) * 0.5);
    });
  });

  it('draws anew for a single row too', () => {
    const choices = new RowOrder(1, 3, undefined, { alternatives: [4] })
      .take(60)
      .map(({ choice }) => choice);
    expect(new Set(choices)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('draws which rows go without their rationale, anew in each epoch', () => {
    const draws = { rationaleDropout: 0.3 };
    const order = new RowOrder(500, 5, undefined, draws);
    const drawn = order.take(5_000);
    const silent = drawn.filter(({ explains }) => !explains).length / drawn.length;
    expect(silent).toBeGreaterThan(0.27);
    expect(silent).toBeLessThan(0.33);
    const epochs = [0, 1].map((epoch) =>
      drawn
        .slice(500 * epoch, 500 * (epoch + 1))
        .flatMap(({ row, explains }) => (explains ? [] : row))
        .sort(),
    );
    expect(epochs[0]).not.toEqual(epochs[1]);
    const half = new RowOrder(500, 5, undefined, draws);
    half.take(730);
    expect(new RowOrder(500, 5, half.state, draws).take(600)).toEqual(half.take(600));
    expect(rowsOf(new RowOrder(500, 5), 500)).toEqual(
      rowsOf(new RowOrder(500, 5, undefined, draws), 500),
    );
  });
});

describe('pickRows', () => {
  const sorted = Array.from({ length: 90 }, (_unused, row) => ({
    row,
    label: Math.floor(row / 30),
  }));

  it('gives all rows when there are few', () => {
    expect(pickRows(sorted, 90)).toBe(sorted);
    expect(pickRows(sorted, 200)).toBe(sorted);
  });

  it('gives the same rows every time, of every label, none twice', () => {
    const picked = pickRows(sorted, 30);
    expect(picked).toEqual(pickRows(sorted, 30));
    expect(new Set(picked.map(({ row }) => row)).size).toBe(30);
    for (const label of [0, 1, 2]) {
      expect(picked.filter((row) => row.label === label).length).toBeGreaterThan(4);
    }
  });
});

describe('learningRateAt', () => {
  const settings = { learningRate: 0.1, steps: 100, warmupShare: 0.1 };
  const rate = (step: number): number => learningRateAt(step, settings);

  it('rises over the warm-up, then falls to zero after the last step', () => {
    expect(rate(1)).toBeCloseTo(0.01);
    expect(rate(5)).toBeCloseTo(0.05);
    expect(rate(10)).toBeCloseTo(0.1);
    expect(rate(55)).toBeCloseTo((0.1 * 46) / 91);
    expect(rate(100)).toBeCloseTo(0.1 / 91);
    expect(rate(101)).toBe(0);
  });

  it('starts at the full rate without a warm-up', () => {
    expect(learningRateAt(1, { ...settings, warmupShare: 0 })).toBeCloseTo(0.1);
  });
});
