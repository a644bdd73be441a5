import type { Feeds, Fetches, Float32Tensor, HostTensor, Int32Tensor } from '../engines/engine.ts';
import type { T5Config } from '../t5/config.ts';
import { placeTokens } from '../t5/packing.ts';
import { MASKED, relativePositionBucket } from '../t5/positions.ts';
import type { Decoder } from './decoder.ts';
import { fillGaps, RowMemory } from './row-memory.ts';
import type { NextTokens, WritingRows } from './writing.ts';

/** Tokens for which the cache has room at first; the room doubles when they are written. */
const FIRST_CAPACITY = 8;

/**
 * Rows of text that are being written, token by token, with their keys and values. Each row belongs
 * to an input; several may belong to one (beams, samples). Rows leave when they are finished, and no
 * time is spent on them any more.
 */
export class DecodingRows implements WritingRows {
  readonly #decoder: Decoder;
  /** Keys and values of cross-attention, and the mask, of every input that has rows. */
  readonly #memory: readonly RowMemory[];
  /** Per row its input's place in `#memory`. */
  #owners: number[];
  #self: RowMemory;
  readonly #new: RowMemory;
  #grid: Feeds;
  #logits: Float32Tensor | null = null;
  #past = 0;

  private constructor(decoder: Decoder, memory: readonly RowMemory[], owners: number[]) {
    const { numHeads, dKv } = decoder.config;
    const rows = owners.length;
    this.#decoder = decoder;
    this.#memory = memory;
    this.#owners = owners;
    this.#self = RowMemory.zeros(decoder.names('self'), [numHeads, FIRST_CAPACITY, dKv], rows);
    this.#new = RowMemory.zeros(decoder.names('new'), [numHeads * dKv], rows);
    this.#grid = placeRows(owners, numHeads);
  }

  /**
   * Encodes the inputs. Row `i` belongs to input `floor(i / rowsPerInput)`.
   *
   * @param inputs token ids per input with the end-of-sequence token, without padding; not none
   * @throws StudioError `invalid-input` when an input is empty.
   */
  static async start(
    decoder: Decoder,
    inputs: readonly Int32Array[],
    rowsPerInput = 1,
  ): Promise<DecodingRows> {
    const { cross, mask } = await decoder.encode(inputs);
    const memory = [cross, RowMemory.of({ 'source.mask': mask })];
    const owners = inputs.flatMap((_input, index) => new Array<number>(rowsPerInput).fill(index));
    return new DecodingRows(decoder, memory, owners);
  }

  get count(): number {
    return this.#owners.length;
  }

  /** Tokens written so far. */
  get past(): number {
    return this.#past;
  }

  /** Reads a token in every row; the most likely one after it, per row. */
  async next(tokens: readonly number[]): Promise<NextTokens> {
    const { next, probability } = await this.#step(tokens, { next: null, probability: null });
    if (next?.type !== 'int32' || probability?.type !== 'float32') {
      throw new TypeError('The decoder step gave no tokens.');
    }
    return { tokens: next.data, probabilities: probability.data };
  }

  /** Reads a token in every row; the logits after it [rows, vocabulary], valid until the next step. */
  async logits(tokens: readonly number[]): Promise<Float32Tensor> {
    const { vocabSize } = this.#decoder.config;
    if (this.#logits?.shape[0] !== this.count) {
      const memory = this.#logits?.data ?? new Float32Array(this.count * vocabSize);
      const data = memory.subarray(0, this.count * vocabSize);
      this.#logits = { type: 'float32', shape: [this.count, vocabSize], data };
    }
    await this.#step(tokens, { logits: this.#logits });
    return this.#logits;
  }

  /** Makes row `to` a copy of row `from`, which must belong to the same input. */
  copy(from: number, to: number): void {
    this.#self.copy(from, to);
  }

  /**
   * Lets finished rows leave.
   *
   * @param stays per row
   * @returns for each row that is left, where it was
   */
  keep(stays: readonly boolean[]): number[] {
    const order = fillGaps(stays);
    if (order.length === this.count) return order;
    this.#self.keep(order);
    this.#new.keep(order);
    const owners = order.map((row) => this.#owners[row] ?? 0);
    const needed = new Set(owners);
    const [memory] = this.#memory;
    const inputs = fillGaps(Array.from({ length: memory?.rows ?? 0 }, (_u, i) => needed.has(i)));
    for (const part of this.#memory) part.keep(inputs);
    const places = new Map(inputs.map((from, to) => [from, to]));
    this.#owners = owners.map((owner) => places.get(owner) ?? 0);
    this.#grid = placeRows(this.#owners, this.#decoder.config.numHeads);
    return order;
  }

  async #step(
    tokens: readonly number[],
    wanted: Fetches,
  ): Promise<Readonly<Record<string, HostTensor>>> {
    if (this.#past === this.#self.shape[1]) this.#self = widened(this.#self);
    const token: Int32Tensor = {
      type: 'int32',
      shape: [this.count],
      data: Int32Array.from(tokens),
    };
    const feeds: Record<string, HostTensor> = {
      token,
      ...this.#grid,
      ...this.#self.tensors,
      ...placeInTime(this.#past, this.#self.shape[1] ?? 0, this.#decoder.config),
    };
    for (const part of this.#memory) Object.assign(feeds, part.tensors);
    const results = await this.#decoder.step(feeds, { ...wanted, ...this.#new.tensors });
    this.#remember();
    this.#past++;
    return results;
  }

  /** Writes the new keys and values into the cache. */
  #remember(): void {
    const [heads = 0, capacity = 0, size = 0] = this.#self.shape;
    const [cached, written] = [this.#self.tensors, this.#new.tensors];
    for (const [name, { data: target }] of Object.entries(cached)) {
      const source = written[name.replace('self', 'new')]?.data ?? target;
      for (let head = 0; head < this.count * heads; head++) {
        const token = source.subarray(head * size, (head + 1) * size);
        target.set(token, (head * capacity + this.#past) * size);
      }
    }
  }
}

/** A cache of [heads, capacity, size] a row with room for twice the tokens. */
function widened(memory: RowMemory): RowMemory {
  const [heads = 0, capacity = 0, size = 0] = memory.shape;
  const { tensors, rows } = memory;
  const wide = RowMemory.zeros(Object.keys(tensors), [heads, 2 * capacity, size], rows);
  for (const [name, { data }] of Object.entries(tensors)) {
    const target = wide.tensors[name]?.data;
    for (let head = 0; head < rows * heads; head++) {
      const tokens = data.subarray(head * capacity * size, (head + 1) * capacity * size);
      target?.set(tokens, head * 2 * capacity * size);
    }
  }
  return wide;
}

/** `cross.slots` and `cross.places`: which rows belong to which input. */
function placeRows(owners: readonly number[], heads: number): Feeds {
  const lengths = owners.map(() => 1);
  const { slots, places } = placeTokens(lengths, owners, heads);
  return { 'cross.slots': slots, 'cross.places': places };
}

/** `step.*`: what depends on the place of the token alone, see `decoderStepGraph`. */
function placeInTime(past: number, capacity: number, config: T5Config): Feeds {
  const settings = {
    buckets: config.relativeAttentionNumBuckets,
    maxDistance: config.relativeAttentionMaxDistance,
    bidirectional: false,
  };
  const buckets = Int32Array.from({ length: capacity }, (_unused, key) =>
    relativePositionBucket(key - past, settings),
  );
  const shape = [1, 1, 1, capacity];
  return {
    'step.buckets': { type: 'int32', shape: [1, capacity], data: buckets },
    'step.mask': {
      type: 'float32',
      shape,
      data: new Float32Array(capacity).fill(MASKED, past + 1),
    },
    'step.here': {
      type: 'float32',
      shape,
      data: new Float32Array(capacity).fill(1, past, past + 1),
    },
  };
}
