import type { Feeds, Float32Tensor, Int32Tensor } from '../engines/engine.ts';
import type { T5Config } from './config.ts';
import { distinctRows, packTokens, placeTokens, shiftRight } from './packing.ts';
import type { GridTables, PackedTokens } from './packing.ts';
import { causalMask, relativePositionBuckets } from './positions.ts';

/** Lengths whose tables are kept; batches seldom have more. */
const KEPT_LENGTHS = 64;

/** Makes what the T5 graphs are fed beside parameters; keeps the tables that depend on lengths alone. */
export class FeedBuilder {
  readonly #config: T5Config;
  readonly #buckets = new Map<string, Int32Tensor>();
  readonly #masks = new Map<number, Float32Tensor>();

  constructor(config: T5Config) {
    this.#config = config;
  }

  /** `source.*` of the encoder, with its mask. */
  source(rows: readonly Int32Array[]): PackedFeeds {
    const packed = packTokens(rows, this.#config.numHeads);
    const feeds = { ...this.#side('source', packed), 'source.mask': packed.mask };
    return { packed, feeds };
  }

  /** `target.*` and `causal` of the whole decoder; `rows` are what the decoder reads. */
  target(rows: readonly Int32Array[]): PackedFeeds {
    const packed = packTokens(rows, this.#config.numHeads);
    const feeds = { ...this.#side('target', packed), causal: this.#causal(packed.length) };
    return { packed, feeds };
  }

  /**
   * Everything of encoder and decoder together, `cross.*` included.
   *
   * @param inputs what the encoder reads, per row
   * @param written what the decoder reads, per row
   * @param share encodes equal inputs once. Their rows then see the same states, which is what they
   *   see anyway, unless dropout makes each pass through the encoder another.
   */
  pair(inputs: readonly Int32Array[], written: readonly Int32Array[], share: boolean): PairFeeds {
    const distinct = share ? distinctRows(inputs) : null;
    const source = this.source(distinct?.rows ?? inputs);
    const target = this.target(written);
    const repeats = distinct !== null && distinct.rows.length < inputs.length;
    const lengths = written.map((row) => row.length);
    const cross: GridTables = repeats
      ? placeTokens(lengths, distinct.owners, this.#config.numHeads)
      : target.packed;
    const feeds = { ...source.feeds, ...target.feeds, ...gridFeeds('cross', cross) };
    const sizes = {
      batch: source.packed.batch,
      rows: target.packed.batch,
      queries: cross.length,
      'source tokens': source.packed.ids.data.length,
      'source length': source.packed.length,
      'target tokens': target.packed.ids.data.length,
      'target length': target.packed.length,
    };
    return { feeds, sizes };
  }

  /** What the decoder reads when it must write `targets`. */
  shifted(targets: readonly Int32Array[]): Int32Array[] {
    return targets.map((target) => shiftRight(target, this.#config.decoderStartTokenId));
  }

  #side(side: 'source' | 'target', packed: PackedTokens): Feeds {
    const stack = side === 'source' ? 'encoder' : 'decoder';
    return {
      [`${side}.ids`]: packed.ids,
      ...gridFeeds(side, packed),
      [`${side}.buckets`]: this.#bucketTable(stack, packed.length),
    };
  }

  #bucketTable(stack: 'encoder' | 'decoder', length: number): Int32Tensor {
    return remembered(this.#buckets, `${stack}/${length}`, () => ({
      type: 'int32',
      shape: [length, length],
      data: relativePositionBuckets(length, length, {
        buckets: this.#config.relativeAttentionNumBuckets,
        maxDistance: this.#config.relativeAttentionMaxDistance,
        bidirectional: stack === 'encoder',
      }),
    }));
  }

  #causal(length: number): Float32Tensor {
    return remembered(this.#masks, length, () => ({
      type: 'float32',
      shape: [length, length],
      data: causalMask(length),
    }));
  }
}

/** The inputs that say where the tokens of one side stand. */
function gridFeeds(side: string, grid: GridTables): Feeds {
  return {
    [`${side}.slots`]: grid.slots,
    [`${side}.slotsOrZero`]: grid.slotsOrZero,
    [`${side}.places`]: grid.places,
  };
}

export interface PairFeeds {
  readonly feeds: Feeds;
  /** Sizes of the axes that only a batch decides, by their names in the graph. */
  readonly sizes: Readonly<Record<string, number>>;
}

export interface PackedFeeds {
  readonly packed: PackedTokens;
  readonly feeds: Feeds;
}

/** The value under a key, made at the first use; the oldest is forgotten when there are too many. */
function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size >= KEPT_LENGTHS) {
    const oldest = known.keys().next();
    if (oldest.done !== true) known.delete(oldest.value);
  }
  known.set(key, made);
  return made;
}
