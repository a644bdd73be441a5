import type { InfoRecord, Options } from 'csv-parse';
import { CsvError, Parser } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { fault } from '../faults.ts';
import { counted, MAX_ROW } from './limits.ts';
import { lineFeeds } from './text.ts';

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

const faultKinds: Readonly<Record<string, QuoteFault['kind']>> = {
  CSV_QUOTE_NOT_CLOSED: 'unclosed',
  CSV_INVALID_CLOSING_QUOTE: 'text-after',
  INVALID_OPENING_QUOTE: 'text-before',
};

const LINE_FEED = 0x0a;

/** Cells that are copied out of a spreadsheet hold plain quotes, and only tabs between them. */
const holdsPlainQuotes = ({ delimiter }: Dialect): boolean => delimiter === '\t';

const parserOptions = (dialect: Dialect): Options => ({
  delimiter: dialect.delimiter,
  quote: dialect.quotes ? '"' : null,
  record_delimiter: '\n',
  relax_quotes: holdsPlainQuotes(dialect),
  // How many values a row has is checked where its line can be named.
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: MAX_ROW,
});

/**
 * Cuts delimited text that comes in pieces into rows, strictly as RFC 4180 has it: quotes are
 * balanced and stand at the borders of values. Between tabs, quotes may stand inside a value. Empty
 * lines are no rows.
 */
export class RowReader {
  /** The first misplaced quote; nothing is read after it. */
  fault: QuoteFault | null = null;
  /** Set when a row is longer than rows may be: the line it begins on. */
  tooLong: number | null = null;
  private readonly dialect: Dialect;
  private readonly skipped: number;
  private readonly parser: Parser;
  private rows: DelimitedRow[] = [];
  /** Where the last row ends: its line, its bytes, and how many empty lines there were before. */
  private last = { line: 0, bytes: 0, emptyLines: 0 };
  /** The bytes from the row at hand on, for a second look at it. */
  private held: Buffer = Buffer.alloc(0);
  private heldFrom = 0;

  /** @param skipped lines of the file before the text */
  constructor(dialect: Dialect, skipped = 0) {
    this.dialect = dialect;
    this.skipped = skipped;
    this.parser = new Parser({
      ...parserOptions(dialect),
      // Rows are collected here: the readable side of the stream would hand them on one by one.
      on_record: (fields: string[], info) => {
        this.take(fields, info);
        return null;
      },
    });
    // What goes wrong is told where the text is handed over.
    this.parser.on('error', () => undefined);
  }

  /** The rows that end in the next piece, which has `\n` line ends. */
  push(piece: string): Promise<DelimitedRow[]> {
    const bytes = Buffer.from(piece);
    this.held = Buffer.concat([this.held.subarray(this.last.bytes - this.heldFrom), bytes]);
    this.heldFrom = this.last.bytes;
    return this.found((done) => this.parser.write(bytes, done));
  }

  /** The last row, where no line end follows it. */
  end(): Promise<DelimitedRow[]> {
    return this.found((done) => this.parser.end(done));
  }

  private async found(
    hand: (done: (error?: Error | null) => void) => unknown,
  ): Promise<DelimitedRow[]> {
    if (this.fault !== null || this.tooLong !== null) return [];
    const error = await new Promise<Error | null>((resolve) => {
      hand((caught) => {
        resolve(caught ?? null);
      });
    });
    const { rows } = this;
    this.rows = [];
    // A fault of this reader's own stands before any that the parser found after it.
    if (error !== null && !this.isStopped()) this.explain(error);
    return rows;
  }

  private isStopped(): boolean {
    return this.fault !== null;
  }

  private take(fields: string[], { lines, bytes, empty_lines: emptyLines }: InfoRecord): void {
    if (this.isStopped()) return;
    const before = this.last;
    const line = before.line + 1 + emptyLines - before.emptyLines;
    this.last = { line: lines, bytes, emptyLines };
    const row = { line: this.skipped + line, lastLine: this.skipped + lines, fields };
    if (this.dialect.quotes && holdsPlainQuotes(this.dialect)) {
      const raw = this.held.subarray(before.bytes - this.heldFrom, bytes - this.heldFrom);
      this.fault = swallowing(row, raw);
    }
    if (!this.isStopped()) this.rows.push(row);
  }

  private explain(error: Error): void {
    const kind = error instanceof CsvError ? faultKinds[error.code] : undefined;
    const rest = this.held.subarray(this.last.bytes - this.heldFrom);
    const before = this.skipped + this.last.line;
    if (kind !== undefined) {
      const line = before + openedOn(rest, this.dialect);
      this.fault = { kind, line, noticed: this.skipped + this.parser.info.lines };
    } else if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') {
      this.tooLong = before + firstLine(rest);
    } else throw error;
  }
}

/**
 * The first rows of a text, for a look at how it is written: quotes may stand anywhere. A text that
 * goes on is read up to its last line end.
 *
 * @returns the rows, and whether quotes swallow what they should not
 */
export function firstRows(
  text: string,
  whole: boolean,
  dialect: Dialect,
  most: number,
): { rows: DelimitedRow[]; broken: boolean } {
  const bytes = Buffer.from(whole ? text : text.slice(0, text.lastIndexOf('\n') + 1));
  const rows: DelimitedRow[] = [];
  let broken = false;
  let last = { line: 0, bytes: 0, emptyLines: 0 };
  const on_record = (fields: string[], info: InfoRecord): null => {
    const line = last.line + 1 + info.empty_lines - last.emptyLines;
    const row = { line, lastLine: info.lines, fields };
    rows.push(row);
    if (dialect.quotes) broken ||= swallowing(row, bytes.subarray(last.bytes, info.bytes)) !== null;
    last = { line: info.lines, bytes: info.bytes, emptyLines: info.empty_lines };
    return null;
  };
  try {
    parse(bytes, { ...parserOptions(dialect), relax_quotes: true, to: most, on_record });
  } catch (caught) {
    if (!(caught instanceof CsvError)) throw caught;
    broken ||= whole;
  }
  return { rows, broken };
}

/**
 * Where plain quotes may stand in values, a quote that opens a value and is not closed holds together
 * what follows, up to the next quote with more text after it. A value that came about that way is not
 * what it would be written as.
 *
 * @param raw the row as it stands in the text
 */
function swallowing({ line, fields }: DelimitedRow, raw: Buffer): QuoteFault | null {
  let opened = line;
  for (const field of fields) {
    const lines = lineFeeds(field);
    // On one line it is a value with a plain quote at its beginning.
    if (field.startsWith('"') && (lines > 0 || field.includes('\t'))) {
      const written = `"${field.replaceAll('"', '""')}"`;
      if (!raw.includes(written)) {
        const inner = field.slice(0, field.indexOf('"', 1) + 1);
        return { kind: 'text-after', line: opened, noticed: opened + lineFeeds(inner) };
      }
    }
    opened += lines;
  }
  return null;
}

/** The line of a row's text, empty lines before it included, on which its last value begins. */
function openedOn(row: Buffer, dialect: Dialect): number {
  let line = firstLine(row);
  const cast = (value: string, { lines }: InfoRecord): string => {
    line = lines;
    return value;
  };
  try {
    parse(row, { ...parserOptions(dialect), cast });
  } catch {
    // That the row is broken is known.
  }
  return line;
}

/** The first line with anything in it, from 1. */
const firstLine = (text: Buffer): number => text.findIndex((byte) => byte !== LINE_FEED) + 1;

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
  const sentence = `The row that begins here has more than ${counted(MAX_ROW)} bytes.`;
  const hint = `A quote in it may not be closed. ${QUOTE_HINT}`;
  return fault('file-too-large', fileName, line, sentence, hint);
}
