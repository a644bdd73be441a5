import type { Float32Tensor, TensorType } from '../engines/engine.ts';
import { Emission } from './emission.ts';
import { evaluateGraph } from './evaluate.ts';
import type { Dimension, Graph, Node } from './graph.ts';
import { serializeModel, type OnnxNode, type OnnxPort } from './onnx.ts';

export interface PortDescription {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly Dimension[];
}

/** A whole graph, ready for an engine: as ONNX bytes, and as the nodes behind its outputs. */
export interface EmittedGraph {
  /** For messages: what the graph is, for example `training step`. */
  readonly name: string;
  /** An ONNX `ModelProto`, serialised. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly PortDescription[];
  readonly outputs: readonly PortDescription[];
  /**
   * Inputs that were fixed when the graph was emitted, by name: not among `inputs`, and handed to
   * ONNX Runtime beside the bytes. Engines that execute `nodes` must still be fed them.
   */
  readonly constants: ReadonlyMap<string, Float32Tensor>;
  /** By output name, for engines that execute operation by operation. */
  readonly nodes: Readonly<Record<string, Node>>;
}

/**
 * Turns the part of a graph that the outputs depend on into ONNX; the rest is left out. Inputs named
 * in `fixed` become constants, which ONNX Runtime lays out anew for its matrix products.
 */
export function emitGraph(
  graph: Graph,
  outputs: Readonly<Record<string, Node>>,
  fixed: Readonly<Record<string, Float32Tensor>> = {},
): EmittedGraph {
  const emission = new Emission();
  const inputs: PortDescription[] = [];
  const constants = new Map<string, Float32Tensor>();
  const values = evaluateGraph(outputs, {
    on: emission,
    input: (name, node) => {
      const constant = fixed[name];
      if (constant === undefined) inputs.push(describe(name, node));
      else constants.set(name, constant);
      return name;
    },
    around: (node, compute) => {
      const { scope, operation } = node;
      emission.enter(scope === '' ? operation.name : `${scope}/${operation.name}`);
      return compute();
    },
  });

  const renames = new Map<string, string>();
  const copies: OnnxNode[] = [];
  const ports: PortDescription[] = [];
  for (const [name, node] of Object.entries(outputs)) {
    const value = values[name] ?? '';
    ports.push(describe(name, node));
    // The producer writes straight into the output, unless it is an input or already another output.
    if (node.inputName === null && !renames.has(value)) renames.set(value, name);
    else copies.push(identity(renames.get(value) ?? value, name));
  }
  const rename = (name: string): string => renames.get(name) ?? name;
  const nodes = emission.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const wide = widenIndices([...nodes, ...copies], ports);
  const bytes = serializeModel({
    name: graph.name,
    nodes: leavesLast(wide.nodes),
    initializers: emission.initializers,
    constants,
    inputs,
    outputs: wide.ports,
  });
  return { name: graph.name, bytes, inputs, outputs: ports, constants, nodes: outputs };
}

function describe(name: string, node: Node): PortDescription {
  return { name, type: node.type, shape: node.shape };
}

function identity(from: string, to: string): OnnxNode {
  return { op: 'Identity', name: `output/${to}`, inputs: [from], outputs: [to], attributes: {} };
}

/**
 * Outputs that an int64 is cast for stay int64, which the engine takes as well: ONNX finds indices
 * as int64, and a GPU's provider that has no such cast would run it on the processor.
 */
function widenIndices(
  nodes: readonly OnnxNode[],
  ports: readonly PortDescription[],
): { nodes: readonly OnnxNode[]; ports: readonly OnnxPort[] } {
  const outputs = new Set(ports.map(({ name }) => name));
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const casts = nodes.filter(
    ({ op, outputs: [name = ''] }) => op === 'Cast' && outputs.has(name) && !read.has(name),
  );
  const wide = new Map(casts.map(({ inputs, outputs: names }) => [inputs[0], names[0]]));
  return {
    nodes: nodes
      .filter((node) => !casts.includes(node))
      .map((node) => ({ ...node, outputs: node.outputs.map((name) => wide.get(name) ?? name) })),
    ports: ports.map((port) =>
      [...wide.values()].includes(port.name) ? { ...port, type: 'int64' } : port,
    ),
  };
}

/**
 * The same nodes with those that nobody reads at the end, the last one first.
 *
 * ONNX Runtime orders execution by a depth-first walk back from the nodes that nobody reads, the one
 * with the highest index first. In a training graph these are the gradients of the parameters. In the
 * order they were made, the deepest layer's comes first, and everything that the others are computed
 * from has to be kept until the end; reversed, each is computed as soon as its layer has been
 * differentiated, and its activations are let go.
 */
function leavesLast(nodes: readonly OnnxNode[]): OnnxNode[] {
  const read = new Set(nodes.flatMap((node) => node.inputs));
  const isLeaf = (node: OnnxNode): boolean => !node.outputs.some((name) => read.has(name));
  return [...nodes.filter((node) => !isLeaf(node)), ...nodes.filter(isLeaf).reverse()];
}
