import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';

/**
 * The JSON header of a safetensors file: every tensor's dtype, shape and place.
 * Reference: the format section of github.com/huggingface/safetensors.
 */

const Dtype = z.enum(['F32', 'F16', 'BF16']);
const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** Where a tensor lies. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: z.infer<typeof Dtype>;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly start: number;
  readonly end: number;
}

/** The header's key that is not a tensor. */
const METADATA = '__metadata__';

/**
 * Reads a header and checks that each tensor fits its place, and all of them the file.
 *
 * @param dataSize bytes in the file after the header
 * @param file for messages
 * @throws StudioError `model-invalid`, naming the file and the tensor
 */
export function parseHeader(text: string, dataSize: number, file: string): TensorEntry[] {
  const entries = Object.entries(parseJson(text, file))
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => parseEntry(name, value, dataSize, file));
  const twice = repeatedKey(text);
  if (twice !== null) throw invalidFile(file, `describes the tensor “${twice}” twice`);
  refuseOverlaps(entries, file);
  return entries;
}

export function invalidFile(file: string, problem: string, cause?: unknown): StudioError {
  return new StudioError(
    'model-invalid',
    `${file} ${problem}.`,
    'Copy the model folder again from where it came.',
    { cause },
  );
}

function parseJson(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalidFile(file, 'has a header that is not JSON', cause);
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw invalidFile(file, 'has a header that is not a JSON object');
  return parsed.data;
}

function parseEntry(name: string, value: unknown, dataSize: number, file: string): TensorEntry {
  const parsed = Entry.safeParse(value);
  if (!parsed.success) throw invalidFile(file, `describes the tensor “${name}” wrongly`);
  const { shape, data_offsets: offsets } = parsed.data;
  const dtype = Dtype.safeParse(parsed.data.dtype);
  if (!dtype.success) {
    throw invalidFile(
      file,
      `holds “${name}” as ${parsed.data.dtype}; only F32, F16 and BF16 are read`,
    );
  }
  const [start, end] = offsets;
  const bytes = shape.reduce((product, n) => product * n, 1) * (dtype.data === 'F32' ? 4 : 2);
  if (end - start !== bytes) {
    throw invalidFile(file, `gives “${name}” ${end - start} bytes where its shape needs ${bytes}`);
  }
  if (end > dataSize) throw invalidFile(file, `is cut short: “${name}” lies beyond its end`);
  return { name, dtype: dtype.data, shape, start, end };
}

function refuseOverlaps(entries: readonly TensorEntry[], file: string): void {
  const filled = entries.filter((entry) => entry.end > entry.start);
  filled.sort((a, b) => a.start - b.start);
  filled.forEach((entry, index) => {
    const next = filled[index + 1];
    if (next && next.start < entry.end) {
      throw invalidFile(file, `lets “${entry.name}” and “${next.name}” overlap`);
    }
  });
}

/** Strings and brackets; in valid JSON nothing else decides what is a key. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * The first key that an object's JSON text gives twice, which `JSON.parse` would hide by keeping
 * the last; null when there is none. Only the outermost object is looked at.
 */
export function repeatedKey(text: string): string | null {
  const seen = new Set<string>();
  let depth = 0;
  let keyNext = false;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      depth++;
      keyNext = depth === 1;
    } else if (token === '}' || token === ']') {
      depth--;
    } else if (token === ',') {
      keyNext = depth === 1;
    } else if (keyNext) {
      keyNext = false;
      // Escapes may spell one name in two ways.
      const key = String(JSON.parse(token));
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return null;
}
