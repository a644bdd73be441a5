import { Random } from '../../core/random.ts';
import { composeBatch, type EncodedRow } from '../batches.ts';
import { emitGraph } from '../graph/emit.ts';
import { Graph } from '../graph/graph.ts';
import { matmul } from '../graph/ops/index.ts';
import { initialParameters, presetConfig, presetDefaults } from '../presets.ts';
import { decoderStepGraph, encoderGraph } from '../t5/decoding.ts';
import { TrainingModel } from '../t5/training.ts';
import type { Engine, HostTensor } from './engine.ts';

/** What an engine does with the work it is for. */
export interface EngineFigures {
  /** 10^9 additions and multiplications a second in a float32 matrix product, copies included. */
  readonly gflops: number;
  /** One training step of the `micro` student at its usual batch, with its update. */
  readonly stepMilliseconds: number;
  /** The step was too slow to be run whole: its time is that of one row, times the rows of a batch. */
  readonly projected: boolean;
  /** Operations of the student's graphs that run on the processor although the engine is a GPU's. */
  readonly fallbacks: readonly string[];
}

/** Milliseconds from any fixed moment; `performance.now`. */
export type Now = () => number;

/** Computes for a few seconds and says how fast it was. @throws StudioError `engine-failed` */
export async function measureEngine(engine: Engine, now: Now): Promise<EngineFigures> {
  const gflops = await measureProduct(engine, now);
  const step = await measureStep(engine, now);
  return { gflops, ...step, fallbacks: await decodingFallbacks(engine) };
}

const SIZES = [128, 256, 512, 1024];
const REPEATS = 5;
/** A product that takes longer is not made eight times as large. */
const LONG_PRODUCT_MILLISECONDS = 50;

/** The largest square product of a size up to 1024 that ends soon; the median of a few. */
async function measureProduct(engine: Engine, now: Now): Promise<number> {
  const graph = new Graph('matrix product');
  const left = graph.input('left', 'float32', ['n', 'n']);
  const right = graph.input('right', 'float32', ['n', 'n']);
  const program = await engine.compile(emitGraph(graph, { product: matmul(left, right) }));
  let best = 0;
  for (const size of SIZES) {
    const feeds = { left: square(size, 1), right: square(size, 2) };
    const fetches = { product: square(size, 3) };
    const run = () => program.run(feeds, fetches);
    // The first run of a size prepares kernels and buffers.
    await run();
    const milliseconds = median(await timed(run, REPEATS, now));
    best = (2 * size ** 3) / (milliseconds * 1e6);
    if (milliseconds > LONG_PRODUCT_MILLISECONDS) break;
  }
  await program.dispose();
  return best;
}

/** Rows like those of the sample project: tokens of a question, an expression, a rationale. */
const TOKENS = { input: 64, label: 12, rationale: 40 };
/** A whole step that would take longer is projected from that of one row. */
const LONG_STEP_MILLISECONDS = 3_000;

async function measureStep(
  engine: Engine,
  now: Now,
): Promise<Pick<EngineFigures, 'stepMilliseconds' | 'projected'>> {
  const { batchSize, vocabularySize, learningRate, weightDecay, clipNorm } = presetDefaults.micro;
  const config = presetConfig('micro', vocabularySize);
  const model = await TrainingModel.create(engine, config, initialParameters(config, 1));
  const random = new Random(1);
  const whole = Array.from({ length: batchSize }, () => randomRow(random, vocabularySize));
  let done = 0;
  const step = async (rows: readonly EncodedRow[]): Promise<void> => {
    await model.step(composeBatch(rows, { label: 1, rationale: 1 }));
    model.update({ learningRate, weightDecay, clipNorm, step: ++done });
  };
  try {
    const single = whole.slice(0, 1);
    await step(single);
    const [one = 0] = await timed(() => step(single), 1, now);
    const projected = one * whole.length;
    if (projected > LONG_STEP_MILLISECONDS) return { stepMilliseconds: projected, projected: true };
    await step(whole);
    const times = await timed(() => step(whole), REPEATS, now);
    return { stepMilliseconds: median(times), projected: false };
  } finally {
    await model.dispose();
  }
}

/**
 * The training step would have been refused if it lost arithmetic to the processor, and has no
 * indices to compute; decoding has.
 */
async function decodingFallbacks(engine: Engine): Promise<string[]> {
  const config = presetConfig('micro', presetDefaults.micro.vocabularySize);
  const found: string[] = [];
  for (const graph of [encoderGraph(config), decoderStepGraph(config)]) {
    const program = await engine.compile(graph);
    found.push(...(program.fallbacks ?? []).map((operation) => `${graph.name}: ${operation}`));
    await program.dispose();
  }
  return found;
}

function randomRow(random: Random, vocabulary: number): EncodedRow {
  const tokens = (length: number): Int32Array =>
    Int32Array.from({ length }, (_unused, index) =>
      index === length - 1 ? 1 : random.integer(2, vocabulary - 1),
    );
  // The two tasks' prefixes make two inputs of one text.
  return {
    label: { input: tokens(TOKENS.input), target: tokens(TOKENS.label) },
    explained: [],
    rationales: [{ input: tokens(TOKENS.input), target: tokens(TOKENS.rationale) }],
  };
}

function square(size: number, seed: number): HostTensor {
  const random = new Random(seed);
  const data = Float32Array.from({ length: size * size }, () => random.next() - 0.5);
  return { type: 'float32', shape: [size, size], data };
}

async function timed(work: () => Promise<unknown>, count: number, now: Now): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = now();
    await work();
    times.push(now() - start);
  }
  return times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
