import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { physicalCores } from './cores.ts';
import type { TensorFlow } from './tensorflow-primitives.ts';

/** Finding and loading `@tensorflow/tfjs-node-gpu`, an optional package without its native library. */

/** Fetch TensorFlow's libraries: for an NVIDIA GPU on an open network, and for the processor alone. */
const GPU_COMMAND = 'npm explore @tensorflow/tfjs-node-gpu -- npm run install';
const CPU_COMMAND = 'npm run tensorflow-cpu';

/** `npm run tensorflow-cpu` leaves this beside a library that is not meant to use a GPU. */
const CPU_MARK = 'processor-only';

export interface TensorFlowLibrary {
  readonly tf: TensorFlow;
  /** Of the native library, for example `1.15.0`. */
  readonly version: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Threads that one operation is divided among on the processor. */
  readonly threads: number;
}

export interface TensorFlowDescription {
  /** Whether the native library is there; whether it works shows only when it is opened. */
  readonly installed: boolean;
  /** Whether it computes on a GPU; null as long as this process has not opened it. */
  readonly gpu: boolean | null;
  /** Of the native library, for example `1.15.0`; null when unknown. */
  readonly version: string | null;
}

let loading: Promise<TensorFlowLibrary> | null = null;
let loaded: TensorFlowLibrary | null = null;

/** What is installed, without loading it. */
export function describeTensorFlow(): TensorFlowDescription {
  const folder = packageFolder();
  const installed = folder !== null && existsSync(bindingIn(folder));
  if (!installed) return { installed, gpu: null, version: null };
  return { installed, gpu: loaded?.gpu ?? null, version: loaded?.version ?? versionIn(folder) };
}

/**
 * The native library, loaded once per process with the threads of the first call: TensorFlow reads
 * their number when it starts. A broken library can end the process; try it in a child first.
 *
 * @throws StudioError `engine-failed` when it is absent, does not load here, finds no GPU although
 * it is built for one, or runs with another number of threads.
 */
export async function loadTensorFlow(threads?: number): Promise<TensorFlowLibrary> {
  loading ??= load(threads ?? physicalCores());
  const library = await loading;
  loaded = library;
  if (threads !== undefined && threads !== library.threads) {
    throw new StudioError(
      'engine-failed',
      `TensorFlow already runs with ${library.threads} threads in this process and cannot change to ${threads}.`,
      'Start the work again in a new process with the number of threads you want.',
    );
  }
  return library;
}

async function load(threads: number): Promise<TensorFlowLibrary> {
  const folder = packageFolder();
  if (folder === null) {
    throw new StudioError(
      'engine-failed',
      'TensorFlow’s optional package is not installed.',
      'Run `npm install --include=optional`, or choose another engine.',
    );
  }
  if (!existsSync(bindingIn(folder))) {
    throw new StudioError(
      'engine-failed',
      'TensorFlow’s native library is not installed.',
      `For an NVIDIA GPU run \`${GPU_COMMAND}\`; for the processor alone (Linux on x64) run \`${CPU_COMMAND}\`.`,
    );
  }
  prepareProcess(threads);
  const library = { ...(await importPackage()), threads };
  if (!library.gpu && !existsSync(join(folder, 'deps', CPU_MARK))) {
    throw new StudioError(
      'engine-failed',
      `TensorFlow ${library.version} found no GPU that it can use.`,
      `Check with \`nvidia-smi\` that the driver sees the GPU and that CUDA 11 and cuDNN 8 are installed, choose another engine, or run \`${CPU_COMMAND}\` to compute on the processor.`,
    );
  }
  return library;
}

/** TensorFlow reads these variables once, when it is loaded; what a person has set is kept. */
function prepareProcess(threads: number): void {
  const { env } = process;
  env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  env['OMP_NUM_THREADS'] = String(threads);
  // Operations come one after another, so a second pool would only stand by.
  env['TF_NUM_INTEROP_THREADS'] = '1';
  // Errors only: they come back as exceptions, and the rest does not help a person.
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Otherwise it takes all of a GPU's memory at once, the display's share included.
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  restoreUtilities();
}

/** Two functions of `util` that the package calls; Node 23 removed one and warns about the other. */
function restoreUtilities(): void {
  const functions = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  };
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}

/** What the package's backend tells about the native library. */
const Backend = z.object({
  isUsingGpuDevice: z.boolean(),
  binding: z.object({ TF_Version: z.string() }),
});

async function importPackage(): Promise<Omit<TensorFlowLibrary, 'threads'>> {
  try {
    const tf = await import('@tensorflow/tfjs-node-gpu');
    const { isUsingGpuDevice, binding } = Backend.parse(tf.backend());
    return { tf, version: binding.TF_Version, gpu: isUsingGpuDevice };
  } catch (caught) {
    throw loadFailure(caught);
  }
}

/** Says what a failed load means; the messages are those of the system's dynamic linker. */
function loadFailure(caught: unknown): StudioError {
  const reason = caught instanceof Error ? caught.message : String(caught);
  const foreign = /ELF|wrong architecture|incompatible architecture|not a valid Win32/i;
  const missing =
    /cannot open shared object|image not found|Library not loaded|module could not be found/i;
  let what = `could not be loaded: ${reason.trim().replace(/\.$/, '')}`;
  if (foreign.test(reason)) what = `is for another processor than ${process.arch}`;
  else if (missing.test(reason)) what = `lacks one of its files: ${reason.trim()}`;
  return new StudioError(
    'engine-failed',
    `TensorFlow’s native library ${what}.`,
    `Fetch it anew: \`${GPU_COMMAND}\` for an NVIDIA GPU, \`${CPU_COMMAND}\` for the processor alone (Linux on x64).`,
    { cause: caught },
  );
}

function packageFolder(): string | null {
  try {
    return dirname(
      createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'),
    );
  } catch {
    return null;
  }
}

const bindingIn = (folder: string): string => join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');

/** The version in the name of the library's file: `libtensorflow.so.1.15.0`. */
function versionIn(folder: string): string | null {
  let files: string[];
  try {
    files = readdirSync(join(folder, 'deps', 'lib'));
  } catch {
    return null;
  }
  return (
    files.map((file) => /^libtensorflow\D*(\d+\.\d+\.\d+)/.exec(file)?.[1]).find(Boolean) ?? null
  );
}
