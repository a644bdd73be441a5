import { fault } from '../faults.ts';
import type { DelimitedRow } from './delimited-rows.ts';
import { longRow, QUOTE_HINT, quoteFault, RowReader } from './delimited-rows.ts';
import type { DelimitedFormat } from './dialect.ts';
import { columnNames, numberedNames } from './names.ts';
import type { SourceRecord } from './values.ts';
import { BATCH_ROWS } from './values.ts';

/**
 * Reads delimited text strictly: every row has as many values as the first, quotes are balanced. Rows
 * without any content, as spreadsheets leave at the end, are skipped.
 *
 * @param blocks text with `\n` line ends
 * @param columns filled with the names as soon as the first row is read
 * @throws StudioError file-syntax, naming the line where the broken row or quote begins; file-too-large
 */
export async function* readDelimited(
  blocks: AsyncIterable<string>,
  format: DelimitedFormat,
  fileName: string,
  columns: string[],
): AsyncGenerator<SourceRecord[]> {
  const reader = new RowReader(format, format.skip);
  const table = new DelimitedTable(format, fileName, columns);
  for await (const block of afterLines(blocks, format.skip)) {
    yield* table.take(await reader.push(block));
    check(reader, fileName);
  }
  yield* table.take(await reader.end());
  check(reader, fileName);
  if (table.records.length > 0) yield table.records;
}

/** A text without its first lines. */
async function* afterLines(blocks: AsyncIterable<string>, lines: number): AsyncGenerator<string> {
  let left = lines;
  for await (const block of blocks) {
    let start = 0;
    while (left > 0 && start < block.length) {
      const end = block.indexOf('\n', start);
      start = end < 0 ? block.length : end + 1;
      if (end >= 0) left -= 1;
    }
    if (start < block.length) yield block.slice(start);
  }
}

function check({ fault, tooLong }: RowReader, fileName: string): void {
  if (fault !== null) throw quoteFault(fault, fileName);
  if (tooLong !== null) throw longRow(tooLong, fileName);
}

class DelimitedTable {
  records: SourceRecord[] = [];
  private readonly format: DelimitedFormat;
  private readonly fileName: string;
  private readonly columns: string[];

  constructor(format: DelimitedFormat, fileName: string, columns: string[]) {
    this.format = format;
    this.fileName = fileName;
    this.columns = columns;
  }

  /** The batches that the rows fill. */
  *take(rows: readonly DelimitedRow[]): Generator<SourceRecord[]> {
    for (const row of rows) {
      if (row.fields.every((field) => field.trim() === '')) continue;
      if (this.columns.length === 0) {
        this.columns.push(...this.names(row));
        if (this.format.header) continue;
      }
      this.records.push(this.record(row));
      if (this.records.length < BATCH_ROWS) continue;
      yield this.records;
      this.records = [];
    }
  }

  private names({ fields, line }: DelimitedRow): string[] {
    return this.format.header
      ? columnNames(fields, this.fileName, line)
      : numberedNames(fields.length, this.fileName, line);
  }

  private record(row: DelimitedRow): SourceRecord {
    const { line, lastLine, fields } = row;
    const columns = this.columns.length;
    if (fields.length === columns) return { line, values: fields };
    const values = `${fields.length} ${fields.length === 1 ? 'value' : 'values'}`;
    const sentence =
      lastLine > line
        ? `The row that begins here and ends on line ${lastLine} has ${values}`
        : `The row has ${values}`;
    const named = this.format.header ? 'names' : 'has';
    throw fault(
      'file-syntax',
      this.fileName,
      line,
      `${sentence}; the first row ${named} ${columns} ${columns === 1 ? 'column' : 'columns'}.`,
      QUOTE_HINT,
    );
  }
}
