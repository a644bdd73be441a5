import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../contract/errors.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { physicalCores } from './cores.ts';
import type { Engine, Feeds, Fetches, HostTensor, Program } from './engine.ts';
import { programClosed, programOpened, trackTensor } from './live.ts';
import { bookkeepingOnly, operationsOnProcessor, summarize } from './placement.ts';
import { unavailable, type GpuProvider } from './providers.ts';

export interface OnnxRuntimeOptions {
  /** Default `cpu`, ONNX Runtime's own kernels: always there, the embedded default. */
  readonly provider?: 'cpu' | GpuProvider;
  /** Of the processor; the physical cores by default. A GPU needs one. */
  readonly threads?: number;
  /** Files that start with this path get the time of every operation when a program is disposed of. */
  readonly profile?: string;
}

/** ONNX Runtime with one of its providers. Nothing is started before a graph is compiled. */
export function openOnnxRuntimeEngine(options: OnnxRuntimeOptions = {}): Engine {
  const { provider = 'cpu', profile = null } = options;
  const threads = provider === 'cpu' ? (options.threads ?? physicalCores()) : 1;
  // NVIDIA's libraries would round float32 factors to 10 bits (TF32) where nobody says otherwise.
  if (provider === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  const settings = { ...sessionOptions(provider, threads), ...profiling(profile) };
  return {
    id: provider,
    threads,
    compile: async (graph) => {
      const { session, fallbacks } = await (provider === 'cpu'
        ? compile(graph, settings)
        : compileForGpu(graph, provider, settings));
      return new OnnxRuntimeProgram(graph, session, { fallbacks, profiled: profile !== null });
    },
  };
}

/**
 * How long an idle thread looks for work before it sleeps. Measured steps in ms, medians, with 0, 50,
 * 150, 300 and 1000 µs: `micro` beside two busy processes on two cores 141, 102, 113, 121 and 133;
 * `tiny` alone 54.2, 51.4, 50.1, 49.4 and 49.8. Without any limit `micro` took 590 where 50 µs took 270.
 */
const SPIN_MICROSECONDS = '150';

function sessionOptions(
  provider: 'cpu' | GpuProvider,
  threads: number,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Planning memory by shape pays only when shapes repeat; batches differ, and it costs a quarter more memory.
    enableMemPattern: false,
    // Failures are thrown; what else it has to say does not help a person.
    logSeverityLevel: 4,
    // `set_denormal_as_zero` is left alone on purpose: it also changes the arithmetic of this thread's
    // JavaScript, where small numbers would silently become zero.
    extra: {
      session: {
        intra_op: {
          allow_spinning: threads > 1 ? '1' : '0',
          spin_duration_us: SPIN_MICROSECONDS,
        },
        // A GPU's provider must not hand operations to the processor without a word.
        ...(provider === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' }),
      },
    },
  };
}

function profiling(prefix: string | null): InferenceSession.SessionOptions {
  return prefix === null ? {} : { enableProfiling: true, profileFilePrefix: prefix };
}

interface Compiled {
  readonly session: InferenceSession;
  readonly fallbacks: readonly string[];
}

async function compile(
  graph: EmittedGraph,
  options: InferenceSession.SessionOptions,
): Promise<Compiled> {
  try {
    return { session: await createSession(graph, options), fallbacks: [] };
  } catch (caught) {
    throw engineFailure(`could not prepare the ${graph.name}`, caught);
  }
}

/**
 * Compiles for a GPU, with every operation on it. Where the provider has no kernel for some, these
 * are found out: bookkeeping may run on the processor and is reported, anything else is refused.
 */
async function compileForGpu(
  graph: EmittedGraph,
  provider: GpuProvider,
  options: InferenceSession.SessionOptions,
): Promise<Compiled> {
  try {
    return { session: await createSession(graph, options), fallbacks: [] };
  } catch (caught) {
    if (!/fallback to CPU EP has been explicitly disabled/.test(reasonOf(caught))) {
      throw engineFailure(`could not prepare the ${graph.name}`, caught);
    }
    const fallbacks = await operationsOnProcessor(graph, provider);
    if (!bookkeepingOnly(fallbacks)) {
      throw unavailable(
        `The engine ${provider} cannot run the ${graph.name}: ${summarize(fallbacks)} would run on the processor instead.`,
        'Use the engine cpu.',
        caught,
      );
    }
    const { session } = await compile(graph, { ...options, extra: {} });
    return { session, fallbacks };
  }
}

/** Constants are handed over beside the model: as files in memory, which may exceed its 2 GB. */
function createSession(
  graph: EmittedGraph,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  if (graph.constants.size === 0) return InferenceSession.create(graph.bytes, options);
  const externalData = [...graph.constants].map(([path, { data }]) => ({
    path,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }));
  return InferenceSession.create(graph.bytes, { ...options, externalData });
}

class OnnxRuntimeProgram implements Program {
  readonly fallbacks: readonly string[];
  readonly #graph: EmittedGraph;
  readonly #session: InferenceSession;
  readonly #profiled: boolean;
  /** Parameters are fed again at every step: their wrappers are made once. */
  readonly #wrapped = new WeakMap<HostTensor, Tensor>();

  constructor(
    graph: EmittedGraph,
    session: InferenceSession,
    about: { readonly fallbacks: readonly string[]; readonly profiled: boolean },
  ) {
    this.#graph = graph;
    this.#session = session;
    this.fallbacks = about.fallbacks;
    this.#profiled = about.profiled;
    programOpened();
  }

  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>> {
    const inputs: Record<string, Tensor> = {};
    for (const { name } of this.#graph.inputs) {
      const value = feeds[name];
      if (value === undefined) throw engineFailure(this.#ran(), `“${name}” was not given`);
      inputs[name] = this.#wrap(value);
    }
    const wanted: Record<string, Tensor | null> = {};
    for (const [name, target] of Object.entries(fetches)) {
      // Indices may come out as int64, which has to be converted; they are few.
      wanted[name] = target?.type === 'float32' ? this.#wrap(target) : null;
    }
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.#session.run(inputs, wanted);
    } catch (caught) {
      throw engineFailure(this.#ran(), caught);
    }
    const results: Record<string, HostTensor> = {};
    for (const [name, target] of Object.entries(fetches)) {
      if (target?.type === 'float32') results[name] = target;
      else results[name] = this.#deliver(name, this.#unwrap(name, outputs[name]), target);
    }
    return results;
  }

  async dispose(): Promise<void> {
    if (this.#profiled) this.#session.endProfiling();
    await this.#session.release();
    programClosed();
  }

  #wrap(value: HostTensor): Tensor {
    const known = this.#wrapped.get(value);
    if (known !== undefined) return known;
    const tensor =
      value.type === 'float32'
        ? new Tensor('float32', value.data, value.shape)
        : new Tensor('int32', value.data, value.shape);
    this.#wrapped.set(value, tensor);
    trackTensor(tensor);
    return tensor;
  }

  #unwrap(name: string, tensor: Tensor | undefined): HostTensor {
    const shape = tensor?.dims ?? [];
    const data = tensor?.data;
    if (data instanceof Float32Array) return { type: 'float32', shape, data };
    if (data instanceof Int32Array) return { type: 'int32', shape, data };
    if (data instanceof BigInt64Array) {
      return { type: 'int32', shape, data: Int32Array.from(data, Number) };
    }
    throw engineFailure(this.#ran(), `“${name}” came back as ${tensor?.type ?? 'nothing'}`);
  }

  /** Copies indices into the tensor that was given for them. */
  #deliver(name: string, value: HostTensor, target: HostTensor | null): HostTensor {
    if (target === null) return value;
    if (target.type !== value.type || target.shape.join() !== value.shape.join()) {
      const wanted = `${target.type} [${target.shape.join()}]`;
      throw engineFailure(
        this.#ran(),
        `“${name}” is ${value.type} [${value.shape.join()}], not ${wanted}`,
      );
    }
    target.data.set(value.data);
    return target;
  }

  #ran(): string {
    return `failed in the ${this.#graph.name}`;
  }
}

function reasonOf(caught: unknown): string {
  return caught instanceof Error ? caught.message : String(caught);
}

function engineFailure(what: string, caught: unknown): StudioError {
  const reason = reasonOf(caught);
  const memory = /alloc|memory/i.test(reason);
  return new StudioError(
    'engine-failed',
    `ONNX Runtime ${what}: ${reason}.`,
    memory
      ? 'The computer ran out of memory: close other programs, or choose a smaller batch or student.'
      : 'Nothing saved was lost. Start the step again from the last checkpoint; if it fails again, the log has the details.',
    { cause: caught },
  );
}
