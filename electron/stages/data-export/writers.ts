import { closeSync, openSync, writeSync } from 'node:fs';
import type { DataExportFormat } from '../../contract/entities.ts';
import { toConversation } from './chat.ts';
import { recordColumns } from './record.ts';
import type { DataRecord } from './record.ts';

/** Writes records into a file, one after another, in memory that does not grow with them. */
export interface RecordWriter {
  add(record: DataRecord): void;
  /** Writes what is left and ends the file; answers how many rows are in it. */
  finish(): number;
  /** Lets the file go, finished or not. */
  close(): void;
}

/** Characters that are gathered before they are written. */
const chunk = 1 << 20;

/** A writer of a format into a new file. @throws when there is a file already */
export async function openWriter(
  format: DataExportFormat,
  path: string,
  { answerPhrase }: { answerPhrase: string },
): Promise<RecordWriter> {
  switch (format) {
    case 'jsonl':
      return lineWriter(path, '', (record) => `${JSON.stringify(record)}\n`);
    case 'chat':
      return lineWriter(path, '', (record) => {
        const conversation = toConversation(record, answerPhrase);
        return conversation === null ? null : `${JSON.stringify(conversation)}\n`;
      });
    case 'csv': {
      const { stringify } = await import('csv-stringify/sync');
      const line = (cells: readonly (string | null)[]): string => stringify([cells]);
      return lineWriter(path, line(recordColumns), (record) => line(cellsOf(record)));
    }
    case 'parquet': {
      const { parquetWriter } = await import('./parquet.ts');
      return parquetWriter(path);
    }
  }
}

/**
 * The cells of a record: lists as JSON, and values that are not there as empty cells. Values are
 * written as they are, also those that begin with `=`, `+`, `-` or `@`, which a spreadsheet may take
 * for a formula: arithmetic labels begin so (`-3 + 4`), and any mark put before them would be part of
 * the value for every other program. The dialog and the guide say so.
 */
function cellsOf(record: DataRecord): (string | null)[] {
  return recordColumns.map((name) => {
    const value = record[name];
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
}

function lineWriter(
  path: string,
  header: string,
  toLine: (record: DataRecord) => string | null,
): RecordWriter {
  const file = openSync(path, 'wx');
  let rows = 0;
  let text = header;
  const flush = (): void => {
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length;) {
      written += writeSync(file, bytes, written);
    }
    text = '';
  };
  return {
    add(record) {
      const line = toLine(record);
      if (line === null) return;
      text += line;
      rows += 1;
      if (text.length >= chunk) flush();
    },
    finish() {
      flush();
      return rows;
    },
    close: () => closeSync(file),
  };
}
