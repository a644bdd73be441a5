import type { Engine, Feeds, Fetches, HostTensor, Program } from '../engines/engine.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import type { T5Config } from '../t5/config.ts';
import {
  decoderStepGraph,
  encoderGraph,
  normalizerGraph,
  scoringGraph,
  type FixedParameters,
} from '../t5/decoding.ts';
import { FeedBuilder } from '../t5/feeds.ts';
import { parameterTensors } from '../t5/parameters.ts';
import { RowMemory } from './row-memory.ts';
import { DecodingRows } from './rows.ts';
import type { RowSource } from './writing.ts';

export interface DecoderOptions {
  /**
   * The parameters never change again: they become constants of the graphs, which is faster and
   * takes their memory once more. Default false: they are read anew at every step.
   */
  readonly fixed?: boolean;
}

/** What the encoder gave for a batch of inputs, by the names of the decoder's feeds. */
export interface Memory {
  /** `cross.key.N`, `cross.value.N` [inputs, heads, source length, size]. */
  readonly cross: RowMemory;
  /** `source.mask` [inputs, 1, 1, source length]. */
  readonly mask: HostTensor;
}

/** The compiled graphs of one model for decoding; those that few tasks need are compiled when first used. */
export class Decoder implements RowSource {
  readonly config: T5Config;
  readonly feeds: FeedBuilder;
  readonly #engine: Engine;
  readonly #parameters: FixedParameters;
  readonly #encoder: Program;
  readonly #step: Program;
  readonly #later = new Map<string, Promise<Program>>();

  private constructor(
    engine: Engine,
    config: T5Config,
    parameters: FixedParameters,
    programs: { readonly encoder: Program; readonly step: Program },
  ) {
    this.config = config;
    this.feeds = new FeedBuilder(config);
    this.#engine = engine;
    this.#parameters = parameters;
    this.#encoder = programs.encoder;
    this.#step = programs.step;
  }

  /** @throws StudioError `model-invalid` when a tensor is missing or has another size. */
  static async create(
    engine: Engine,
    config: T5Config,
    parameters: ReadonlyMap<string, Float32Array>,
    options: DecoderOptions = {},
  ): Promise<Decoder> {
    const tensors = parameterTensors(config, parameters);
    const { 'shared.weight': embedding, ...layers } = tensors;
    const fixed = options.fixed === true ? layers : {};
    // Rows of the embedding are looked up as well where they lie; only the head is multiplied by.
    const head = options.fixed === true && config.tieWordEmbeddings && embedding !== undefined;
    const encoder = await engine.compile(encoderGraph(config, fixed));
    const step = await engine.compile(
      decoderStepGraph(config, head ? { ...fixed, 'shared.weight': embedding } : fixed),
    );
    return new Decoder(engine, config, tensors, { encoder, step });
  }

  start(inputs: readonly Int32Array[], rowsPerInput: number): Promise<DecodingRows> {
    return DecodingRows.start(this, inputs, rowsPerInput);
  }

  async encode(inputs: readonly Int32Array[]): Promise<Memory> {
    const { feeds, packed } = this.feeds.source(inputs);
    const { numHeads, dKv } = this.config;
    // Written in place: as new memory they would be copied.
    const shape = [numHeads, packed.length, dKv];
    const cross = RowMemory.zeros(this.names('cross'), shape, packed.batch);
    await this.#encoder.run({ ...this.#parameters, ...feeds }, cross.tensors);
    return { cross, mask: packed.mask };
  }

  /** One run of `decoderStepGraph`. */
  step(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>> {
    return this.#step.run({ ...this.#parameters, ...feeds }, fetches);
  }

  /** One run of `scoringGraph`: -log p of each wanted token, in nats. */
  async surprise(feeds: Feeds): Promise<Float32Array> {
    const program = await this.#compiled('scoring', scoringGraph);
    const { surprise } = await program.run({ ...this.#parameters, ...feeds }, { surprise: null });
    return numbers(surprise);
  }

  /** Per row of `logits` [rows, vocabulary] the logarithm of the sum of exponentials. */
  async normalizer(logits: HostTensor): Promise<Float32Array> {
    const program = await this.#compiled('normalizer', normalizerGraph);
    const { normalizer } = await program.run({ logits }, { normalizer: null });
    return numbers(normalizer);
  }

  /** `kind.key.N` and `kind.value.N` of every block of the decoder. */
  names(kind: 'self' | 'cross' | 'new'): string[] {
    return Array.from({ length: this.config.numDecoderLayers }, (_unused, block) => [
      `${kind}.key.${block}`,
      `${kind}.value.${block}`,
    ]).flat();
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all([this.#encoder, this.#step, ...this.#later.values()]);
    for (const program of programs) await program.dispose();
  }

  #compiled(name: string, graph: (config: T5Config) => EmittedGraph): Promise<Program> {
    const known = this.#later.get(name);
    if (known !== undefined) return known;
    const compiling = this.#engine.compile(graph(this.config));
    this.#later.set(name, compiling);
    return compiling;
  }
}

function numbers(tensor: HostTensor | undefined): Float32Array {
  if (tensor?.type !== 'float32') throw new TypeError('The decoder gave no numbers.');
  return tensor.data;
}
