import type { DataTypeMap, Tensor, TensorContainer } from '@tensorflow/tfjs-core';
import type { Primitives } from '../graph/primitives.ts';
import type { TensorType } from './engine.ts';

/**
 * The part of TensorFlow.js that executes kernels, whichever backend computes: its native library
 * for Node, or WebAssembly. Calling it directly leaves out the checks of `tf.add` and its like, and
 * from a bundle all operations that no graph has.
 */
export interface TensorFlowEngine {
  runKernel(kernel: string, inputs: KernelInputs, attributes?: KernelAttributes): Tensor;
  makeTensor(values: DataTypeMap[TensorType], shape: number[], type: TensorType): Tensor;
  tidy<T extends TensorContainer>(compute: () => T): T;
  /** Takes a tensor out of the scope that would free it. */
  keep(tensor: Tensor): Tensor;
  memory(): { numTensors: number };
}

type KernelInputs = Record<string, Tensor> | Tensor[];
type KernelAttributes = Record<string, number | boolean | number[]>;

/** The primitives as kernels of TensorFlow.js, each of which is executed at once. */
export function tensorFlowPrimitives(tf: TensorFlowEngine): Primitives<Tensor> {
  const run = (kernel: string, inputs: KernelInputs, attributes: KernelAttributes = {}): Tensor =>
    tf.runKernel(kernel, inputs, attributes);
  const reshape = (x: Tensor, shape: number[]): Tensor => run('Reshape', { x }, { shape });
  const last = (x: Tensor): number => x.shape.length - 1;
  return {
    scalar: (value) => tf.makeTensor(Float32Array.of(value), [], 'float32'),
    zeros: (shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return tf.makeTensor(new Float32Array(size), [...shape], 'float32');
    },

    add: (a, b) => run('Add', { a, b }),
    subtract: (a, b) => run('Sub', { a, b }),
    multiply: (a, b) => run('Multiply', { a, b }),
    divide: (a, b) => run('RealDiv', { a, b }),

    square: (x) => run('Square', { x }),
    sqrt: (x) => run('Sqrt', { x }),
    log: (x) => run('Log', { x }),
    sigmoid: (x) => run('Sigmoid', { x }),
    relu: (x) => run('Relu', { x }),
    // The sign of what is never negative; `tf.step` is five kernels.
    step: (x) => run('Sign', { x }),

    softmax: (logits) => run('Softmax', { logits }, { dim: last(logits) }),
    sum: (x, axes, keep) => run('Sum', { x }, { axis: [...axes], keepDims: keep }),
    mean: (x, axis) => run('Mean', { x }, { axis, keepDims: true }),
    max: (x, axis) => run('Max', { x }, { reductionIndices: axis, keepDims: true }),
    argmax: (x) => run('ArgMax', { x }, { axis: last(x) }),

    matmul: (a, b, { transposeA, transposeB }) =>
      run('BatchMatMul', { a, b }, { transposeA, transposeB }),

    reshape: (x, shape) => reshape(x, resolveShape(x.shape, shape)),
    transpose: (x, order) => run('Transpose', { x }, { perm: [...order] }),
    concat: (values, axis) => run('Concat', [...values], { axis }),
    // `tf.gather` would first read the ids back to check them; this leaves checking to TensorFlow.
    gather: (params, ids) => run('GatherNd', { params, indices: reshape(ids, [...ids.shape, 1]) }),
    pick: (params, columns) => {
      const count = columns.shape[0] ?? 0;
      const row = tf.makeTensor(
        Int32Array.from({ length: count }, (_u, i) => i),
        [count],
        'int32',
      );
      return run('GatherNd', { params, indices: run('Pack', [row, columns], { axis: 1 }) });
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
