import type { Engine } from '../engines/engine.ts';
import type { T5Config } from '../t5/config.ts';
import { beamSearch, type BeamOptions } from './beam.ts';
import { Decoder, type DecoderOptions } from './decoder.ts';
import type { ScoredText } from './hypotheses.ts';
import { scoreLabels, type LabelScores } from './labels.ts';
import { drawing, type SampleOptions } from './sample.ts';
import { mostLikely, writeTexts, writeTokens, type WrittenText } from './texts.ts';

export interface StreamOptions {
  /** At most this many tokens are written. */
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes texts with a T5: greedily, as beams, sampled, or as probabilities of given texts. The
 * encoder runs once, then one small decoder graph runs per token, with the keys and values of the
 * tokens before. A row's answer does not depend on what else is in the batch.
 *
 * Inputs are token ids per row with the end-of-sequence token, without padding. Written ids start
 * after the start token and stop before the end-of-sequence token.
 */
export class Generator {
  readonly #decoder: Decoder;

  private constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /**
   * `parameters` by Hugging Face name are read anew at every call, so live views of a model in
   * training may be given; not so with the option `fixed`.
   *
   * @throws StudioError `model-invalid` when a tensor is missing or has another size.
   */
  static async create(
    engine: Engine,
    config: T5Config,
    parameters: ReadonlyMap<string, Float32Array>,
    options: DecoderOptions = {},
  ): Promise<Generator> {
    return new Generator(await Decoder.create(engine, config, parameters, options));
  }

  /**
   * The most likely continuation of every input, token by token.
   *
   * @param maxTokens at most this many tokens are written per row
   */
  async greedy(inputs: readonly Int32Array[], maxTokens: number): Promise<Int32Array[]> {
    const texts = await this.greedyTexts(inputs, maxTokens);
    return texts.map(({ ids }) => ids);
  }

  /** As {@link greedy}, with the probability of every token. */
  greedyTexts(inputs: readonly Int32Array[], maxTokens: number): Promise<WrittenText[]> {
    return writeTexts(this.#decoder, inputs, mostLikely, { maxTokens });
  }

  /**
   * The best texts that beam search finds, per input, best first. `maxTokens` counts the
   * end-of-sequence token.
   *
   * @throws StudioError `invalid-input` when more texts than beams are asked for.
   */
  beam(inputs: readonly Int32Array[], options: BeamOptions): Promise<ScoredText[][]> {
    return beamSearch(this.#decoder, inputs, options);
  }

  /**
   * Texts drawn at random, per input `count` of them. The same seed and input give the same texts in
   * any company.
   *
   * @throws StudioError `invalid-input` when an option is out of range.
   */
  async sample(inputs: readonly Int32Array[], options: SampleOptions): Promise<Int32Array[][]> {
    const { maxTokens, count = 1 } = options;
    const choose = drawing(inputs, options);
    const about = { maxTokens, textsPerInput: count };
    const texts = await writeTexts(this.#decoder, inputs, choose, about);
    return inputs.map((_ids, input) =>
      texts.slice(input * count, (input + 1) * count).map(({ ids }) => ids),
    );
  }

  /**
   * How probable each of a closed set of labels is, per input.
   *
   * @param labels token ids with the end-of-sequence token
   */
  labelProbabilities(
    inputs: readonly Int32Array[],
    labels: readonly Int32Array[],
  ): Promise<LabelScores[]> {
    return scoreLabels(this.#decoder, inputs, labels);
  }

  /**
   * Greedy decoding of one input as it goes: all ids so far, after each token. Ends early, without
   * an error, when the signal is aborted.
   */
  async *stream(
    input: Int32Array,
    { maxTokens, signal }: StreamOptions,
  ): AsyncGenerator<Int32Array> {
    const { eosTokenId } = this.#decoder.config;
    const ids: number[] = [];
    for await (const [next] of writeTokens(this.#decoder, [input], mostLikely, { maxTokens })) {
      if (signal?.aborted || next === undefined || next.token === eosTokenId) return;
      ids.push(next.token);
      yield Int32Array.from(ids);
    }
  }

  async dispose(): Promise<void> {
    await this.#decoder.dispose();
  }
}
