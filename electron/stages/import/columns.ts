import type { FileFormat } from '../../contract/entities.ts';
import type { StudioError } from '../../contract/errors.ts';
import { fault } from './faults.ts';
import type { SourceRecord, Value } from './read/index.ts';
import { valueText } from './read/index.ts';

/** Characters of a text that may still be a label. */
const LONGEST_LABEL = 200;

/** What is known of a file's columns while its rows are read. */
export interface Columns {
  readonly fileName: string;
  readonly format: FileFormat;
  /** Grows, for JSON, as rows bring new fields. */
  readonly names: readonly string[];
}

/** Whether all columns are known from the start. */
const isFixed = ({ format }: Columns): boolean => format !== 'json' && format !== 'jsonl';

/** Rows of a file as text by column, for a person to look at. */
export function previewRows(
  columns: readonly string[],
  records: readonly SourceRecord[],
): Record<string, string>[] {
  return records.map((record) =>
    Object.fromEntries(columns.map((column, index) => [column, valueText(record.values[index])])),
  );
}

/** Collects the distinct values of each column that has few of them, none longer than a label is. */
export class FewValues {
  readonly #limit: number;
  /** By column; null once it has shown too many, or a text. */
  readonly #values: (Set<string> | null)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(record: SourceRecord): void {
    for (let column = 0; column < record.values.length; column++) {
      if (this.#values[column] === null) continue;
      const text = valueText(record.values[column]).trim();
      const values = (this.#values[column] ??= new Set());
      if (text !== '') values.add(text);
      if (values.size > this.#limit || text.length > LONGEST_LABEL) this.#values[column] = null;
    }
  }

  /** In order of appearance; empty cells do not count. */
  list(columns: readonly string[]): Record<string, string[]> {
    const found = columns.flatMap((column, index): [string, string[]][] => {
      const values = this.#values[index];
      return values === null ? [] : [[column, [...(values ?? [])]]];
    });
    // Not by assignment: a column may be called `__proto__`.
    return Object.fromEntries(found);
  }
}

/** Reads one column's value out of a row. */
export type Read = (record: SourceRecord) => Value | undefined;

/**
 * A reader of the column with that name, which may not have appeared yet.
 *
 * @param role what the column is for, as in `the label`
 * @throws StudioError column-missing, listing the columns there are, when all are known and it is none
 */
export function reader(columns: Columns, column: string, role: string): Read {
  let position = columns.names.indexOf(column);
  if (position < 0 && isFixed(columns)) throw missing(columns, column, role);
  return (record) => {
    if (position < 0) position = columns.names.indexOf(column);
    return position < 0 ? undefined : record.values[position];
  };
}

/** @throws StudioError column-missing when a column has not appeared in any row */
export function requireColumn(columns: Columns, column: string, role: string): void {
  if (!columns.names.includes(column)) throw missing(columns, column, role);
}

function missing({ fileName, names }: Columns, column: string, role: string): StudioError {
  const near = nearest(column, names);
  const question = near === null ? '' : ` Did you mean “${near}”?`;
  const shown = names.slice(0, 20).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  const list = shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return fault(
    'column-missing',
    fileName,
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
