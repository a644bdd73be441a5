import type { Random } from '../../electron/core/random.ts';

/**
 * Batches of rows of like length. Whatever is computed on a padded grid (attention here, everything
 * elsewhere) is as large as a batch's longest row; among rows of like length little of it is padding.
 * The trainer shuffles instead: its rows are packed, and this brings it 0 to 5% (`RESULTS.md`).
 */

/** How an epoch is cut into batches. */
export interface BucketingOptions {
  /** Rows of a batch, at least 1. */
  readonly batchSize: number;
  /**
   * Batches in one pool, at least 1; default {@link POOL_BATCHES}. Rows are sorted by length within
   * a pool of random rows only: the larger the pool, the more alike are the lengths of a batch, and
   * the less its rows change company from epoch to epoch. 1 is plain shuffling.
   */
  readonly poolBatches?: number;
}

/** A pool of 32 batches leaves little padding: the lengths of a batch span about 1/32 of all rows. */
export const POOL_BATCHES = 32;

/**
 * One epoch: every row once, in batches of rows of like length, in random order.
 *
 * Rows are shuffled and cut into pools; each pool is sorted by length and cut into batches; the
 * batches are shuffled. Rows of equal length stay in shuffled order. When the rows do not divide
 * evenly, the batch that is left smaller holds random rows, so that no length is always in it.
 *
 * @param lengths of every row, in any unit: what a row costs
 * @param random its state decides the epoch
 * @returns row numbers per batch; only one batch may have fewer than `batchSize`
 */
export function bucketedBatches(
  lengths: readonly number[],
  options: BucketingOptions,
  random: Random,
): number[][] {
  const { batchSize, poolBatches = POOL_BATCHES } = options;
  const shuffled = random.shuffle(lengths.map((_length, row) => row));
  const even = shuffled.length - (shuffled.length % batchSize);
  const length = (row: number): number => lengths[row] ?? 0;
  const batches = slices(shuffled.slice(0, even), batchSize * poolBatches).flatMap((pool) =>
    slices(
      pool.sort((a, b) => length(a) - length(b)),
      batchSize,
    ),
  );
  if (even < shuffled.length) batches.push(shuffled.slice(even));
  return random.shuffle(batches);
}

function slices<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    parts.push(items.slice(start, start + size));
  }
  return parts;
}
