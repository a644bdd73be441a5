import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { evaluateGraph, type Computed } from '../graph/evaluate.ts';
import type { Node } from '../graph/graph.ts';
import type { Primitives } from '../graph/primitives.ts';
import type { Engine, Feeds, Fetches, HostTensor, Program } from './engine.ts';
import { programClosed, programOpened, trackCount } from './live.ts';
import { loadTensorFlow, missingKernelHint, type TensorFlowLibrary } from './tensorflow-library.ts';
import { tensorFlowPrimitives } from './tensorflow-primitives.ts';

export { describeTensorFlow, type TensorFlowDescription } from './tensorflow-library.ts';

/**
 * TensorFlow through its package for Node, executing a graph operation by operation, on an NVIDIA
 * GPU or with its CPU library on the processor. `threads` counts on the processor only and holds
 * for the whole process.
 *
 * @throws StudioError `engine-failed`, see `loadTensorFlow`.
 */
export async function openTensorFlowEngine(options: { threads?: number } = {}): Promise<Engine> {
  const library = loadTensorFlow(options.threads);
  const primitives = tensorFlowPrimitives(library.tf);
  trackCount(() => library.tf.memory().numTensors);
  return {
    id: 'tensorflow',
    threads: library.threads,
    // There is little to prepare: the graph itself is the program.
    compile: (graph) => Promise.resolve(new TensorFlowProgram(graph, library, primitives)),
  };
}

class TensorFlowProgram implements Program {
  readonly #graph: EmittedGraph;
  readonly #library: TensorFlowLibrary;
  readonly #primitives: Primitives<Tensor>;
  /** What was fixed when the graph was emitted, uploaded once. */
  readonly #constants: ReadonlyMap<string, Tensor>;

  constructor(graph: EmittedGraph, library: TensorFlowLibrary, primitives: Primitives<Tensor>) {
    this.#graph = graph;
    this.#library = library;
    this.#primitives = primitives;
    // A copy of their own: TensorFlow's CPU library computes in the very memory of JavaScript's array.
    const constants = [...graph.constants].map(
      ([name, { data, ...about }]) =>
        [name, this.#upload({ ...about, data: data.slice() })] as const,
    );
    this.#constants = new Map(constants);
    programOpened();
  }

  /**
   * Everything but constants is uploaded anew, parameters in training too: they change in place, and
   * nothing tells when they did not.
   */
  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>> {
    // TensorFlow computes on this thread: let what waits in the event loop go first.
    await setImmediate();
    const results: Record<string, HostTensor> = {};
    try {
      // This scope frees whatever is left when it ends, after a failure too.
      this.#library.tf.tidy(() => {
        const values = this.#evaluate(feeds, fetches);
        for (const [name, target] of Object.entries(fetches)) {
          const tensor = values[name];
          if (tensor !== undefined) results[name] = download(name, tensor, target, feeds);
        }
      });
    } catch (caught) {
      throw caught instanceof StudioError ? caught : this.#failure(caught);
    }
    return results;
  }

  /** Between runs only constants are held. */
  dispose(): Promise<void> {
    for (const constant of this.#constants.values()) constant.dispose();
    programClosed();
    return Promise.resolve();
  }

  #upload({ data, shape, type }: HostTensor): Tensor {
    return this.#library.tf.tensor(data, [...shape], type);
  }

  #evaluate(feeds: Feeds, fetches: Fetches): Record<string, Tensor> {
    const { tf } = this.#library;
    const owned = new Set<Tensor>();
    /** One tensor per value, so that freeing one value never takes another's memory. */
    const own = (tensor: Tensor): Tensor => {
      const single = owned.has(tensor) ? tf.clone(tensor) : tensor;
      owned.add(single);
      return single;
    };
    return evaluateGraph(this.#wanted(fetches), {
      on: this.#primitives,
      input: (name) => {
        const constant = this.#constants.get(name);
        if (constant !== undefined) return own(constant);
        const feed = feeds[name];
        if (feed === undefined) throw new RangeError(`“${name}” was not given`);
        return own(this.#upload(feed));
      },
      around: (node, compute): Computed<Tensor> => {
        try {
          return tf.tidy(() => {
            const { value, kept } = compute();
            return { value: own(value), kept: mapValues(kept, own) };
          });
        } catch (caught) {
          throw this.#failure(caught, node);
        }
      },
      release: (value) => value.dispose(),
    });
  }

  #wanted(fetches: Fetches): Record<string, Node> {
    const wanted: Record<string, Node> = {};
    for (const name of Object.keys(fetches)) {
      const node = this.#graph.nodes[name];
      if (node === undefined) throw new RangeError(`it has no output “${name}”`);
      wanted[name] = node;
    }
    return wanted;
  }

  /** Says where in the graph TensorFlow failed, and why; of its long messages only the sentence. */
  #failure(caught: unknown, node?: Node): StudioError {
    const message = caught instanceof Error ? caught.message : String(caught);
    const reason = (/Message: ([^\n]*)/.exec(message)?.[1] ?? message).trim().replace(/\.$/, '');
    const scope = node === undefined || node.scope === '' ? '' : ` of ${node.scope}`;
    const place = node === undefined ? '' : `, at ${node.operation.name}${scope}`;
    let hint =
      'Nothing saved was lost. Start the step again from the last checkpoint; if it fails again, the log has the details.';
    if (/\bOOM\b|out of memory|alloc/i.test(reason)) {
      hint = 'The memory is full: close other programs, or choose a smaller batch or student.';
    } else if (/not registered|No OpKernel/i.test(reason)) {
      hint = missingKernelHint(this.#library);
    }
    return new StudioError(
      'engine-failed',
      `TensorFlow failed in the ${this.#graph.name}${place}: ${reason}.`,
      hint,
      { cause: caught },
    );
  }
}

function mapValues<T>(
  values: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** Copies a result to the host: into `target`, or into memory of its own. */
function download(
  name: string,
  tensor: Tensor,
  target: HostTensor | null,
  feeds: Feeds,
): HostTensor {
  const { shape } = tensor;
  if (target !== null && target.shape.join() !== shape.join()) {
    throw new RangeError(`“${name}” is [${shape.join()}], not [${target.shape.join()}]`);
  }
  const data: unknown = tensor.dataSync();
  // TensorFlow.js hands out the very array of a tensor that it has not uploaded yet.
  const shared = Object.values(feeds).some((feed) => feed.data === data);
  if (data instanceof Float32Array && target?.type !== 'int32') {
    target?.data.set(data);
    return target ?? { type: 'float32', shape, data: shared ? data.slice() : data };
  }
  if (data instanceof Int32Array && target?.type !== 'float32') {
    target?.data.set(data);
    return target ?? { type: 'int32', shape, data: shared ? data.slice() : data };
  }
  throw new RangeError(`“${name}” came back as ${tensor.dtype}`);
}
