import { cpus } from 'node:os';
import type { EngineId } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { emitGraph } from '../graph/emit.ts';
import { Graph } from '../graph/graph.ts';
import { matmul } from '../graph/ops/index.ts';
import type { Engine, HostTensor } from './engine.ts';
import { openOnnxRuntimeEngine } from './onnxruntime.ts';
import {
  deviceName,
  requireProvider,
  startFailure,
  unavailable,
  type GpuProvider,
} from './providers.ts';
import { describeTensorFlow, openTensorFlowEngine } from './tensorflow.ts';

export interface OpenOptions {
  /** Default `cpu`. */
  readonly id?: EngineId;
  /** Threads on the processor; the physical cores by default. */
  readonly threads?: number;
  /** Files that start with this path get the time of every operation; ONNX Runtime's engines only. */
  readonly profile?: string;
}

/**
 * Opens the engine that was asked for, and never another in its place. Any but the processor
 * computes a small product first, so that a driver that does not work is told here. A faulty driver
 * can end the process: open a GPU in a child process.
 *
 * @throws StudioError `engine-failed` with the reason why it can't be used here and what helps.
 */
export async function openEngine({ id = 'cpu', ...options }: OpenOptions = {}): Promise<Engine> {
  if (id === 'cpu') return openOnnxRuntimeEngine(options);
  if (id === 'tensorflow') return openTensorFlow(options.threads);
  return openGpu(id, options);
}

async function openGpu(provider: GpuProvider, options: OpenOptions): Promise<Engine> {
  requireProvider(provider);
  const { profile } = options;
  let right: boolean;
  try {
    right = await multiplies(openOnnxRuntimeEngine({ provider }));
  } catch (caught) {
    // What ONNX Runtime said is the cause; its wrapping speaks of a graph nobody asked for.
    const reason = caught instanceof StudioError ? caught.cause : caught;
    throw startFailure(provider, reason instanceof Error ? reason.message : String(reason));
  }
  if (!right) throw wrongProduct(provider);
  return openOnnxRuntimeEngine({ provider, ...(profile === undefined ? {} : { profile }) });
}

async function openTensorFlow(threads: number | undefined): Promise<Engine> {
  const engine = await openTensorFlowEngine(threads === undefined ? {} : { threads });
  if (!(await multiplies(engine))) throw wrongProduct('tensorflow');
  return engine;
}

/**
 * Whether what the engine needs is installed; safe in any process, since nothing native is loaded.
 *
 * @throws StudioError `engine-failed` with the reason and what helps.
 */
export async function requireInstalled(id: EngineId): Promise<void> {
  if (id === 'webgpu' || id === 'cuda') requireProvider(id);
  // What is not installed is told before anything is loaded.
  if (id === 'tensorflow' && !describeTensorFlow().installed) await openTensorFlowEngine();
}

/** The device of an engine that this process has opened; null where the system does not tell. */
export function deviceOf(id: EngineId): string | null {
  const processor = cpus()[0]?.model.trim() ?? null;
  if (id === 'cpu') return processor;
  if (id !== 'tensorflow') return deviceName(id);
  return describeTensorFlow().gpu === true ? deviceName('cuda') : processor;
}

function wrongProduct(id: EngineId): StudioError {
  return unavailable(
    `The engine ${id} started but multiplied two small matrices wrongly.`,
    'Update the graphics driver, or use the engine cpu.',
  );
}

/** Whether an engine computes a small matrix product as it should: the real path, end to end. */
async function multiplies(engine: Engine): Promise<boolean> {
  const graph = new Graph('engine check');
  const left = graph.input('a', 'float32', [1, 2]);
  const right = graph.input('b', 'float32', [2, 1]);
  const program = await engine.compile(emitGraph(graph, { product: matmul(left, right) }));
  const a: HostTensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(2, 3) };
  const b: HostTensor = { type: 'float32', shape: [2, 1], data: Float32Array.of(5, 7) };
  const { product } = await program.run({ a, b }, { product: null });
  await program.dispose();
  return product?.data[0] === 31;
}
