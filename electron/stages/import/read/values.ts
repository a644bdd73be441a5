/** One value of a row: what JSON holds once objects are spread into columns; text in CSV. */
export type Value = string | number | boolean | null | readonly unknown[];

export interface SourceRecord {
  /** The line of the file the row begins on, from 1; the row of a sheet or Parquet file, the file of a folder. */
  readonly line: number;
  /** Aligned with the table's columns; shorter, or undefined inside, where the row lacks a column. */
  readonly values: readonly (Value | undefined)[];
}

/** Rows handed over at once. */
export const BATCH_ROWS = 500;
/** More different fields than this are data used as field names. */
export const MAX_COLUMNS = 1_000;

/**
 * A value as the text a person would recognise: numbers and booleans written out, lists as JSON,
 * nothing for null and absent ones.
 */
export function valueText(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** JSON of a parsed value that is not nested too deeply. */
export const jsonText = (value: unknown): string => JSON.stringify(value);
