import type { Engine } from '../engines/engine.ts';
import type { T5Config } from '../t5/config.ts';
import { beamSearch, type BeamOptions } from './beam.ts';
import { Decoder, type DecoderOptions } from './decoder.ts';
import { greedy } from './greedy.ts';
import type { ScoredText } from './hypotheses.ts';

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
  greedy(inputs: readonly Int32Array[], maxTokens: number): Promise<Int32Array[]> {
    return greedy(this.#decoder, inputs, maxTokens);
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

  async dispose(): Promise<void> {
    await this.#decoder.dispose();
  }
}
