import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { EngineReport } from '../../contract/entities.ts';
import { emitGraph } from '../graph/emit.ts';
import { Graph } from '../graph/graph.ts';
import { matmul } from '../graph/ops/index.ts';
import type { Engine, HostTensor } from './engine.ts';
import { openCpuEngine } from './onnxruntime.ts';

/** A provider that has not answered by then will not be waited for. */
const PROBE_MILLISECONDS = 20_000;

const locate = createRequire(import.meta.url);

/** The engine that training and prediction use; `threads` defaults to the physical cores. */
export function openEngine(options: { threads?: number } = {}): Promise<Engine> {
  return openCpuEngine(options);
}

/**
 * Tries every engine for real and says in plain words what it is or why it can't be used here. GPU
 * providers are tried in a child process, so that a faulty driver ends the child and not the studio.
 */
export async function listEngines(): Promise<EngineReport[]> {
  return Promise.all([reportCpu(), reportWebGpu(), reportCuda(), reportTensorFlow()]);
}

async function reportCpu(): Promise<EngineReport> {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  try {
    const engine = await openCpuEngine();
    const right = await multiplies(engine);
    const threads = engine.threads === 1 ? '1 thread' : `${engine.threads} threads`;
    const detail = right
      ? `ONNX Runtime on the processor (${processor}, ${threads}). Always there; training and prediction use it.`
      : 'ONNX Runtime started on the processor but multiplied two small matrices wrongly.';
    return { id: 'cpu', available: right, detail };
  } catch (caught) {
    return {
      id: 'cpu',
      available: false,
      detail: `ONNX Runtime does not start: ${reason(caught)}`,
    };
  }
}

async function reportWebGpu(): Promise<EngineReport> {
  const answer = await probe('webgpu');
  const detail = answer.works
    ? 'A graphics adapter answered ONNX Runtime’s WebGPU provider. This version still trains on the processor.'
    : 'ONNX Runtime’s WebGPU provider found no usable graphics adapter on this computer.';
  return { id: 'webgpu', available: false, detail };
}

async function reportCuda(): Promise<EngineReport> {
  const unavailable = (detail: string): EngineReport => ({ id: 'cuda', available: false, detail });
  if (process.platform !== 'linux' && process.platform !== 'win32') {
    return unavailable('CUDA exists on Linux and Windows only.');
  }
  const file =
    process.platform === 'linux'
      ? 'libonnxruntime_providers_cuda.so'
      : 'onnxruntime_providers_cuda.dll';
  const folder = join(packageFolder('onnxruntime-node') ?? '', 'bin', 'napi-v6');
  if (!existsSync(join(folder, process.platform, process.arch, file))) {
    return unavailable('ONNX Runtime’s CUDA libraries are not installed.');
  }
  const answer = await probe('cuda');
  return unavailable(
    answer.works
      ? 'An NVIDIA GPU answered ONNX Runtime’s CUDA provider. This version still trains on the processor.'
      : `ONNX Runtime’s CUDA libraries are installed but did not start (${answer.said}).`,
  );
}

function reportTensorFlow(): Promise<EngineReport> {
  const folder = packageFolder('@tensorflow/tfjs-node-gpu');
  const binding = folder === null ? null : join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  let detail = 'TensorFlow’s optional package is not installed.';
  if (binding !== null) {
    detail = existsSync(binding)
      ? 'TensorFlow’s native library is installed. This version still trains on the processor.'
      : 'TensorFlow’s package is installed without its native library, which is a separate download.';
  }
  return Promise.resolve({ id: 'tensorflow', available: false, detail });
}

/** Whether an engine computes a small matrix product as it should: the real path, end to end. */
async function multiplies(engine: Engine): Promise<boolean> {
  const program = await engine.compile(probeGraph());
  const a: HostTensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(2, 3) };
  const b: HostTensor = { type: 'float32', shape: [2, 1], data: Float32Array.of(5, 7) };
  const { product } = await program.run({ a, b }, { product: null });
  await program.dispose();
  return product?.data[0] === 31;
}

function probeGraph(): ReturnType<typeof emitGraph> {
  const graph = new Graph('engine check');
  const a = graph.input('a', 'float32', [1, 2]);
  const b = graph.input('b', 'float32', [2, 1]);
  return emitGraph(graph, { product: matmul(a, b) });
}

/** What the child runs: the same small product on one provider, told through the exit code and stderr. */
const PROBE_SCRIPT = `
const [, module, provider, model] = process.argv;
const { InferenceSession, Tensor } = require(module);
(async () => {
  const session = await InferenceSession.create(Buffer.from(model, 'base64'), {
    executionProviders: [provider],
    logSeverityLevel: 4,
  });
  const a = new Tensor('float32', [2, 3], [1, 2]);
  const b = new Tensor('float32', [5, 7], [2, 1]);
  const { product } = await session.run({ a, b });
  if (product.data[0] !== 31) throw new Error('a wrong product');
  process.exit(0);
})().catch((error) => {
  process.stderr.write(String(error && error.message), () => process.exit(1));
});
`;

interface ProbeAnswer {
  readonly works: boolean;
  readonly said: string;
}

function probe(provider: 'webgpu' | 'cuda'): Promise<ProbeAnswer> {
  const model = Buffer.from(probeGraph().bytes).toString('base64');
  const module = locate.resolve('onnxruntime-node');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', PROBE_SCRIPT, module, provider, model], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PROBE_MILLISECONDS,
      windowsHide: true,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-2_000);
    });
    child.on('error', (error) => resolve({ works: false, said: error.message }));
    child.on('close', (code, signal) => {
      const ended = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
      resolve({ works: code === 0, said: lastSentence(said) || ended });
    });
  });
}

/** The last line of what a child wrote, short enough for one sentence on screen. */
function lastSentence(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** Where a package is installed, without loading it; null when it is not. */
function packageFolder(name: string): string | null {
  try {
    return dirname(locate.resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

function reason(caught: unknown): string {
  return caught instanceof Error ? caught.message : String(caught);
}
