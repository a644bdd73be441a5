import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../contract/errors.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { evaluatePlan, planGraph } from '../graph/evaluate.ts';
import type { Computed, GraphPlan } from '../graph/evaluate.ts';
import type { Node } from '../graph/graph.ts';
import type { Primitives } from '../graph/primitives.ts';
import type { Feeds, Fetches, HostTensor, Program } from './engine.ts';
import { programClosed, programOpened } from './live.ts';
import type { TensorFlowEngine } from './tensorflow-primitives.ts';

/** Tensors that stay where TensorFlow computes, from run to run. */
export interface Residents {
  /** Of an input: a constant of the graph, or a feed that never changes; null: it is uploaded anew. */
  find(name: string, feed: HostTensor | undefined): Tensor | null;
  dispose(): void;
}

/** What executes graphs: a TensorFlow.js with one of its backends. */
export interface TensorFlowDevice {
  readonly engine: TensorFlowEngine;
  readonly primitives: Primitives<Tensor>;
  /** For messages, for example `TensorFlow`. */
  readonly name: string;
  /** TensorFlow computes on the thread that calls it: lets what waits in the event loop go first. */
  pause(): Promise<void>;
  residents(graph: EmittedGraph): Residents;
  /** What to do about a failure, where its reason says more than usual. */
  hint(reason: string): string | null;
}

/** A graph that is executed operation by operation; there is little to prepare. */
export class TensorFlowProgram implements Program {
  readonly #graph: EmittedGraph;
  readonly #device: TensorFlowDevice;
  readonly #residents: Residents;
  /** By the outputs that are wanted. */
  readonly #plans = new Map<string, GraphPlan>();

  constructor(graph: EmittedGraph, device: TensorFlowDevice) {
    this.#graph = graph;
    this.#device = device;
    this.#residents = device.residents(graph);
    programOpened();
  }

  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>> {
    await this.#device.pause();
    const results: Record<string, HostTensor> = {};
    try {
      // This scope frees whatever is left when it ends, after a failure too.
      this.#device.engine.tidy(() => {
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

  /** Between runs only residents are held. */
  dispose(): Promise<void> {
    this.#residents.dispose();
    programClosed();
    return Promise.resolve();
  }

  #evaluate(feeds: Feeds, fetches: Fetches): Record<string, Tensor> {
    const { engine, primitives } = this.#device;
    const owned = new Set<Tensor>();
    /** One tensor per value, so that freeing one value never takes another's memory. */
    const own = (tensor: Tensor): Tensor => {
      const single = owned.has(tensor) ? engine.runKernel('Identity', { x: tensor }) : tensor;
      owned.add(single);
      return single;
    };
    return evaluatePlan(this.#plan(fetches), {
      on: primitives,
      input: (name) => own(this.#input(name, feeds[name])),
      around: (node, compute): Computed<Tensor> => {
        try {
          return engine.tidy(() => {
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

  #input(name: string, feed: HostTensor | undefined): Tensor {
    const resident = this.#residents.find(name, feed);
    if (resident !== null) return resident;
    if (feed === undefined) throw new RangeError(`“${name}” was not given`);
    return this.#device.engine.makeTensor(feed.data, [...feed.shape], feed.type);
  }

  #plan(fetches: Fetches): GraphPlan {
    const names = Object.keys(fetches);
    const key = names.join();
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const wanted: Record<string, Node> = {};
    for (const name of names) {
      const node = this.#graph.nodes[name];
      if (node === undefined) throw new RangeError(`it has no output “${name}”`);
      wanted[name] = node;
    }
    const plan = planGraph(wanted);
    this.#plans.set(key, plan);
    return plan;
  }

  /** Says where in the graph TensorFlow failed, and why; of its long messages only the sentence. */
  #failure(caught: unknown, node?: Node): StudioError {
    const message = caught instanceof Error ? caught.message : String(caught);
    const reason = (/Message: ([^\n]*)/.exec(message)?.[1] ?? message).trim().replace(/\.$/, '');
    const scope = node === undefined || node.scope === '' ? '' : ` of ${node.scope}`;
    const place = node === undefined ? '' : `, at ${node.operation.name}${scope}`;
    return new StudioError(
      'engine-failed',
      `${this.#device.name} failed in the ${this.#graph.name}${place}: ${reason}.`,
      this.#device.hint(reason) ?? this.#usualHint(reason),
      { cause: caught },
    );
  }

  #usualHint(reason: string): string {
    return /\bOOM\b|out of memory|alloc/i.test(reason)
      ? 'The memory is full: close other programs, or choose a smaller batch or student.'
      : 'Nothing saved was lost. Start the step again from the last checkpoint; if it fails again, the log has the details.';
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
