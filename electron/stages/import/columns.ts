import type { StudioError } from '../../contract/errors.ts';
import { fault } from './faults.ts';
import type { SourceRecord, Table, Value } from './table.ts';
import { valueText } from './table.ts';

/** Characters of a text that may still be a label. */
const LONGEST_LABEL = 200;

/** Rows of a file as text by column, for a person to look at. */
export function previewRows(table: Table, limit: number): Record<string, string>[] {
  return table.records
    .slice(0, limit)
    .map((record) =>
      Object.fromEntries(
        table.columns.map((column, index) => [column, valueText(record.values[index])]),
      ),
    );
}

/**
 * The distinct values of each column that has at most `limit` of them, none longer than a label is,
 * in order of appearance; empty cells do not count.
 */
export function fewValues(table: Table, limit: number): Record<string, string[]> {
  const found: [string, string[]][] = [];
  table.columns.forEach((column, index) => {
    const values = new Set<string>();
    for (const record of table.records) {
      const text = valueText(record.values[index]).trim();
      if (text !== '') values.add(text);
      if (values.size > limit || text.length > LONGEST_LABEL) return;
    }
    found.push([column, [...values]]);
  });
  // Not by assignment: a column may be called `__proto__`.
  return Object.fromEntries(found);
}

/** Reads one column's value out of a row. */
export type Read = (record: SourceRecord) => Value | undefined;

/**
 * A reader of the column with that name.
 *
 * @param role what the column is for, as in `the label`
 * @throws StudioError column-missing, listing the columns there are
 */
export function reader(table: Table, column: string, role: string): Read {
  const position = table.columns.indexOf(column);
  if (position < 0) throw missing(table, column, role);
  return (record) => record.values[position];
}

function missing(table: Table, column: string, role: string): StudioError {
  const near = nearest(column, table.columns);
  const question = near === null ? '' : ` Did you mean “${near}”?`;
  const shown = table.columns.slice(0, 20).map((name) => `“${name}”`);
  const more = table.columns.length - shown.length;
  const list = shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return fault(
    'column-missing',
    table.fileName,
    null,
    `There is no column “${column}” for ${role}.${question}`,
    `Choose among the file's columns: ${list}.`,
  );
}

/** The name that was probably meant: equal but for case, or a few letters away; null if none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  const wanted = name.toLowerCase().trim();
  let best: string | null = null;
  const bound = wanted.length <= 2 ? 0 : Math.max(1, Math.ceil(wanted.length / 3));
  let bestDistance = bound + 1;
  for (const candidate of names) {
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, 200));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
