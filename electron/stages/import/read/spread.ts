import { isRecord } from '../../../core/json.ts';
import { fault } from '../faults.ts';
import type { SourceRecord, Value } from './values.ts';
import { jsonText, MAX_COLUMNS } from './values.ts';

/** Objects nested deeper than this are shown as JSON instead of being spread into columns. */
const MAX_SPREAD = 8;
/** No data of people is nested deeper; deeper values can't be written as text either. */
const MAX_NESTING = 100;

/**
 * Makes rows of objects. Nested objects become columns with dotted names (`answer.text`); lists stay
 * lists. Columns are added as they appear.
 */
export class Spreader {
  readonly columns: string[] = [];
  private readonly fileName: string;
  private readonly unit: 'line' | 'row';
  private readonly positions = new Map<string, number>();
  private line = 0;

  /** @param columns those that are known beforehand */
  constructor(fileName: string, unit: 'line' | 'row' = 'line', columns: readonly string[] = []) {
    this.fileName = fileName;
    this.unit = unit;
    columns.forEach((column) => this.position(column));
  }

  /** @throws StudioError file-syntax when the rows have too many different fields, or nest too deeply */
  record(line: number, fields: Readonly<Record<string, unknown>>): SourceRecord {
    const values: (Value | undefined)[] = [];
    this.line = line;
    this.spread(fields, '', 0, values);
    return { line, values };
  }

  private spread(
    fields: Readonly<Record<string, unknown>>,
    prefix: string,
    depth: number,
    values: (Value | undefined)[],
  ): void {
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      if (isRecord(value) && depth < MAX_SPREAD && Object.keys(value).length > 0) {
        this.spread(value, `${prefix}${key}.`, depth + 1, values);
        continue;
      }
      const position = this.position(prefix === '' ? key : prefix + key);
      // Rows usually have their fields in the order of the columns: no holes are made then.
      while (values.length < position) values.push(undefined);
      values[position] = this.toValue(key, value);
    }
  }

  private toValue(key: string, value: unknown): Value {
    // Half surrogate pairs, which JSON can spell and no database keeps, become U+FFFD.
    if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    if (isDeeper(value, MAX_NESTING)) throw this.tooDeep(key);
    return Array.isArray(value) ? value : jsonText(value);
  }

  private tooDeep(key: string): Error {
    return this.fault(
      `The field “${key.slice(0, 60).toWellFormed()}” holds lists or objects nested more than ${MAX_NESTING} deep.`,
      'Give every row a few fields with text or numbers in them.',
    );
  }

  private position(column: string): number {
    const known = this.positions.get(column);
    if (known !== undefined) return known;
    if (this.columns.length >= MAX_COLUMNS) {
      throw this.fault(
        `Up to here the rows have more than ${MAX_COLUMNS.toLocaleString('en')} different fields.`,
        'Give every row the same few fields; ids and other data belong in values, not in field names.',
      );
    }
    this.positions.set(column, this.columns.length);
    return this.columns.push(column) - 1;
  }

  private fault(sentence: string, hint: string): Error {
    const line = this.line === 0 ? null : this.line;
    return fault('file-syntax', this.fileName, line, sentence, hint, this.unit);
  }
}

/** Whether lists and objects stand in each other more than `levels` deep. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
