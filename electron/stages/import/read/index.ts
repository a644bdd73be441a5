import type { ReadOptions } from '../../../contract/entities.ts';
import { Breather } from '../breather.ts';
import { readTableFile } from '../read.ts';
import type { OpenTable, SourceFile } from './types.ts';
import { BATCH_ROWS } from './values.ts';

export type { OpenTable, SourceFile } from './types.ts';
export type { SourceRecord, Value } from './values.ts';
export { jsonText, valueText } from './values.ts';

/**
 * Opens a file, or a folder of text files, as rows and columns.
 *
 * @param options what the person chose; null leaves it to be detected
 * @throws StudioError file-unreadable, file-empty, file-binary, file-encoding, file-syntax, file-too-large
 */
export async function openTable(file: SourceFile, _options: ReadOptions): Promise<OpenTable> {
  const { table, format, encoding, delimiter, sha256 } = await readTableFile(
    file.path,
    file.name,
    new Breather(),
  );
  const { records, columns } = table;
  async function* batches() {
    for (let at = 0; at < records.length; at += BATCH_ROWS) {
      yield await Promise.resolve(records.slice(at, at + BATCH_ROWS));
    }
  }
  return {
    ...{ format, encoding, delimiter, columns, batches },
    ...{ container: null, entries: [], entry: null, bytes: 0, bytesRead: 0 },
    header: delimiter === null ? null : true,
    sha256: () => Promise.resolve(sha256),
    close: () => Promise.resolve(),
  };
}
