import {
  axisOf,
  inputOf,
  nth,
  sameShape,
  showShape,
  type Dimension,
  type Node,
  type Operation,
  type Shape,
} from '../graph.ts';

/** Operations that move or add up elements along axes. */

/**
 * The same elements in another shape. Axes that keep their name at their place are carried over;
 * at most one other axis may have a size that only the run knows.
 */
export function reshape(a: Node, to: Shape): Node {
  if (sameShape(a.shape, to)) return a;
  const target = to.map((size, axis) =>
    typeof size === 'number' ? size : size === a.shape[axis] ? 0 : -1,
  );
  const operation: Operation = {
    name: 'reshape',
    shape: (inputs) => {
      const from = nth(inputs, 0);
      if (target.filter((size) => size === -1).length > 1) {
        throw new RangeError(`to ${showShape(to)}: more than one size is unknown`);
      }
      const [before, after] = [elementCount(from), elementCount(to)];
      if (before !== null && after !== null && before !== after) {
        throw new RangeError(`to ${showShape(to)}: ${before} elements cannot become ${after}`);
      }
      return to;
    },
    vjp: (node, d) => [() => reshape(d, inputOf(node, 0).shape)],
    compute: ({ on, input }) => on.reshape(input(0), target),
  };
  return a.graph.apply(operation, [a]);
}

/** Axis `i` of the result is axis `order[i]` of `a`. */
export function transpose(a: Node, order: readonly number[]): Node {
  const operation: Operation = {
    name: 'transpose',
    shape: (inputs) => {
      const from = nth(inputs, 0);
      if (from.length !== order.length) throw new RangeError(`${order.length} axes were named`);
      return order.map((axis) => axisOf(from, axis));
    },
    vjp: (_node, d) => [
      () =>
        transpose(
          d,
          order.map((_axis, index) => order.indexOf(index)),
        ),
    ],
    compute: ({ on, input }) => on.transpose(input(0), order),
  };
  return a.graph.apply(operation, [a]);
}

/** Sum over axes; a summed axis stays with size 1 when `keep` is set. Has no derivative rule. */
export function sum(a: Node, axes: readonly number[], keep: boolean): Node {
  const positive = axes.map((axis) => (axis < 0 ? axis + a.shape.length : axis));
  const operation: Operation = {
    name: 'sum',
    shape: (inputs) => {
      const from = nth(inputs, 0);
      for (const axis of positive) axisOf(from, axis);
      return from.flatMap((size, axis): Dimension[] =>
        positive.includes(axis) ? (keep ? [1] : []) : [size],
      );
    },
    compute: ({ on, input }) => on.sum(input(0), positive, keep),
  };
  return a.graph.apply(operation, [a]);
}

/** Sums a cotangent over the axes along which a value of `shape` was stretched. */
export function unbroadcast(d: Node, shape: Shape): Node {
  if (sameShape(d.shape, shape)) return d;
  const extra = d.shape.length - shape.length;
  const leading = Array.from({ length: extra }, (_unused, axis) => axis);
  const reduced = leading.length > 0 ? sum(d, leading, false) : d;
  const stretched = shape.flatMap((size, axis) =>
    size === 1 && reduced.shape[axis] !== 1 ? [axis] : [],
  );
  return stretched.length > 0 ? sum(reduced, stretched, true) : reduced;
}

/** `a` followed by `b` along one axis, whose size gets the name given. Has no derivative rule. */
export function concat(a: Node, b: Node, axis: number, size: Dimension): Node {
  const operation: Operation = {
    name: 'concat',
    shape: (inputs) => {
      const [left, right] = [nth(inputs, 0), nth(inputs, 1)];
      const fits =
        left.length === right.length && left.every((s, i) => i === axis || s === right[i]);
      if (!fits) throw new RangeError(`the other axes than ${axis} differ`);
      return left.map((s, i) => (i === axis ? size : s));
    },
    compute: ({ on, inputs }) => on.concat(inputs, axis),
  };
  return a.graph.apply(operation, [a, b]);
}

/** Number of elements, or null when the run decides. */
function elementCount(shape: Shape): number | null {
  return shape.every((size) => typeof size === 'number')
    ? shape.reduce((product, size) => product * size, 1)
    : null;
}
