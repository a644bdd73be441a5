import type { FileFormat, FileInspection } from '../../../contract/entities.ts';
import type { SourceRecord } from './values.ts';

/** A file, or a folder of text files. */
export interface SourceFile {
  readonly path: string;
  /** As the person knows it: every failure names it. */
  readonly name: string;
}

/** A file that is being read as rows and columns. */
export interface OpenTable {
  readonly format: FileFormat;
  /** What the table was packed in; null when it lies bare. */
  readonly container: FileInspection['container'];
  /** Tables to choose from: files of a zip, sheets of a workbook; empty where there is just one. */
  readonly entries: FileInspection['entries'];
  /** The one that is read; null where there is just one. */
  readonly entry: string | null;
  /** As it is shown: `UTF-8`, `EUC-KR (CP949)`; null for Parquet and XLSX. */
  readonly encoding: string | null;
  /** Null for all but delimited text. */
  readonly delimiter: string | null;
  /** Whether the first row was taken for names; null where the format has names of its own. */
  readonly header: boolean | null;
  /** Lines, or rows of a sheet, before the table; null where the format has no place for any. */
  readonly skipped: number | null;
  /** In order of appearance: all for CSV, XLSX and Parquet; for JSON those of the rows read so far. */
  readonly columns: readonly string[];
  /**
   * The rows in batches of about 500, read as they are asked for; once only. Memory does not grow
   * with the file.
   *
   * @throws StudioError file-*, naming the file and the line or row
   */
  batches(): AsyncIterable<readonly SourceRecord[]>;
  /** Bytes of the file, or of all files of a folder. */
  readonly bytes: number;
  /** How many of them have been read so far. */
  readonly bytesRead: number;
  /**
   * SHA-256 of the file's bytes, hexadecimal; reads what `batches` left unread. For a folder: of the
   * names and contents in order.
   */
  sha256(): Promise<string>;
  /** Lets go of the file; safe to call at any time, and more than once. */
  close(): Promise<void>;
}
