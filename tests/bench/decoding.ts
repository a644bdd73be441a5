import { Random } from '../../electron/core/random.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { Generator } from '../../electron/model/generate/index.ts';
import type { TrainingModel } from '../../electron/model/t5/training.ts';
import { timed } from './measure.ts';
import { configs, randomBatch, randomModel, type Shape } from './shapes.ts';

/** Greedy decoding of one random batch, again and again. */
export class DecodingBench {
  readonly parameterCount: number;
  readonly #model: TrainingModel;
  readonly #generator: Generator;
  readonly #inputs: readonly Int32Array[];
  readonly #tokens: number;

  private constructor(
    model: TrainingModel,
    generator: Generator,
    inputs: readonly Int32Array[],
    tokens: number,
  ) {
    this.parameterCount = model.parameterCount;
    this.#model = model;
    this.#generator = generator;
    this.#inputs = inputs;
    this.#tokens = tokens;
  }

  /** @param tokens written per row */
  static async create(engine: Engine, of: Shape, tokens: number): Promise<DecodingBench> {
    const random = new Random(2);
    // Nothing ends a row early, so that every run writes the same number of tokens.
    const config = { ...configs[of.size], eosTokenId: -1 };
    const { inputs } = randomBatch(of, random);
    const model = await randomModel(engine, config, random);
    // As predictions do: the parameters do not change any more.
    const generator = await Generator.create(engine, config, model.parameters(), { fixed: true });
    return new DecodingBench(model, generator, inputs, tokens);
  }

  /** Milliseconds of each of the next runs. */
  async time(runs: number): Promise<number[]> {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await timed(() => this.#run()));
    return times;
  }

  async dispose(): Promise<void> {
    await this.#generator.dispose();
    await this.#model.dispose();
  }

  async #run(): Promise<void> {
    const written = await this.#generator.greedy(this.#inputs, this.#tokens);
    if (written.some((row) => row.length !== this.#tokens)) throw new Error('A row ended early.');
  }
}
