import type { Engine } from './engines/engine.ts';
import type { T5Config } from './t5/config.ts';

/** Greedy decoding with a key-value cache. */
export declare class Generator {
  /**
   * `parameters` by Hugging Face name are read anew at every call, so live views of a model in
   * training may be given.
   */
  static create(
    engine: Engine,
    config: T5Config,
    parameters: ReadonlyMap<string, Float32Array>,
  ): Promise<Generator>;

  /**
   * The most likely continuation of every input, token by token.
   *
   * @param inputs token ids per row with the end-of-sequence token, without padding
   * @param maxTokens at most this many tokens are written per row
   * @returns ids after the start token, up to and without the end-of-sequence token
   */
  greedy(inputs: readonly Int32Array[], maxTokens: number): Promise<Int32Array[]>;

  dispose(): Promise<void>;
}
