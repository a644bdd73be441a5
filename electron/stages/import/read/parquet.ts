import type { FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { columnNames } from './names.ts';
import type { Column, ParquetTools, Ranges } from './parquet-columns.ts';
import { columnRuns } from './parquet-columns.ts';
import { plainValue } from './parquet-values.ts';
import { Spreader } from './spread.ts';
import type { TableSource } from './table-source.ts';
import type { SourceRecord, Value } from './values.ts';
import { BATCH_ROWS } from './values.ts';

/** The four bytes at both ends of a Parquet file. */
const MAGIC = 'PAR1';
/** Bytes of a footer; those of files with thousands of row groups have a few megabytes. */
const MAX_FOOTER = 1 << 26;
const DAMAGED_HINT =
  'Download or copy the file again, or save the table as CSV or JSON Lines from the program it comes from.';

/**
 * A Parquet file: row group by row group, and in it the plain columns page by page, so that a file of
 * one large group takes no more memory than one of many. Structs become columns with dotted names,
 * lists stay lists.
 *
 * @throws StudioError file-syntax, naming the row from which the file is damaged
 */
export async function openParquet(file: Ranges, fileName: string): Promise<TableSource> {
  try {
    const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    await checkFooter(file, fileName);
    const metadata = await parquetMetadataAsync(
      {
        byteLength: file.size,
        slice: async (from, to = file.size) =>
          new Uint8Array(await file.read(from, to - from)).buffer,
      },
      { geoparquet: false },
    );
    const root = parquetSchema(metadata);
    const columns = root.children.map(columnOf);
    columnNames(
      columns.map(({ name }) => name),
      fileName,
      1,
      'row',
    );
    const tools: ParquetTools = { read: parquetRead, compressors };
    const reader = new ParquetReader(file, fileName, metadata, columns, tools);
    return {
      ...{ format: 'parquet', entries: [], entry: null },
      ...{ encoding: null, delimiter: null, header: null, skipped: null },
      columns: reader.spreader.columns,
      records: reader.records(),
      progress: () => ({ bytes: file.size, bytesRead: reader.bytesRead }),
    };
  } catch (caught) {
    throw damaged(caught, fileName, null);
  }
}

/** @throws StudioError file-syntax where the end is missing */
async function checkFooter(file: Ranges, fileName: string): Promise<void> {
  const tail = await file.read(Math.max(0, file.size - 8), 8);
  const length = tail.length === 8 ? tail.readUInt32LE(0) : 0;
  if (tail.toString('latin1', 4) !== MAGIC || length + 12 > file.size) {
    const sentence = 'The Parquet file is cut off: its end, which says what is in it, is missing.';
    throw fault('file-syntax', fileName, null, sentence, DAMAGED_HINT);
  }
  if (length > MAX_FOOTER) throw new Error('footer too large');
}

function columnOf(tree: SchemaTree): Column {
  const { element, children } = tree;
  const flat = children.length === 0 && element.repetition_type !== 'REPEATED';
  return { name: element.name, tree, flat, objects: !flat || isJson(tree) };
}

/** Text that the decoder parses: its columns are known once its rows are read. */
const isJson = ({ element }: SchemaTree): boolean =>
  element.converted_type === 'JSON' || element.logical_type?.type === 'JSON';

/** A run of values of a column, and how many of them have become rows. */
interface Feed {
  readonly column: Column;
  readonly runs: AsyncGenerator<ArrayLike<unknown>>;
  values: ArrayLike<unknown>;
  taken: number;
}

class ParquetReader {
  readonly spreader: Spreader;
  bytesRead = 0;
  private readonly file: Ranges;
  private readonly fileName: string;
  private readonly metadata: FileMetaData;
  private readonly columns: readonly Column[];
  private readonly tools: ParquetTools;
  private readonly flat: boolean;
  private row = 0;

  constructor(
    file: Ranges,
    fileName: string,
    metadata: FileMetaData,
    columns: readonly Column[],
    tools: ParquetTools,
  ) {
    this.file = file;
    this.fileName = fileName;
    this.metadata = metadata;
    this.columns = columns;
    this.tools = tools;
    this.flat = columns.every((column) => !column.objects);
    this.spreader = new Spreader(
      fileName,
      'row',
      columns.flatMap(({ tree }) => namesIn(tree)),
    );
  }

  async *records(): AsyncGenerator<SourceRecord[]> {
    const { row_groups: groups, num_rows: total } = this.metadata;
    try {
      for (const group of groups) yield* this.group(group);
      if (this.row !== Number(total)) throw new Error('fewer rows than the footer says');
      this.bytesRead = this.file.size;
    } catch (caught) {
      throw damaged(caught, this.fileName, this.row + 1);
    }
  }

  private async *group(group: RowGroup): AsyncGenerator<SourceRecord[]> {
    const rows = Number(group.num_rows);
    const total = Math.max(1, Number(this.metadata.num_rows));
    const feeds = this.columns.map((column): Feed => {
      const runs = columnRuns(this.file, this.metadata, group, column, this.tools);
      return { column, runs, values: [], taken: 0 };
    });
    for (let left = rows; left > 0;) {
      for (const feed of feeds) await refill(feed);
      const ready = feeds.map(({ values, taken }) => values.length - taken);
      const count = Math.min(left, BATCH_ROWS, ...ready);
      if (!(count > 0)) throw new Error('row group without values');
      const records: SourceRecord[] = [];
      for (let index = 0; index < count; index++) records.push(this.record(feeds));
      left -= count;
      this.bytesRead = Math.min(this.file.size, Math.floor((this.file.size * this.row) / total));
      yield records;
    }
    for (const { runs } of feeds) await runs.return(undefined);
  }

  private record(feeds: readonly Feed[]): SourceRecord {
    this.row += 1;
    if (this.flat) return { line: this.row, values: feeds.map(flatValue) };
    const fields: [string, unknown][] = [];
    for (const feed of feeds) {
      const value = plainValue(feed.values[feed.taken], feed.column.tree.element);
      feed.taken += 1;
      // A struct that is null has no columns of its own to be null in.
      if (value === null && feed.column.objects) continue;
      fields.push([feed.column.name, value]);
    }
    return this.spreader.record(this.row, Object.fromEntries(fields));
  }
}

function flatValue(feed: Feed): Value {
  const value = plainValue(feed.values[feed.taken], feed.column.tree.element);
  feed.taken += 1;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (Array.isArray(value)) return value;
  return value === null ? null : JSON.stringify(value);
}

async function refill(feed: Feed): Promise<void> {
  while (feed.taken >= feed.values.length) {
    const { value, done } = await feed.runs.next();
    if (done === true) return;
    feed.values = value;
    feed.taken = 0;
  }
}

/** The columns a struct is spread into; a list or a map is one. */
function namesIn(tree: SchemaTree): string[] {
  const { element, children, path } = tree;
  if (isJson(tree)) return [];
  const struct =
    children.length > 0 &&
    element.repetition_type !== 'REPEATED' &&
    element.converted_type === undefined &&
    element.logical_type === undefined;
  if (!struct) return [path.join('.')];
  return children.flatMap(namesIn);
}

/** @param row the first that could not be read; null where none was tried */
function damaged(caught: unknown, fileName: string, row: number | null): StudioError {
  if (caught instanceof StudioError) return caught;
  const unsupported = caught instanceof Error && /not supported|unsupported/.test(caught.message);
  const sentence = unsupported
    ? 'The Parquet file is written in a way that can’t be read here.'
    : row === null
      ? 'The Parquet file is damaged.'
      : 'The Parquet file is damaged from here on.';
  const hint = unsupported
    ? 'Save the table as CSV or JSON Lines, or as Parquet with row groups of at most 100,000 rows.'
    : DAMAGED_HINT;
  const { code, message } = fault('file-syntax', fileName, row, sentence, hint, 'row');
  return new StudioError(code, message, hint, { cause: caught });
}
