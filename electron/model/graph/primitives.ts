/**
 * The arithmetic that every operation is made of. An operation states its computation once, against
 * this interface; ONNX emission (`emission.ts`), TensorFlow.js (`engines/tensorflow.ts`) and the
 * float64 interpreter (`interpreter.ts`) are three implementations of it, so that what one engine
 * computes and what another computes cannot drift apart by being written twice.
 *
 * `T` is a value: the name of an ONNX output, a tensor, an array. Axes count from the end when
 * negative. Element-wise functions of two values stretch axes of size 1 as NumPy does.
 */
export interface Primitives<T> {
  /** A float32 constant without axes. */
  readonly scalar: (value: number) => T;
  /** Float32 zeros. */
  readonly zeros: (shape: readonly number[]) => T;

  readonly add: (a: T, b: T) => T;
  readonly subtract: (a: T, b: T) => T;
  readonly multiply: (a: T, b: T) => T;
  readonly divide: (a: T, b: T) => T;

  readonly square: (a: T) => T;
  readonly sqrt: (a: T) => T;
  readonly log: (a: T) => T;
  readonly sigmoid: (a: T) => T;
  readonly relu: (a: T) => T;
  /** 1 where `a` is above zero, else 0; `a` is never negative here. */
  readonly step: (a: T) => T;

  /** e^a divided by its sum over the last axis, without overflow. */
  readonly softmax: (a: T) => T;
  readonly sum: (a: T, axes: readonly number[], keep: boolean) => T;
  readonly mean: (a: T, axis: number) => T;
  readonly max: (a: T, axis: number) => T;
  /** Index of the largest element of the last axis, int32; the first of several equal ones. */
  readonly argmax: (a: T) => T;

  /** Product of the last two axes; both have `rank` axes, the leading ones equal. */
  readonly matmul: (a: T, b: T, options: MatmulForm) => T;

  /** A size of 0 keeps the axis at its place, -1 is whatever is left. */
  readonly reshape: (a: T, shape: readonly number[]) => T;
  readonly transpose: (a: T, order: readonly number[]) => T;
  readonly concat: (values: readonly T[], axis: number) => T;
  /** Slices of `table` along its first axis by int32 `ids`: [...ids.shape, ...rest]. */
  readonly gather: (table: T, ids: T) => T;
  /** One element of each row: `rows` [n, width], int32 `columns` [n] -> [n]. */
  readonly pick: (rows: T, columns: T) => T;
}

export interface MatmulForm {
  readonly rank: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
