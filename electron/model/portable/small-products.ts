import { assembleModule, instantiate, wasm } from '../optimizer/wasm.ts';
import type { Code, WasmFunction, WasmMemory, WasmModule } from '../optimizer/wasm.ts';

/**
 * Many small matrix products, as attention takes one for every row and head, in the memory of a
 * WebAssembly module: four numbers at a time, where TensorFlow.js' own loop takes one.
 */

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const VECTOR = 4 * FLOAT;
const { get, set } = wasm;

/** `count` products of matrices [rows, inner] by [inner, columns], one behind another. */
export interface SmallProducts {
  /** Addresses in bytes. */
  readonly a: number;
  readonly b: number;
  readonly out: number;
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** The second matrices lie as [columns, inner]. */
  readonly transposeB: boolean;
}

/** Whether {@link multiplySmall} can: it reads whole vectors along the rows of the second matrices. */
export const multipliesSmall = ({
  inner,
  columns,
  transposeB,
}: Pick<SmallProducts, 'inner' | 'columns' | 'transposeB'>): boolean =>
  ((transposeB ? inner : columns) * FLOAT) % VECTOR === 0;

/** Writes the products to `out`, in `memory`. */
export function multiplySmall(memory: WasmMemory, products: SmallProducts): void {
  const { a, b, out, count, rows, inner, columns, transposeB } = products;
  const { plain, turned } = kernelsIn(memory);
  const multiply = transposeB ? turned : plain;
  const [rowBytes, outBytes] = [inner * FLOAT, columns * FLOAT];
  for (let row = 0; row < count * rows; row++) {
    const matrix = b + Math.floor(row / rows) * columns * rowBytes;
    multiply(a + row * rowBytes, matrix, out + row * outBytes, rowBytes, outBytes);
  }
}

/** (row, matrix, out, rowBytes, outBytes): out = row matrix, of [row's length, out's length]. */
function plainFunction(): WasmFunction {
  const [row, matrix, out, rowBytes, outBytes, column, at, place, sum] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ];
  return {
    name: 'plain',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    result: null,
    locals: ['i32', 'i32', 'i32', 'v128'],
    body: [
      wasm.every(VECTOR, column, outBytes, [
        [...wasm.zeros, ...set(sum), ...sumOf(matrix, column), ...set(place)],
        wasm.every(FLOAT, at, rowBytes, [
          [...sumOf(row, at), ...wasm.loadSplat, ...get(place), ...wasm.load, ...wasm.vMul],
          [...get(sum), ...wasm.vAdd, ...set(sum)],
          [...sumOf(place, outBytes), ...set(place)],
        ]),
        [...sumOf(out, column), ...get(sum), ...wasm.store],
      ]),
    ],
  };
}

/** (row, matrix, out, rowBytes, outBytes): out = row matrix^T, of [out's length, row's length]. */
function turnedFunction(): WasmFunction {
  const [row, matrix, out, rowBytes, outBytes, column, at, sum] = [0, 1, 2, 3, 4, 5, 6, 7];
  const lane = (index: number): Code => [...get(sum), ...wasm.vLane(index)];
  return {
    name: 'turned',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    result: null,
    locals: ['i32', 'i32', 'v128'],
    body: [
      wasm.every(FLOAT, column, outBytes, [
        [...wasm.zeros, ...set(sum)],
        wasm.every(VECTOR, at, rowBytes, [
          [...sumOf(row, at), ...wasm.load, ...sumOf(matrix, at), ...wasm.load, ...wasm.vMul],
          [...get(sum), ...wasm.vAdd, ...set(sum)],
        ]),
        sumOf(out, column),
        [...lane(0), ...lane(1), ...wasm.f32Add, ...lane(2), ...lane(3), ...wasm.f32Add],
        [...wasm.f32Add, ...wasm.f32Store],
        [...sumOf(matrix, rowBytes), ...set(matrix)],
      ]),
    ],
  };
}

const sumOf = (a: number, b: number): Code => [...get(a), ...get(b), ...wasm.i32Add];

type Kernel = (...operands: number[]) => unknown;

interface Kernels {
  readonly plain: Kernel;
  readonly turned: Kernel;
}

let compiled: WasmModule | null = null;
const instances = new WeakMap<WasmMemory, Kernels>();

function kernelsIn(memory: WasmMemory): Kernels {
  const known = instances.get(memory);
  if (known !== undefined) return known;
  compiled ??= assembleModule([plainFunction(), turnedFunction()]);
  const { plain, turned } = instantiate(compiled, memory);
  if (plain === undefined || turned === undefined) throw new TypeError('A product is missing.');
  const kernels = { plain, turned };
  instances.set(memory, kernels);
  return kernels;
}
