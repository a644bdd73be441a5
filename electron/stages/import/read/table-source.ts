import type { FileFormat, FileInspection } from '../../../contract/entities.ts';
import type { SourceRecord } from './values.ts';

/** A table found in a file: what it is, and its rows as they are asked for. */
export interface TableSource {
  readonly format: FileFormat;
  readonly entries: FileInspection['entries'];
  readonly entry: string | null;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly header: boolean | null;
  readonly skipped: number | null;
  /** May grow while rows are read. */
  readonly columns: readonly string[];
  readonly records: AsyncGenerator<SourceRecord[]>;
  /** Of how many bytes how many were read, where that is not what the file itself counts. */
  readonly progress?: () => { readonly bytes: number; readonly bytesRead: number };
}
