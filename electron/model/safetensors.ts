import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { syncFolder } from './files.ts';

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

const Dtype = z.enum(['F32', 'F16', 'BF16']);
const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

interface Placed {
  readonly name: string;
  readonly dtype: z.infer<typeof Dtype>;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The reference reader's own limit; a larger header is not a model but an attack or an accident. */
const LARGEST_HEADER = 100_000_000;
/** Bytes read or written at once: the operating system takes at most 2 GiB in one call. */
const CHUNK = 1 << 26;

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

/**
 * Writes tensors as float32, in the order given. The file appears under its name only when it is
 * whole and on the disk.
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, FloatTensor>,
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const end = offset + values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Trailing spaces are allowed, so that the numbers start on an eight-byte border.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));

  const unfinished = `${path}.tmp-${process.pid}`;
  try {
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(Buffer.concat([length, padded]));
      for (const { values } of tensors.values()) {
        for (let at = 0; at < values.byteLength; at += CHUNK) {
          await handle.writeFile(
            Buffer.from(
              values.buffer,
              values.byteOffset + at,
              Math.min(CHUNK, values.byteLength - at),
            ),
          );
        }
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

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw invalid(basename(path), 'is missing', cause);
    }
    throw cause;
  }
}

async function readHeader(
  handle: FileHandle,
  file: string,
): Promise<{ entries: Placed[]; dataStart: number }> {
  const { size } = await handle.stat();
  if (size < 8) throw invalid(file, 'is too short to be a safetensors file');
  const length = Number((await readBytes(handle, 8, 0, file)).readBigUInt64LE());
  if (length > LARGEST_HEADER || 8 + length > size) {
    throw invalid(file, 'is cut short or is not a safetensors file');
  }
  const header = parseHeader((await readBytes(handle, length, 8, file)).toString('utf8'), file);
  const dataStart = 8 + length;
  const dataSize = size - dataStart;
  const entries: Placed[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name !== '__metadata__') entries.push(parseEntry(name, value, dataSize, file));
  }
  refuseOverlaps(entries, file);
  return { entries, dataStart };
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'has a header that is not JSON', cause);
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw invalid(file, 'has a header that is not a JSON object');
  return parsed.data;
}

function parseEntry(name: string, value: unknown, dataSize: number, file: string): Placed {
  const parsed = Entry.safeParse(value);
  if (!parsed.success) throw invalid(file, `describes the tensor “${name}” wrongly`);
  const { shape, data_offsets: offsets } = parsed.data;
  const dtype = Dtype.safeParse(parsed.data.dtype);
  if (!dtype.success) {
    throw invalid(file, `holds “${name}” as ${parsed.data.dtype}; only F32, F16 and BF16 are read`);
  }
  const [start, end] = offsets;
  const bytes = shape.reduce((product, n) => product * n, 1) * (dtype.data === 'F32' ? 4 : 2);
  if (end - start !== bytes) {
    throw invalid(file, `gives “${name}” ${end - start} bytes where its shape needs ${bytes}`);
  }
  if (end > dataSize) throw invalid(file, `is cut short: “${name}” lies beyond its end`);
  return { name, dtype: dtype.data, shape, start, end };
}

function refuseOverlaps(entries: readonly Placed[], file: string): void {
  const filled = entries.filter((entry) => entry.end > entry.start);
  filled.sort((a, b) => a.start - b.start);
  filled.forEach((entry, index) => {
    const next = filled[index + 1];
    if (next && next.start < entry.end) {
      throw invalid(file, `lets “${entry.name}” and “${next.name}” overlap`);
    }
  });
}

async function readValues(
  handle: FileHandle,
  entry: Placed,
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
    if (bytesRead === 0) throw invalid(file, 'ended while it was read');
    at += bytesRead;
  }
}

/** bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  halves.forEach((half, index) => {
    words[index] = half * 0x1_0000;
  });
  return values;
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function widenFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

function invalid(file: string, problem: string, cause?: unknown): StudioError {
  return new StudioError(
    'model-invalid',
    `${file} ${problem}.`,
    'Copy the model folder again from where it came.',
    { cause },
  );
}
