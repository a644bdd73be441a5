/**
 * Times one training step (losses, gradients and AdamW) and greedy decoding, on random tokens.
 *
 *   node tests/bench/engine.ts [steps]
 */
import { Random } from '../../electron/core/random.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { Generator } from '../../electron/model/generate.ts';
import type { T5Config } from '../../electron/model/t5/config.ts';
import { TrainingModel, type TrainingBatch } from '../../electron/model/t5/training.ts';

interface Shape {
  readonly name: string;
  readonly config: T5Config;
  readonly batch: number;
  readonly source: number;
  readonly target: number;
  /** Rows between half and all of the length, as in real batches; or all of the same length. */
  readonly lengths: 'mixed' | 'full' | 'step-by-step';
}

const base = {
  relativeAttentionNumBuckets: 32,
  relativeAttentionMaxDistance: 128,
  layerNormEpsilon: 1e-6,
  feedForward: 'relu',
  tieWordEmbeddings: true,
  padTokenId: 0,
  eosTokenId: 1,
  decoderStartTokenId: 0,
  numLayers: 2,
  numDecoderLayers: 2,
  dModel: 128,
  dFf: 512,
} as const;
const micro: T5Config = { ...base, numHeads: 8, dKv: 16, vocabSize: 600 };
const tiny: T5Config = { ...base, numHeads: 4, dKv: 32, vocabSize: 4096 };

const shapes: readonly Shape[] = [
  { name: 'micro', config: micro, batch: 16, source: 48, target: 20, lengths: 'mixed' },
  { name: 'micro', config: micro, batch: 16, source: 48, target: 20, lengths: 'full' },
  { name: 'micro', config: micro, batch: 16, source: 48, target: 64, lengths: 'mixed' },
  { name: 'micro', config: micro, batch: 16, source: 48, target: 64, lengths: 'full' },
  { name: 'micro', config: micro, batch: 32, source: 48, target: 64, lengths: 'step-by-step' },
  { name: 'tiny', config: tiny, batch: 8, source: 128, target: 64, lengths: 'mixed' },
  { name: 'tiny', config: tiny, batch: 8, source: 128, target: 64, lengths: 'full' },
];

const decoding: readonly Shape[] = [
  { name: 'micro', config: micro, batch: 32, source: 48, target: 0, lengths: 'full' },
  { name: 'tiny', config: tiny, batch: 32, source: 128, target: 0, lengths: 'full' },
];

/** Half of the length, and a sixteenth more for each of eight rows in turn. */
function rowLength(shape: Shape, full: number, row: number): number {
  return shape.lengths === 'full' ? full : Math.floor(full / 2 + ((row % 8) * full) / 16);
}

function makeBatch(shape: Shape, random: Random): TrainingBatch {
  const tokens = (length: number): Int32Array =>
    Int32Array.from({ length }, () => random.integer(2, shape.config.vocabSize - 1));
  const rows = Array.from({ length: shape.batch }, (_unused, row) => row);
  const both = shape.lengths === 'step-by-step';
  const task = Uint8Array.from(rows, (row) => (both ? row % 2 : 0));
  const targetLength = (row: number): number =>
    both && task[row] === 0 ? 8 : rowLength(shape, shape.target, row);
  return {
    inputs: rows.map((row) => tokens(rowLength(shape, shape.source, row))),
    targets: rows.map((row) => tokens(targetLength(row))),
    task,
    weights: { label: 1, rationale: 1 },
  };
}

function fill(random: Random, values: Float32Array, std: number): void {
  for (let i = 0; i < values.length; i++) values[i] = std * random.normal();
}

function initialized(random: Random, engine: Engine, config: T5Config): Promise<TrainingModel> {
  return TrainingModel.create(engine, config, ({ init }, values) => {
    if (init.kind === 'ones') values.fill(1);
    else fill(random, values, init.std);
  });
}

function summary(times: number[]): string {
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1] ?? Number.NaN;
  return `median ${median.toFixed(1)} ms, best ${(times[0] ?? Number.NaN).toFixed(1)} ms`;
}

async function benchTraining(engine: Engine, shape: Shape, steps: number): Promise<void> {
  const random = new Random(1);
  const batch = makeBatch(shape, random);
  const model = await initialized(random, engine, shape.config);
  const times: number[] = [];
  let updating = 0;
  let loss = Number.NaN;
  for (let step = 1; step <= steps; step++) {
    const start = performance.now();
    ({ loss } = await model.step(batch));
    const middle = performance.now();
    model.update({ learningRate: 1e-3, weightDecay: 0.01, clipNorm: 1, step });
    const end = performance.now();
    if (step > 2) times.push(end - start);
    updating += end - middle;
  }
  await model.dispose();
  const what = `${shape.name} ${shape.batch}x${shape.source}->${shape.target} ${shape.lengths}`;
  const update = `update ${(updating / steps).toFixed(1)} ms`;
  console.log(`train  ${what.padEnd(34)} ${summary(times)}, ${update}, loss ${loss.toFixed(4)}`);
}

async function benchDecoding(engine: Engine, shape: Shape, repeats: number): Promise<void> {
  const random = new Random(2);
  // Nothing ends a row early, so that every run writes the same number of tokens.
  const config = { ...shape.config, eosTokenId: -1 };
  const { inputs } = makeBatch(shape, random);
  const model = await initialized(random, engine, config);
  const generator = await Generator.create(engine, config, model.parameters());
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    await generator.greedy(inputs, 32);
    if (repeat > 0) times.push(performance.now() - start);
  }
  await generator.dispose();
  await model.dispose();
  const what = `${shape.name} ${shape.batch}x${shape.source}, 32 tokens`;
  console.log(`decode ${what.padEnd(34)} ${summary(times)}`);
}

const steps = Number(process.argv[2] ?? 40);
const engine = await openEngine();
console.log(`engine ${engine.id}, ${engine.threads} threads, ${steps} steps each`);
for (const shape of shapes) await benchTraining(engine, shape, steps);
for (const shape of decoding) await benchDecoding(engine, shape, 6);
