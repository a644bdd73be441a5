import { Random } from '../core/random.ts';

/**
 * Batches of rows of like length. Whatever is computed on a padded grid (attention here, everything
 * elsewhere) is as large as a batch's longest row; among rows of like length little of it is padding.
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

/** Where a {@link BucketedOrder} stands. */
export interface BucketedOrderState {
  /** The generator's state before the running epoch was drawn. */
  readonly random: number;
  /** Batches of the epoch that have been taken. */
  readonly position: number;
}

/** Batches without end: every epoch holds each row once, in batches drawn anew. */
export class BucketedOrder {
  readonly #lengths: readonly number[];
  readonly #options: BucketingOptions;
  readonly #random: Random;
  #epochStart: number;
  #epoch: readonly number[][];
  #position: number;

  /**
   * @param lengths of every row, at least one
   * @param state where to go on; with the same lengths, options and seed the same batches follow
   * @throws RangeError without rows, or when a batch or pool would be empty
   */
  constructor(
    lengths: readonly number[],
    options: BucketingOptions,
    seed: number,
    state?: BucketedOrderState,
  ) {
    const { batchSize, poolBatches = POOL_BATCHES } = options;
    if (lengths.length === 0) throw new RangeError('there is no row to order');
    if (batchSize < 1 || poolBatches < 1) throw new RangeError('a batch or pool would be empty');
    this.#lengths = lengths;
    this.#options = options;
    this.#random = new Random(state?.random ?? seed);
    this.#epochStart = this.#random.state;
    this.#epoch = this.#draw();
    this.#position = state?.position ?? 0;
  }

  /** The row numbers of the next batch. */
  next(): readonly number[] {
    if (this.#position >= this.#epoch.length) {
      this.#epochStart = this.#random.state;
      this.#epoch = this.#draw();
      this.#position = 0;
    }
    return this.#epoch[this.#position++] ?? [];
  }

  /** To be saved with a run; give it to the constructor to go on with the batch after the last taken. */
  get state(): BucketedOrderState {
    return { random: this.#epochStart, position: this.#position };
  }

  #draw(): number[][] {
    return bucketedBatches(this.#lengths, this.#options, this.#random);
  }
}

function slices<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    parts.push(items.slice(start, start + size));
  }
  return parts;
}
