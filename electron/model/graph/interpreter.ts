import { evaluateGraph } from './evaluate.ts';
import { GraphError, type Node } from './graph.ts';
import type { MatmulForm, Primitives } from './primitives.ts';

/**
 * The primitives in plain float64 loops: slow, short, and exact enough to judge the engines by.
 * Gradients are checked against differences of it, and engines against its results.
 */

/** A dense array, row-major; indices are whole numbers in it too. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Runs a graph in float64. Every input of the graph must be in `feeds`. */
export function interpret(
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, ReferenceTensor>>,
): Record<string, ReferenceTensor> {
  return evaluateGraph(outputs, {
    on: reference,
    input: (name, { graph }) => {
      const value = feeds[name];
      if (value === undefined) throw new GraphError(`${graph.name}: “${name}” was not given.`);
      return value;
    },
  });
}

const scalar = (value: number): ReferenceTensor => tensor([], [value]);

/** The primitives themselves. */
export const reference: Primitives<ReferenceTensor> = {
  scalar,
  zeros: (shape) => tensor(shape, new Float64Array(sizeOf(shape))),

  add: (a, b) => zip(a, b, (x, y) => x + y),
  subtract: (a, b) => zip(a, b, (x, y) => x - y),
  multiply: (a, b) => zip(a, b, (x, y) => x * y),
  divide: (a, b) => zip(a, b, (x, y) => x / y),

  square: (a) => map(a, (x) => x * x),
  sqrt: (a) => map(a, Math.sqrt),
  log: (a) => map(a, Math.log),
  sigmoid: (a) => map(a, (x) => 1 / (1 + Math.exp(-x))),
  relu: (a) => map(a, (x) => Math.max(0, x)),
  step: (a) => map(a, (x) => (x > 0 ? 1 : 0)),

  softmax: (a) => {
    const exponentials = zip(a, largest(a, -1), (x, top) => Math.exp(x - top));
    return zip(exponentials, total(exponentials, -1), (x, sum) => x / sum);
  },
  sum: (a, axes, keep) => {
    const summed = axes.map((axis) => positive(axis, a)).reduce(total, a);
    if (keep) return summed;
    const gone = new Set(axes.map((axis) => positive(axis, a)));
    return tensor(
      summed.shape.filter((_size, axis) => !gone.has(axis)),
      summed.data,
    );
  },
  mean: (a, axis) => {
    const size = a.shape.at(axis) ?? 1;
    return map(total(a, axis), (x) => x / size);
  },
  max: (a, axis) => largest(a, axis),
  argmax: (a) => {
    const width = a.shape.at(-1) ?? 1;
    const best = rowsOf(a.data, width).map((row) => row.indexOf(Math.max(...row)));
    return tensor(a.shape.slice(0, -1), best);
  },

  matmul,

  reshape: (a, shape) => {
    const kept = shape.map((size, axis) => (size === 0 ? (a.shape[axis] ?? 0) : size));
    const known = kept.filter((size) => size !== -1);
    const rest = a.data.length / sizeOf(known);
    return tensor(
      kept.map((size) => (size === -1 ? rest : size)),
      a.data,
    );
  },
  transpose: (a, order) => {
    const shape = order.map((axis) => a.shape[axis] ?? 0);
    const strides = stridesOf(a.shape);
    const moved = order.map((axis) => strides[axis] ?? 0);
    return gatherStrided(a.data, shape, moved);
  },
  concat: (values, axis) => {
    const [first] = values;
    if (first === undefined) throw new RangeError('nothing to concatenate');
    const at = positive(axis, first);
    const size = values.reduce((sum, { shape }) => sum + (shape[at] ?? 0), 0);
    const outer = sizeOf(first.shape.slice(0, at));
    const data: number[] = [];
    for (let row = 0; row < outer; row++) {
      for (const value of values) {
        const width = value.data.length / outer;
        data.push(...value.data.subarray(row * width, (row + 1) * width));
      }
    }
    return tensor(first.shape.with(at, size), data);
  },
  gather: (table, ids) => {
    const rest = table.shape.slice(1);
    const rows = rowsOf(table.data, sizeOf(rest));
    const data = Array.from(ids.data, (id) => {
      const row = rows[id];
      if (row === undefined) throw new RangeError(`row ${id} of ${rows.length} was asked for`);
      return [...row];
    });
    return tensor([...ids.shape, ...rest], data.flat());
  },
  pick: (rows, columns) => {
    const width = rows.shape[1] ?? 1;
    const picked = Array.from(
      columns.data,
      (column, row) => rows.data[row * width + column] ?? NaN,
    );
    return tensor(columns.shape, picked);
  },
};

export function tensor(shape: readonly number[], data: ArrayLike<number>): ReferenceTensor {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`${data.length} numbers do not fill [${shape.join(', ')}]`);
  }
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

function matmul(a: ReferenceTensor, b: ReferenceTensor, form: MatmulForm): ReferenceTensor {
  const [left, right] = [
    form.transposeA ? swapLast(a) : a, //
    form.transposeB ? swapLast(b) : b,
  ];
  const [rows = 1, inner = 1] = left.shape.slice(-2);
  const columns = right.shape.at(-1) ?? 1;
  const batches = sizeOf(left.shape.slice(0, -2));
  const data = new Float64Array(batches * rows * columns);
  for (let batch = 0; batch < batches; batch++) {
    const leftStart = batch * rows * inner;
    const rightStart = batch * inner * columns;
    const start = batch * rows * columns;
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < inner; k++) {
        const factor = left.data[leftStart + row * inner + k] ?? NaN;
        for (let column = 0; column < columns; column++) {
          const at = start + row * columns + column;
          const other = right.data[rightStart + k * columns + column] ?? NaN;
          data[at] = (data[at] ?? 0) + factor * other;
        }
      }
    }
  }
  return tensor([...left.shape.slice(0, -1), columns], data);
}

function swapLast(a: ReferenceTensor): ReferenceTensor {
  const rank = a.shape.length;
  const leading = Array.from({ length: rank - 2 }, (_unused, axis) => axis);
  return reference.transpose(a, [...leading, rank - 1, rank - 2]);
}

function map(a: ReferenceTensor, change: (x: number) => number): ReferenceTensor {
  return tensor(a.shape, a.data.map(change));
}

/** Element by element, axes of size 1 or absent ones stretched. */
function zip(
  a: ReferenceTensor,
  b: ReferenceTensor,
  combine: (x: number, y: number) => number,
): ReferenceTensor {
  if (a.shape.join() === b.shape.join()) {
    return tensor(
      a.shape,
      a.data.map((x, index) => combine(x, b.data[index] ?? NaN)),
    );
  }
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = (shape: readonly number[]): number[] => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  const [left, right] = [padded(a.shape), padded(b.shape)];
  const shape = left.map((size, axis) => (size === 1 ? (right[axis] ?? 1) : size));
  const stretched = (from: readonly number[]): number[] =>
    stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  const x = gatherStrided(a.data, shape, stretched(left)).data;
  const y = gatherStrided(b.data, shape, stretched(right)).data;
  return tensor(
    shape,
    x.map((value, index) => combine(value, y[index] ?? NaN)),
  );
}

/** Sum over one axis, which stays with size 1. */
function total(a: ReferenceTensor, axis: number): ReferenceTensor {
  return fold(a, axis, 0, (sum, x) => sum + x);
}

/** Largest element over one axis, which stays with size 1. */
function largest(a: ReferenceTensor, axis: number): ReferenceTensor {
  return fold(a, axis, Number.NEGATIVE_INFINITY, Math.max);
}

function fold(
  a: ReferenceTensor,
  axis: number,
  start: number,
  combine: (so: number, x: number) => number,
): ReferenceTensor {
  const at = positive(axis, a);
  const size = a.shape[at] ?? 1;
  const inner = sizeOf(a.shape.slice(at + 1));
  const data = new Float64Array(a.data.length / size).fill(start);
  a.data.forEach((x, index) => {
    const to = Math.floor(index / (size * inner)) * inner + (index % inner);
    data[to] = combine(data[to] ?? start, x);
  });
  return tensor(a.shape.with(at, 1), data);
}

/** Reads `data` in the order of `shape`, moving by the stride of each axis. */
function gatherStrided(
  data: Float64Array,
  shape: readonly number[],
  strides: readonly number[],
): ReferenceTensor {
  let offsets = [0];
  shape.forEach((size, axis) => {
    const stride = strides[axis] ?? 0;
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: size }, (_unused, index) => offset + index * stride),
    );
  });
  return tensor(
    shape,
    offsets.map((offset) => data[offset] ?? NaN),
  );
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_size, axis) => sizeOf(shape.slice(axis + 1)));
}

function rowsOf(data: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: data.length / width }, (_unused, row) =>
    data.subarray(row * width, (row + 1) * width),
  );
}

function positive(axis: number, { shape }: ReferenceTensor): number {
  return axis < 0 ? axis + shape.length : axis;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
