import type { Feeds, Float32Tensor, Int32Tensor } from '../engines/engine.ts';
import type { T5Config } from './config.ts';
import { packTokens, shiftRight, type PackedTokens } from './packing.ts';
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

  /** What the decoder reads when it must write `targets`. */
  shifted(targets: readonly Int32Array[]): Int32Array[] {
    return targets.map((target) => shiftRight(target, this.#config.decoderStartTokenId));
  }

  #side(side: 'source' | 'target', packed: PackedTokens): Feeds {
    const stack = side === 'source' ? 'encoder' : 'decoder';
    return {
      [`${side}.ids`]: packed.ids,
      [`${side}.slots`]: packed.slots,
      [`${side}.slotsOrZero`]: packed.slotsOrZero,
      [`${side}.places`]: packed.places,
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
