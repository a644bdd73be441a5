import type { ReadOptions } from '../../../contract/entities.ts';
import { fault } from '../faults.ts';
import type { TableSource } from './table-source.ts';
import type { ZipArchive } from './zip.ts';
export const isWorkbook = (archive: ZipArchive): boolean =>
  archive.entries.some(({ name }) => name === 'xl/workbook.xml');
export function openWorkbook(
  _archive: ZipArchive,
  fileName: string,
  _options: ReadOptions,
): Promise<TableSource> {
  return Promise.reject(
    fault('file-binary', fileName, null, 'This is an Excel workbook.', 'Save the table as CSV.'),
  );
}
