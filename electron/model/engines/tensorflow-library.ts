import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { physicalCores } from './cores.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs-node-gpu');

/** Finding and loading `@tensorflow/tfjs-node-gpu`, an optional package without its native library. */

const PACKAGE = '@tensorflow/tfjs-node-gpu';
/** Not `import`: bundlers would take the optional package in. */
const locate = createRequire(import.meta.url);

/** The commands that fetch a native library. */
const commands = {
  gpu: `npm explore ${PACKAGE} -- npm run install`,
  processor: 'npm run tensorflow-cpu',
};
const bothCommands = `run \`${commands.gpu}\` for an NVIDIA GPU, or \`${commands.processor}\` for the processor alone (Linux on x64)`;

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

let loaded: TensorFlowLibrary | null = null;

/** What is installed, without loading it. */
export function describeTensorFlow(): TensorFlowDescription {
  const folder = packageFolder();
  const installed = folder !== null && existsSync(bindingIn(folder));
  if (!installed) return { installed, gpu: null, version: null };
  return { installed, gpu: loaded?.gpu ?? null, version: loaded?.version ?? versionIn(folder) };
}

/**
 * The native library, loaded once per process with the threads of the first call (default: the
 * physical cores), since TensorFlow reads their number when it starts. Not for worker threads,
 * whose environment it does not see. A broken library can end the process: try it in a child first.
 *
 * @throws StudioError `engine-failed` when it is absent, does not load here, finds no GPU although
 * it is built for one, or runs with another number of threads.
 */
export function loadTensorFlow(threads?: number): TensorFlowLibrary {
  loaded ??= load(packageFolder(), threads ?? physicalCores());
  if (threads !== undefined && threads !== loaded.threads) {
    throw new StudioError(
      'engine-failed',
      `TensorFlow already runs in this process with another number of threads (${loaded.threads}, not ${threads}).`,
      'Start the work again in a new process with the number of threads you want.',
    );
  }
  return loaded;
}

function load(folder: string | null, threads: number): TensorFlowLibrary {
  const found = checkInstallation(folder);
  prepareProcess(threads);
  let library: TensorFlowLibrary;
  try {
    const tf = Package.parse(locate(PACKAGE));
    const { isUsingGpuDevice, binding } = Backend.parse(tf.backend());
    library = { tf, version: binding.TF_Version, gpu: isUsingGpuDevice, threads };
  } catch (caught) {
    throw loadFailure(caught);
  }
  checkDevice(found, library);
  return library;
}

/** The package, as its own types describe it. */
const Package = z.custom<TensorFlow>(
  (value) => z.object({ tidy: z.function(), backend: z.function() }).safeParse(value).success,
);

/** What the package's backend tells about the native library. */
const Backend = z.object({
  isUsingGpuDevice: z.boolean(),
  binding: z.object({ TF_Version: z.string() }),
});

/**
 * @param folder of the package, or null where it is not installed
 * @returns the folder
 * @throws StudioError `engine-failed` when the package or its native library is absent
 */
export function checkInstallation(folder: string | null): string {
  if (folder === null) {
    throw new StudioError(
      'engine-failed',
      'TensorFlow’s optional package is not installed.',
      'Run `npm install --include=optional`, or choose another engine.',
    );
  }
  if (existsSync(bindingIn(folder))) return folder;
  throw new StudioError(
    'engine-failed',
    'TensorFlow’s native library is not installed.',
    `To fetch it, ${bothCommands}.`,
  );
}

/**
 * Refuses a library for GPUs that computes on the processor: nobody who installed it wants that.
 *
 * @throws StudioError `engine-failed`
 */
export function checkDevice(folder: string, library: { version: string; gpu: boolean }): void {
  // Left there by `npm run tensorflow-cpu`; for macOS there are libraries without a GPU only.
  const meant = existsSync(join(folder, 'deps', 'processor-only')) || process.platform === 'darwin';
  if (library.gpu || meant) return;
  throw new StudioError(
    'engine-failed',
    `TensorFlow ${library.version} found no GPU that it can use.`,
    `Check with \`nvidia-smi\` that the driver sees the GPU, and that CUDA 11.2 and cuDNN 8.1 are installed. For the processor alone, run \`${commands.processor}\` (Linux on x64) or choose another engine.`,
  );
}

/** Says what a failed load means; the messages are those of the system's dynamic linker. */
export function loadFailure(caught: unknown): StudioError {
  const reason = caught instanceof Error ? caught.message : String(caught);
  const foreign = /ELF|file too short|wrong architecture|incompatible arch|not a valid Win32/i;
  const what = foreign.test(reason)
    ? `is damaged or made for another computer than this one (${process.platform} on ${process.arch})`
    : `could not be loaded: ${reason.trim().replace(/\.$/, '')}`;
  return new StudioError(
    'engine-failed',
    `TensorFlow’s native library ${what}.`,
    `To fetch it anew, ${bothCommands}.`,
    { cause: caught },
  );
}

/** Which command helps when the library has no kernel for an operation. */
export function missingKernelHint({ version }: { version: string }): string {
  return `TensorFlow ${version} lacks this operation: fetch a newer library with \`${commands.gpu}\`, or choose another engine.`;
}

/** TensorFlow reads these variables once, when it is loaded. */
function prepareProcess(threads: number): void {
  const { env } = process;
  env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  env['OMP_NUM_THREADS'] = String(threads);
  // Operations come one after another, so more threads for them would only stand by.
  env['TF_NUM_INTEROP_THREADS'] = '1';
  // Errors come back as exceptions; what else it has to say does not help a person.
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Otherwise it takes all of a GPU's memory at once, the display's share included.
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // Matrix products in float32 as everywhere else, not with TensorFloat's ten bits.
  env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  replaceUtilities();
}

/** Two functions of `util` that the package calls; Node 23 removed one and warns about the other. */
function replaceUtilities(): void {
  const functions = {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  };
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}

function packageFolder(): string | null {
  try {
    return dirname(locate.resolve(`${PACKAGE}/package.json`));
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
  const versions = files.map((file) => /^libtensorflow\D*(\d+\.\d+\.\d+)/.exec(file)?.[1]);
  return versions.find((version) => version !== undefined) ?? null;
}
