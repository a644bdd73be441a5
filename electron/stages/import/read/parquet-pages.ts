import type { ColumnMetaData, Compressors } from 'hyparquet';

/**
 * Walks over the pages of a Parquet column chunk before they are decoded. The decoder trusts the
 * counts it finds: a damaged one would have it fill memory. Here every count is held against what the
 * chunk says and what its bytes can hold. The layout is that of the Parquet format specification
 * (“Data Pages”, “Encodings”) with headers in Thrift's compact protocol.
 */

/** Values of one page; pages are about a megabyte. */
const MAX_VALUES = 1 << 24;
/** Bytes of one page, unpacked. */
const MAX_PAGE = 1 << 26;
/** A last run may be filled up to its group's size. */
const PADDING = 1_024;
/** Fields and list elements of one header. */
const MAX_FIELDS = 10_000;

const PLAIN_DICTIONARY = 2;
const RLE = 3;
const RLE_DICTIONARY = 8;

/** What the levels of a column need: how deep it is optional and repeated. */
export interface ColumnShape {
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** A page whose counts are sound. */
export interface Page {
  readonly kind: 'dictionary' | 'data' | 'other';
  /** Values, nulls included; rows, where nothing is repeated. */
  readonly values: number;
  /** Where its header begins, where its data begins and ends, in the bytes that were walked over. */
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
  /** Its data unpacked; null where it is not packed as one piece. */
  readonly unpacked: Uint8Array | null;
}

/** Damage, told to the log; the person reads a sentence made around it. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/** The size in bytes that the page at `start` has with its header; null where the header is cut. */
export function pageSize(bytes: Uint8Array, start: number): number | null {
  const header = headerAt(bytes, start);
  return header === null ? null : header.dataStart - start + header.packedBytes;
}

/**
 * The page that begins at `start`, checked.
 *
 * @param mostValues as many values as the chunk may hold at most
 * @throws PageError, and whatever unpacking throws
 */
export function checkedPage(
  bytes: Uint8Array,
  start: number,
  meta: ColumnMetaData,
  shape: ColumnShape,
  mostValues: number,
  compressors: Compressors,
): Page {
  const header = headerAt(bytes, start);
  if (header === null) throw new PageError('page header cut off');
  const { kind, values, dataStart, packedBytes, unpackedBytes } = header;
  const end = dataStart + packedBytes;
  if (packedBytes < 0 || end > bytes.length) throw new PageError('page longer than its chunk');
  if (unpackedBytes < 0 || unpackedBytes > MAX_PAGE) throw new PageError('page too large');
  if (values < 0 || values > Math.min(mostValues, MAX_VALUES)) throw new PageError('value count');
  const packed = bytes.subarray(dataStart, end);
  const place = { values, start, dataStart, end };
  if (kind === 'other') return { ...place, kind, values: 0, unpacked: null };
  if (kind === 'data-2') {
    checkSecondVersion(packed, header, meta, shape, compressors);
    return { ...place, kind: 'data', unpacked: null };
  }
  const unpacked = unpack(packed, unpackedBytes, meta, compressors);
  if (kind === 'data') checkFirstVersion(unpacked, header, meta, shape);
  return { ...place, kind, unpacked };
}

function unpack(
  packed: Uint8Array,
  length: number,
  { codec }: ColumnMetaData,
  compressors: Compressors,
): Uint8Array {
  if (codec === 'UNCOMPRESSED') {
    if (packed.length !== length) throw new PageError('page size');
    return packed;
  }
  const compressor = compressors[codec];
  if (compressor === undefined) throw new PageError(`unsupported compression codec: ${codec}`);
  const unpacked = compressor(packed, length);
  if (unpacked.length !== length) throw new PageError('unpacked page size');
  return unpacked;
}

function checkFirstVersion(
  page: Uint8Array,
  header: Header,
  { type }: ColumnMetaData,
  shape: ColumnShape,
): void {
  const { values, encoding } = header;
  let at = 0;
  for (const level of [shape.maxRepetition, shape.maxDefinition]) {
    if (level === 0) continue;
    const length = uint32(page, at);
    // The decoder reads on past the length that is given, so what follows is looked at as well.
    checkRuns(page.subarray(at + 4), bitWidth(level), values);
    at += 4 + length;
  }
  if (at > page.length) throw new PageError('levels longer than their page');
  if (type === 'BOOLEAN' && encoding === RLE) checkRuns(page.subarray(at + 4), 1, values);
  else if (isDictionary(encoding)) checkIndices(page.subarray(at), values);
}

function checkSecondVersion(
  packed: Uint8Array,
  header: Header,
  meta: ColumnMetaData,
  shape: ColumnShape,
  compressors: Compressors,
): void {
  const { values, nulls, rows, definitionBytes, repetitionBytes, encoding } = header;
  const levels = repetitionBytes + definitionBytes;
  const sound =
    definitionBytes >= 0 && repetitionBytes >= 0 && levels <= packed.length && nulls >= 0;
  if (!sound || nulls > values) throw new PageError('levels longer than their page');
  const consistent = shape.maxRepetition === 0 ? rows === values : rows >= 0 && rows <= values;
  if (!consistent) throw new PageError('row count');
  if (shape.maxRepetition > 0) {
    checkRuns(packed, bitWidth(shape.maxRepetition), values);
  }
  if (shape.maxDefinition > 0) {
    const bytes = packed.subarray(repetitionBytes);
    checkRuns(bytes, bitWidth(shape.maxDefinition), values);
  }
  const rest = packed.subarray(levels);
  const page = header.packed
    ? unpack(rest, header.unpackedBytes - levels, meta, compressors)
    : rest;
  if (encoding === RLE) checkRuns(page.subarray(4), 1, values);
  else if (isDictionary(encoding)) checkIndices(page, values);
}

const isDictionary = (encoding: number): boolean =>
  encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY;

function checkIndices(bytes: Uint8Array, values: number): void {
  const width = bytes[0] ?? 0;
  if (width > 32) throw new PageError('width of indices');
  checkRuns(bytes.subarray(1), width, values);
}

/** Walks over runs of the hybrid of run-length encoding and bit packing. */
function checkRuns(bytes: Uint8Array, width: number, values: number): void {
  const reader = new Reader(bytes, 0);
  let seen = 0;
  while (seen < values && reader.at < bytes.length) {
    const header = reader.unsigned();
    const packed = header % 2 === 1;
    const count = packed ? ((header - 1) / 2) * 8 : header / 2;
    if (count > values - seen + PADDING) throw new PageError('run longer than its page');
    seen += count;
    reader.at += packed ? Math.ceil((count * width) / 8) : Math.ceil(width / 8);
  }
}

const bitWidth = (level: number): number => 32 - Math.clz32(level);

function uint32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new PageError('level length cut off');
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

interface Header {
  readonly kind: 'dictionary' | 'data' | 'data-2' | 'other';
  readonly values: number;
  readonly nulls: number;
  /** Of pages of the second version. */
  readonly rows: number;
  readonly encoding: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  /** Whether the values of a page of the second version are packed. */
  readonly packed: boolean;
  readonly dataStart: number;
}

/** Null where the bytes end before the header does. */
function headerAt(bytes: Uint8Array, start: number): Header | null {
  const reader = new Reader(bytes, start);
  try {
    const fields = reader.struct();
    const kind = (['data', 'other', 'dictionary', 'data-2'] as const)[needed(fields, 1)] ?? 'other';
    const inner = fields.get({ data: 5, other: 6, dictionary: 7, 'data-2': 8 }[kind]);
    const page: Fields = inner instanceof Map ? inner : new Map();
    const second = kind === 'data-2';
    return {
      kind,
      unpackedBytes: needed(fields, 2),
      packedBytes: needed(fields, 3),
      values: kind === 'other' ? 0 : needed(page, 1),
      nulls: second ? needed(page, 2) : 0,
      rows: second ? needed(page, 3) : 0,
      encoding: kind === 'other' ? 0 : needed(page, second ? 4 : 2),
      definitionBytes: second ? needed(page, 5) : 0,
      repetitionBytes: second ? needed(page, 6) : 0,
      packed: page.get(7) !== false,
      dataStart: reader.at,
    };
  } catch (caught) {
    if (caught instanceof RangeError) return null;
    throw caught;
  }
}

type Fields = Map<number, number | boolean | Fields>;

/** A field that must be there: the decoder counts with it. @throws PageError */
function needed(fields: Fields, id: number): number {
  const value = fields.get(id);
  if (typeof value !== 'number') throw new PageError(`field ${id} of a page header missing`);
  return value;
}

/** Reads Thrift's compact protocol, as far as page headers use it. */
class Reader {
  at: number;
  private readonly bytes: Uint8Array;
  private fields = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws RangeError where the bytes end */
  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new RangeError('end of bytes');
    this.at += 1;
    return byte;
  }

  unsigned(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
      if (factor > Number.MAX_SAFE_INTEGER) throw new PageError('number too long');
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  struct(depth = 0): Fields {
    if (depth > 8) throw new PageError('header nested too deeply');
    const fields: Fields = new Map();
    let id = 0;
    for (;;) {
      const head = this.byte();
      if (head === 0) return fields;
      this.fields += 1;
      if (this.fields > MAX_FIELDS) throw new PageError('header too long');
      id = head >> 4 === 0 ? this.signed() : id + (head >> 4);
      const value = this.value(head & 15, depth);
      if (value !== null) fields.set(id, value);
    }
  }

  private value(type: number, depth: number): number | boolean | Fields | null {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.byte();
      case 4:
      case 5:
      case 6:
        return this.signed();
      case 7:
        this.at += 8;
        return null;
      case 8: {
        const length = this.unsigned();
        this.at += length;
        if (this.at > this.bytes.length) throw new RangeError('end of bytes');
        return null;
      }
      case 12:
        return this.struct(depth + 1);
      default:
        throw new PageError(`unexpected type ${type} in a page header`);
    }
  }
}
