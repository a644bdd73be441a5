import { StudioError } from '../contract/errors.ts';
import {
  assembleModule,
  createMemory,
  instantiate,
  wasm,
  type Code,
  type ValueType,
  type WasmFunction,
  type WasmMemory,
} from './wasm.ts';

/**
 * AdamW (Loshchilov and Hutter 2019) over one block of memory: parameters, gradients and both
 * moments are four equally laid out regions, so that one call in WebAssembly's vector instructions
 * updates the whole model, and the engine reads and writes the same bytes without a copy.
 */

const PAGE_BYTES = 65_536;
/** 32-bit addresses: 4 GiB, enough for about 250 million parameters with their optimizer state. */
const MAX_PAGES = 65_536;
const FLOAT_BYTES = 4;
/** Tensors begin at whole cache lines. */
const ALIGNED_FLOATS = 16;

export interface AdamWSettings {
  readonly learningRate: number;
  /** Decoupled, on every parameter, norms included. */
  readonly weightDecay: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** 1 for the first update. */
  readonly step: number;
  /** Gradients are multiplied by this first: the clipping factor. */
  readonly gradientScale: number;
  readonly form: 'torch' | 'transformers';
}

export type Region = 'parameters' | 'gradients' | 'firstMoments' | 'secondMoments';
const regions: readonly Region[] = ['parameters', 'gradients', 'firstMoments', 'secondMoments'];

interface Kernels {
  sumOfSquares(start: number, bytes: number): number;
  adamw(...operands: number[]): void;
}

/** The memory of a model in training, and the arithmetic over it. */
export class Arena {
  /** Views by parameter name for each region. */
  readonly views: Readonly<Record<Region, ReadonlyMap<string, Float32Array>>>;
  readonly #kernels: Kernels;
  readonly #regionBytes: number;

  /**
   * @param sizes number of floats by parameter name
   * @throws StudioError `engine-failed` when there is not enough memory, or 4 GiB do not suffice.
   */
  constructor(sizes: ReadonlyMap<string, number>) {
    const offsets = new Map<string, number>();
    let floats = 0;
    for (const [name, size] of sizes) {
      offsets.set(name, floats);
      floats += Math.ceil(size / ALIGNED_FLOATS) * ALIGNED_FLOATS;
    }
    this.#regionBytes = floats * FLOAT_BYTES;
    const pages = Math.max(1, Math.ceil((this.#regionBytes * regions.length) / PAGE_BYTES));
    const memory = allocate(pages, floats);
    const view = (region: number): ReadonlyMap<string, Float32Array> =>
      new Map(
        [...sizes].map(([name, size]) => {
          const offset = region * this.#regionBytes + (offsets.get(name) ?? 0) * FLOAT_BYTES;
          return [name, new Float32Array(memory.buffer, offset, size)];
        }),
      );
    this.views = {
      parameters: view(0),
      gradients: view(1),
      firstMoments: view(2),
      secondMoments: view(3),
    };
    this.#kernels = loadKernels(memory, pages);
  }

  /** L2 norm over all gradients, summed in float64. */
  gradientNorm(): number {
    return Math.sqrt(this.#kernels.sumOfSquares(this.#regionBytes, this.#regionBytes));
  }

  /** One update of every parameter and moment from the gradients, which stay as they are. */
  adamw(settings: AdamWSettings): void {
    const { learningRate, weightDecay, epsilon, step, gradientScale, form } = settings;
    const [beta1, beta2] = settings.betas;
    const correction1 = 1 - beta1 ** step;
    const correction2 = Math.sqrt(1 - beta2 ** step);
    const decay = 1 - learningRate * weightDecay;
    // torch: p <- p decay - (lr / c1) m / (sqrt(v) / c2 + eps).
    // transformers: p <- (p - (lr c2 / c1) m / (sqrt(v) + eps)) decay, the same form with other factors.
    const [stepSize, rootScale] =
      form === 'torch'
        ? [learningRate / correction1, 1 / correction2]
        : [((learningRate * correction2) / correction1) * decay, 1];
    const starts = regions.map((_region, index) => index * this.#regionBytes);
    const factors = [beta1, 1 - beta1, beta2, 1 - beta2, decay, stepSize, rootScale, epsilon];
    this.#kernels.adamw(...starts, this.#regionBytes, ...factors, gradientScale);
  }
}

function allocate(pages: number, floats: number): WasmMemory {
  const size = `${(floats / 1e6).toFixed(0)} million parameters`;
  if (pages > MAX_PAGES) {
    throw new StudioError(
      'engine-failed',
      `A student of ${size} needs more than the 4 GiB this version can train in.`,
      'Choose a student below 250 million parameters.',
    );
  }
  try {
    return createMemory(pages);
  } catch (caught) {
    const gigabytes = ((pages * PAGE_BYTES) / 2 ** 30).toFixed(1);
    throw new StudioError(
      'engine-failed',
      `There is not enough memory to train a student of ${size} (${gigabytes} GiB at once).`,
      'Close other programs, or choose a smaller student.',
      { cause: caught },
    );
  }
}

function loadKernels(memory: WasmMemory, pages: number): Kernels {
  const module = assembleModule([sumOfSquaresFunction(), adamwFunction()], pages);
  const { sumOfSquares, adamw } = instantiate(module, memory);
  if (sumOfSquares === undefined || adamw === undefined) {
    throw new TypeError('The optimizer’s module lacks a function.');
  }
  return {
    sumOfSquares: (start, length) => Number(sumOfSquares(start, length)),
    adamw: (...operands) => {
      adamw(...operands);
    },
  };
}

const { get, set, load, store } = wasm;

/** The 16 bytes at local `base` plus local `offset`. */
const loadAt = (base: number, offset: number): Code => [
  ...get(base),
  ...get(offset),
  ...wasm.i32Add,
  ...load,
];

const storeAt = (base: number, offset: number, value: Code): Code => [
  ...get(base),
  ...get(offset),
  ...wasm.i32Add,
  ...value,
  ...store,
];

/** (start, bytes) -> sum of squares, in four float64 lanes so that additions need not wait for each other. */
function sumOfSquaresFunction(): WasmFunction {
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
      wasm.everyVector(offset, bytes, [
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

/**
 * Moments below this become zero. A row that is never seen again would otherwise sink into
 * subnormal numbers and stay there, where arithmetic is many times slower on some processors.
 */
const SMALLEST_MOMENT = 1e-36;

/**
 * (parameters, gradients, first, second, bytes, b1, 1-b1, b2, 1-b2, decay, stepSize, rootScale,
 * epsilon, gradientScale): the formulas of `Arena.adamw`, four floats at a time.
 */
function adamwFunction(): WasmFunction {
  const [parameters, gradients, first, second, bytes] = [0, 1, 2, 3, 4];
  const scalars = { beta1: 5, rest1: 6, beta2: 7, rest2: 8, decay: 9 } as const;
  const more = { stepSize: 10, rootScale: 11, epsilon: 12, gradientScale: 13 } as const;
  const offset = 14;
  // Every scalar is spread over four lanes once, into the local 10 places further on.
  const lanes = (scalar: number): Code => get(scalar + 10);
  const [g, m, v, smallest] = [24, 25, 26, 27];
  const spread = Array.from({ length: 9 }, (_unused, index): Code => [
    ...[...get(5 + index), ...wasm.splat, ...set(15 + index)],
  ]);
  const orZero = (local: number): Code => [
    ...get(local),
    ...[...get(local), ...wasm.vAbs, ...get(smallest), ...wasm.vGreater],
    ...[...wasm.and, ...set(local)],
  ];
  const times = (a: Code, b: Code): Code => [...a, ...b, ...wasm.vMul];
  const plus = (a: Code, b: Code): Code => [...a, ...b, ...wasm.vAdd];
  const newFirst = plus(
    times(loadAt(first, offset), lanes(scalars.beta1)),
    times(get(g), lanes(scalars.rest1)),
  );
  const newSecond = plus(
    times(loadAt(second, offset), lanes(scalars.beta2)),
    times(times(get(g), get(g)), lanes(scalars.rest2)),
  );
  const denominator = plus(
    times([...get(v), ...wasm.vSqrt], lanes(more.rootScale)),
    lanes(more.epsilon),
  );
  const updated: Code = [
    ...times(loadAt(parameters, offset), lanes(scalars.decay)),
    ...[...times(get(m), lanes(more.stepSize)), ...denominator, ...wasm.vDiv],
    ...wasm.vSub,
  ];
  const floats = Array.from({ length: 9 }, (): ValueType => 'f32');
  return {
    name: 'adamw',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', ...floats],
    result: null,
    locals: ['i32', ...Array.from({ length: 13 }, (): ValueType => 'v128')],
    body: [
      ...spread,
      [...f32Const(SMALLEST_MOMENT), ...wasm.splat, ...set(smallest)],
      wasm.everyVector(offset, bytes, [
        [...times(loadAt(gradients, offset), lanes(more.gradientScale)), ...set(g)],
        [...newFirst, ...set(m)],
        orZero(m),
        [...newSecond, ...set(v)],
        orZero(v),
        storeAt(first, offset, get(m)),
        storeAt(second, offset, get(v)),
        storeAt(parameters, offset, updated),
      ]),
    ],
  };
}

function f32Const(value: number): Code {
  return [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
}
