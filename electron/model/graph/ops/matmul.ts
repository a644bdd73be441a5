import {
  axisOf,
  inputOf,
  nth,
  sameShape,
  type Node,
  type Operation,
  type Shape,
} from '../graph.ts';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of the last two axes, either side transposed first; leading axes are batches and
 * must be equal.
 */
export function matmul(a: Node, b: Node, options: MatmulOptions = {}): Node {
  const { transposeA = false, transposeB = false } = options;
  const operation: Operation = {
    name: 'matmul',
    shape: (inputs) => {
      const left = oriented(nth(inputs, 0), transposeA);
      const right = oriented(nth(inputs, 1), transposeB);
      if (left.length !== right.length || !sameShape(left.slice(0, -2), right.slice(0, -2))) {
        throw new RangeError('the batch axes differ');
      }
      const [inner, other] = [axisOf(left, -1), axisOf(right, -2)];
      if (inner !== other) throw new RangeError(`the inner sizes ${inner} and ${other} differ`);
      return [...left.slice(0, -1), axisOf(right, -1)];
    },
    vjp: (node, d) => {
      const [x, y] = [inputOf(node, 0), inputOf(node, 1)];
      return [
        () =>
          transposeA
            ? matmul(y, d, { transposeA: transposeB, transposeB: true })
            : matmul(d, y, { transposeB: !transposeB }),
        () =>
          transposeB
            ? matmul(d, x, { transposeA: true, transposeB: transposeA })
            : matmul(x, d, { transposeA: !transposeA }),
      ];
    },
    compute: ({ on, input, node }) =>
      on.matmul(input(0), input(1), { rank: node.shape.length, transposeA, transposeB }),
  };
  return a.graph.apply(operation, [a, b]);
}

/** A linear layer without bias: `x` [N, in] times `weight` [out, in], transposed as Hugging Face keeps it. */
export const linear = (x: Node, weight: Node): Node => matmul(x, weight, { transposeB: true });

function oriented(shape: Shape, transposed: boolean): Shape {
  if (!transposed) return shape;
  return [...shape.slice(0, -2), axisOf(shape, -1), axisOf(shape, -2)];
}
