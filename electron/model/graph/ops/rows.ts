import {
  axisOf,
  fixedAxis,
  inputOf,
  nth,
  showShape,
  type Node,
  type Operation,
  type Shape,
} from '../graph.ts';

/** Operations that pick rows by index. */

const gatherOperation: Operation = {
  name: 'gather',
  shape: (inputs) => {
    const [table, ids] = [nth(inputs, 0), nth(inputs, 1)];
    if (table.length !== 2) throw new RangeError('the table must have two axes');
    return [...ids, axisOf(table, 1)];
  },
  vjp: (node, d) => [() => ({ ids: inputOf(node, 1), rows: d }), null],
  compute: ({ on, input }) => on.gather(input(0), input(1)),
};

/** Rows of `table` [rows, width] by `ids`: [...ids.shape, width]. Its gradient is row-sparse. */
export const gather = (table: Node, ids: Node): Node =>
  table.graph.apply(gatherOperation, [table, ids]);

/**
 * Where the tokens of a batch stand. Everything but attention works on the tokens alone, packed one
 * after another without padding ([tokens, width]); attention needs a grid ([batch, heads, length]).
 * The indices below, made by the host for each batch, carry rows of one head from one to the other.
 */
export interface TokenGrid {
  /** [batch, heads, length]: row in the packed [tokens * heads]; padding points at any real row. */
  readonly slots: Node;
  /** The same, with padding pointing one past the last row, where there is a row of zeros. */
  readonly slotsOrZero: Node;
  /** [tokens, heads]: row in the grid's [batch * heads * length]. */
  readonly places: Node;
}

/**
 * Packed [tokens, heads * size] to [batch, heads, length, size]. What stands in padding is some real
 * row: the caller must mask it, as attention does.
 */
export function splitHeads(x: Node, grid: TokenGrid): Node {
  return x.graph.apply(splitOperation(grid, false), [x, grid.slots]);
}

function splitOperation(grid: TokenGrid, zeros: boolean): Operation {
  return {
    name: 'splitHeads',
    shape: (inputs) => {
      const [x, slots] = [nth(inputs, 0), nth(inputs, 1)];
      return [...slots, headSize(x, slots)];
    },
    vjp: (_node, d) => [() => mergeHeads(d, grid), null],
    compute: ({ on, input, node }) => {
      const size = fixedAxis(node.shape, -1);
      const rows = on.reshape(input(0), [-1, size]);
      return on.gather(zeros ? on.concat([rows, on.zeros([1, size])], 0) : rows, input(1));
    },
  };
}

/** [batch, heads, length, size] to packed [tokens, heads * size]; padding is left behind. */
export function mergeHeads(y: Node, grid: TokenGrid): Node {
  const operation: Operation = {
    name: 'mergeHeads',
    shape: (inputs) => {
      const [heads, places] = [nth(inputs, 0), nth(inputs, 1)];
      return [axisOf(places, 0), fixedAxis(heads, 1) * fixedAxis(heads, 3)];
    },
    // Padding had no part in the result, so its cotangent is zero.
    vjp: (node, d) => [
      () => node.graph.apply(splitOperation(grid, true), [d, grid.slotsOrZero]),
      null,
    ],
    compute: ({ on, input, node }) => {
      const size = fixedAxis(inputOf(node, 0).shape, 3);
      const gathered = on.gather(on.reshape(input(0), [-1, size]), input(1));
      return on.reshape(gathered, [-1, fixedAxis(node.shape, 1)]);
    },
  };
  return y.graph.apply(operation, [y, grid.places]);
}

function headSize(x: Shape, slots: Shape): number {
  const size = fixedAxis(x, 1) / fixedAxis(slots, 1);
  if (!Number.isInteger(size)) {
    throw new RangeError(`${showShape(x)} does not divide into the heads of ${showShape(slots)}`);
  }
  return size;
}

const argmaxOperation: Operation = {
  name: 'argmax',
  type: 'int32',
  shape: (inputs) => nth(inputs, 0).slice(0, -1),
  compute: ({ on, input }) => on.argmax(input(0)),
};

/** Index of the largest element of the last axis; the first when several are equal. */
export const argmax = (a: Node): Node => a.graph.apply(argmaxOperation, [a]);

const largestProbabilityOperation: Operation = {
  name: 'largestProbability',
  shape: (inputs) => nth(inputs, 0).slice(0, -1),
  compute: ({ on, input }) => on.reshape(on.max(on.softmax(input(0)), -1), [-1]),
};

/** The probability of what {@link argmax} points at, softmax(a) over the last axis: [rows, width] -> [rows]. */
export const largestProbability = (a: Node): Node =>
  a.graph.apply(largestProbabilityOperation, [a]);
