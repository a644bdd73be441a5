import type { Engine, HostTensor, Program } from '../engines/engine.ts';
import type { T5Config } from './config.ts';
import { FeedBuilder } from './feeds.ts';
import { forwardGraph } from './graphs.ts';
import { parameterTensors } from './parameters.ts';

export interface ForwardResult {
  /** Per row: logits [decoder tokens of the row, vocabulary], row-major. */
  readonly logits: readonly Float32Array[];
  /** Per row: the encoder's last states [input tokens of the row, dModel], row-major. */
  readonly encoderStates: readonly Float32Array[];
}

/** The whole model without loss or gradients, for evaluation and for comparison with a reference. */
export class ForwardModel {
  readonly #config: T5Config;
  readonly #program: Program;
  readonly #parameters: Readonly<Record<string, HostTensor>>;
  readonly #feeds: FeedBuilder;

  private constructor(
    config: T5Config,
    program: Program,
    parameters: Readonly<Record<string, HostTensor>>,
  ) {
    this.#config = config;
    this.#program = program;
    this.#parameters = parameters;
    this.#feeds = new FeedBuilder(config);
  }

  /** `parameters` are read anew at every run, so live views of a model in training may be given. */
  static async create(
    engine: Engine,
    config: T5Config,
    parameters: ReadonlyMap<string, Float32Array>,
  ): Promise<ForwardModel> {
    const tensors = parameterTensors(config, parameters);
    return new ForwardModel(config, await engine.compile(forwardGraph(config)), tensors);
  }

  /**
   * @param inputs token ids per row with the end token, without padding
   * @param decoderInputs what the decoder reads per row, start token first
   */
  async run(
    inputs: readonly Int32Array[],
    decoderInputs: readonly Int32Array[],
  ): Promise<ForwardResult> {
    const feeds = {
      ...this.#parameters,
      ...this.#feeds.pair(inputs, decoderInputs, false).feeds,
    };
    const { logits, states } = await this.#program.run(feeds, { logits: null, states: null });
    return {
      logits: splitRows(logits, decoderInputs, this.#config.vocabSize),
      encoderStates: splitRows(states, inputs, this.#config.dModel),
    };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}

/** Cuts packed [tokens, width] into one array per row. */
function splitRows(
  packed: HostTensor | undefined,
  rows: readonly Int32Array[],
  width: number,
): Float32Array[] {
  if (packed?.type !== 'float32') throw new TypeError('The forward pass gave no numbers.');
  let first = 0;
  return rows.map((row) => {
    const part = packed.data.slice(first * width, (first + row.length) * width);
    first += row.length;
    return part;
  });
}
