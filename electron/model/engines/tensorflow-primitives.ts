import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Primitives } from '../graph/primitives.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs-node-gpu');

/** The primitives as calls of TensorFlow.js, each of which is executed at once. */
export function tensorFlowPrimitives(tf: TensorFlow): Primitives<Tensor> {
  return {
    scalar: (value) => tf.scalar(value),
    zeros: (shape) => tf.zeros([...shape]),

    add: (a, b) => tf.add(a, b),
    subtract: (a, b) => tf.sub(a, b),
    multiply: (a, b) => tf.mul(a, b),
    divide: (a, b) => tf.div(a, b),

    square: (a) => tf.square(a),
    sqrt: (a) => tf.sqrt(a),
    log: (a) => tf.log(a),
    sigmoid: (a) => tf.sigmoid(a),
    relu: (a) => tf.relu(a),
    // The sign of what is never negative; `tf.step` is five kernels.
    step: (a) => tf.sign(a),

    softmax: (a) => tf.softmax(a),
    sum: (a, axes, keep) => tf.sum(a, [...axes], keep),
    mean: (a, axis) => tf.mean(a, axis, true),
    max: (a, axis) => tf.max(a, axis, true),
    argmax: (a) => tf.argMax(a, -1),

    matmul: (a, b, { transposeA, transposeB }) => tf.matMul(a, b, transposeA, transposeB),

    reshape: (a, shape) => tf.reshape(a, resolveShape(a.shape, shape)),
    transpose: (a, order) => tf.transpose(a, [...order]),
    concat: (values, axis) => tf.concat([...values], axis),
    // `tf.gather` would first read the ids back to check them; this leaves checking to TensorFlow.
    gather: (table, ids) => tf.gatherND(table, tf.expandDims(ids, -1)),
    pick: (rows, columns) => {
      const row = tf.range(0, columns.shape[0] ?? 0, 1, 'int32');
      return tf.gatherND(rows, tf.stack([row, columns], 1));
    },
  };
}

/** The sizes that 0 (the axis at the same place) and -1 (whatever is left) stand for. */
export function resolveShape(from: readonly number[], to: readonly number[]): number[] {
  const sizes = to.map((size, axis) => (size === 0 ? (from[axis] ?? 0) : size));
  const product = (values: readonly number[]): number =>
    values.reduce((all, size) => all * size, 1);
  const known = product(sizes.filter((size) => size !== -1));
  return sizes.map((size) => (size === -1 ? (known === 0 ? 0 : product(from) / known) : size));
}
