import type { TensorType } from '../engines/engine.ts';
import { Emission } from './emission.ts';
import { GraphError, type Dimension, type Graph, type Node } from './graph.ts';
import { serializeModel, type OnnxNode } from './onnx.ts';

export interface PortDescription {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly Dimension[];
}

/** A whole graph as ONNX bytes, with the names an engine needs to feed and fetch. */
export interface EmittedGraph {
  /** For messages: what the graph is, for example `training step`. */
  readonly name: string;
  /** An ONNX `ModelProto`, serialised. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly PortDescription[];
  readonly outputs: readonly PortDescription[];
}

/** Turns the part of a graph that the outputs depend on into ONNX; the rest is left out. */
export function emitGraph(graph: Graph, outputs: Readonly<Record<string, Node>>): EmittedGraph {
  const live = reachable(Object.values(outputs));
  const emission = new Emission();
  const names = new Map<Node, string>();
  const inputs: PortDescription[] = [];
  for (const node of graph.nodes) {
    if (!live.has(node)) continue;
    if (node.inputName !== null) inputs.push(describe(node.inputName, node));
    emission.enter(
      node.scope === '' ? node.operation.name : `${node.scope}/${node.operation.name}`,
    );
    names.set(
      node,
      node.operation.emit(
        emission,
        node.inputs.map((n) => nameOf(names, n)),
        node,
      ),
    );
  }

  const renames = new Map<string, string>();
  const copies: OnnxNode[] = [];
  const ports: PortDescription[] = [];
  for (const [name, node] of Object.entries(outputs)) {
    const value = nameOf(names, node);
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
  const bytes = serializeModel({
    name: graph.name,
    nodes: [...nodes, ...copies],
    initializers: emission.initializers,
    inputs,
    outputs: ports,
  });
  return { name: graph.name, bytes, inputs, outputs: ports };
}

function reachable(outputs: readonly Node[]): Set<Node> {
  const live = new Set<Node>();
  const waiting = [...outputs];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    waiting.push(...node.inputs);
  }
  return live;
}

function nameOf(names: ReadonlyMap<Node, string>, node: Node): string {
  const name = names.get(node);
  if (name === undefined) {
    throw new GraphError(`${node.operation.name} in ${node.scope} is used before it is computed.`);
  }
  return name;
}

function describe(name: string, node: Node): PortDescription {
  return { name, type: node.type, shape: node.shape };
}

function identity(from: string, to: string): OnnxNode {
  return { op: 'Identity', name: `output/${to}`, inputs: [from], outputs: [to], attributes: {} };
}
