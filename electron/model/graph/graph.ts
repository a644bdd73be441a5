import type { TensorType } from '../engines/engine.ts';
import type { Primitives } from './primitives.ts';

/** A size known when the graph is built, or the name of one that each run decides. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/**
 * The gradient of a table of which only some rows were read: `rows[i]` belongs to `table[ids[i]]`,
 * and equal ids add up. It stays in this form until the host adds it into memory, because ONNX
 * Runtime's parallel `ScatterND` with addition loses updates to a row that occurs twice.
 */
export interface SparseRows {
  readonly ids: Node;
  /** [...ids.shape, width] */
  readonly rows: Node;
}

/** What flows backwards into one input of a node. */
export type Cotangent = Node | SparseRows | readonly (Node | SparseRows)[];

/** What an operation computes from, in one implementation of the primitives. */
export interface Computation<T> {
  readonly on: Primitives<T>;
  readonly node: Node;
  readonly inputs: readonly T[];
  /** The nth input; throws when the operation was applied to fewer. */
  readonly input: (index: number) => T;
  /** Keeps one of the operation's `auxiliaries` for its derivative. */
  readonly keep: (key: string, intermediate: T) => void;
}

/**
 * One kind of computation: how it shapes, differentiates and is computed. Attributes live in the
 * closure that made the operation, so each is typed where it is used.
 */
export interface Operation {
  readonly name: string;
  /** Element type of the result; float32 unless said. */
  readonly type?: TensorType;
  /** Throws with the reason when the inputs' shapes do not fit. */
  readonly shape: (inputs: readonly Shape[]) => Shape;
  /** Intermediate results that the derivative reuses, by key, with their shapes. */
  readonly auxiliaries?: Readonly<Record<string, (inputs: readonly Shape[]) => Shape>>;
  /**
   * Vector-Jacobian product: for each input a function that adds nodes computing its cotangent from
   * the result's, or null for inputs that have none (indices). Absent: not differentiable.
   */
  readonly vjp?: (node: Node, cotangent: Node) => readonly ((() => Cotangent) | null)[];
  /** The result, made of primitives: what it is in ONNX, in TensorFlow.js and in the interpreter. */
  readonly compute: <T>(from: Computation<T>) => T;
}

/** One value in the graph: an operation applied to earlier values. */
export interface Node {
  readonly graph: Graph;
  readonly id: number;
  readonly operation: Operation;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly type: TensorType;
  /** Where in the model: the scopes that were open, for example `encoder.block.0.layer.0`. */
  readonly scope: string;
  /** For graph inputs, the name they are fed by. */
  readonly inputName: string | null;
  /** For intermediate results, the node that keeps it and under which key. */
  readonly keptBy: { readonly node: Node; readonly key: string } | null;
}

/** A mistake in how a graph was put together; the message says which operation, which shapes, and where. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** Inputs and kept intermediates have a value without being computed. */
const given = (name: string): Operation => ({
  name,
  shape: ([shape]) => shape ?? [],
  compute: ({ input }) => input(0),
});

/** A static computation, built once and emitted; nodes are kept in the order they were added. */
export class Graph {
  /** For messages, for example `training step`. */
  readonly name: string;
  readonly nodes: Node[] = [];
  readonly #inputNames = new Set<string>();
  readonly #auxiliaries = new Map<string, Node>();
  readonly #scopes: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** A value that every run must feed. */
  input(name: string, type: TensorType, shape: Shape): Node {
    if (this.#inputNames.has(name)) {
      throw new GraphError(`${this.name}: two inputs are named “${name}”.`);
    }
    this.#inputNames.add(name);
    return this.#add(given('input'), [], { shape, type, inputName: name });
  }

  /** Adds one operation; its shape rule decides the result's shape. */
  apply(operation: Operation, inputs: readonly Node[]): Node {
    const shapes = inputs.map((input) => input.shape);
    for (const input of inputs) {
      if (input.graph !== this) {
        throw new GraphError(`${this.#place(operation, shapes)}: an input is from another graph.`);
      }
    }
    let shape: Shape;
    try {
      shape = operation.shape(shapes);
    } catch (caught) {
      const reason = caught instanceof Error ? caught.message : String(caught);
      throw new GraphError(`${this.#place(operation, shapes)}: ${reason}`, { cause: caught });
    }
    return this.#add(operation, inputs, { shape, type: operation.type ?? 'float32' });
  }

  /** An intermediate result of `node`, as a value of its own. */
  auxiliary(node: Node, key: string): Node {
    const rule = node.operation.auxiliaries?.[key];
    if (rule === undefined) {
      throw new GraphError(`${this.name}: ${node.operation.name} keeps no “${key}”.`);
    }
    const id = `${node.id}/${key}`;
    const known = this.#auxiliaries.get(id);
    if (known !== undefined) return known;
    const shape = rule(node.inputs.map((input) => input.shape));
    const operation = given(`${node.operation.name}.${key}`);
    const added = this.#add(operation, [node], { shape, keptBy: { node, key } });
    this.#auxiliaries.set(id, added);
    return added;
  }

  /** Everything added inside `build` says in its messages that it belongs to `name`. */
  scope<T>(name: string, build: () => T): T {
    this.#scopes.push(name);
    try {
      return build();
    } finally {
      this.#scopes.pop();
    }
  }

  #add(
    operation: Operation,
    inputs: readonly Node[],
    about: Pick<Node, 'shape'> & Partial<Pick<Node, 'type' | 'inputName' | 'keptBy'>>,
  ): Node {
    const { shape, type = 'float32', inputName = null, keptBy = null } = about;
    const scope = this.#scopes.join('/');
    const id = this.nodes.length;
    const node = { graph: this, id, operation, inputs, shape, type, scope, inputName, keptBy };
    this.nodes.push(node);
    return node;
  }

  #place(operation: Operation, shapes: readonly Shape[]): string {
    const where = this.#scopes.length > 0 ? `, ${this.#scopes.join('/')}` : '';
    return `${operation.name}(${shapes.map(showShape).join(', ')}) in ${this.name}${where}`;
  }
}

/** `[batch, 8, 16]`, for messages. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The size of one axis, counted from the end when negative; throws when there is no such axis. */
export function axisOf(shape: Shape, axis: number): Dimension {
  const size = shape.at(axis);
  if (size === undefined) throw new RangeError(`${showShape(shape)} has no axis ${axis}`);
  return size;
}

/** The size of an axis that a graph can be built around; throws when only a run knows it. */
export function fixedAxis(shape: Shape, axis: number): number {
  const size = axisOf(shape, axis);
  if (typeof size === 'number') return size;
  throw new RangeError(`axis ${axis} of ${showShape(shape)} must be fixed`);
}

/** The nth input of a node; throws when the operation was applied to fewer. */
export function inputOf(node: Node, index: number): Node {
  const input = node.inputs[index];
  if (input === undefined) {
    throw new GraphError(`${node.operation.name} in ${node.scope} has no input ${index}.`);
  }
  return input;
}

/** The nth of a list of shapes or names; throws when it is missing. */
export function nth<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`expected at least ${index + 1} inputs`);
  return item;
}
