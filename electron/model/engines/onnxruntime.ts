import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StudioError } from '../../contract/errors.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { physicalCores } from './cores.ts';
import type { Engine, Feeds, Fetches, HostTensor, Program } from './engine.ts';

/** ONNX Runtime's CPU provider: always there, the embedded default. */
export function openCpuEngine(options: { threads?: number } = {}): Promise<Engine> {
  const threads = options.threads ?? physicalCores();
  const engine: Engine = {
    id: 'cpu',
    threads,
    compile: (graph) => compile(graph, threads),
  };
  return Promise.resolve(engine);
}

async function compile(graph: EmittedGraph, threads: number): Promise<Program> {
  try {
    const session = await InferenceSession.create(graph.bytes, {
      executionProviders: ['cpu'],
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
      extra: { session: { intra_op: { allow_spinning: threads > 1 ? '1' : '0' } } },
    });
    return new OnnxRuntimeProgram(graph, session);
  } catch (caught) {
    throw engineFailure(`could not prepare the ${graph.name}`, caught);
  }
}

class OnnxRuntimeProgram implements Program {
  readonly #graph: EmittedGraph;
  readonly #session: InferenceSession;
  /** Parameters are fed again at every step: their wrappers are made once. */
  readonly #wrapped = new WeakMap<HostTensor, Tensor>();

  constructor(graph: EmittedGraph, session: InferenceSession) {
    this.#graph = graph;
    this.#session = session;
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
      wanted[name] = target === null ? null : this.#wrap(target);
    }
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await this.#session.run(inputs, wanted);
    } catch (caught) {
      throw engineFailure(this.#ran(), caught);
    }
    const results: Record<string, HostTensor> = {};
    for (const [name, target] of Object.entries(fetches)) {
      results[name] = target ?? this.#unwrap(name, outputs[name]);
    }
    return results;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  #wrap(value: HostTensor): Tensor {
    const known = this.#wrapped.get(value);
    if (known !== undefined) return known;
    const tensor =
      value.type === 'float32'
        ? new Tensor('float32', value.data, value.shape)
        : new Tensor('int32', value.data, value.shape);
    this.#wrapped.set(value, tensor);
    return tensor;
  }

  #unwrap(name: string, tensor: Tensor | undefined): HostTensor {
    const shape = tensor?.dims ?? [];
    const data = tensor?.data;
    if (data instanceof Float32Array) return { type: 'float32', shape, data };
    if (data instanceof Int32Array) return { type: 'int32', shape, data };
    throw engineFailure(this.#ran(), `“${name}” came back as ${tensor?.type ?? 'nothing'}`);
  }

  #ran(): string {
    return `failed in the ${this.#graph.name}`;
  }
}

function engineFailure(what: string, caught: unknown): StudioError {
  const reason = caught instanceof Error ? caught.message : String(caught);
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
