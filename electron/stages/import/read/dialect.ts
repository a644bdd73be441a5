import type { ReadOptions } from '../../../contract/entities.ts';
import type { Dialect } from './delimited-rows.ts';
import { RowScanner } from './delimited-rows.ts';
import { looksLikeHeader } from './names.ts';

/** How a delimited file is to be read. */
export interface DelimitedFormat extends Dialect {
  /** Whether the first row names the columns. */
  readonly header: boolean;
}

const delimiters = [',', '\t', ';', '|'] as const;
/** Rows that are looked at. */
const SAMPLE_ROWS = 200;

/**
 * The delimiter, the meaning of quotes, and whether there is a row of names, from the first rows.
 *
 * @param head the first text, with `\n` line ends
 * @param whole whether it is all there is; else its last row may be cut
 */
export function detectDialect(head: string, whole: boolean, options: ReadOptions): DelimitedFormat {
  const delimiter = options.delimiter ?? detectDelimiter(head, whole);
  const strict = sampleRows(head, whole, { delimiter, quotes: true });
  const loose = sampleRows(head, whole, { delimiter, quotes: false });
  // Tab-separated files often hold quotes that mean nothing.
  const quotes = delimiter !== '\t' || !strict.broken || consistency(loose.rows) < 1;
  const { rows } = quotes ? strict : loose;
  return { delimiter, quotes, header: options.header ?? looksLikeHeader(rows) };
}

/**
 * What separates the values: the delimiter that cuts most rows into as many values as the first one,
 * and of those the one that gives most values; a comma if nothing does.
 */
export function detectDelimiter(head: string, whole = true): string {
  let best: { delimiter: string; share: number; values: number } | null = null;
  for (const delimiter of delimiters) {
    const { rows } = sampleRows(head, whole, { delimiter, quotes: true });
    const values = rows[0]?.length ?? firstLineValues(head, delimiter);
    const share = consistency(rows);
    if (values < 2) continue;
    const better =
      best === null ||
      share > best.share + 0.05 ||
      (share >= best.share - 0.05 && values > best.values);
    if (better) best = { delimiter, share, values };
  }
  return best?.delimiter ?? ',';
}

/** Share of rows that have as many values as the first. */
function consistency(rows: readonly (readonly string[])[]): number {
  const [first] = rows;
  if (first === undefined) return 0;
  return rows.filter((row) => row.length === first.length).length / rows.length;
}

/** For a first line whose quotes are broken. */
function firstLineValues(head: string, delimiter: string): number {
  const line = /[^\n]{1,65536}/.exec(head)?.[0] ?? '';
  return line.split(delimiter).length;
}

/** The first rows that have any content, up to a broken quote. */
function sampleRows(
  head: string,
  whole: boolean,
  dialect: Dialect,
): { rows: string[][]; broken: boolean } {
  const scanner = new RowScanner(dialect);
  const found = scanner.push(head);
  if (whole) found.push(...scanner.end());
  const rows = found
    .map(({ fields }) => fields)
    .filter((fields) => fields.some((field) => field.trim() !== ''));
  return { rows: rows.slice(0, SAMPLE_ROWS), broken: scanner.fault !== null };
}
