import { describe, expect, it } from 'vitest';
import type { TrainRow } from '../../../electron/contract/worker.ts';
import {
  RowOrder,
  composeBatch,
  encodeRows,
  pickRows,
  textsOf,
  tokensIn,
  withPrefix,
  withRationale,
} from '../../../electron/model/batches.ts';
import { learningRateAt } from '../../../electron/model/schedule.ts';
import { Tokenizer, trainTokenizer } from '../../../electron/model/tokenizer.ts';
import { runSettings } from './support.ts';

const rows: TrainRow[] = [
  { input: 'one two', label: '1 + 2', rationales: ['add them'] },
  { input: 'three', label: '3', rationales: [] },
];

describe('withPrefix', () => {
  it('puts exactly one space between prefix and text', () => {
    expect(withPrefix('predict: ', 'x')).toBe('predict: x');
    expect(withPrefix('[label]', 'x')).toBe('[label] x');
    expect(withPrefix(' ', 'x')).toBe('x');
  });
});

describe('encodeRows and composeBatch', () => {
  const encoded = async (
    method: 'finetune' | 'distill' | 'step-by-step',
    of: readonly TrainRow[] = rows,
  ) => {
    const settings = runSettings({ method });
    const texts = [...textsOf(of, settings), ...textsOf(of, settings)];
    const tokenizer = Tokenizer.fromJson(await trainTokenizer(texts, settings));
    return { tokenizer, encoded: await encodeRows(tokenizer, of, settings) };
  };

  it('gives step-by-step a second example for every row with a rationale', async () => {
    const { tokenizer, encoded: examples } = await encoded('step-by-step');
    const batch = composeBatch(examples, 0.5);
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
    const batch = composeBatch(examples, 1);
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
    const drawn = examples.map((row) => withRationale(row, 1));
    expect(await tokenizer.decodeAll(composeBatch(drawn, 1).targets)).toEqual([
      ...['1', '2', '3'],
      'second',
    ]);
  });

  it.each(['finetune', 'distill'] as const)('gives %s the labels alone', async (method) => {
    const { encoded: examples } = await encoded(method);
    expect(examples.map((row) => row.rationales)).toEqual([[], []]);
    expect([...composeBatch(examples, 1).task]).toEqual([0, 0]);
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
      const whole = new RowOrder(10, 7, undefined, counts);
      whole.take(drawn);
      const resumed = new RowOrder(10, 7, whole.state, counts);
      expect(resumed.take(24)).toEqual(whole.take(24));
    }
  });

  it('draws another of a row’s rationales in other epochs, each about as often', () => {
    const order = new RowOrder(10, 3, undefined, alternatives);
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
    const choices = new RowOrder(1, 3, undefined, [4]).take(60).map(({ choice }) => choice);
    expect(new Set(choices)).toEqual(new Set([0, 1, 2, 3]));
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
