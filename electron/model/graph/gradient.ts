import { GraphError, type Cotangent, type Node, type SparseRows } from './graph.ts';
import { addAll } from './ops/elementwise.ts';

/** The gradient of one parameter: a dense part, row-sparse parts, or both, which add up. */
export interface Gradient {
  readonly dense: Node | null;
  readonly sparse: readonly SparseRows[];
}

/**
 * Reverse-mode differentiation: extends the graph with nodes that compute, for every parameter, the
 * product of `cotangent` (the shape of `output`) with the Jacobian of `output`. With `cotangent` the
 * weight of each token's loss, that is the gradient of the weighted loss.
 *
 * @throws GraphError when an operation on the way has no derivative, or a parameter has no influence.
 */
export function gradients(
  output: Node,
  cotangent: Node,
  parameters: readonly Node[],
): Map<Node, Gradient> {
  return gradientsOf([{ output, cotangent }], parameters);
}

/** A result that is differentiated, and how much each of its elements counts. */
export interface Seed {
  readonly output: Node;
  /** As `output` is shaped. */
  readonly cotangent: Node;
}

/** The gradient of the sum of several weighted results; see {@link gradients}. */
export function gradientsOf(
  seeds: readonly [Seed, ...Seed[]],
  parameters: readonly Node[],
): Map<Node, Gradient> {
  const { graph } = seeds[0].output;
  const last = seeds.reduce((most, { output }) => Math.max(most, output.id), 0);
  const forward = graph.nodes.slice(0, last + 1);
  const wanted = new Set(parameters);
  const influenced = new Set<Node>();
  for (const node of forward) {
    if (wanted.has(node) || node.inputs.some((input) => influenced.has(input))) {
      influenced.add(node);
    }
  }

  const arriving = new Map<Node, (Node | SparseRows)[]>(
    seeds.map(({ output, cotangent }) => [output, [cotangent]]),
  );
  for (const node of forward.toReversed()) {
    const parts = arriving.get(node);
    if (parts === undefined || wanted.has(node) || !influenced.has(node)) continue;
    const { operation } = node;
    if (operation.vjp === undefined) {
      throw new GraphError(`${operation.name} in ${graph.name}, ${node.scope}: no derivative.`);
    }
    graph.scope(node.scope === '' ? 'gradient' : `gradient/${node.scope}`, () => {
      const rules = operation.vjp?.(node, onlyDense(node, parts)) ?? [];
      node.inputs.forEach((input, index) => {
        const rule = rules[index];
        if (!influenced.has(input) || rule === null || rule === undefined) return;
        const known = arriving.get(input) ?? [];
        arriving.set(input, [...known, ...listed(rule())]);
      });
    });
  }

  return new Map(
    parameters.map((parameter) => {
      const parts = arriving.get(parameter);
      if (parts === undefined) {
        const name = parameter.inputName ?? parameter.operation.name;
        throw new GraphError(`${graph.name}: the output does not depend on ${name}.`);
      }
      const dense = parts.filter(isNode);
      const sparse = parts.filter((part): part is SparseRows => !isNode(part));
      return [parameter, { dense: dense.length > 0 ? addAll(dense) : null, sparse }];
    }),
  );
}

/** The sum of what arrived at a computed value; row-sparse parts can only end at a parameter. */
function onlyDense(node: Node, parts: readonly (Node | SparseRows)[]): Node {
  const dense = parts.filter(isNode);
  if (dense.length < parts.length) {
    throw new GraphError(
      `${node.operation.name} in ${node.graph.name}, ${node.scope}: rows are gathered from a computed table; only a parameter can be.`,
    );
  }
  return addAll(dense);
}

function listed(cotangent: Cotangent): readonly (Node | SparseRows)[] {
  return isList(cotangent) ? cotangent : [cotangent];
}

function isList(cotangent: Cotangent): cotangent is readonly (Node | SparseRows)[] {
  return Array.isArray(cotangent);
}

function isNode(part: Node | SparseRows): part is Node {
  return 'operation' in part;
}
