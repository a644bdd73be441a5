import { isRecord } from '../../core/json.ts';
import { fault } from './faults.ts';

/** One value of a row: what JSON holds once objects are spread into columns; text in CSV. */
export type Value = string | number | boolean | null | readonly unknown[];

export interface SourceRecord {
  /** The line of the file the row begins on, from 1. */
  readonly line: number;
  /** Aligned with the table's columns; shorter, or undefined inside, where the row lacks a column. */
  readonly values: readonly (Value | undefined)[];
}

/** A file as rows and columns. */
export interface Table {
  readonly fileName: string;
  /** In order of appearance. */
  readonly columns: readonly string[];
  readonly records: readonly SourceRecord[];
}

/** More different fields than this are data used as field names. */
export const MAX_COLUMNS = 1_000;
/** Objects nested deeper than this are shown as JSON instead of being spread into columns. */
const MAX_SPREAD = 8;
/** No data of people is nested deeper; deeper values can't be written as text either. */
const MAX_NESTING = 100;

/**
 * Collects objects into a table. Nested objects become columns with dotted names (`answer.text`);
 * lists stay lists.
 */
export class TableBuilder {
  private readonly fileName: string;
  private readonly positions = new Map<string, number>();
  private readonly records: SourceRecord[] = [];

  constructor(fileName: string) {
    this.fileName = fileName;
  }

  /** @throws StudioError file-syntax when the rows have too many different fields */
  add(line: number, fields: Readonly<Record<string, unknown>>): void {
    const values: (Value | undefined)[] = [];
    this.spread(line, fields, '', 0, values);
    this.records.push({ line, values });
  }

  build(): Table {
    return { fileName: this.fileName, columns: [...this.positions.keys()], records: this.records };
  }

  private spread(
    line: number,
    fields: Readonly<Record<string, unknown>>,
    prefix: string,
    depth: number,
    values: (Value | undefined)[],
  ): void {
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      if (isRecord(value) && depth < MAX_SPREAD && Object.keys(value).length > 0) {
        this.spread(line, value, `${prefix}${key}.`, depth + 1, values);
      } else {
        if (isDeeper(value, MAX_NESTING)) throw this.tooDeep(line, key);
        values[this.position(line, prefix + key)] = toValue(value);
      }
    }
  }

  private tooDeep(line: number, key: string): Error {
    return fault(
      'file-syntax',
      this.fileName,
      line,
      `The field “${key.slice(0, 60).toWellFormed()}” holds lists or objects nested more than ${MAX_NESTING} deep.`,
      'Give every row a few fields with text or numbers in them.',
    );
  }

  private position(line: number, column: string): number {
    const known = this.positions.get(column);
    if (known !== undefined) return known;
    if (this.positions.size >= MAX_COLUMNS) {
      throw fault(
        'file-syntax',
        this.fileName,
        line,
        `Up to here the rows have more than ${MAX_COLUMNS.toLocaleString('en')} different fields.`,
        'Give every row the same few fields; ids and other data belong in values, not in field names.',
      );
    }
    this.positions.set(column, this.positions.size);
    return this.positions.size - 1;
  }
}

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

/** Whether lists and objects stand in each other more than `levels` deep. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** Half surrogate pairs, which JSON can spell and no database keeps, become U+FFFD. */
function toValue(value: unknown): Value {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return Array.isArray(value) ? value : jsonText(value);
}
