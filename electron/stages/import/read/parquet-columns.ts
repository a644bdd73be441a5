import type { ColumnMetaData, Compressors, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import type { ColumnShape, Page } from './parquet-pages.ts';
import { checkedPage, PageError, pageSize } from './parquet-pages.ts';
import { textParsers } from './parquet-values.ts';

/** Bytes that can be read by ranges: a file, or what an archive held. */
export interface Ranges {
  readonly size: number;
  read(start: number, length: number): Promise<Buffer>;
}

/** What reading a Parquet file needs, loaded when the first one is read. */
export interface ParquetTools {
  readonly read: typeof import('hyparquet').parquetRead;
  readonly compressors: Compressors;
}

/** Bytes of a page header; those with long statistics are read again, whole. */
const HEADER_BYTES = 1 << 10;
const LONG_HEADER_BYTES = 1 << 22;
/** Bytes of a nested column in one row group: it is decoded whole. */
const MAX_NESTED = 1 << 28;
/** Values of a nested column in one row group. */
const MAX_NESTED_VALUES = 1 << 24;
/** Where a page lies in the small file that is made of it: not at 0, which means “nowhere”. */
const AT = 4;

/** A column of the table: a leaf of the schema, or a group of them. */
export interface Column {
  readonly name: string;
  readonly tree: SchemaTree;
  /** Whether it holds one value a row, and can be read page by page. */
  readonly flat: boolean;
  /** Whether its values may be objects, which are spread into columns. */
  readonly objects: boolean;
}

/**
 * The values of a column in one row group, in runs.
 *
 * @throws PageError and what the decoder throws, where the file is damaged
 */
export function columnRuns(
  file: Ranges,
  metadata: FileMetaData,
  group: RowGroup,
  column: Column,
  tools: ParquetTools,
): AsyncGenerator<ArrayLike<unknown>> {
  return column.flat
    ? flatRuns(file, metadata, group, column, tools)
    : nestedRun(file, metadata, group, column, tools);
}

async function* flatRuns(
  file: Ranges,
  metadata: FileMetaData,
  group: RowGroup,
  column: Column,
  tools: ParquetTools,
): AsyncGenerator<ArrayLike<unknown>> {
  const [meta] = chunksOf(group, column);
  if (meta === undefined) throw new PageError('column without data');
  const rows = Number(group.num_rows);
  const shape = shapeOf([column.tree]);
  const { start, end } = extent(meta, file.size);
  let dictionary: { readonly bytes: Buffer; readonly page: Page } | null = null;
  let seen = 0;
  for (let at = start; at < end && seen < rows;) {
    const bytes = await pageBytes(file, at, end);
    const page = checkedPage(bytes, 0, meta, shape, rows, tools.compressors);
    at += bytes.length;
    if (page.kind === 'dictionary') dictionary = { bytes, page };
    if (page.kind !== 'data' || page.values === 0) continue;
    seen += page.values;
    if (seen > rows) throw new PageError('more values than rows');
    yield await decodePage(metadata, column, meta, dictionary, { bytes, page }, tools);
  }
  if (seen < rows) throw new PageError('fewer values than rows');
}

/** The bytes of the page that begins at `at`. */
async function pageBytes(file: Ranges, at: number, end: number): Promise<Buffer> {
  for (const length of [HEADER_BYTES, LONG_HEADER_BYTES]) {
    const size = pageSize(await file.read(at, Math.min(length, end - at)), 0);
    if (size === null) continue;
    if (size <= 0 || at + size > end) throw new PageError('page longer than its chunk');
    return file.read(at, size);
  }
  throw new PageError('page header cut off');
}

/** Decodes one page, by way of a file that holds nothing else but the dictionary it needs. */
async function decodePage(
  metadata: FileMetaData,
  column: Column,
  meta: ColumnMetaData,
  dictionary: { readonly bytes: Buffer; readonly page: Page } | null,
  data: { readonly bytes: Buffer; readonly page: Page },
  tools: ParquetTools,
): Promise<ArrayLike<unknown>> {
  const parts = dictionary === null ? [data.bytes] : [dictionary.bytes, data.bytes];
  const bytes = new Uint8Array(Buffer.concat(parts));
  const unpacked = new Map<number, Uint8Array>();
  const remember = (page: Page, offset: number): void => {
    if (page.unpacked !== null) unpacked.set(offset + page.dataStart, page.unpacked);
  };
  if (dictionary !== null) remember(dictionary.page, 0);
  remember(data.page, dictionary?.bytes.length ?? 0);
  const alone: ColumnMetaData = {
    ...meta,
    data_page_offset: BigInt(AT),
    total_compressed_size: BigInt(bytes.length),
    num_values: BigInt(data.page.values),
  };
  delete alone.dictionary_page_offset;
  return decode(
    {
      byteLength: AT + bytes.length,
      slice: (from, to = AT + bytes.length) => bytes.buffer.slice(from - AT, to - AT),
    },
    metadata,
    [alone],
    data.page.values,
    column.name,
    { ...tools, compressors: recalling(tools.compressors, meta, unpacked) },
  );
}

/** Compressors that know what has been unpacked for the check already. */
function recalling(
  compressors: Compressors,
  { codec }: ColumnMetaData,
  unpacked: ReadonlyMap<number, Uint8Array>,
): Compressors {
  const compressor = compressors[codec];
  if (compressor === undefined) return compressors;
  return {
    ...compressors,
    [codec]: (packed: Uint8Array, length: number) =>
      unpacked.get(packed.byteOffset) ?? compressor(packed, length),
  };
}

/** A column with lists or objects in it: all of a row group at once, its pages checked before. */
async function* nestedRun(
  file: Ranges,
  metadata: FileMetaData,
  group: RowGroup,
  column: Column,
  tools: ParquetTools,
): AsyncGenerator<ArrayLike<unknown>> {
  const chunks = chunksOf(group, column);
  for (const meta of chunks) {
    const { start, end } = extent(meta, file.size);
    const values = Number(meta.num_values);
    if (end - start > MAX_NESTED || Number(meta.total_uncompressed_size) > MAX_NESTED) {
      throw new PageError('unsupported size of a nested column');
    }
    if (values > MAX_NESTED_VALUES) throw new PageError('unsupported count of nested values');
    const shape = shapeOf(pathTo(column.tree, meta.path_in_schema.slice(1)));
    const bytes = await file.read(start, end - start);
    for (let at = 0; at < bytes.length - 1;) {
      at = checkedPage(bytes, at, meta, shape, values, tools.compressors).end;
    }
  }
  const range = {
    byteLength: file.size,
    slice: async (from: number, to = file.size) => exactBuffer(await file.read(from, to - from)),
  };
  yield await decode(range, metadata, chunks, Number(group.num_rows), column.name, tools);
}

/** Has the decoder read one column of a row group. */
async function decode(
  file: {
    byteLength: number;
    slice(from: number, to?: number): ArrayBuffer | Promise<ArrayBuffer>;
  },
  metadata: FileMetaData,
  chunks: readonly ColumnMetaData[],
  rows: number,
  name: string,
  { read, compressors }: ParquetTools,
): Promise<ArrayLike<unknown>> {
  const columns = chunks.map((meta) => ({ file_offset: 0n, meta_data: meta }));
  const group = { columns, total_byte_size: 0n, num_rows: BigInt(rows) };
  const runs: ArrayLike<unknown>[] = [];
  await read({
    file,
    metadata: { ...metadata, num_rows: BigInt(rows), row_groups: [group] },
    columns: [name],
    compressors,
    parsers: textParsers,
    utf8: false,
    geoparquet: false,
    onChunk: ({ columnData }) => {
      runs.push(columnData);
    },
  });
  const [only, ...others] = runs;
  const values = others.length === 0 ? (only ?? []) : runs.flatMap((run) => Array.from(run));
  if (values.length !== rows) throw new PageError('values do not match rows');
  return values;
}

/** The chunks of a column's leaves. */
function chunksOf(group: RowGroup, column: Column): ColumnMetaData[] {
  return group.columns.flatMap(({ meta_data: meta }) =>
    meta?.path_in_schema[0] === column.name ? [meta] : [],
  );
}

/** Where a chunk lies in the file. @throws PageError where that is not inside it */
function extent(meta: ColumnMetaData, size: number): { start: number; end: number } {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  if (start < AT || end > size || end < start) throw new PageError('chunk outside of the file');
  return { start, end };
}

function pathTo(tree: SchemaTree, names: readonly string[]): SchemaTree[] {
  const path = [tree];
  for (const name of names) {
    const child = path.at(-1)?.children.find(({ element }) => element.name === name);
    if (child === undefined) throw new PageError('column missing from the schema');
    path.push(child);
  }
  return path;
}

/** Every optional or repeated step adds a definition level, every repeated one a repetition level. */
function shapeOf(path: readonly SchemaTree[]): ColumnShape {
  const steps = path.map(({ element }) => element.repetition_type);
  return {
    maxDefinition: steps.filter((step) => step !== 'REQUIRED').length,
    maxRepetition: steps.filter((step) => step === 'REPEATED').length,
  };
}

/** The bytes in a buffer of their own. */
function exactBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
