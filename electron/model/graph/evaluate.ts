import { GraphError, type Node } from './graph.ts';
import type { Primitives } from './primitives.ts';

/** The value of one node, and what it keeps for its derivative, by key. */
export interface Computed<T> {
  readonly value: T;
  readonly kept: Readonly<Record<string, T>>;
}

/** How one implementation of the primitives wants a graph to be walked. */
export interface Evaluation<T> {
  readonly on: Primitives<T>;
  /** The value of a graph input, by its name. */
  readonly input: (name: string, node: Node) => T;
  /** Runs around each node's computation; for example to free what it leaves behind. */
  readonly around?: (node: Node, compute: () => Computed<T>) => Computed<T>;
  /** Called for every computed value after its last use, unless it is an output. */
  readonly release?: (value: T) => void;
}

/** In which order a graph's nodes are computed for some outputs; made once for many evaluations. */
export interface GraphPlan {
  readonly outputs: Readonly<Record<string, Node>>;
  readonly order: readonly Node[];
  readonly uses: ReadonlyMap<Node, number>;
  /** Of each node, the intermediate results that others ask for. */
  readonly wanted: ReadonlyMap<Node, ReadonlySet<string>>;
}

/** The plan for the outputs, and of the graph only for what they depend on. */
export function planGraph(outputs: Readonly<Record<string, Node>>): GraphPlan {
  const order = liveNodes(Object.values(outputs));
  const uses = countUses(order, Object.values(outputs));
  return { outputs, order, uses, wanted: keptKeys(order) };
}

/** Computes the outputs, and of the graph only what they depend on. Returns values by output name. */
export function evaluateGraph<T>(
  outputs: Readonly<Record<string, Node>>,
  evaluation: Evaluation<T>,
): Record<string, T> {
  return evaluatePlan(planGraph(outputs), evaluation);
}

/** As {@link evaluateGraph}, without planning anew. */
export function evaluatePlan<T>(plan: GraphPlan, evaluation: Evaluation<T>): Record<string, T> {
  const { outputs, order, wanted } = plan;
  const uses = new Map(plan.uses);
  const values = new Map<Node, T>();
  const kept = new Map<string, T>();
  const valueOf = (node: Node): T => found(values.get(node), node, 'is used before it is computed');

  for (const node of order) {
    if (node.inputName !== null) {
      values.set(node, evaluation.input(node.inputName, node));
      continue;
    }
    const source = node.keptBy;
    if (source !== null) {
      values.set(node, found(kept.get(keyOf(source.node, source.key)), node, 'was not kept'));
    } else {
      const around = evaluation.around ?? ((_node, compute) => compute());
      const computed = around(node, () =>
        computeNode(node, evaluation.on, valueOf, wanted.get(node) ?? NONE),
      );
      values.set(node, computed.value);
      for (const [key, value] of Object.entries(computed.kept)) kept.set(keyOf(node, key), value);
    }
    for (const input of new Set(node.inputs)) {
      const left = (uses.get(input) ?? 0) - 1;
      uses.set(input, left);
      if (left > 0 || input.inputName !== null) continue;
      evaluation.release?.(valueOf(input));
      values.delete(input);
    }
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, valueOf(node)]));
}

const NONE: ReadonlySet<string> = new Set();

function computeNode<T>(
  node: Node,
  on: Primitives<T>,
  valueOf: (node: Node) => T,
  wanted: ReadonlySet<string>,
): Computed<T> {
  const kept: Record<string, T> = {};
  const value = node.operation.compute({
    on,
    node,
    inputs: node.inputs.map(valueOf),
    input: (index) => valueOf(found(node.inputs[index], node, `has no input ${index}`)),
    keep: (key, intermediate) => {
      if (wanted.has(key)) kept[key] = intermediate;
    },
  });
  return { value, kept };
}

/** The nodes that the outputs depend on, in the order they were added. */
function liveNodes(outputs: readonly Node[]): Node[] {
  const live = new Set<Node>();
  const waiting = [...outputs];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    waiting.push(...node.inputs);
  }
  return [...live].sort((a, b) => a.id - b.id);
}

/** How many live nodes read each value; being an output is one more use, which never ends. */
function countUses(order: readonly Node[], outputs: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const use = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of order) for (const input of new Set(node.inputs)) use(input);
  for (const node of outputs) use(node);
  return uses;
}

/** For each node the intermediate results that a live node asks for. */
function keptKeys(order: readonly Node[]): Map<Node, Set<string>> {
  const wanted = new Map<Node, Set<string>>();
  for (const { keptBy } of order) {
    if (keptBy === null) continue;
    const keys = wanted.get(keptBy.node) ?? new Set();
    wanted.set(keptBy.node, keys.add(keptBy.key));
  }
  return wanted;
}

const keyOf = (node: Node, key: string): string => `${node.id}/${key}`;

function found<V>(value: V | undefined, node: Node, problem: string): V {
  if (value !== undefined) return value;
  throw new GraphError(`${node.operation.name} in ${node.graph.name}, ${node.scope}: ${problem}.`);
}
