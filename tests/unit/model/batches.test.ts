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
} from '../../../electron/model/batches.ts';
import { learningRateAt } from '../../../electron/model/schedule.ts';
import { Tokenizer, trainTokenizer } from '../../../electron/model/tokenizer.ts';
import { runSettings } from './support.ts';

const rows: TrainRow[] = [
  { input: 'one two', label: '1 + 2', rationale: 'add them' },
  { input: 'three', label: '3', rationale: null },
];

describe('withPrefix', () => {
  it('puts exactly one space between prefix and text', () => {
    expect(withPrefix('predict: ', 'x')).toBe('predict: x');
    expect(withPrefix('[label]', 'x')).toBe('[label] x');
    expect(withPrefix(' ', 'x')).toBe('x');
  });
});

describe('encodeRows and composeBatch', () => {
  const encoded = async (method: 'finetune' | 'distill' | 'step-by-step') => {
    const settings = runSettings({ method });
    const texts = [...textsOf(rows, settings), ...textsOf(rows, settings)];
    const tokenizer = Tokenizer.fromJson(await trainTokenizer(texts, settings));
    return { tokenizer, encoded: await encodeRows(tokenizer, rows, settings) };
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

  it.each(['finetune', 'distill'] as const)('gives %s the labels alone', async (method) => {
    const { encoded: examples } = await encoded(method);
    expect(examples.map((row) => row.rationale)).toEqual([null, null]);
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
    const long = [{ input: 'one two '.repeat(20), label: '1 + 2', rationale: 'add them' }];
    const [row] = await encodeRows(tokenizer, long, settings);
    expect(row?.label.input).toHaveLength(8);
    expect(row?.label.target).toHaveLength(2);
    expect(row?.rationale?.target).toHaveLength(2);
    expect(row?.label.target.at(-1)).toBe(1);
  });
});

describe('RowOrder', () => {
  it('draws every row once per epoch, in an order of its own each time', () => {
    const order = new RowOrder(10, 1);
    const first = order.take(10);
    const second = order.take(10);
    const all = Array.from({ length: 10 }, (_, row) => row);
    expect([...first].sort((a, b) => a - b)).toEqual(all);
    expect([...second].sort((a, b) => a - b)).toEqual(all);
    expect(second).not.toEqual(first);
    expect(new RowOrder(10, 2).take(10)).not.toEqual(first);
  });

  it.each([0, 3, 10, 13, 25])('goes on from its state after %i rows', (drawn) => {
    const whole = new RowOrder(10, 7);
    whole.take(drawn);
    const resumed = new RowOrder(10, 7, whole.state);
    expect(resumed.take(24)).toEqual(whole.take(24));
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
