import type { Engine, HostTensor } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { Random } from '../../../../electron/core/random.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { gradients } from '../../../../electron/model/graph/gradient.ts';
import { Graph, type Node } from '../../../../electron/model/graph/graph.ts';
import { interpret, tensor } from '../../../../electron/model/graph/interpreter.ts';

/** Helpers that build a small graph, run it on an engine or in float64, and compare the results. */

type Tensors = Readonly<Record<string, HostTensor>>;

export function floats(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return { type: 'float32', shape, data: Float32Array.from(values) };
}

export function integers(shape: readonly number[], values: ArrayLike<number>): HostTensor {
  return { type: 'int32', shape, data: Int32Array.from(values) };
}

/** Normal numbers with a fixed seed. */
export function noise(shape: readonly number[], seed: number): HostTensor {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return floats(
    shape,
    Array.from({ length: size }, () => random.normal()),
  );
}

/** Declares one graph input for each tensor and runs what `build` makes of them. */
export async function evaluate(
  inputs: Tensors,
  build: (nodes: Readonly<Record<string, Node>>) => Readonly<Record<string, Node>>,
  threads?: number,
): Promise<Tensors> {
  const graph = new Graph('test');
  const outputs = build(declare(graph, inputs));
  const engine = await openEngine(threads === undefined ? {} : { threads });
  return runOn(engine, graph, outputs, inputs);
}

/** Compiles a graph, runs it once and lets it go. */
export async function runOn(
  engine: Engine,
  graph: Graph,
  outputs: Readonly<Record<string, Node>>,
  inputs: Tensors,
): Promise<Tensors> {
  const program = await engine.compile(emitGraph(graph, outputs));
  const fetches = Object.fromEntries(Object.keys(outputs).map((name) => [name, null]));
  const results = await program.run(inputs, fetches);
  await program.dispose();
  return results;
}

/** The same in float64, by the reference interpreter: numbers by output. */
export function runInFloat64(
  outputs: Readonly<Record<string, Node>>,
  inputs: Tensors,
): Record<string, number[]> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, tensor(shape, data)]),
  );
  const results = interpret(outputs, feeds);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
}

export function declare(graph: Graph, inputs: Tensors): Record<string, Node> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
}

export interface GradientCase {
  readonly inputs: Tensors;
  /** Inputs to differentiate with respect to. */
  readonly wanted: readonly string[];
  readonly build: (nodes: (name: string) => Node) => Node;
}

/** A case as a graph: the result, and the gradient of its sum weighted by `cotangent`. */
export interface GradientGraph {
  readonly graph: Graph;
  /** `output`, `dense:<input>`, and `rows:<input>:<n>:<ids>` for row-sparse parts. */
  readonly outputs: Readonly<Record<string, Node>>;
  readonly inputs: Tensors;
}

export function gradientGraph(test: GradientCase): GradientGraph {
  const graph = new Graph('gradient check');
  const nodes = declare(graph, test.inputs);
  const output = test.build((name) => named(nodes, name));
  const shape = output.shape.map((size) => {
    if (typeof size === 'number') return size;
    throw new TypeError('gradient checks use fixed shapes');
  });
  const cotangent = graph.input('cotangent', 'float32', shape);
  const wanted = test.wanted.map((name) => named(nodes, name));
  const outputs: Record<string, Node> = { output };
  for (const [node, gradient] of gradients(output, cotangent, wanted)) {
    if (gradient.dense !== null) outputs[`dense:${node.inputName}`] = gradient.dense;
    gradient.sparse.forEach(({ ids, rows }, index) => {
      outputs[`rows:${node.inputName}:${index}:${ids.inputName}`] = rows;
    });
  }
  return { graph, outputs, inputs: { ...test.inputs, cotangent: noise(shape, 99) } };
}

export interface Comparison {
  readonly analytic: number[];
  readonly numeric: number[];
}

/**
 * The gradient of the sum over elements of `output * cotangent`, by reverse mode and by central
 * differences, both in float64.
 */
export function compareGradients(test: GradientCase): Map<string, Comparison> {
  const { outputs, inputs } = gradientGraph(test);
  const exact = runInFloat64(outputs, inputs);
  const { output } = outputs;
  if (output === undefined) throw new TypeError('the case has no output');
  const weights = inputs['cotangent']?.data ?? new Float32Array();
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, tensor(shape, data)]),
  );
  const objective = (name: string, index: number, by: number): number => {
    const original = feeds[name] ?? tensor([], [Number.NaN]);
    const moved = {
      ...original,
      data: original.data.with(index, (original.data[index] ?? 0) + by),
    };
    const values =
      interpret({ output }, { ...feeds, [name]: moved })['output']?.data ?? new Float64Array();
    return values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
  };
  return new Map(
    test.wanted.map((name) => {
      const analytic = collect(name, inputs, exact);
      const numeric = analytic.map(
        (_value, index) =>
          (objective(name, index, STEP) - objective(name, index, -STEP)) / (2 * STEP),
      );
      return [name, { analytic, numeric }];
    }),
  );
}

/** Balances float64's rounding against the curvature of the functions checked here. */
const STEP = 1e-5;

/** Dense part plus row-sparse parts, equal ids added up. */
export function collect(
  name: string,
  inputs: Tensors,
  results: Readonly<Record<string, ArrayLike<number>>>,
): number[] {
  const { shape = [], data = [] } = inputs[name] ?? {};
  const total = Array.from(results[`dense:${name}`] ?? new Float64Array(data.length));
  const width = shape[1] ?? 1;
  for (const [output, rows] of Object.entries(results)) {
    const [kind, parameter, , ids = ''] = output.split(':');
    if (kind !== 'rows' || parameter !== name) continue;
    (inputs[ids]?.data ?? []).forEach((id: number, row: number) => {
      for (let column = 0; column < width; column++) {
        const at = id * width + column;
        total[at] = (total[at] ?? 0) + (rows[row * width + column] ?? 0);
      }
    });
  }
  return total;
}

export function named(nodes: Readonly<Record<string, Node>>, name: string): Node {
  const node = nodes[name];
  if (node === undefined) throw new TypeError(`there is no input ${name}`);
  return node;
}
