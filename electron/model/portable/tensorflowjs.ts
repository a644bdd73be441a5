import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine, HostTensor } from '../engines/engine.ts';
import { trackCount } from '../engines/live.ts';
import { tensorFlowPrimitives, type TensorFlowEngine } from '../engines/tensorflow-primitives.ts';
import { TensorFlowProgram, type Residents } from '../engines/tensorflow-program.ts';
import type { EmittedGraph } from '../graph/emit.ts';
import { planGraph } from '../graph/evaluate.ts';
import type { Primitives } from '../graph/primitives.ts';

/** An engine that holds a student's weights until it is disposed of. */
export interface TensorFlowJsEngine extends Engine {
  dispose(): void;
}

export interface TensorFlowJsOptions {
  /** The engine of TensorFlow.js, with the WebAssembly backend chosen and ready. */
  readonly engine: TensorFlowEngine;
  /** Numbers that never change: fed or fixed, they are uploaded once for all graphs. */
  readonly weights: Iterable<Float32Array>;
  /** Lets other work of this thread go first; called before every run of a graph. */
  readonly pause: () => Promise<void>;
}

/**
 * TensorFlow.js with its WebAssembly backend, in Node and in the browser, as an engine for our graphs.
 * For answering, not for training: the layout of weights is what matrix products are fastest with.
 */
export function openTensorFlowJs({
  engine,
  weights,
  pause,
}: TensorFlowJsOptions): TensorFlowJsEngine {
  const store = new WeightStore(engine, weights);
  trackCount(() => engine.memory().numTensors);
  const device = {
    name: 'TensorFlow.js',
    engine,
    primitives: wasmPrimitives(engine, store),
    pause,
    residents: (graph: EmittedGraph) => store.residents(graph),
    hint: () => null,
  };
  return {
    id: 'tensorflow',
    threads: 1,
    compile: (graph) => Promise.resolve(new TensorFlowProgram(graph, device)),
    dispose: () => store.dispose(),
  };
}

/** Where one weight lies in WebAssembly's memory. */
interface Placed {
  readonly shape: readonly number[];
  /** As it is in the file. */
  plain?: Tensor;
  /** A matrix with its axes exchanged. */
  turned?: Tensor;
}

/**
 * The weights in WebAssembly's memory, once for all graphs. Layers multiply by transposed matrices
 * (see `linear`), for which the backend has a slow loop only; its fast product of XNNPACK wants them
 * the other way round. So matrices that a graph multiplies by lie there turned, and as they are only
 * where rows are looked up in them too.
 */
class WeightStore {
  readonly #engine: TensorFlowEngine;
  readonly #placed = new Map<HostTensor['data'], Placed>();
  readonly #constant: ReadonlySet<HostTensor['data']>;
  /** By the tensor that stands for it in a graph. */
  readonly #turned = new Map<Tensor, Tensor>();

  constructor(engine: TensorFlowEngine, weights: Iterable<Float32Array>) {
    this.#engine = engine;
    this.#constant = new Set(weights);
  }

  /** The same matrix with its axes exchanged; null where only the given one is here. */
  turned(matrix: Tensor): Tensor | null {
    return this.#turned.get(matrix) ?? null;
  }

  residents(graph: EmittedGraph): Residents {
    const uses = usesOf(graph);
    const constants = new Map(
      [...graph.constants].map(([name, tensor]) => {
        const { multiplied, other } = uses.get(name) ?? { multiplied: false, other: true };
        return [name, this.#place(tensor, multiplied, other)];
      }),
    );
    return {
      find: (name, feed) => {
        const constant = constants.get(name);
        if (constant !== undefined) return constant;
        return feed !== undefined && this.#constant.has(feed.data)
          ? this.#place(feed, false, true)
          : null;
      },
      // They stay for the other graphs, until the engine is disposed of.
      dispose: () => constants.clear(),
    };
  }

  dispose(): void {
    for (const { plain, turned } of this.#placed.values()) {
      plain?.dispose();
      turned?.dispose();
    }
    this.#placed.clear();
    this.#turned.clear();
  }

  /** The tensor that stands for a weight in a graph: as it is where anything but products needs it. */
  #place(tensor: HostTensor, multiplied: boolean, other: boolean): Tensor {
    const placed = this.#placed.get(tensor.data) ?? { shape: tensor.shape };
    this.#placed.set(tensor.data, placed);
    if (multiplied) placed.turned ??= this.#upload(turn(tensor));
    if (other || !multiplied) placed.plain ??= this.#upload(tensor);
    const stands = placed.plain ?? placed.turned;
    if (stands === undefined) throw new TypeError('A weight was not placed.');
    if (placed.turned !== undefined) this.#turned.set(stands, placed.turned);
    return stands;
  }

  #upload({ data, shape, type }: HostTensor): Tensor {
    // What is fed is placed at its first use, within a run.
    return this.#engine.keep(this.#engine.makeTensor(data, [...shape], type));
  }
}

/** For every input of a graph, whether matrices are multiplied by it from the right, and what else. */
function usesOf({ nodes }: EmittedGraph): Map<string, { multiplied: boolean; other: boolean }> {
  const uses = new Map<string, { multiplied: boolean; other: boolean }>();
  for (const { operation, inputs } of planGraph(nodes).order) {
    inputs.forEach(({ inputName }, place) => {
      if (inputName === null) return;
      const known = uses.get(inputName) ?? { multiplied: false, other: false };
      const multiplied = operation.name === 'matmul' && place === 1;
      uses.set(inputName, {
        multiplied: known.multiplied || multiplied,
        other: known.other || !multiplied,
      });
    });
  }
  return uses;
}

/** A matrix [rows, columns] as [columns, rows]. */
function turn({ data, shape }: HostTensor): HostTensor {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column] ?? 0;
    }
  }
  return { type: 'float32', shape: [columns, rows], data: turned };
}

function wasmPrimitives(engine: TensorFlowEngine, store: WeightStore): Primitives<Tensor> {
  const primitives = tensorFlowPrimitives(engine);
  return {
    ...primitives,
    matmul: (a, b, form) => {
      const turned = store.turned(b);
      return turned === null
        ? primitives.matmul(a, b, form)
        : primitives.matmul(a, turned, { ...form, transposeB: !form.transposeB });
    },
  };
}
