import { fault } from '../faults.ts';
import type { TableSource } from './table-source.ts';
export interface Ranges {
  readonly size: number;
  read(start: number, length: number): Promise<Buffer>;
}
export function openParquet(_bytes: Ranges, fileName: string): Promise<TableSource> {
  return Promise.reject(
    fault('file-binary', fileName, null, 'This is a Parquet file.', 'Save the table as CSV.'),
  );
}
