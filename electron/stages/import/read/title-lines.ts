import { isKnownName, isNumber } from './names.ts';

/** A row among the first of a table, to be looked at. */
export interface TopRow {
  /** The line of the file, or the row of the sheet, it begins on. */
  readonly line: number;
  readonly lastLine: number;
  readonly cells: readonly string[];
}

/** Rows that titles and notes may take up. */
const MOST_TITLES = 50;
/** Characters of a text that is hardly a name. */
const LONG_NAME = 100;
/** Share of the rows below the names that have as many values, where little else speaks for names. */
const EVEN = 0.9;

/**
 * How many of a table's first rows are a title and notes above the names of its columns: those before
 * the first row that has as many values as most rows and reads like names. None where the first row
 * may be the names itself, and none where it is not plain.
 *
 * @param rows the first rows with any content
 * @param options `padded`: rows stand in a grid, and have no values of their own where it is empty;
 *   `named`: whether there is a row of names at all
 */
export function countTitles(
  rows: readonly TopRow[],
  { padded, named }: { readonly padded: boolean; readonly named: boolean },
): number {
  const width = commonWidth(rows);
  const found = rows.slice(0, MOST_TITLES + 1).findIndex(({ cells }) => !isTitle(cells, width));
  if (found <= 0) return 0;
  const titles = rows.slice(0, found);
  const [head, ...below] = rows.slice(found);
  if (head === undefined || below.length === 0) return 0;
  if (named && !readsLikeNames(head.cells)) return 0;
  if (head.cells.length < width) return 0;
  const even = below.filter(({ cells }) =>
    padded ? cells.length <= head.cells.length : cells.length === head.cells.length,
  ).length;
  if (named && isPlainlyHead(head, below)) return 2 * even > below.length ? found : 0;
  if (even < EVEN * below.length) return 0;
  // An unpadded row of several values, or of a common name, may be the names of a file that is broken.
  const apart = (title: TopRow): boolean =>
    padded || title.cells.length === width || (filled(title.cells) === 1 && !hasKnownName(title));
  if (!titles.every(apart)) return 0;
  const gap = head.line > (titles.at(-1)?.lastLine ?? 0) + 1;
  const inGrid = padded || titles.every(({ cells }) => cells.length === width);
  return inGrid || gap || (width >= 3 && below.length >= 2 && even === below.length) ? found : 0;
}

/** The number of values that most rows have; the larger of two that are equally common. */
function commonWidth(rows: readonly TopRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return Math.max(...[...counts].filter(([, count]) => count === most).map(([width]) => width));
}

/** Whether a row holds little of what a row of the table does. */
function isTitle(cells: readonly string[], width: number): boolean {
  const values = filled(cells);
  const reach = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  return values === 1 ? reach < width || width > 2 : 2 * values <= width;
}

const filled = (cells: readonly string[]): number =>
  cells.filter((cell) => cell.trim() !== '').length;

const readsLikeNames = (cells: readonly string[]): boolean =>
  cells.every((cell) => !isNumber(cell.trim()) && cell.length <= LONG_NAME);

const hasKnownName = ({ cells }: TopRow): boolean => cells.some(isKnownName);

/** Whether a row holds a common name, or texts above numbers. */
function isPlainlyHead(head: TopRow, below: readonly TopRow[]): boolean {
  if (hasKnownName(head)) return true;
  return head.cells.some((cell, at) => {
    const values = below.map(({ cells }) => cells[at]?.trim() ?? '').filter((text) => text !== '');
    return cell.trim() !== '' && values.length > 1 && values.every(isNumber);
  });
}
