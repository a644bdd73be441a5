import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/** What can be known about ONNX Runtime's GPU providers without starting a driver. */

export type GpuProvider = 'webgpu' | 'cuda';

/** Fetches the CUDA provider, which is too large for the npm package, from NuGet. */
export const CUDA_COMMAND =
  'npm explore onnxruntime-node -- node script/install --onnxruntime-node-install';

const PROVIDER_LIBRARY = 'libonnxruntime_providers_cuda.so';

/**
 * @throws StudioError `engine-failed` when the provider can't be on this computer, or its libraries
 * are not installed; whether it starts shows only when it is opened.
 */
export function requireProvider(provider: GpuProvider, system: System = thisSystem): void {
  if (provider === 'cuda') requireCuda(system);
  else if (!webGpuPlatforms.includes(`${system.platform}-${system.arch}`)) {
    throw unavailable(
      `ONNX Runtime’s WebGPU provider is not made for this system (${system.platform}, ${system.arch}).`,
      'Use the processor.',
    );
  }
}

/** The parts of the system that decide; tests give their own. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Folder of ONNX Runtime's native libraries; null when the package is not installed. */
  readonly libraries: string | null;
}

const thisSystem: System = {
  platform: process.platform,
  arch: process.arch,
  libraries: libraryFolder(),
};

/** What the package of onnxruntime-node 1.30 brings the WebGPU provider for. */
const webGpuPlatforms = ['linux-x64', 'win32-x64', 'win32-arm64', 'darwin-arm64'];

function requireCuda({ platform, arch, libraries }: System): void {
  if (platform !== 'linux' || arch !== 'x64') {
    throw unavailable(
      'ONNX Runtime’s CUDA provider exists for Linux on x64 only.',
      'Use webgpu, which works with NVIDIA’s GPUs too.',
    );
  }
  if (libraries === null || !existsSync(join(libraries, PROVIDER_LIBRARY))) {
    throw unavailable(
      'ONNX Runtime’s CUDA libraries are not installed.',
      `Fetch them with: ${CUDA_COMMAND} (they need CUDA 12 and cuDNN 9).`,
    );
  }
}

/** Why a provider that should be there did not start, in plain words. */
export function startFailure(provider: GpuProvider, reason: string): StudioError {
  if (provider === 'webgpu') {
    return /adapter/i.test(reason)
      ? unavailable(
          'ONNX Runtime’s WebGPU provider found no usable graphics adapter on this computer.',
          'A GPU needs a driver for Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
        )
      : unavailable(`ONNX Runtime’s WebGPU provider did not start: ${firstLine(reason)}`, driver);
  }
  const library = /(lib[\w.-]+\.so[\w.]*): cannot open shared object/.exec(reason)?.[1];
  if (library !== undefined) {
    return unavailable(
      `ONNX Runtime’s CUDA provider did not start: the library ${library} is missing.`,
      'Install CUDA 12 and cuDNN 9, and let LD_LIBRARY_PATH name their folders.',
    );
  }
  return /no CUDA-capable device|driver version is insufficient|CUDA failure (35|100)\b/i.test(
    reason,
  )
    ? unavailable('CUDA found no NVIDIA GPU with a recent driver.', driver)
    : unavailable(`ONNX Runtime’s CUDA provider did not start: ${firstLine(reason)}`, driver);
}

const driver = 'Check the graphics driver, or use the processor.';

export function unavailable(message: string, hint: string, cause?: unknown): StudioError {
  return new StudioError('engine-failed', message, hint, cause === undefined ? {} : { cause });
}

/** The name of the device behind a provider, where the system tells it; else null. */
export function deviceName(provider: GpuProvider, environment = process.env): string | null {
  return provider === 'cuda' ? nvidiaModel() : softwareAdapter(environment);
}

/**
 * The software adapter that Vulkan was told to use, or null. It computes on the processor: right,
 * which is what tests need, and far slower than the processor by itself.
 */
export function softwareAdapter(environment: NodeJS.ProcessEnv = process.env): string | null {
  const drivers = [
    environment['VK_DRIVER_FILES'] ?? '',
    environment['VK_ICD_FILENAMES'] ?? '',
  ].join();
  if (/swiftshader/i.test(drivers)) return 'SwiftShader, a software adapter';
  return /lvp_icd|lavapipe|llvmpipe/i.test(drivers) ? 'llvmpipe, a software adapter' : null;
}

function nvidiaModel(): string | null {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const [first = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, first, 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}

/** ONNX Runtime starts its messages with a path of its sources and the failed function. */
function firstLine(reason: string): string {
  const line = reason.trim().split('\n')[0] ?? '';
  const short = line.replace(/^\/\S+:\d+ .*? was false\. /, '').replace(/\.$/, '');
  return `${short.length > 160 ? `${short.slice(0, 160)}…` : short}.`;
}

function libraryFolder(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
    return join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch);
  } catch {
    return null;
  }
}
