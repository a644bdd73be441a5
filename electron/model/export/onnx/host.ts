import type { Emission } from '../../graph/emission.ts';
import { castTo, int } from '../../graph/onnx.ts';
import type { T5Config } from '../../t5/config.ts';
import { MASKED, relativePositionBucket } from '../../t5/positions.ts';

/**
 * What the host feeds in the app (masks, buckets of positions, where tokens stand), as nodes that
 * compute it from a file's inputs. A value is the name of a node's output; a size is an int64 list of
 * one number. Tokens of padding are computed like others: nothing looks at them.
 */
export class HostNodes {
  readonly #on: Emission;
  readonly #config: T5Config;

  constructor(on: Emission, config: T5Config) {
    this.#on = on;
    this.#config = config;
  }

  /** The size of one axis. */
  size(of: string, axis: number): string {
    return this.#on.node('Shape', [of], { start: int(axis), end: int(axis + 1) });
  }

  /** Several sizes, or whole numbers, as one list. */
  sizes(...parts: readonly (string | number)[]): string {
    const lists = parts.map((part) => (typeof part === 'number' ? this.integers([part]) : part));
    return this.#on.concat(lists, 0);
  }

  integers(values: readonly number[]): string {
    return this.#on.integers(values);
  }

  /** `a` in a shape that only a run knows; see {@link sizes}. */
  reshape(a: string, sizes: string): string {
    return this.#on.node('Reshape', [a, sizes]);
  }

  /** [tokens], [batch, length] one row after another. */
  flat(ids: string): string {
    return this.reshape(ids, this.integers([-1]));
  }

  /** `slots` and `places` of a `TokenGrid` over [batch, length] tokens. */
  grid(batch: string, length: string): { readonly slots: string; readonly places: string } {
    const { numHeads } = this.#config;
    const all = this.#range(
      this.integers([0]),
      this.#on.multiply(this.#on.multiply(batch, length), this.integers([numHeads])),
    );
    const swapped = (sizes: string): string =>
      this.#on.transpose(this.reshape(all, sizes), [0, 2, 1]);
    const slots = swapped(this.sizes(batch, length, numHeads));
    const places = swapped(this.sizes(batch, numHeads, length));
    return { slots, places: this.reshape(places, this.integers([-1, numHeads])) };
  }

  /** [batch, 1, 1, length]: zero where the attention mask [batch, length] is 1, `MASKED` where it is 0. */
  sourceMask(attentionMask: string): string {
    const on = this.#on;
    const seen = on.node('Cast', [attentionMask], { to: castTo('float32') });
    const hidden = on.multiply(on.subtract(seen, on.scalar(1)), on.scalar(-MASKED));
    return on.node('Unsqueeze', [hidden, this.integers([1, 2])]);
  }

  /** [length, length]: the encoder's bucket of each key seen from each query. */
  encoderBuckets(length: string): string {
    const places = this.#range(this.integers([0]), length);
    return this.#buckets(this.#positions(places, places), true);
  }

  /**
   * For queries that follow on `past` keys: their buckets [queries, keys], and what hides keys after
   * them, of the same shape.
   */
  decoderTables(past: string, queries: string): { readonly buckets: string; causal: string } {
    const on = this.#on;
    const end = on.add(past, queries);
    const positions = this.#positions(this.#range(this.integers([0]), end), this.#range(past, end));
    const after = on.node('Greater', [positions, this.integers([0])]);
    const causal = on.multiply(
      on.node('Cast', [after], { to: castTo('float32') }),
      on.scalar(MASKED),
    );
    return { buckets: this.#buckets(positions, false), causal };
  }

  /** Key minus query: [queries, keys]. */
  #positions(keys: string, queries: string): string {
    const column = this.#on.node('Unsqueeze', [queries, this.integers([1])]);
    return this.#on.subtract(keys, column);
  }

  /**
   * `relativePositionBucket` as a table by position: beyond the greatest distance there is one bucket
   * on either side, so farther positions are moved there.
   */
  #buckets(positions: string, bidirectional: boolean): string {
    const { relativeAttentionNumBuckets: buckets, relativeAttentionMaxDistance: maxDistance } =
      this.#config;
    const on = this.#on;
    const far = Math.max(maxDistance, buckets);
    const last = bidirectional ? far : 0;
    const data = BigInt64Array.from({ length: far + last + 1 }, (_unused, index) =>
      BigInt(relativePositionBucket(index - far, { buckets, maxDistance, bidirectional })),
    );
    const table = on.constant({ type: 'int64', shape: [data.length], data });
    const clipped = on.node('Clip', [positions, this.#whole(-far), this.#whole(last)]);
    const index = on.add(clipped, this.integers([far]));
    return on.node('Gather', [table, index], { axis: int(0) });
  }

  /** int64 numbers from one size up to another, the second not included. */
  #range(from: string, to: string): string {
    const scalar = (size: string): string => this.#on.node('Squeeze', [size, this.integers([0])]);
    return this.#on.node('Range', [scalar(from), scalar(to), this.#whole(1)]);
  }

  #whole(value: number): string {
    return this.#on.constant({ type: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) });
  }
}
