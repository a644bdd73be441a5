import type { ReadOptions } from '../../../contract/entities.ts';
import type { Dialect, DelimitedRow } from './delimited-rows.ts';
import { firstRows } from './delimited-rows.ts';
import { looksLikeHeader } from './names.ts';
import type { TopRow } from './title-lines.ts';
import { countTitles } from './title-lines.ts';

/** How a delimited file is to be read. */
export interface DelimitedFormat extends Dialect {
  /** Whether the first row names the columns. */
  readonly header: boolean;
  /** Lines before it: a title, notes. */
  readonly skip: number;
}

const delimiters = [',', '\t', ';', '|'] as const;
/** Rows that are looked at. */
const SAMPLE_ROWS = 200;
const ALL_ROWS = Number.MAX_SAFE_INTEGER;

/**
 * The delimiter, the meaning of quotes, where the table begins, and whether there is a row of names,
 * from the first rows.
 *
 * @param head the first text, with `\n` line ends
 * @param whole whether it is all there is; else its last row may be cut
 */
export function detectDialect(head: string, whole: boolean, options: ReadOptions): DelimitedFormat {
  const told = options.skip ?? 0;
  const text = afterLines(head, told);
  const delimiter = options.delimiter ?? detectDelimiter(text, whole);
  const strict = sampleRows(text, whole, { delimiter, quotes: true }, ALL_ROWS);
  const loose = sampleRows(text, whole, { delimiter, quotes: false });
  // Tab-separated files often hold quotes that mean nothing.
  const quotes = delimiter !== '\t' || !strict.broken || consistency(loose.rows) < 1;
  const rows = (quotes ? strict : loose).rows.slice(0, SAMPLE_ROWS);
  const titles =
    options.skip === null
      ? countTitles(rows, { padded: false, named: options.header !== false })
      : 0;
  const table = rows.slice(titles);
  return {
    delimiter,
    quotes,
    skip: told + (titles > 0 ? (table[0]?.line ?? 1) - 1 : 0),
    header: options.header ?? (titles > 0 || looksLikeHeader(table.map(({ cells }) => cells))),
  };
}

/** A text without its first lines. */
function afterLines(text: string, lines: number): string {
  let at = 0;
  for (let left = lines; left > 0; left--) {
    const end = text.indexOf('\n', at);
    if (end < 0) return '';
    at = end + 1;
  }
  return text.slice(at);
}

/**
 * What separates the values: the delimiter that cuts most rows into as many values as the first one
 * below a title, and of those the one that gives most values; a comma if nothing does.
 */
export function detectDelimiter(head: string, whole = true): string {
  let best: { delimiter: string; share: number; values: number } | null = null;
  for (const delimiter of delimiters) {
    const sample = sampleRows(head, whole, { delimiter, quotes: true }).rows;
    const rows = sample.slice(countTitles(sample, { padded: false, named: true }));
    const values = rows[0]?.cells.length ?? firstLineValues(head, delimiter);
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
function consistency(rows: readonly TopRow[]): number {
  const [first] = rows;
  if (first === undefined) return 0;
  return rows.filter(({ cells }) => cells.length === first.cells.length).length / rows.length;
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
  most = SAMPLE_ROWS,
): { rows: TopRow[]; broken: boolean } {
  const { rows, broken } = firstRows(head, whole, dialect, most);
  return {
    broken,
    rows: rows.filter(hasContent).map(({ fields, ...row }) => ({ ...row, cells: fields })),
  };
}

const hasContent = ({ fields }: DelimitedRow): boolean =>
  fields.some((field) => field.trim() !== '');
