import { fault } from '../faults.ts';
import { counted, MAX_ROW } from './limits.ts';

/** How delimited text is written. */
export interface Dialect {
  /** One character. */
  readonly delimiter: string;
  /** Whether quotes hold a value together; in some tab-separated files they are plain characters. */
  readonly quotes: boolean;
}

/** A row as it stands in the text. */
export interface DelimitedRow {
  /** The line it begins on, from 1. */
  readonly line: number;
  /** The line it ends on: later, where a quoted value holds line breaks. */
  readonly lastLine: number;
  readonly fields: string[];
}

/** A misplaced quote. */
export interface QuoteFault {
  readonly kind: 'unclosed' | 'text-after' | 'text-before';
  /** Where the value with the fault opened its quote. */
  readonly line: number;
  /** Where it shows. */
  readonly noticed: number;
}

export const QUOTE_HINT =
  'Put text that holds quotes, delimiters or line breaks in double quotes, and write a quote inside it twice ("").';

/**
 * Cuts delimited text that comes in pieces into rows, strictly as RFC 4180 has it: quotes are
 * balanced and stand at the borders of values. Empty lines are no rows.
 */
export class RowScanner {
  /** The first misplaced quote; nothing is read after it. */
  fault: QuoteFault | null = null;
  /** Set when a row is longer than rows may be: the line it begins on. */
  tooLong: number | null = null;
  private readonly dialect: Dialect;
  private text = '';
  private at = 0;
  private line = 1;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** The rows that end in the next piece, which has `\n` line ends. */
  push(piece: string): DelimitedRow[] {
    this.text = this.at < this.text.length ? this.text.slice(this.at) + piece : piece;
    this.at = 0;
    const rows = this.rows(false);
    if (this.text.length - this.at > MAX_ROW) this.tooLong = this.line;
    return rows;
  }

  /** The last row, where no line end follows it. */
  end(): DelimitedRow[] {
    return this.rows(true);
  }

  private rows(final: boolean): DelimitedRow[] {
    const rows: DelimitedRow[] = [];
    while (this.at < this.text.length && this.fault === null) {
      const row = this.row(final);
      if (row === null) break;
      if (row.fields.length > 1 || row.fields[0] !== '') rows.push(row);
    }
    return rows;
  }

  /** The next row; null where the text does not hold its end yet. */
  private row(final: boolean): DelimitedRow | null {
    const newline = this.text.indexOf('\n', this.at);
    if (newline < 0 && !final) return null;
    const end = newline < 0 ? this.text.length : newline;
    const source = this.text.slice(this.at, end);
    if (this.dialect.quotes && source.includes('"')) return this.quotedRow(final);
    const { line } = this;
    this.at = end + 1;
    this.line += 1;
    return { line, lastLine: line, fields: source.split(this.dialect.delimiter) };
  }

  /** The next row, value by value. */
  private quotedRow(final: boolean): DelimitedRow | null {
    const { text } = this;
    const fields: string[] = [];
    let { at, line } = this;
    for (;;) {
      const value = text[at] === '"' ? this.quoted(at, line, final) : this.plain(at, line, final);
      if (value === null) return null;
      fields.push(value.text);
      at = value.end;
      line = value.line;
      if (text[at] === this.dialect.delimiter) at += 1;
      else break;
    }
    const row = { line: this.line, lastLine: line, fields };
    this.at = at + 1;
    this.line = line + 1;
    return row;
  }

  /** The quoted value that begins at `at`. */
  private quoted(at: number, line: number, final: boolean): ScannedValue | null {
    const { text } = this;
    let close = text.indexOf('"', at + 1);
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    // A quote that ends the text may be the first of two.
    if (!final && (close < 0 || close + 1 === text.length)) return null;
    if (close < 0) return this.broken({ kind: 'unclosed', line, noticed: line });
    const inner = text.slice(at + 1, close);
    let last = line;
    for (let i = inner.indexOf('\n'); i >= 0; i = inner.indexOf('\n', i + 1)) last += 1;
    const next = text[close + 1];
    if (next !== undefined && next !== '\n' && next !== this.dialect.delimiter) {
      return this.broken({ kind: 'text-after', line, noticed: last });
    }
    const value = inner.includes('"') ? inner.replaceAll('""', '"') : inner;
    return { text: value, end: close + 1, line: last };
  }

  /** The value that begins at `at` without a quote. */
  private plain(at: number, line: number, final: boolean): ScannedValue | null {
    const { text } = this;
    const newline = text.indexOf('\n', at);
    let end = text.indexOf(this.dialect.delimiter, at);
    if (end < 0) end = text.length;
    if (newline >= 0 && newline < end) end = newline;
    if (end === text.length && !final) return null;
    const value = text.slice(at, end);
    // Cells that are copied out of a spreadsheet hold plain quotes, and only tabs between them.
    const strict = this.dialect.delimiter !== '\t';
    if (strict && value.includes('"'))
      return this.broken({ kind: 'text-before', line, noticed: line });
    return { text: value, end, line };
  }

  private broken(found: QuoteFault): null {
    this.fault = found;
    return null;
  }
}

interface ScannedValue {
  readonly text: string;
  /** Past its last character. */
  readonly end: number;
  /** The line it ends on. */
  readonly line: number;
}

/**
 * What is wrong with the quotes. A broken quote shows where the text stops making sense, often lines
 * later; what helps is the line on which it was opened.
 */
export function quoteFault({ kind, line, noticed }: QuoteFault, fileName: string): Error {
  const place = noticed > line ? ` on line ${noticed}` : '';
  const sentence = {
    unclosed: 'The quote that opens here is never closed.',
    'text-after': `The quote that opens here is closed${place} with more text right after it.`,
    'text-before': 'A quote stands in the middle of a value that does not begin with one.',
  }[kind];
  return fault('file-syntax', fileName, line, sentence, QUOTE_HINT);
}

/** A row that does not end. */
export function longRow(line: number, fileName: string): Error {
  const sentence = `The row that begins here has more than ${counted(MAX_ROW)} characters.`;
  const hint = `A quote in it may not be closed. ${QUOTE_HINT}`;
  return fault('file-too-large', fileName, line, sentence, hint);
}
