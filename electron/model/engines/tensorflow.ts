import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { evaluateGraph, type Computed } from '../graph/evaluate.ts';
import type { Node } from '../graph/graph.ts';
import type { Primitives } from '../graph/primitives.ts';
import type { Engine, Feeds, Fetches, HostTensor, Program } from './engine.ts';
import { loadTensorFlow, type TensorFlowLibrary } from './tensorflow-library.ts';
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
  const library = await loadTensorFlow(options.threads);
  const primitives = tensorFlowPrimitives(library.tf);
  return {
    id: 'tensorflow',
    threads: library.threads,
    // There is nothing to prepare: the graph itself is the program.
    compile: (graph) => Promise.resolve(new TensorFlowProgram(graph, library, primitives)),
  };
}

class TensorFlowProgram implements Program {
  readonly #graph: EmittedGraph;
  readonly #library: TensorFlowLibrary;
  readonly #primitives: Primitives<Tensor>;

  constructor(graph: EmittedGraph, library: TensorFlowLibrary, primitives: Primitives<Tensor>) {
    this.#graph = graph;
    this.#library = library;
    this.#primitives = primitives;
  }

  /** Everything is uploaded anew: nothing tells that parameters did not change in place. */
  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>> {
    // TensorFlow computes on this thread: let what waits in the event loop go first.
    await setImmediate();
    let at: Node | null = null;
    try {
      const results: Record<string, HostTensor> = {};
      // The outer scope frees whatever is left, after a failure too.
      this.#library.tf.tidy(() => {
        const values = this.#evaluate(feeds, fetches, (node) => (at = node));
        for (const [name, target] of Object.entries(fetches)) {
          const tensor = values[name];
          if (tensor !== undefined) results[name] = download(name, tensor, target, feeds);
        }
      });
      return results;
    } catch (caught) {
      throw runFailure(this.#graph, at, caught, this.#library);
    }
  }

  /** Between runs nothing is held. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #evaluate(feeds: Feeds, fetches: Fetches, reached: (node: Node) => void): Record<string, Tensor> {
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
        const feed = feeds[name];
        if (feed === undefined) throw new RangeError(`“${name}” was not given`);
        return own(tf.tensor(feed.data, [...feed.shape], feed.type));
      },
      around: (node, compute): Computed<Tensor> => {
        reached(node);
        return tf.tidy(() => {
          const { value, kept } = compute();
          const keptByKey = Object.entries(kept).map(
            ([key, tensor]) => [key, own(tensor)] as const,
          );
          return { value: own(value), kept: Object.fromEntries(keptByKey) };
        });
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
}

/** Copies a result to the host: into `target`, or into memory of its own. */
function download(
  name: string,
  tensor: Tensor,
  target: HostTensor | null,
  feeds: Feeds,
): HostTensor {
  const { shape } = tensor;
  const data: unknown = tensor.dataSync();
  if (target !== null && target.shape.join() !== shape.join()) {
    throw new RangeError(`“${name}” is [${shape.join()}], not [${target.shape.join()}]`);
  }
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

/** Says where in the graph TensorFlow failed, and why; of its long messages only the sentence. */
function runFailure(
  graph: EmittedGraph,
  at: Node | null,
  caught: unknown,
  library: TensorFlowLibrary,
): StudioError {
  const message = caught instanceof Error ? caught.message : String(caught);
  const reason = (/Message: ([^\n]*)/.exec(message)?.[1] ?? message).trim().replace(/\.$/, '');
  const place =
    at === null ? '' : `, at ${at.operation.name}${at.scope === '' ? '' : ` of ${at.scope}`}`;
  let hint =
    'Nothing saved was lost. Start the step again from the last checkpoint; if it fails again, the log has the details.';
  if (/\bOOM\b|out of memory|alloc/i.test(reason)) {
    hint = 'The memory is full: close other programs, or choose a smaller batch or student.';
  } else if (/not registered|No OpKernel/i.test(reason)) {
    hint = `TensorFlow ${library.version} lacks this operation: fetch a newer library with \`npm explore @tensorflow/tfjs-node-gpu -- npm run install\`, or choose another engine.`;
  }
  return new StudioError(
    'engine-failed',
    `TensorFlow failed in the ${graph.name}${place}: ${reason}.`,
    hint,
    { cause: caught },
  );
}
