/**
 * What `webgpu.test.ts` wants to know, found out in a process that was started with the software
 * adapter's variables. Prints one line of JSON.
 */
import { StudioError } from '../../../../electron/contract/errors.ts';
import type { HostTensor } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { emitGraph, type EmittedGraph } from '../../../../electron/model/graph/emit.ts';
import { Emission } from '../../../../electron/model/graph/emission.ts';
import { Graph } from '../../../../electron/model/graph/graph.ts';
import { serializeModel, type OnnxNode } from '../../../../electron/model/graph/onnx.ts';
import { argmax, concat, matmul, scale } from '../../../../electron/model/graph/ops/index.ts';
import { disagreement } from '../graph/agreement.ts';
import { cases } from '../graph/cases.ts';
import { floats, noise } from '../graph/run.ts';

const engine = await openEngine({ id: 'webgpu' });

async function disagreements(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [title, test] of Object.entries(cases)) {
    found[title] = await disagreement(engine, test);
  }
  return found;
}

const EPSILON = 1e-6;
const [ROWS, WIDTH] = [5, 64];

/**
 * T5's normalisation with its weight as a constant, which is what ONNX Runtime's fusion looks for.
 * With `keep` its intermediate results are wanted too, as a derivative does.
 *
 * @returns the largest difference from float64 of each output
 */
async function constantNorm(keep: boolean): Promise<Record<string, number>> {
  const [x, w] = [noise([ROWS, WIDTH], 1), noise([WIDTH], 2)];
  const on = new Emission();
  const rms = on.sqrt(on.add(on.mean(on.square('x'), -1), on.scalar(EPSILON)));
  const normalized = on.divide('x', rms);
  const y = on.multiply(normalized, 'w');
  const wanted = keep ? { y, rms, normalized } : { y };
  const shapes = { y: [ROWS, WIDTH], rms: [ROWS, 1], normalized: [ROWS, WIDTH] };
  const outputs = Object.keys(wanted).map((name) => ({
    name: `out.${name}`,
    type: 'float32' as const,
    shape: shapes[name as keyof typeof shapes],
  }));
  const copies: OnnxNode[] = Object.entries(wanted).map(([name, from]) => ({
    op: 'Identity',
    name: `copy.${name}`,
    inputs: [from],
    outputs: [`out.${name}`],
    attributes: {},
  }));
  const weight = { type: 'float32' as const, shape: w.shape, data: Float32Array.from(w.data) };
  const graph = handMade('norm', [...on.nodes, ...copies], outputs, {
    initializers: new Map([...on.initializers, ['w', weight]]),
    inputs: [{ name: 'x', type: 'float32', shape: x.shape }],
  });
  const program = await engine.compile(graph);
  const fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]));
  const results = await program.run({ x }, fetches);
  await program.dispose();
  const exact = exactNorm(x, w);
  return Object.fromEntries(
    Object.keys(wanted).map((name) => [
      name,
      largestDifference(results[`out.${name}`]?.data ?? [], exact[name as keyof typeof exact]),
    ]),
  );
}

function exactNorm(x: HostTensor, w: HostTensor) {
  const rms: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    const values = [...x.data.slice(row * WIDTH, (row + 1) * WIDTH)];
    const mean = values.reduce((total, value) => total + value * value, 0) / WIDTH;
    rms.push(Math.sqrt(mean + EPSILON));
  }
  const normalized = Array.from(x.data, (value, i) => value / (rms[Math.floor(i / WIDTH)] ?? 0));
  const y = normalized.map((value, i) => value * (w.data[i % WIDTH] ?? 0));
  return { y, rms, normalized };
}

function largestDifference(actual: ArrayLike<number>, exact: readonly number[]): number {
  if (actual.length !== exact.length) return 1e9;
  return Math.max(...exact.map((value, i) => Math.abs(value - (actual[i] ?? 1e9))));
}

type Ports = Parameters<typeof serializeModel>[0]['outputs'];

/** A graph of ONNX nodes that no operation of ours emits. */
function handMade(
  name: string,
  nodes: readonly OnnxNode[],
  outputs: Ports,
  more: Pick<Parameters<typeof serializeModel>[0], 'initializers' | 'inputs'>,
): EmittedGraph {
  const constants = new Map<string, never>();
  const model = { name, nodes, outputs, ...more, constants };
  const ports = (list: Ports) => list.map((port) => ({ ...port, type: 'float32' as const }));
  const emitted = { inputs: ports(more.inputs), outputs: ports(outputs), constants, nodes: {} };
  return { name, bytes: serializeModel(model), ...emitted };
}

/** The provider has no kernel for a determinant: it would run on the processor. */
async function refusal(): Promise<string> {
  const node = (op: string, from: string, to: string): OnnxNode => ({
    op,
    name: `test/${op}`,
    inputs: [from],
    outputs: [to],
    attributes: {},
  });
  const nodes = [node('Relu', 'x', 'positive'), node('Det', 'positive', 'y')];
  const graph = handMade('determinant', nodes, [{ name: 'y', type: 'float32', shape: [] }], {
    initializers: new Map(),
    inputs: [{ name: 'x', type: 'float32', shape: [2, 2] }],
  });
  try {
    await engine.compile(graph);
    return 'compiled';
  } catch (error) {
    return error instanceof StudioError ? error.message : String(error);
  }
}

/**
 * Indices of largest elements behind a product with a constant: what the provider leaves to the
 * processor, and the result.
 */
async function indices(): Promise<{ fallbacks: readonly string[]; ids: number[] }> {
  const graph = new Graph('indices');
  const a = graph.input('a', 'float32', [3, 4]);
  const b = graph.input('b', 'float32', [4, 4]);
  const identity = Float32Array.from({ length: 16 }, (_unused, i) => (i % 5 === 0 ? 1 : 0));
  const constants = { b: { type: 'float32', shape: [4, 4], data: identity } } as const;
  const emitted = emitGraph(graph, { ids: argmax(matmul(a, b)) }, constants);
  const program = await engine.compile(emitted);
  const values = floats([3, 4], [0, 5, 1, 2, 9, 3, 9, 1, -3, -2, -9, -1]);
  // Given memory, which indices are copied into.
  const target = { type: 'int32', shape: [3], data: new Int32Array(3) } as const;
  await program.run({ a: values }, { ids: target });
  await program.dispose();
  return { fallbacks: program.fallbacks ?? [], ids: [...target.data] };
}

/** A cache without tokens grows by one; the result is written into the given part of a memory. */
async function emptyCache(): Promise<number[]> {
  const graph = new Graph('cache');
  const past = graph.input('past', 'float32', ['batch', 2, 'past', 2]);
  const token = graph.input('token', 'float32', ['batch', 2, 1, 2]);
  const grown = scale(concat(past, token, 2, 'past + 1'), 2);
  const program = await engine.compile(emitGraph(graph, { grown }));
  const memory = new Float32Array(8);
  const target = { type: 'float32', shape: [1, 2, 1, 2], data: memory.subarray(2, 6) } as const;
  const feeds = { past: floats([1, 2, 0, 2], []), token: floats([1, 2, 1, 2], [1, 2, 3, 4]) };
  await program.run(feeds, { grown: target });
  await program.dispose();
  return [...memory];
}

const report = {
  disagreements: await disagreements(),
  fusedNorm: await constantNorm(false),
  keptNorm: await constantNorm(true),
  refusal: await refusal(),
  indices: await indices(),
  emptyCache: await emptyCache(),
};
console.log(JSON.stringify(report));
process.exit(0);
