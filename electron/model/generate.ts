import type { Engine, Fetches, HostTensor, Program } from './engines/engine.ts';
import type { T5Config } from './t5/config.ts';
import { FeedBuilder } from './t5/feeds.ts';
import { decoderStepGraph, encoderGraph } from './t5/decoding.ts';
import { parameterTensors } from './t5/parameters.ts';

/**
 * Greedy decoding with a key-value cache: the encoder runs once, then one small decoder graph runs
 * per token, fed with the keys and values of the tokens before.
 */
export class Generator {
  readonly #config: T5Config;
  readonly #encoder: Program;
  readonly #step: Program;
  readonly #parameters: Readonly<Record<string, HostTensor>>;
  readonly #feeds: FeedBuilder;
  readonly #encoderFetches: Fetches;
  readonly #stepFetches: Fetches;

  private constructor(
    config: T5Config,
    programs: { encoder: Program; step: Program },
    parameters: Readonly<Record<string, HostTensor>>,
  ) {
    this.#config = config;
    this.#encoder = programs.encoder;
    this.#step = programs.step;
    this.#parameters = parameters;
    this.#feeds = new FeedBuilder(config);
    this.#encoderFetches = Object.fromEntries(this.#cacheNames('cross').map((n) => [n, null]));
    const grown = this.#cacheNames('grown').map((name): [string, null] => [name, null]);
    this.#stepFetches = Object.fromEntries([['next', null], ...grown]);
  }

  /**
   * `parameters` by Hugging Face name are read anew at every call, so live views of a model in
   * training may be given.
   *
   * @throws StudioError `model-invalid` when a tensor is missing or has another size.
   */
  static async create(
    engine: Engine,
    config: T5Config,
    parameters: ReadonlyMap<string, Float32Array>,
  ): Promise<Generator> {
    const tensors = parameterTensors(config, parameters);
    const encoder = await engine.compile(encoderGraph(config));
    const step = await engine.compile(decoderStepGraph(config));
    return new Generator(config, { encoder, step }, tensors);
  }

  /**
   * The most likely continuation of every input, token by token. Rows are decoded together; a row's
   * answer does not depend on the others.
   *
   * @param inputs token ids per row with the end-of-sequence token, without padding
   * @param maxTokens at most this many tokens are written per row
   * @returns ids after the start token, up to and without the end-of-sequence token
   */
  async greedy(inputs: readonly Int32Array[], maxTokens: number): Promise<Int32Array[]> {
    if (inputs.length === 0) return [];
    const { decoderStartTokenId, eosTokenId } = this.#config;
    const batch = inputs.length;
    const source = this.#feeds.source(inputs);
    const memory = await this.#encoder.run(
      { ...this.#parameters, ...source.feeds },
      this.#encoderFetches,
    );
    let cache = this.#emptyCache(batch);
    let tokens = new Int32Array(batch).fill(decoderStartTokenId);
    const written: number[][] = inputs.map(() => []);
    const open = new Set(inputs.keys());
    for (let past = 0; past < maxTokens && open.size > 0; past++) {
      const feeds = {
        ...this.#parameters,
        ...memory,
        ...cache,
        'source.mask': source.packed.mask,
        'step.buckets': this.#feeds.step(past),
        token: { type: 'int32', shape: [batch], data: tokens },
      } as const;
      const results = await this.#step.run(feeds, this.#stepFetches);
      tokens = int32(results['next']);
      for (const row of [...open]) {
        const token = tokens[row] ?? eosTokenId;
        if (token === eosTokenId) open.delete(row);
        else written[row]?.push(token);
      }
      cache = this.#grownCache(results);
    }
    return written.map((ids) => Int32Array.from(ids));
  }

  async dispose(): Promise<void> {
    await this.#encoder.dispose();
    await this.#step.dispose();
  }

  /** Keys and values of no tokens: [batch, heads, 0, size]. */
  #emptyCache(batch: number): Record<string, HostTensor> {
    const { numHeads, dKv } = this.#config;
    const nothing = (): HostTensor => ({
      type: 'float32',
      shape: [batch, numHeads, 0, dKv],
      data: new Float32Array(0),
    });
    return Object.fromEntries(this.#cacheNames('self').map((name) => [name, nothing()]));
  }

  /** The step's outputs under the names of its inputs. */
  #grownCache(results: Readonly<Record<string, HostTensor>>): Record<string, HostTensor> {
    const cache: Record<string, HostTensor> = {};
    for (const name of this.#cacheNames('self')) {
      const grown = results[name.replace('self', 'grown')];
      if (grown !== undefined) cache[name] = grown;
    }
    return cache;
  }

  #cacheNames(kind: 'self' | 'cross' | 'grown'): string[] {
    return Array.from({ length: this.#config.numDecoderLayers }, (_unused, block) => [
      `${kind}.key.${block}`,
      `${kind}.value.${block}`,
    ]).flat();
  }
}

function int32(tensor: HostTensor | undefined): Int32Array<ArrayBuffer> {
  if (tensor?.type !== 'int32') throw new TypeError('The decoder step gave no tokens.');
  return Int32Array.from(tensor.data);
}
