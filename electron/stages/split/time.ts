/** Year, month and day in any of the usual orders of their signs: `2024-03-05`, `2024/3/5`, `2024. 3. 5.`, `2024년 3월 5일`. */
const date = /^(\d{4})(?:\D{1,2}(\d{1,2})(?:\D{1,3}(\d{1,2}))?)?\D{0,2}$/u;
/** ISO 8601 with a time of day, the `T` or a space before it. */
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;
/** A day with the name of its month, as in `5 Mar 2024`. */
const named = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\b\d{4}\b/iu;
const number = /^[+-]?\d+(?:\.\d+)?$/u;

/**
 * When a value says something was, as a number that orders: dates as milliseconds since 1970 (UTC
 * where no zone is said), other numbers as they are, such as a Unix time or a version. A year alone is
 * its first day. Dates that could be read in two ways (`03/05/2024`) are not read.
 */
export function timeOf(text: string): number | null {
  const value = text.trim();
  const [, year, month = '1', day = '1'] = date.exec(value) ?? [];
  if (year !== undefined) return dayOf(Number(year), Number(month), Number(day));
  if (number.test(value)) return Number(value);
  if (moment.test(value)) {
    const iso = value.replace(' ', 'T').replace(',', '.');
    return readable(Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/u.test(iso) ? iso : `${iso}Z`));
  }
  return named.test(value)
    ? readable(Date.parse(/\d:\d/u.test(value) ? value : `${value} UTC`))
    : null;
}

function dayOf(year: number, month: number, day: number): number | null {
  const time = Date.UTC(year, month - 1, day);
  const read = new Date(time);
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day ? time : null;
}

const readable = (time: number): number | null => (Number.isNaN(time) ? null : time);

export interface TimedGroup {
  /** Of its newest row; null where none of its rows has one. */
  readonly time: number | null;
  readonly rows: readonly number[];
}

/**
 * Cuts groups at two moments: the newest into test, those before them into validation, the rest, and
 * groups without a time, into train. Groups of the same time stay together; a cut through them moves
 * to the side that comes nearer to the wanted number of rows.
 *
 * @param wanted rows of test and of validation
 * @returns for every group 0 (train), 1 (validation) or 2 (test)
 */
export function cutByTime(
  groups: readonly TimedGroup[],
  wanted: { readonly validation: number; readonly test: number },
): Int32Array {
  const blocks = new Map<number, { rows: number; groups: number[] }>();
  groups.forEach(({ time, rows }, index) => {
    if (time === null) return;
    const block = blocks.get(time) ?? { rows: 0, groups: [] };
    block.rows += rows.length;
    block.groups.push(index);
    blocks.set(time, block);
  });
  const newestFirst = [...blocks].sort(([a], [b]) => b - a).map(([, block]) => block);
  const parts = new Int32Array(groups.length);
  let at = 0;
  for (const [part, share] of [
    [2, wanted.test],
    [1, wanted.validation],
  ] as const) {
    let filled = 0;
    for (let block = newestFirst[at]; block !== undefined; block = newestFirst[++at]) {
      const nearer = Math.abs(filled + block.rows - share) <= share - filled;
      if (share === 0 || (filled > 0 && !nearer) || filled >= share) break;
      for (const group of block.groups) parts[group] = part;
      filled += block.rows;
    }
  }
  return parts;
}
