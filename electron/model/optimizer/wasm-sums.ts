import { loadAt, plus, storeAt, wasm, type Code, type WasmFunction } from './wasm.ts';

/** The arithmetic that every optimizer shares, as WebAssembly. */

const { get, set } = wasm;

/** (start, bytes) -> sum of squares, in four float64 lanes so that additions need not wait for each other. */
export function sumOfSquaresFunction(): WasmFunction {
  const [start, bytes, offset, four, two, low, high] = [0, 1, 2, 3, 4, 5, 6];
  const addSquare = (total: number): Code => [
    ...[...get(two), ...get(two), ...wasm.dMul],
    ...[...get(total), ...wasm.dAdd, ...set(total)],
  ];
  return {
    name: 'sumOfSquares',
    parameters: ['i32', 'i32'],
    result: 'f64',
    locals: ['i32', 'v128', 'v128', 'v128', 'v128'],
    body: [
      wasm.every(16, offset, bytes, [
        [...loadAt(start, offset), ...set(four)],
        [...get(four), ...wasm.promoteLow, ...set(two)],
        addSquare(low),
        [...get(four), ...get(four), ...wasm.highToLow, ...wasm.promoteLow, ...set(two)],
        addSquare(high),
      ]),
      [...get(low), ...get(high), ...wasm.dAdd, ...set(low)],
      [...get(low), ...wasm.dLane(0), ...get(low), ...wasm.dLane(1), ...wasm.f64Add],
    ],
  };
}

/** (target, source, bytes): target += source. */
export function addFunction(): WasmFunction {
  const [target, source, bytes, offset] = [0, 1, 2, 3];
  const sum = plus(loadAt(target, offset), loadAt(source, offset));
  return {
    name: 'add',
    parameters: ['i32', 'i32', 'i32'],
    result: null,
    locals: ['i32'],
    body: [wasm.every(16, offset, bytes, [storeAt(target, offset, sum)])],
  };
}
