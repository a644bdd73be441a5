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

/** Whole numbers 0, 4, 8, 12: where the lanes of a vector begin, in bytes. */
const lanePlaces = wasm.lanes(0, 4, 8, 12);

/** `value` where the lane at local `offset` lies within local `width`, else 0. */
const withinRow = (value: Code, offset: number, width: number): Code => [
  ...value,
  ...[...lanePlaces, ...get(offset), ...wasm.iSplat, ...wasm.iAdd],
  ...[...get(width), ...wasm.iSplat, ...wasm.iLess],
  ...wasm.and,
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

/**
 * (gradients, rowSums, columnSums, rows, width, scale): sums of the squares of the scaled gradients.
 * Row sums are written, column sums are added to what is there.
 */
export function sumsOfSquaresFunction(): WasmFunction {
  const [gradients, rowSums, columnSums, rows, width, scale] = [0, 1, 2, 3, 4, 5];
  const [row, column, scales, x, total] = [6, 7, 8, 9, 10];
  return {
    name: 'sumsOfSquares',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
    result: null,
    locals: ['i32', 'i32', 'v128', 'v128', 'v128'],
    body: [
      splatted(scale, scales),
      wasm.every(4, row, rows, [
        [...wasm.zeros, ...set(total)],
        wasm.every(16, column, width, [
          [...withinRow(times(loadAt(gradients, column), get(scales)), column, width), ...set(x)],
          [...times(get(x), get(x)), ...set(x)],
          [...plus(get(total), get(x)), ...set(total)],
          storeAt(columnSums, column, plus(loadAt(columnSums, column), get(x))),
        ]),
        [...element(rowSums, row), ...sumOfLanes(total), ...wasm.f32Demote, ...wasm.f32Store],
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
  const [row, column, x, total, sum] = [5, 6, 7, 8, 9];
  const scaled = times(loadAt(gradients, column), loadAt(columnFactors, column));
  const rowFactor: Code = [...element(rowFactors, row), ...wasm.f32Load, ...wasm.f64Promote];
  return {
    name: 'factoredSquares',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    result: 'f64',
    locals: ['i32', 'i32', 'v128', 'v128', 'f64'],
    body: [
      wasm.every(4, row, rows, [
        [...wasm.zeros, ...set(total)],
        wasm.every(16, column, width, [
          [...withinRow(scaled, column, width), ...set(x)],
          [...plus(get(total), times(get(x), get(x))), ...set(total)],
        ]),
        [...sumOfLanes(total), ...rowFactor, ...wasm.f64Mul, ...rowFactor, ...wasm.f64Mul],
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
  const [stepSize, decay, row, column, scale, decays] = [6, 7, 8, 9, 10, 11];
  const moved = times(times(loadAt(gradients, column), get(scale)), loadAt(columnFactors, column));
  const change = plus(moved, times(loadAt(parameters, column), get(decays)));
  return {
    name: 'factoredUpdate',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
    result: null,
    locals: ['i32', 'i32', 'v128', 'v128'],
    body: [
      splatted(decay, decays),
      wasm.every(4, row, rows, [
        [...element(rowFactors, row), ...wasm.loadSplat],
        [...get(stepSize), ...wasm.splat, ...wasm.vMul, ...set(scale)],
        wasm.every(16, column, width, [
          storeAt(parameters, column, [
            ...loadAt(parameters, column),
            ...withinRow(change, column, width),
            ...wasm.vSub,
          ]),
        ]),
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
  const [row, column, scale, decays, rests, m, smallest] = [10, 11, 12, 13, 14, 15, 16];
  const moved = times(times(loadAt(gradients, column), get(scale)), loadAt(columnFactors, column));
  const towards = times([...moved, ...loadAt(first, column), ...wasm.vSub], get(rests));
  const change = plus(get(m), times(loadAt(parameters, column), get(decays)));
  const floats = Array.from({ length: 3 }, (): ValueType => 'f32');
  return {
    name: 'factoredMomentum',
    parameters: [...Array.from({ length: 7 }, (): ValueType => 'i32'), ...floats],
    result: null,
    locals: ['i32', 'i32', 'v128', 'v128', 'v128', 'v128', 'v128'],
    body: [
      splatted(decay, decays),
      splatted(rest1, rests),
      spreadSmallest(smallest),
      wasm.every(4, row, rows, [
        [...element(rowFactors, row), ...wasm.loadSplat],
        [...get(stepSize), ...wasm.splat, ...wasm.vMul, ...set(scale)],
        wasm.every(16, column, width, [
          [...plus(loadAt(first, column), withinRow(towards, column, width)), ...set(m)],
          orZero(m, smallest),
          storeAt(first, column, get(m)),
          storeAt(parameters, column, [
            ...loadAt(parameters, column),
            ...withinRow(change, column, width),
            ...wasm.vSub,
          ]),
        ]),
        advance(gradients, width),
        advance(parameters, width),
        advance(first, width),
      ]),
    ],
  };
}
