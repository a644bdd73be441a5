import { adamwFunction } from './wasm-adamw.ts';
import {
  factoredMomentumFunction,
  factoredSquaresFunction,
  factoredUpdateFunction,
  sumsOfSquaresFunction,
} from './wasm-adafactor.ts';
import { addFunction, sumOfSquaresFunction } from './wasm-sums.ts';
import {
  assembleModule,
  instantiate,
  type WasmFunction,
  type WasmMemory,
  type WasmModule,
} from './wasm.ts';

/** Every function that the optimizers call, over one memory. Operands are addresses and lengths in bytes. */
export interface Kernels {
  /** (start, bytes) -> sum of squares in float64. */
  sumOfSquares(start: number, bytes: number): number;
  /** target += source. */
  add(target: number, source: number, bytes: number): void;
  /** See `adamwFunction`. */
  adamw(...operands: number[]): void;
  /** See `sumsOfSquaresFunction`. */
  sumsOfSquares(...operands: number[]): void;
  /** See `factoredSquaresFunction`. */
  factoredSquares(...operands: number[]): number;
  /** See `factoredUpdateFunction`. */
  factoredUpdate(...operands: number[]): void;
  /** See `factoredMomentumFunction`. */
  factoredMomentum(...operands: number[]): void;
}

const functions: readonly WasmFunction[] = [
  sumOfSquaresFunction(),
  addFunction(),
  adamwFunction(),
  sumsOfSquaresFunction(),
  factoredSquaresFunction(),
  factoredUpdateFunction(),
  factoredMomentumFunction(),
];

let compiled: WasmModule | null = null;

/** The kernels for one memory; their code is compiled once. */
export function kernelsFor(memory: WasmMemory): Kernels {
  compiled ??= assembleModule(functions);
  const exported = instantiate(compiled, memory);
  const named = (name: string): ((...operands: number[]) => unknown) => {
    const found = exported[name];
    if (found === undefined) throw new TypeError(`The optimizer’s module lacks ${name}.`);
    return found;
  };
  const act = (name: string): ((...operands: number[]) => void) => {
    const call = named(name);
    return (...operands) => void call(...operands);
  };
  const measure = (name: string): ((...operands: number[]) => number) => {
    const call = named(name);
    return (...operands) => Number(call(...operands));
  };
  return {
    sumOfSquares: measure('sumOfSquares'),
    add: act('add'),
    adamw: act('adamw'),
    sumsOfSquares: act('sumsOfSquares'),
    factoredSquares: measure('factoredSquares'),
    factoredUpdate: act('factoredUpdate'),
    factoredMomentum: act('factoredMomentum'),
  };
}
