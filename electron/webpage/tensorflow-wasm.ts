import {
  engine,
  registerBackend,
  registerKernel,
  removeBackend,
  version_core,
} from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/flags.js';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import { addConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add.js';
import { argMaxConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/ArgMax.js';
import { gatherNdConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/GatherNd.js';
import { identityConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity.js';
import { maxConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Max.js';
import { meanConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Mean.js';
import { multiplyConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply.js';
import { realDivConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv.js';
import { reluConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Relu.js';
import { reshapeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape.js';
import { sigmoidConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sigmoid.js';
import { softmaxConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Softmax.js';
import { sqrtConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt.js';
import { squareConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square.js';
import { sumConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum.js';
import { transposeConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose.js';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { StudioError } from '../contract/errors.ts';
import type { TensorFlowJs } from '../model/portable/web-student.ts';
import { quickBatchMatMulConfig } from './batch-matmul.ts';

/**
 * TensorFlow.js with its WebAssembly backend and only the kernels that answering takes, which is a
 * tenth of the whole library. The backend's own start would look for its files by itself, with
 * threads and without; here it is handed the one binary that lies in the folder.
 */

const BACKEND = 'wasm';

const kernels: readonly KernelConfig[] = [
  ...[addConfig, multiplyConfig, realDivConfig],
  ...[squareConfig, sqrtConfig, sigmoidConfig, reluConfig],
  ...[softmaxConfig, sumConfig, meanConfig, maxConfig, argMaxConfig],
  ...[quickBatchMatMulConfig, reshapeConfig, transposeConfig, gatherNdConfig, identityConfig],
];

for (const kernel of kernels) registerKernel(kernel);

/** Students that are open; they share one backend. */
let users = 0;
let starting: Promise<void> | null = null;

/**
 * Starts the backend, or shares the one that runs.
 *
 * @param binary the content of `tfjs-backend-wasm-simd.wasm`
 * @throws StudioError `engine-failed`
 */
export async function startTensorFlow(binary: Uint8Array<ArrayBuffer>): Promise<TensorFlowJs> {
  users++;
  try {
    starting ??= start(binary);
    await starting;
  } catch (cause) {
    release();
    throw new StudioError(
      'engine-failed',
      `TensorFlow.js could not start: ${cause instanceof Error ? cause.message : String(cause)}`,
      'WebAssembly with SIMD is needed: every browser since 2023 has it, and Node since 16.',
      { cause },
    );
  }
  let released = false;
  return {
    engine: engine(),
    version: version_core,
    release: () => {
      if (!released) release();
      released = true;
    },
  };
}

async function start(binary: Uint8Array<ArrayBuffer>): Promise<void> {
  const module = await loadModule(binary);
  registerBackend(BACKEND, () => new BackendWasm(module));
  if (!(await engine().setBackend(BACKEND))) throw new Error('its backend does not answer');
}

function release(): void {
  users--;
  if (users > 0) return;
  starting = null;
  if (engine().backendNames().includes(BACKEND)) removeBackend(BACKEND);
}

type Module = ConstructorParameters<typeof BackendWasm>[0];

/** Emscripten's `cwrap`, which the package's own types take from elsewhere. */
interface Wrapping {
  cwrap(name: string, result: 'number' | null, inputs: 'number'[]): (...values: number[]) => never;
}

/** The compiled module with the functions that the backend calls by name. */
async function loadModule(binary: Uint8Array<ArrayBuffer>): Promise<Module> {
  const settings = {
    wasmBinary: binary,
    locateFile: (name: string) => name,
    // What goes wrong comes back as an exception.
    printErr: () => undefined,
  };
  const module: Module & Partial<Wrapping> = await createModule(settings);
  const call = (name: string, inputs: number, result: 'number' | null = null) => {
    if (module.cwrap === undefined) throw new TypeError('the module lacks its functions');
    return module.cwrap(name, result, new Array<'number'>(inputs).fill('number'));
  };
  module.tfjs = {
    init: call('init', 0),
    initWithThreadsCount: call('init_with_threads_count', 1),
    getThreadsCount: call('get_threads_count', 0, 'number'),
    registerTensor: call('register_tensor', 3),
    disposeData: call('dispose_data', 1),
    dispose: call('dispose', 0),
  };
  return module;
}
