import { StudioError } from '../../contract/errors.ts';
import {
  assembleModule,
  createMemory,
  instantiate,
  storeAt,
  wasm,
  type Code,
  type WasmFunction,
  type WasmMemory,
} from '../optimizer/wasm.ts';

/**
 * Random masks in WebAssembly's vector instructions: xoshiro128++ (Blackman and Vigna 2021) in four
 * lanes at once. Each word gives two draws of 16 bits. On one 2020s core it writes 4 masks a
 * nanosecond, little slower than memory takes them; plain JavaScript took 15 times as long.
 */

const PAGE_BYTES = 65_536;
/** 32-bit addresses. */
const MAX_PAGES = 65_536;
/** The four state words of four lanes lie at the start of the memory. */
const STATE_WORDS = 16;
const STATE_BYTES = STATE_WORDS * 4;
/** Masks are written in whole blocks of this many bytes: two rounds of the generator. */
const BLOCK_BYTES = 64;
const DRAWS = 65_536;

/** Fills memory with masks; the memory is kept and grows when more is asked for. */
export class MaskKernel {
  readonly #module = assembleModule([fillFunction()]);
  /** Elements dropped out of 65,536. */
  readonly #dropped: number;
  #room: Room | null = null;

  /** @param rate above 0 and below 1; it is rounded to a whole number of 65,536ths, at least one */
  constructor(rate: number) {
    this.#dropped = Math.min(DRAWS - 1, Math.max(1, Math.round(rate * DRAWS)));
  }

  /** What a kept element is multiplied by: the inverse of the share that is kept, exactly. */
  get scale(): number {
    return DRAWS / (DRAWS - this.#dropped);
  }

  /**
   * So many mask values: 0, or `scale`. They are overwritten by the next call.
   *
   * @param state where the generator starts, 16 words that are not all zero
   * @throws StudioError `engine-failed` when there is not enough memory
   */
  fill(count: number, state: Uint32Array): Float32Array {
    const bytes = Math.ceil((count * 4) / BLOCK_BYTES) * BLOCK_BYTES;
    const { memory, fill } = this.#roomFor(STATE_BYTES + bytes);
    new Uint32Array(memory.buffer, 0, STATE_WORDS).set(state);
    // A signed 16-bit draw is kept when it is above the threshold: DRAWS - dropped of DRAWS are.
    fill(STATE_BYTES, bytes, this.#dropped - DRAWS / 2 - 1, this.scale);
    return new Float32Array(memory.buffer, STATE_BYTES, count);
  }

  #roomFor(bytes: number): Room {
    if (this.#room === null || this.#room.memory.buffer.byteLength < bytes) {
      const memory = allocate(bytes);
      const { fill } = instantiate(this.#module, memory);
      if (fill === undefined) throw new TypeError('The module of masks lacks its function.');
      this.#room = { memory, fill };
    }
    return this.#room;
  }
}

function allocate(bytes: number): WasmMemory {
  const needed = Math.ceil(bytes / PAGE_BYTES);
  try {
    // Batches differ in size: with a quarter more, a new memory is seldom needed.
    return createMemory(Math.max(needed, Math.min(MAX_PAGES, Math.ceil(needed * 1.25))));
  } catch (caught) {
    throw new StudioError(
      'engine-failed',
      `There is not enough memory for dropout: this batch needs ${(bytes / 2 ** 30).toFixed(1)} GiB of masks, of 4 GiB at most.`,
      'Choose a smaller batch and more micro-batches in its place, or train without dropout.',
      { cause: caught },
    );
  }
}

/** A memory and the function that fills it. */
interface Room {
  readonly memory: WasmMemory;
  readonly fill: (...operands: number[]) => unknown;
}

const { get, set } = wasm;

/** (start, bytes, threshold, scale): masks from `start` on, from the state at address 0. */
function fillFunction(): WasmFunction {
  const [start, bytes, threshold, scale, offset] = [0, 1, 2, 3, 4];
  const [s0, s1, s2, s3] = [5, 6, 7, 8];
  const [scratch, word, thresholds, scales] = [9, 10, 11, 12];
  const rotated = (value: Code, bits: number): Code => [
    ...[...value, ...set(scratch)],
    ...[...get(scratch), ...wasm.i32Const(bits), ...wasm.iShiftLeft],
    ...[...get(scratch), ...wasm.i32Const(32 - bits), ...wasm.iShiftRight, ...wasm.or],
  ];
  const xorInto = (local: number, other: number): Code => [
    ...[...get(local), ...get(other), ...wasm.xor, ...set(local)],
  ];
  const round = (place: number): Code => [
    // word = rotl(s0 + s3, 7) + s0
    ...rotated([...get(s0), ...get(s3), ...wasm.iAdd], 7),
    ...[...get(s0), ...wasm.iAdd, ...set(word)],
    ...[...get(s1), ...wasm.i32Const(9), ...wasm.iShiftLeft, ...set(scratch)],
    ...xorInto(s2, s0),
    ...xorInto(s3, s1),
    ...xorInto(s1, s2),
    ...xorInto(s0, s3),
    ...xorInto(s2, scratch),
    ...[...rotated(get(s3), 11), ...set(s3)],
    // All bits where the draw is kept; widened from 8 lanes to twice 4, they pick the scale or 0.
    ...[...get(word), ...get(thresholds), ...wasm.sGreater, ...set(word)],
    ...storeAt(start, offset, [...get(word), ...wasm.sLow, ...get(scales), ...wasm.and], place),
    ...storeAt(
      start,
      offset,
      [...get(word), ...wasm.sHigh, ...get(scales), ...wasm.and],
      place + 16,
    ),
  ];
  return {
    name: 'fill',
    parameters: ['i32', 'i32', 'i32', 'f32'],
    result: null,
    locals: [
      'i32',
      ...[s0, s1, s2, s3, scratch, word, thresholds, scales].map(() => 'v128' as const),
    ],
    body: [
      [...get(threshold), ...wasm.sSplat, ...set(thresholds)],
      [...get(scale), ...wasm.splat, ...set(scales)],
      ...[s0, s1, s2, s3].map((local, index): Code => [
        ...[...wasm.i32Const(16 * index), ...wasm.load, ...set(local)],
      ]),
      wasm.every(BLOCK_BYTES, offset, bytes, [round(0), round(BLOCK_BYTES / 2)]),
    ],
  };
}
