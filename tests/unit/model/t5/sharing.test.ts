import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { FeedBuilder } from '../../../../electron/model/t5/feeds.ts';
import { placeTokens } from '../../../../electron/model/t5/packing.ts';
import {
  LABEL_TASK,
  RATIONALE_TASK,
  TrainingModel,
  type TrainingBatch,
} from '../../../../electron/model/t5/training.ts';
import { randomInitial, randomRows, smallConfig } from './small.ts';

/** Two inputs, one of them with a label and two rationales: four rows that need two encoder passes. */
const [first = new Int32Array(), second = new Int32Array()] = randomRows([6, 4], 11);
const batch: TrainingBatch = {
  inputs: [first, second, first.slice(), first],
  targets: randomRows([2, 3, 7, 5], 12),
  task: Uint8Array.of(LABEL_TASK, LABEL_TASK, RATIONALE_TASK, RATIONALE_TASK),
  weights: { label: 1, rationale: 0.5 },
};

const rowOf = (index: number): TrainingBatch => ({
  ...batch,
  inputs: batch.inputs.slice(index, index + 1),
  targets: batch.targets.slice(index, index + 1),
  task: batch.task.slice(index, index + 1),
});

describe('equal inputs of a batch', () => {
  it('are encoded once', () => {
    const { sizes, feeds } = new FeedBuilder(smallConfig).pair(batch.inputs, batch.targets, true);
    expect(sizes).toMatchObject({ batch: 2, rows: 4, queries: 14, 'source tokens': 10 });
    expect(feeds['source.ids']?.data).toEqual(Int32Array.of(...first, ...second));
  });

  it('are encoded each for itself where dropout makes every pass another', () => {
    const { sizes } = new FeedBuilder(smallConfig).pair(batch.inputs, batch.targets, false);
    expect(sizes).toMatchObject({ batch: 4, rows: 4, queries: 7, 'source tokens': 22 });
  });

  it('give the losses and gradients of rows that are run one by one', async () => {
    const make = async () =>
      TrainingModel.create(await openEngine(), smallConfig, randomInitial(13), {
        accumulates: true,
      });
    const [together, apart] = [await make(), await make()];
    const shared = await together.step(batch);
    const alone = await apart.accumulate([0, 1, 2, 3].map(rowOf), 'token-weighted');
    for (const key of ['loss', 'labelLoss', 'rationaleLoss'] as const) {
      expect(shared[key], key).toBeCloseTo(alone[key] ?? Number.NaN, 5);
    }
    for (const [name, gradient] of together.gradients()) {
      const expected = apart.gradients().get(name) ?? new Float32Array();
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest, name).toBeGreaterThan(0);
      const worst = gradient.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? Infinity))),
        0,
      );
      expect(worst / largest, name).toBeLessThan(1e-5);
    }
    await together.dispose();
    await apart.dispose();
  });
});

describe('the grid of texts with owners', () => {
  it('puts the tokens of one owner side by side, head by head', () => {
    const {
      batch: rows,
      length,
      slots,
      slotsOrZero,
      places,
    } = placeTokens([1, 2, 1], [1, 0, 1], 2);
    expect({ rows, length }).toEqual({ rows: 2, length: 2 });
    // Packed rows are token * 2 + head: token 0 and 3 are owner 1's, 1 and 2 owner 0's.
    expect([...slots.data]).toEqual([2, 4, 3, 5, 0, 6, 1, 7]);
    expect([...places.data]).toEqual([4, 6, 0, 2, 1, 3, 5, 7]);
    expect(slotsOrZero.data).toEqual(slots.data);
  });

  it('points one past the last row where there is no token', () => {
    const { slots, slotsOrZero } = placeTokens([1, 3], [0, 1], 1);
    expect([...slots.data]).toEqual([0, 0, 0, 1, 2, 3]);
    expect([...slotsOrZero.data]).toEqual([0, 4, 4, 1, 2, 3]);
  });
});
