import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { syncFolder } from './files.ts';
import { narrowBfloat16, narrowFloat16, widenBfloat16, widenFloat16 } from './halves.ts';
import type { FloatType } from './halves.ts';
import { invalidFile, parseHeader } from './safetensors-header.ts';
import type { TensorEntry } from './safetensors-header.ts';
import { sizeOf } from './t5/config.ts';

/**
 * The safetensors format: eight bytes with the header's length, a JSON header with every tensor's
 * dtype, shape and place, then the raw little-endian numbers.
 * Reference: the format section of github.com/huggingface/safetensors.
 */

/** A dense float tensor, row-major. Half-precision files are widened when they are read. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The reference reader's own limit; a larger header is not a model but an attack or an accident. */
const LARGEST_HEADER = 100_000_000;
/** Bytes read or written at once: the operating system takes at most 2 GiB in one call. */
const CHUNK = 1 << 26;
/** How the small text begins that Git keeps in a large file's place until it is fetched. */
const LFS_POINTER = 'version ';

/**
 * Reads tensors, each straight into its own array.
 *
 * @param wanted tensors for which this is false are checked but not read
 * @throws StudioError `model-invalid`, naming the file and what is wrong with it
 */
export async function readSafetensors(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<Map<string, FloatTensor>> {
  const handle = await openFile(path);
  try {
    const { entries, dataStart } = await readHeader(handle, basename(path));
    const tensors = new Map<string, FloatTensor>();
    for (const entry of entries) {
      if (!wanted(entry.name)) continue;
      const values = await readValues(handle, entry, dataStart, basename(path));
      tensors.set(entry.name, { shape: entry.shape, values });
    }
    return tensors;
  } finally {
    await handle.close();
  }
}

/** A file's tensors, whose places are checked; their numbers are not read. */
export async function listSafetensors(path: string): Promise<TensorEntry[]> {
  const handle = await openFile(path);
  try {
    return (await readHeader(handle, basename(path))).entries;
  } finally {
    await handle.close();
  }
}

/** A file's tensors, read piece by piece, for what is too large to be held as a whole. */
export class TensorReader {
  readonly entries: readonly TensorEntry[];
  readonly #handle: FileHandle;
  readonly #dataStart: number;
  readonly #file: string;

  private constructor(
    handle: FileHandle,
    file: string,
    header: { readonly entries: readonly TensorEntry[]; readonly dataStart: number },
  ) {
    this.entries = header.entries;
    this.#handle = handle;
    this.#file = file;
    this.#dataStart = header.dataStart;
  }

  /** @throws StudioError `model-invalid`, naming the file and what is wrong with it */
  static async open(path: string): Promise<TensorReader> {
    const [handle, file] = [await openFile(path), basename(path)];
    try {
      return new TensorReader(handle, file, await readHeader(handle, file));
    } catch (caught) {
      await handle.close();
      throw caught;
    }
  }

  /** The numbers of one of {@link entries} in their order, halves widened. */
  async *pieces(entry: TensorEntry, bytes = CHUNK): AsyncGenerator<Float32Array> {
    for (let start = entry.start; start < entry.end; start += bytes) {
      const part = { ...entry, start, end: Math.min(start + bytes, entry.end) };
      yield await readValues(this.#handle, part, this.#dataStart, this.#file);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** A tensor whose numbers come when they are written. */
export interface TensorSource {
  readonly name: string;
  readonly shape: readonly number[];
  /** As many numbers as the shape has, row-major. */
  pieces(): Iterable<Float32Array> | AsyncIterable<Float32Array>;
}

export interface SafetensorsOptions {
  /** How numbers are written; halves are rounded to nearest, ties to even. Default float32. */
  readonly dtype?: FloatType;
}

/**
 * Writes tensors in the order given. The file appears under its name only when it is whole and on
 * the disk.
 *
 * @throws StudioError `model-invalid` when a finite number is too large for the halves asked for
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, FloatTensor>,
  options: SafetensorsOptions = {},
): Promise<void> {
  const sources = Array.from(tensors, ([name, { shape, values }]): TensorSource => {
    return { name, shape, pieces: () => piecesOf(values) };
  });
  await writeTensorSources(path, sources, options);
}

/** As {@link writeSafetensors}, for tensors that are never all in memory at once. */
export async function writeTensorSources(
  path: string,
  tensors: readonly TensorSource[],
  { dtype = 'float32' }: SafetensorsOptions = {},
): Promise<void> {
  const unfinished = `${path}.tmp-${process.pid}`;
  try {
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(header(tensors, dtype));
      for (const { name, pieces } of tensors) {
        for await (const piece of pieces()) await handle.writeFile(floatBytes(piece, dtype, name));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
    await syncFolder(dirname(path));
  } catch (caught) {
    await rm(unfinished, { force: true });
    throw caught;
  }
}

function* piecesOf(values: Float32Array): Generator<Float32Array> {
  for (let at = 0; at < values.length; at += CHUNK / 4) yield values.subarray(at, at + CHUNK / 4);
}

const NAMES = { float32: 'F32', bfloat16: 'BF16', float16: 'F16' } as const;

/** The header's length and the header. */
function header(tensors: readonly TensorSource[], dtype: FloatType): Buffer {
  const entries: [string, unknown][] = [['__metadata__', { format: 'pt' }]];
  let offset = 0;
  for (const { name, shape } of tensors) {
    const end = offset + sizeOf(shape) * (dtype === 'float32' ? 4 : 2);
    entries.push([name, { dtype: NAMES[dtype], shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  // Trailing spaces are allowed, so that the numbers start on an eight-byte border.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}

/**
 * Numbers as they lie in a file, halves rounded to nearest, ties to even.
 *
 * @param name of the tensor, for the message
 * @throws StudioError `model-invalid` when a finite number is too large for the halves asked for
 */
export function floatBytes(values: Float32Array, dtype: FloatType, name: string): Uint8Array {
  if (dtype === 'float32') return bytesOf(values);
  const halves = dtype === 'bfloat16' ? narrowBfloat16(values) : narrowFloat16(values);
  const infinity = dtype === 'bfloat16' ? 0x7f80 : 0x7c00;
  for (let i = 0; i < halves.length; i++) {
    const value = values[i] ?? 0;
    if (((halves[i] ?? 0) & 0x7fff) === infinity && Number.isFinite(value)) {
      throw new StudioError(
        'model-invalid',
        `“${name}” holds ${value}, which is too large for ${dtype}.`,
        'Write the weights as float32.',
      );
    }
  }
  return bytesOf(halves);
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw invalidFile(basename(path), 'is missing', cause);
    }
    throw cause;
  }
}

async function readHeader(
  handle: FileHandle,
  file: string,
): Promise<{ entries: TensorEntry[]; dataStart: number }> {
  const { size } = await handle.stat();
  if (size < 8) throw invalidFile(file, 'is too short to be a safetensors file');
  const start = await readBytes(handle, 8, 0, file);
  if (start.toString('latin1') === LFS_POINTER) throw pointer(file);
  const length = Number(start.readBigUInt64LE());
  if (length > LARGEST_HEADER || 8 + length > size) {
    throw invalidFile(file, 'is cut short or is not a safetensors file');
  }
  const text = (await readBytes(handle, length, 8, file)).toString('utf8');
  const dataStart = 8 + length;
  return { entries: parseHeader(text, size - dataStart, file), dataStart };
}

async function readValues(
  handle: FileHandle,
  entry: TensorEntry,
  dataStart: number,
  file: string,
): Promise<Float32Array> {
  const bytes = entry.end - entry.start;
  if (entry.dtype === 'F32') {
    const values = new Float32Array(bytes / 4);
    await fill(handle, new Uint8Array(values.buffer), dataStart + entry.start, file);
    return values;
  }
  const halves = new Uint16Array(bytes / 2);
  await fill(handle, new Uint8Array(halves.buffer), dataStart + entry.start, file);
  return entry.dtype === 'BF16' ? widenBfloat16(halves) : widenFloat16(halves);
}

async function readBytes(
  handle: FileHandle,
  length: number,
  position: number,
  file: string,
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(handle, bytes, position, file);
  return bytes;
}

async function fill(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  file: string,
): Promise<void> {
  for (let at = 0; at < target.byteLength;) {
    const length = Math.min(CHUNK, target.byteLength - at);
    const { bytesRead } = await handle.read(target, at, length, position + at);
    if (bytesRead === 0) throw invalidFile(file, 'ended while it was read');
    at += bytesRead;
  }
}

function pointer(file: string): StudioError {
  return new StudioError(
    'model-invalid',
    `${file} is only a Git LFS pointer to the weights.`,
    'Run “git lfs pull” in the model folder, or download the file itself.',
  );
}
