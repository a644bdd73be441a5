import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import { bucketedBatches } from '../../bench/bucketing.ts';

const lengthsOf = (count: number): number[] => {
  const random = new Random(7);
  return Array.from({ length: count }, () => random.integer(5, 200));
};
const ascending = (rows: readonly number[]): number[] => [...rows].sort((a, b) => a - b);
const rowNumbers = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

/** What a padded grid computes, in units of what the rows need. */
function padding(lengths: readonly number[], batches: readonly (readonly number[])[]): number {
  const of = (row: number): number => lengths[row] ?? 0;
  const grid = batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map(of)), 0);
  return grid / lengths.reduce((sum, length) => sum + length, 0);
}

describe('bucketedBatches', () => {
  it.each([1, 7, 8, 9, 640, 1003])('gives each of %i rows once', (count) => {
    const batches = bucketedBatches(lengthsOf(count), { batchSize: 8 }, new Random(1));
    expect(ascending(batches.flat())).toEqual(rowNumbers(count));
    expect(batches.filter((batch) => batch.length !== 8)).toHaveLength(count % 8 === 0 ? 0 : 1);
  });

  it('puts rows of like length together', () => {
    const lengths = lengthsOf(1024);
    const plain = bucketedBatches(lengths, { batchSize: 8, poolBatches: 1 }, new Random(1));
    const pooled = bucketedBatches(lengths, { batchSize: 8, poolBatches: 32 }, new Random(1));
    expect(padding(lengths, plain)).toBeGreaterThan(1.6);
    expect(padding(lengths, pooled)).toBeLessThan(1.1);
  });

  it('keeps order and company random from epoch to epoch', () => {
    const lengths = lengthsOf(512);
    const random = new Random(3);
    const epochs = [1, 2].map(() => bucketedBatches(lengths, { batchSize: 8 }, random));
    const company = epochs.map((batches) => new Set(batches.map((b) => ascending(b).join())));
    const again = [...(company[0] ?? [])].filter((batch) => company[1]?.has(batch));
    expect(again.length).toBeLessThan(4);
    const longest = epochs[0]?.map((batch) => Math.max(...batch.map((row) => lengths[row] ?? 0)));
    expect(longest).not.toEqual(ascending(longest ?? []));
  });

  it('shuffles rows of equal length too', () => {
    const [first, second] = [1, 2].map((seed) =>
      bucketedBatches(new Array<number>(64).fill(9), { batchSize: 4 }, new Random(seed)),
    );
    expect(first).not.toEqual(second);
  });

  it('leaves random rows over, not always the longest', () => {
    const lengths = rowNumbers(33);
    const left = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const batches = bucketedBatches(lengths, { batchSize: 8 }, new Random(seed));
      left.add(batches.find((batch) => batch.length === 1)?.[0] ?? -1);
    }
    expect(left.size).toBeGreaterThan(10);
  });
});
