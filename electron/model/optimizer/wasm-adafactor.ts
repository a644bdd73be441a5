import { orZero, spreadSmallest } from './wasm-adamw.ts';
import {
  loadAt,
  plus,
  storeAt,
  times,
  wasm,
  type Code,
  type ValueType,
  type WasmFunction,
} from './wasm.ts';

/**
 * Adafactor's passes over a matrix, four columns at a time. A row need not be whole vectors: lanes
 * beyond its end, which hold the start of the next row, are masked to zero.
 *
 * Lengths are in bytes: `rows` is 4 times the number of rows, `width` 4 times that of columns.
 */

const { get, set } = wasm;

/** Vectors of a row that are worked on at once, so that additions need not wait for each other. */
const AT_ONCE = 2;

/** One vector of a row: what it takes to read, write and mask it. */
interface RowVector {
  /** 0 or 1: which of those that are worked on at once. */
  readonly index: number;
  /** The vector in the row that begins at local `base`. */
  load(base: number): Code;
  store(base: number, value: Code): Code;
  /** `value`, with zeros for lanes beyond the row's end. */
  within(value: Code): Code;
}

/**
 * Does `body` for every vector of a row. Pairs of whole vectors come first; what is left is done one
 * by one, masked. Locals: `column` counts bytes, `paired` is `pairedWidth` of `width`.
 */
function everyVector(
  { column, paired, width }: { column: number; paired: number; width: number },
  body: (vector: RowVector) => readonly Code[],
): Code {
  const vector = (index: number, within: RowVector['within']): RowVector => ({
    index,
    load: (base) => loadAt(base, column, 16 * index),
    store: (base, value) => storeAt(base, column, value, 16 * index),
    within,
  });
  const masked = (value: Code): Code => [
    ...value,
    ...[...wasm.lanes(0, 4, 8, 12), ...get(column), ...wasm.iSplat, ...wasm.iAdd],
    ...[...get(width), ...wasm.iSplat, ...wasm.iLess],
    ...wasm.and,
  ];
  const together = Array.from({ length: AT_ONCE }, (_unused, index) =>
    body(vector(index, (value) => value)),
  );
  return [
    ...wasm.every(16 * AT_ONCE, column, paired, together.flat()),
    ...wasm.further(16, column, width, body(vector(0, masked))),
  ];
}

/** Sets local `paired` to the part of a row that is pairs of whole vectors, in bytes. */
const pairedWidth = (paired: number, width: number): Code => [
  ...[...get(width), ...wasm.i32Const(-16 * AT_ONCE), ...wasm.i32And, ...set(paired)],
];

/** The sum of the four lanes of a local, in float64. */
const sumOfLanes = (four: number): Code => {
  const low: Code = [...get(four), ...wasm.promoteLow];
  const high: Code = [...get(four), ...get(four), ...wasm.highToLow, ...wasm.promoteLow];
  const sum = (pair: Code): Code => [
    ...[...pair, ...wasm.dLane(0), ...pair, ...wasm.dLane(1), ...wasm.f64Add],
  ];
  return [...sum(low), ...sum(high), ...wasm.f64Add];
};

const splatted = (scalar: number, vector: number): Code => [
  ...[...get(scalar), ...wasm.splat, ...set(vector)],
];

const advance = (local: number, by: number): Code => [
  ...[...get(local), ...get(by), ...wasm.i32Add, ...set(local)],
];

const element = (base: number, offset: number): Code => [
  ...[...get(base), ...get(offset), ...wasm.i32Add],
];

/** A row's factor times the step size, in every lane. */
const rowScale = (rowFactors: number, row: number, stepSize: number): Code => [
  ...[...element(rowFactors, row), ...wasm.loadSplat],
  ...[...get(stepSize), ...wasm.splat, ...wasm.vMul],
];

const cleared = (locals: readonly number[]): Code =>
  locals.flatMap((local) => [...wasm.zeros, ...set(local)]);

const addTo = (local: number, value: Code): Code => [...plus(get(local), value), ...set(local)];

/**
 * (gradients, rowSums, columnSums, rows, width, scale): sums of the squares of the scaled gradients.
 * Row sums are written, column sums are added to what is there.
 */
export function sumsOfSquaresFunction(): WasmFunction {
  const [gradients, rowSums, columnSums, rows, width, scale] = [0, 1, 2, 3, 4, 5];
  const [row, column, paired, scales, x] = [6, 7, 8, 9, 10];
  const totals = [11, 12] as const;
  return {
    name: 'sumsOfSquares',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    result: null,
    locals: ['i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'v128'],
    body: [
      splatted(scale, scales),
      pairedWidth(paired, width),
      wasm.every(4, row, rows, [
        cleared(totals),
        everyVector({ column, paired, width }, ({ index, load, store, within }) => [
          [...within(times(load(gradients), get(scales))), ...set(x)],
          [...times(get(x), get(x)), ...set(x)],
          addTo(totals[index] ?? 0, get(x)),
          store(columnSums, plus(load(columnSums), get(x))),
        ]),
        addTo(totals[0], get(totals[1])),
        [...element(rowSums, row), ...sumOfLanes(totals[0]), ...wasm.f32Demote, ...wasm.f32Store],
        advance(gradients, width),
      ]),
    ],
  };
}

/**
 * (gradients, rowFactors, columnFactors, rows, width) -> the sum over all elements of
 * (gradient * its row's factor * its column's factor)^2, in float64 from row to row.
 */
export function factoredSquaresFunction(): WasmFunction {
  const [gradients, rowFactors, columnFactors, rows, width] = [0, 1, 2, 3, 4];
  const [row, column, paired, x, sum] = [5, 6, 7, 8, 11];
  const totals = [9, 10] as const;
  const rowFactor: Code = [...element(rowFactors, row), ...wasm.f32Load, ...wasm.f64Promote];
  return {
    name: 'factoredSquares',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    result: 'f64',
    locals: ['i32', 'i32', 'i32', 'v128', 'v128', 'v128', 'f64'],
    body: [
      pairedWidth(paired, width),
      wasm.every(4, row, rows, [
        cleared(totals),
        everyVector({ column, paired, width }, ({ index, load, within }) => [
          [...within(times(load(gradients), load(columnFactors))), ...set(x)],
          addTo(totals[index] ?? 0, times(get(x), get(x))),
        ]),
        addTo(totals[0], get(totals[1])),
        [...sumOfLanes(totals[0]), ...rowFactor, ...wasm.f64Mul, ...rowFactor, ...wasm.f64Mul],
        [...get(sum), ...wasm.f64Add, ...set(sum)],
        advance(gradients, width),
      ]),
      get(sum),
    ],
  };
}

/**
 * (parameters, gradients, rowFactors, columnFactors, rows, width, stepSize, decay):
 * p -= decay p + u, where u = stepSize * gradient * its row's factor * its column's factor.
 */
export function factoredUpdateFunction(): WasmFunction {
  const [parameters, gradients, rowFactors, columnFactors, rows, width] = [0, 1, 2, 3, 4, 5];
  const [stepSize, decay, row, column, paired, scale, decays] = [6, 7, 8, 9, 10, 11, 12];
  return {
    name: 'factoredUpdate',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    result: null,
    locals: ['i32', 'i32', 'i32', 'v128', 'v128'],
    body: [
      splatted(decay, decays),
      pairedWidth(paired, width),
      wasm.every(4, row, rows, [
        [...rowScale(rowFactors, row, stepSize), ...set(scale)],
        everyVector({ column, paired, width }, ({ load, store, within }) => {
          const moved = times(times(load(gradients), get(scale)), load(columnFactors));
          const change = plus(moved, times(load(parameters), get(decays)));
          return [store(parameters, [...load(parameters), ...within(change), ...wasm.vSub])];
        }),
        advance(gradients, width),
        advance(parameters, width),
      ]),
    ],
  };
}

/**
 * (parameters, gradients, first, rowFactors, columnFactors, rows, width, stepSize, decay, rest1):
 * m += rest1 (u - m) with u as in `factoredUpdate`, then p -= decay p + m; rest1 is 1 - beta1.
 */
export function factoredMomentumFunction(): WasmFunction {
  const [parameters, gradients, first, rowFactors, columnFactors] = [0, 1, 2, 3, 4];
  const [rows, width, stepSize, decay, rest1] = [5, 6, 7, 8, 9];
  const [row, column, paired, scale, decays, rests] = [10, 11, 12, 13, 14, 15];
  const [m, smallest] = [16, 17];
  const vectors = Array.from({ length: 5 }, (): ValueType => 'v128');
  return {
    name: 'factoredMomentum',
    parameters: [...Array.from({ length: 7 }, (): ValueType => 'i32'), 'f32', 'f32', 'f32'],
    result: null,
    locals: ['i32', 'i32', 'i32', ...vectors],
    body: [
      splatted(decay, decays),
      splatted(rest1, rests),
      spreadSmallest(smallest),
      pairedWidth(paired, width),
      wasm.every(4, row, rows, [
        [...rowScale(rowFactors, row, stepSize), ...set(scale)],
        everyVector({ column, paired, width }, ({ load, store, within }) => {
          const moved = times(times(load(gradients), get(scale)), load(columnFactors));
          const towards = times([...moved, ...load(first), ...wasm.vSub], get(rests));
          const change = plus(get(m), times(load(parameters), get(decays)));
          return [
            [...plus(load(first), within(towards)), ...set(m)],
            orZero(m, smallest),
            store(first, get(m)),
            store(parameters, [...load(parameters), ...within(change), ...wasm.vSub]),
          ];
        }),
        advance(gradients, width),
        advance(parameters, width),
        advance(first, width),
      ]),
    ],
  };
}
