import type { ColumnMapping, ReadOptions } from '../../contract/entities.ts';
import type { Columns } from './columns.ts';
import type { IndexEvidence, Target } from './gold.ts';
import type { MappedRecord } from './mapping.ts';
import { RowMapper } from './mapping.ts';
import type { OpenTable, SourceFile, SourceRecord } from './read/index.ts';
import { openTable } from './read/index.ts';

/** A file with how it is to be read and mapped. */
export interface Source {
  readonly file: SourceFile;
  readonly read: ReadOptions;
  readonly mapping: ColumnMapping;
  readonly target: Target;
}

/** Opens a file and closes it again, whatever becomes of the work. */
export async function withTable<T>(
  file: SourceFile,
  read: ReadOptions,
  work: (table: OpenTable) => Promise<T>,
): Promise<T> {
  const table = await openTable(file, read);
  try {
    return await work(table);
  } finally {
    await table.close();
  }
}

/**
 * Goes through a file for a limited time, a batch of rows after another.
 *
 * @returns whether these were all rows
 */
export async function lookThrough(
  table: OpenTable,
  milliseconds: number,
  look: (records: readonly SourceRecord[]) => void,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for await (const records of table.batches()) {
    look(records);
    if (performance.now() >= end) return false;
  }
  return true;
}

/** A table's columns as they become known. */
export const columnsOf = (file: SourceFile, table: OpenTable): Columns => ({
  fileName: file.name,
  format: table.format,
  get names() {
    return table.columns;
  },
});

/** What numbers of problems count. */
export const unitOf = ({ format }: Pick<OpenTable, 'format'>): 'line' | 'row' =>
  format === 'xlsx' || format === 'parquet' ? 'row' : 'line';

/** Maps all rows of a file, a batch after another, with every gold label settled. */
export async function* mappedBatches(
  source: Source,
  table: OpenTable,
  mapper: RowMapper,
): AsyncGenerator<readonly MappedRecord[], undefined, undefined> {
  for await (const records of table.batches()) {
    const mapped = records.map((record) => mapper.map(record));
    if (mapper.undecided) mapper.settle(await evidenceIn(source));
    yield mapped;
  }
  mapper.finish();
}

/**
 * Whether the file counts choices from 0 or from 1, which only all of its rows show: it is read once
 * more for that.
 */
function evidenceIn({ file, read, mapping, target }: Source): Promise<IndexEvidence> {
  return withTable(file, read, async (table) => {
    const mapper = new RowMapper(columnsOf(file, table), mapping, target);
    for await (const records of table.batches()) {
      for (const record of records) mapper.map(record);
      mapper.forgetUndecided();
    }
    return mapper.evidence;
  });
}
