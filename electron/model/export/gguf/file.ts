import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../files.ts';
import type { FloatType } from '../../halves.ts';
import { floatBytes } from '../../safetensors.ts';
import { sizeOf } from '../../t5/config.ts';

/**
 * The GGUF format, version 3, little-endian: a header, named values, the list of tensors with their
 * places, and the numbers, each tensor on a border of 32 bytes.
 * Reference: docs/gguf.md of github.com/ggml-org/ggml.
 */

/** A named value. */
export type GgufValue =
  | { readonly type: 'uint32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly values: readonly string[] }
  | { readonly type: 'floats' | 'integers'; readonly values: readonly number[] }
  | { readonly type: 'bytes'; readonly values: Uint8Array };

export interface GgufTensor {
  readonly name: string;
  /** As in PyTorch, slowest first; the file lists them the other way round. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly dtype: Extract<FloatType, 'float32' | 'float16'>;
}

export interface GgufContent {
  readonly values: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
}

export interface WatchedWriting {
  readonly signal: AbortSignal;
  /** Bytes of tensors written so far and in all. */
  progress(done: number, total: number): void;
}

const VERSION = 3;
const ALIGNMENT = 32;
/** Numbers written at once. */
const PIECE = 1 << 20;
/** Numbers of the format's types of values. */
const types = { uint8: 0, int32: 5, uint32: 4, float32: 6, bool: 7, string: 8, array: 9 } as const;
/** Numbers of the format's types of tensors. */
const tensorTypes = { float32: 0, float16: 1 } as const;

/**
 * Writes a file, which appears under its name only when it is whole and on the disk. Nothing
 * appears when the signal was aborted.
 *
 * @throws StudioError `model-invalid` when a number is too large for float16, naming the tensor
 */
export async function writeGguf(
  path: string,
  content: GgufContent,
  watched: WatchedWriting,
): Promise<void> {
  const unfinished = `${path}.tmp-${process.pid}`;
  try {
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(header(content));
      await writeNumbers(content.tensors, (bytes) => handle.writeFile(bytes), watched);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (watched.signal.aborted) return;
    await rename(unfinished, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function writeNumbers(
  tensors: readonly GgufTensor[],
  write: (bytes: Uint8Array) => Promise<void>,
  { signal, progress }: WatchedWriting,
): Promise<void> {
  const total = tensors.reduce((sum, tensor) => sum + byteLength(tensor), 0);
  let done = 0;
  for (const tensor of tensors) {
    const { values, dtype, name } = tensor;
    for (let at = 0; at < values.length; at += PIECE) {
      if (signal.aborted) return;
      const bytes = floatBytes(values.subarray(at, at + PIECE), dtype, name);
      await write(bytes);
      done += bytes.byteLength;
      progress(done, total);
    }
    await write(new Uint8Array(aligned(byteLength(tensor)) - byteLength(tensor)));
  }
}

/** Everything before the numbers, filled up to their border. */
function header({ values, tensors }: GgufContent): Uint8Array {
  const out = new Bytes();
  out.raw(Buffer.from('GGUF'));
  out.uint32(VERSION);
  out.uint64(tensors.length);
  out.uint64(values.size);
  for (const [key, value] of values) {
    out.string(key);
    writeValue(out, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    out.string(tensor.name);
    out.uint32(tensor.shape.length);
    for (const size of [...tensor.shape].reverse()) out.uint64(size);
    out.uint32(tensorTypes[tensor.dtype]);
    out.uint64(offset);
    offset += aligned(byteLength(tensor));
  }
  out.raw(new Uint8Array(aligned(out.length) - out.length));
  return out.whole();
}

function writeValue(out: Bytes, value: GgufValue): void {
  switch (value.type) {
    case 'uint32':
      out.uint32(types.uint32);
      out.uint32(value.value);
      break;
    case 'float32':
      out.uint32(types.float32);
      out.float32(value.value);
      break;
    case 'bool':
      out.uint32(types.bool);
      out.raw(Uint8Array.of(value.value ? 1 : 0));
      break;
    case 'string':
      out.uint32(types.string);
      out.string(value.value);
      break;
    case 'strings':
      out.array(types.string, value.values.length);
      for (const text of value.values) out.string(text);
      break;
    case 'floats':
      out.array(types.float32, value.values.length);
      for (const number of value.values) out.float32(number);
      break;
    case 'integers':
      out.array(types.int32, value.values.length);
      for (const number of value.values) out.uint32(number);
      break;
    case 'bytes':
      out.array(types.uint8, value.values.length);
      out.raw(value.values);
      break;
  }
}

/** Bytes in the order they are added. */
class Bytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.byteLength;
  }

  uint32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.raw(bytes);
  }

  uint64(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    this.raw(bytes);
  }

  float32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.raw(bytes);
  }

  string(text: string): void {
    const bytes = Buffer.from(text);
    this.uint64(bytes.byteLength);
    this.raw(bytes);
  }

  array(type: number, length: number): void {
    this.uint32(types.array);
    this.uint32(type);
    this.uint64(length);
  }

  whole(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

function byteLength({ shape, dtype }: GgufTensor): number {
  return sizeOf(shape) * (dtype === 'float32' ? 4 : 2);
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
