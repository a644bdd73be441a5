import { Random } from '../../electron/core/random.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { Generator } from '../../electron/model/generate.ts';
import { presetConfig } from '../../electron/model/presets.ts';
import type { T5Config } from '../../electron/model/t5/config.ts';
import { TrainingModel, type TrainingBatch } from '../../electron/model/t5/training.ts';
import { median, milliseconds, spread, table, timed } from './measure.ts';

/** The engine alone, on random tokens: one training step, greedy decoding. */

/** What one batch looks like: lengths in tokens. */
export interface Shape {
  readonly name: string;
  readonly config: T5Config;
  readonly batch: number;
  readonly source: number;
  readonly target: number;
  /**
   * `mixed`: rows between half and all of the length, as in real batches. `step-by-step`: the same,
   * and every other row is a label of 8 tokens.
   */
  readonly lengths: 'mixed' | 'full' | 'step-by-step';
}

const micro = presetConfig('micro', 600);
const tiny: T5Config = { ...micro, numHeads: 4, dKv: 32, vocabSize: 4096 };

const shape = (
  name: 'micro' | 'tiny',
  batch: number,
  source: number,
  target: number,
  lengths: Shape['lengths'],
): Shape => ({ name, config: name === 'micro' ? micro : tiny, batch, source, target, lengths });

/** The batch that is also timed in PyTorch. */
export const tinyMixed = shape('tiny', 8, 128, 64, 'mixed');

const trained: readonly Shape[] = [
  shape('micro', 16, 48, 20, 'mixed'),
  shape('micro', 16, 48, 64, 'mixed'),
  shape('micro', 16, 48, 64, 'full'),
  shape('micro', 32, 48, 64, 'step-by-step'),
  tinyMixed,
  shape('tiny', 8, 128, 64, 'full'),
];

const decoded: readonly Shape[] = [
  shape('micro', 32, 48, 0, 'full'), //
  shape('tiny', 32, 128, 0, 'full'),
];

/** Tokens of each row's input and target. */
export function rowLengths(of: Shape): { source: number; target: number }[] {
  return Array.from({ length: of.batch }, (_unused, row) => {
    const share = of.lengths === 'full' ? 1 : 0.5 + (row % 8) / 16;
    const isLabel = of.lengths === 'step-by-step' && row % 2 === 0;
    return {
      source: Math.floor(of.source * share),
      target: isLabel ? 8 : Math.floor(of.target * share),
    };
  });
}

function randomBatch(of: Shape, random: Random): TrainingBatch {
  const tokens = (length: number): Int32Array =>
    Int32Array.from({ length }, () => random.integer(2, of.config.vocabSize - 1));
  const lengths = rowLengths(of);
  return {
    inputs: lengths.map((row) => tokens(row.source)),
    targets: lengths.map((row) => tokens(row.target)),
    task: Uint8Array.from(lengths, (_row, index) =>
      of.lengths === 'step-by-step' ? index % 2 : 0,
    ),
    weights: { label: 1, rationale: 1 },
  };
}

function randomModel(engine: Engine, config: T5Config, random: Random): Promise<TrainingModel> {
  return TrainingModel.create(engine, config, ({ init }, values) => {
    for (let i = 0; i < values.length; i++) {
      values[i] = init.kind === 'ones' ? 1 : init.std * random.normal();
    }
  });
}

/** A model that can be stepped again and again on one batch: losses, gradients, clipping, AdamW. */
export class TrainingBench {
  readonly model: TrainingModel;
  readonly #batch: TrainingBatch;
  #step = 0;

  private constructor(model: TrainingModel, batch: TrainingBatch) {
    this.model = model;
    this.#batch = batch;
  }

  /** The first steps, in which memory is still being taken, are already done. */
  static async create(engine: Engine, of: Shape): Promise<TrainingBench> {
    const random = new Random(1);
    const batch = randomBatch(of, random);
    const bench = new TrainingBench(await randomModel(engine, of.config, random), batch);
    await bench.time(3);
    return bench;
  }

  /** Milliseconds of each of the next steps. */
  async time(steps: number): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      times.push(
        await timed(async () => {
          await this.model.step(this.#batch);
          const step = (this.#step += 1);
          this.model.update({ learningRate: 1e-4, weightDecay: 0.01, clipNorm: 1, step });
        }),
      );
    }
    return times;
  }
}

async function timeDecoding(engine: Engine, of: Shape, tokens: number): Promise<number[]> {
  const random = new Random(2);
  // Nothing ends a row early, so that every run writes the same number of tokens.
  const config = { ...of.config, eosTokenId: -1 };
  const { inputs } = randomBatch(of, random);
  const model = await randomModel(engine, config, random);
  const generator = await Generator.create(engine, config, model.parameters());
  await generator.greedy(inputs, tokens);
  const times: number[] = [];
  for (let run = 0; run < 7; run++) {
    times.push(await timed(() => generator.greedy(inputs, tokens)));
  }
  await generator.dispose();
  await model.dispose();
  return times;
}

/** The section `Engine` of the results. */
export async function benchEngine(): Promise<string> {
  const engine = await openEngine();
  const rows: string[][] = [];
  for (const of of trained) {
    const bench = await TrainingBench.create(engine, of);
    const times = await bench.time(40);
    const tokens = rowLengths(of).reduce((sum, row) => sum + row.source + row.target, 0);
    rows.push([
      `training step, ${describe(of)}`,
      spread(times, milliseconds),
      `${((tokens / median(times)) * 1_000).toFixed(0)} tokens/s`,
    ]);
    await bench.model.dispose();
  }
  const written = 32;
  for (const of of decoded) {
    const times = await timeDecoding(engine, of, written);
    rows.push([
      `greedy decoding, ${of.name}, ${of.batch} rows of ${of.source} tokens, ${written} written`,
      spread(times, milliseconds),
      `${((of.batch / median(times)) * 1_000).toFixed(0)} rows/s`,
    ]);
  }
  const note = `Random tokens, ${engine.threads} threads. A step is losses, gradients, clipping and AdamW; tokens are counted without padding. Median (lowest to highest) of 40 steps or 7 decodings.`;
  return `${note}\n\n${table(['work', 'time', 'rate'], rows)}`;
}

export function describe(of: Shape): string {
  return `${of.name}, ${of.batch} x ${of.source} -> ${of.target} ${of.lengths}`;
}
