/**
 * A small assembler for WebAssembly modules: just the sections and the vector instructions that the
 * optimizer, dropout and attention in a web page need. Opcodes are those of webassembly.github.io/spec/core/binary.
 */

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Bytes of one or more instructions. */
export type Code = readonly number[];

export interface WasmFunction {
  /** Exported by this name. */
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | null;
  readonly locals: readonly ValueType[];
  readonly body: readonly Code[];
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** Operand of loads and stores: any alignment is allowed, four bytes are expected; so far behind the address. */
const placeAt = (offset: number): Code => [2, ...unsigned(offset)];
const place = placeAt(0);

/**
 * Instructions by the names of the specification. `v` are four float32 lanes, `d` two float64 lanes,
 * `i` four lanes of 32-bit and `s` eight of 16-bit integers.
 */
export const wasm = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  i32Const: (value: number): Code => [0x41, ...signed(value)],
  f32Const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  i32Add: [0x6a],
  i32And: [0x71],
  f32Load: [0x2a, ...place],
  f32Store: [0x38, ...place],
  f32Add: [0x92],
  f64Add: [0xa0],
  f64Mul: [0xa2],
  f32Demote: [0xb6],
  f64Promote: [0xbb],
  /** Pops an address, pushes 16 bytes. */
  load: [...simd(0x00), ...place],
  /** Pops an address, pushes the float32 there four times. */
  loadSplat: [...simd(0x09), ...place],
  /** Pops 16 bytes and an address. */
  store: [...simd(0x0b), ...place],
  /** Four lanes of whole numbers. */
  lanes: (...values: readonly [number, number, number, number]): Code => [
    ...[...simd(0x0c), ...new Uint8Array(Int32Array.of(...values).buffer)],
  ],
  zeros: [...simd(0x0c), ...new Uint8Array(16)],
  splat: simd(0x13),
  iSplat: simd(0x11),
  iAdd: simd(0xae),
  /** Unsigned: all bits of a lane where a < b, none elsewhere. */
  iLess: simd(0x3a),
  iShiftLeft: simd(0xab),
  /** Unsigned. */
  iShiftRight: simd(0xad),
  sSplat: simd(0x10),
  /** Signed: all bits of a lane where a > b, none elsewhere. */
  sGreater: simd(0x31),
  /** The four lower or upper of eight 16-bit lanes as 32-bit lanes, signed. */
  sLow: simd(0xa7),
  sHigh: simd(0xa8),
  and: simd(0x4e),
  or: simd(0x50),
  xor: simd(0x51),
  vGreater: simd(0x44),
  vAbs: simd(0xe0),
  vSqrt: simd(0xe3),
  vAdd: simd(0xe4),
  vSub: simd(0xe5),
  vMul: simd(0xe6),
  vDiv: simd(0xe7),
  dAdd: simd(0xf0),
  dMul: simd(0xf2),
  /** The two low float32 lanes as float64. */
  promoteLow: simd(0x5f),
  /** Moves the two high float32 lanes down: a shuffle of 16 bytes with itself. */
  highToLow: [...simd(0x0d), ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]],
  vLane: (lane: number): Code => [...simd(0x1f), lane],
  dLane: (lane: number): Code => [...simd(0x21), lane],
  /** Repeats `body` with local `counter` from 0 in steps of so many bytes, while it is below local `limit`. */
  every: (bytes: number, counter: number, limit: number, body: readonly Code[]): Code => [
    ...[...wasm.i32Const(0), ...wasm.set(counter)],
    ...wasm.further(bytes, counter, limit, body),
  ],
  /** The same from where the counter stands. */
  further: (bytes: number, counter: number, limit: number, body: readonly Code[]): Code => [
    ...[0x02, 0x40, 0x03, 0x40], // block, loop
    ...[...wasm.get(counter), ...wasm.get(limit), 0x4f, 0x0d, 1], // leave when counter >= limit
    ...body.flat(),
    ...[...wasm.get(counter), ...wasm.i32Const(bytes), ...wasm.i32Add, ...wasm.set(counter)],
    ...[0x0c, 0, 0x0b, 0x0b], // again; end, end
  ],
} as const;

/** `a * b`, four lanes. */
export const times = (a: Code, b: Code): Code => [...a, ...b, ...wasm.vMul];
/** `a + b`, four lanes. */
export const plus = (a: Code, b: Code): Code => [...a, ...b, ...wasm.vAdd];

/** The 16 bytes at local `base` plus local `offset`, and `behind` that. */
export const loadAt = (base: number, offset: number, behind = 0): Code => [
  ...[...wasm.get(base), ...wasm.get(offset), ...wasm.i32Add],
  ...[...simd(0x00), ...placeAt(behind)],
];

/** Writes 16 bytes to local `base` plus local `offset`, and `behind` that. */
export const storeAt = (base: number, offset: number, value: Code, behind = 0): Code => [
  ...[...wasm.get(base), ...wasm.get(offset), ...wasm.i32Add, ...value],
  ...[...simd(0x0b), ...placeAt(behind)],
];

/** A module that imports one memory, `host.memory` of any size, and exports the functions. */
export function assembleModule(functions: readonly WasmFunction[]): WasmModule {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [typeCodes[type]])),
    ...vector(result === null ? [] : [[typeCodes[result]]]),
  ]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, 0x01];
  const exports = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  const bodies = functions.map(({ locals, body }) => {
    const code = [
      ...vector(locals.map((type) => [1, typeCodes[type]])),
      ...body.flat(),
      0x0b, //
    ];
    return [...unsigned(code.length), ...code];
  });
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_function, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(bodies)),
  ]);
  return new (host().Module)(bytes);
}

/** Compiled code; instances of it work on a memory each. */
export type WasmModule = object;

/** Linear memory; `buffer` is a plain ArrayBuffer, so engines accept views of it. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

type Exports = Readonly<Record<string, ((...operands: number[]) => unknown) | undefined>>;

/** The part of the `WebAssembly` global used here; Node's own types leave it out. */
interface WasmHost {
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { host: { memory: WasmMemory } },
  ) => { readonly exports: Exports };
}

/** Allocates memory of a fixed size, all zeros; throws a RangeError when there is not enough. */
export function createMemory(pages: number): WasmMemory {
  return new (host().Memory)({ initial: pages, maximum: pages });
}

/** The exported functions of a module that works on `memory`. */
export function instantiate(module: WasmModule, memory: WasmMemory): Exports {
  return new (host().Instance)(module, { host: { memory } }).exports;
}

function host(): WasmHost {
  const found: unknown = Reflect.get(globalThis, 'WebAssembly');
  if (!isHost(found)) throw new TypeError('This runtime has no WebAssembly.');
  return found;
}

function isHost(value: unknown): value is WasmHost {
  return typeof value === 'object' && value !== null && 'Memory' in value && 'Instance' in value;
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return vector([...new TextEncoder().encode(value)].map((byte) => [byte]));
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  bytes.push(rest & 127);
  return bytes;
}
