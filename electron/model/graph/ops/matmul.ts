import type { Emission } from '../emission.ts';
import {
  axisOf,
  inputOf,
  nth,
  sameShape,
  type Node,
  type Operation,
  type Shape,
} from '../graph.ts';
import { int, ints } from '../onnx.ts';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/**
 * Matrix product of the last two axes, either side transposed first; leading axes are batches and
 * must be equal.
 *
 * Plain matrices become `Gemm`. Batches become `Transpose` and `MatMul`, which ONNX Runtime joins
 * into one kernel on the CPU and other engines understand as they are.
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
    emit: (emission, inputs, node) => {
      const [left, right] = [nth(inputs, 0), nth(inputs, 1)];
      const rank = node.shape.length;
      if (rank === 2) {
        const attributes = { transA: int(transposeA ? 1 : 0), transB: int(transposeB ? 1 : 0) };
        return emission.node('Gemm', [left, right], attributes);
      }
      return emission.node('MatMul', [
        transposeA ? swapLast(emission, left, rank) : left,
        transposeB ? swapLast(emission, right, rank) : right,
      ]);
    },
  };
  return a.graph.apply(operation, [a, b]);
}

/** A linear layer without bias: `x` [N, in] times `weight` [out, in], transposed as Hugging Face keeps it. */
export const linear = (x: Node, weight: Node): Node => matmul(x, weight, { transposeB: true });

function oriented(shape: Shape, transposed: boolean): Shape {
  if (!transposed) return shape;
  return [...shape.slice(0, -2), axisOf(shape, -1), axisOf(shape, -2)];
}

function swapLast(emission: Emission, value: string, rank: number): string {
  const order = Array.from({ length: rank - 2 }, (_unused, axis) => axis);
  return emission.node('Transpose', [value], { perm: ints([...order, rank - 1, rank - 2]) });
}
