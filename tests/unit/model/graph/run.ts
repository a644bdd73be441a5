import type { HostTensor } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { Random } from '../../../../electron/core/random.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { gradients } from '../../../../electron/model/graph/gradient.ts';
import { Graph, type Node } from '../../../../electron/model/graph/graph.ts';

/** Helpers that build a small graph, run it for real, and compare its gradients with differences. */

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
  inputs: Readonly<Record<string, HostTensor>>,
  build: (nodes: Readonly<Record<string, Node>>) => Readonly<Record<string, Node>>,
  threads?: number,
): Promise<Readonly<Record<string, HostTensor>>> {
  const graph = new Graph('test');
  const outputs = build(declare(graph, inputs));
  const engine = await openEngine(threads === undefined ? {} : { threads });
  const program = await engine.compile(emitGraph(graph, outputs));
  const fetches = Object.fromEntries(Object.keys(outputs).map((name) => [name, null]));
  const results = await program.run(inputs, fetches);
  await program.dispose();
  return results;
}

export function declare(
  graph: Graph,
  inputs: Readonly<Record<string, HostTensor>>,
): Record<string, Node> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
}

export interface GradientCase {
  readonly inputs: Readonly<Record<string, HostTensor>>;
  /** Inputs to differentiate with respect to. */
  readonly wanted: readonly string[];
  readonly build: (nodes: (name: string) => Node) => Node;
}

export interface Comparison {
  readonly analytic: number[];
  readonly numeric: number[];
}

/**
 * The gradient of the sum over elements of `output * cotangent`, by reverse mode and by central
 * differences, both run by the engine in float32.
 */
export async function compareGradients(test: GradientCase): Promise<Map<string, Comparison>> {
  const graph = new Graph('gradient check');
  const nodes = declare(graph, test.inputs);
  const output = test.build((name) => named(nodes, name));
  const shape = output.shape.map((size) => {
    if (typeof size === 'number') return size;
    throw new TypeError('gradient checks use fixed shapes');
  });
  const cotangentTensor = noise(shape, 99);
  const cotangent = graph.input('cotangent', 'float32', shape);
  const wanted = test.wanted.map((name) => named(nodes, name));
  const outputs: Record<string, Node> = { output };
  for (const [node, gradient] of gradients(output, cotangent, wanted)) {
    if (gradient.dense !== null) outputs[`dense:${node.inputName}`] = gradient.dense;
    gradient.sparse.forEach(({ ids, rows }, index) => {
      outputs[`rows:${node.inputName}:${index}:${ids.inputName}`] = rows;
    });
  }
  const engine = await openEngine();
  const program = await engine.compile(emitGraph(graph, outputs));
  const all = Object.fromEntries(Object.keys(outputs).map((name) => [name, null]));
  const base = { ...test.inputs, cotangent: cotangentTensor };
  const exact = await program.run(base, all);

  const objective = async (inputs: Readonly<Record<string, HostTensor>>): Promise<number> => {
    const { output: result } = await program.run(inputs, { output: null });
    return Array.from(result?.data ?? []).reduce(
      (total, value, index) => total + value * (cotangentTensor.data[index] ?? 0),
      0,
    );
  };
  const comparisons = new Map<string, Comparison>();
  for (const name of test.wanted) {
    const analytic = collect(name, test.inputs, exact);
    const numeric: number[] = [];
    for (let index = 0; index < analytic.length; index++) {
      const above = await objective({ ...base, [name]: moved(test.inputs, name, index, STEP) });
      const below = await objective({ ...base, [name]: moved(test.inputs, name, index, -STEP) });
      numeric.push((above - below) / (2 * STEP));
    }
    comparisons.set(name, { analytic, numeric });
  }
  await program.dispose();
  return comparisons;
}

/** Balances float32's rounding against the curvature of the functions checked here. */
const STEP = 1e-2;

function moved(
  inputs: Readonly<Record<string, HostTensor>>,
  name: string,
  index: number,
  by: number,
): HostTensor {
  const tensor = inputs[name];
  if (tensor === undefined) throw new TypeError(`there is no input ${name}`);
  return floats(
    tensor.shape,
    Array.from(tensor.data, (value, i) => (i === index ? value + by : value)),
  );
}

/** Dense part plus row-sparse parts, equal ids added up. */
function collect(
  name: string,
  inputs: Readonly<Record<string, HostTensor>>,
  results: Readonly<Record<string, HostTensor>>,
): number[] {
  const { shape = [], data = [] } = inputs[name] ?? {};
  const total = Array.from(results[`dense:${name}`]?.data ?? new Float32Array(data.length));
  const width = shape[1] ?? 1;
  for (const [output, rows] of Object.entries(results)) {
    const [kind, parameter, , ids = ''] = output.split(':');
    if (kind !== 'rows' || parameter !== name) continue;
    (inputs[ids]?.data ?? []).forEach((id: number, row: number) => {
      for (let column = 0; column < width; column++) {
        const at = id * width + column;
        total[at] = (total[at] ?? 0) + (rows.data[row * width + column] ?? 0);
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
