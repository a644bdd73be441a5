import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Breather } from './breather.ts';
import { fault } from './faults.ts';
import type { SourceRecord, Table } from './table.ts';
import { MAX_COLUMNS } from './table.ts';

const SLICE_BYTES = 1 << 16;
/** Characters in a column's name. */
const MAX_NAME = 1_000;
const QUOTE_HINT =
  'Put text that holds quotes, delimiters or line breaks in double quotes, and write a quote inside it twice ("").';

interface ParsedLine {
  /** The line the row begins on, from 1. */
  line: number;
  /** The line it ends on: later, where a quoted value holds line breaks. */
  lastLine: number;
  fields: string[];
}

/**
 * Reads delimited text strictly (RFC 4180): the first row names the columns, every row has as many
 * values, quotes are balanced. Rows without any content, as spreadsheets leave at the end, are
 * skipped. A column without a name, as data-frame libraries write for the row number, is called
 * `column 1` by its place.
 *
 * @param text with `\n` line ends
 * @throws StudioError file-syntax, naming the line where the broken row or quote begins
 */
export async function readDelimited(
  text: string,
  delimiter: string,
  fileName: string,
  breather: Breather,
): Promise<Table> {
  const records: SourceRecord[] = [];
  let columns: string[] | null = null;
  try {
    for await (const row of parsedLines(text, delimiter)) {
      await breather.row();
      if (row.fields.every((field) => field.trim() === '')) continue;
      if (columns === null) columns = columnNames(row, fileName);
      else records.push(recordOf(row, columns.length, fileName));
    }
  } catch (caught) {
    throw caught instanceof CsvError ? quoteFault(text, delimiter, fileName, caught) : caught;
  }
  return { fileName, columns: columns ?? [], records };
}

async function* parsedLines(text: string, delimiter: string): AsyncGenerator<ParsedLine> {
  const parser = Readable.from(slices(Buffer.from(text))).pipe(
    parse({
      delimiter,
      record_delimiter: '\n',
      skip_empty_lines: true,
      relax_column_count: true, // counted here instead, to name the line the row begins on
      info: true,
    }),
  );
  for await (const parsed of parser) {
    const { record, info }: { record: string[]; info: { lines: number } } = parsed;
    const breaks = record.reduce((sum, field) => sum + field.split('\n').length - 1, 0);
    yield { line: info.lines - breaks, lastLine: info.lines, fields: record };
  }
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

function columnNames(header: ParsedLine, fileName: string): string[] {
  const refuse = (what: string) =>
    fault(
      'file-syntax',
      fileName,
      header.line,
      `The first row ${what}: it does not look like column names.`,
      'Give the file a first line with a short name for every column.',
    );
  if (header.fields.length > MAX_COLUMNS) {
    throw refuse(`has ${header.fields.length.toLocaleString('en')} values`);
  }
  const longest = Math.max(...header.fields.map((field) => field.length));
  if (longest > MAX_NAME) {
    throw refuse(`holds a text of ${longest.toLocaleString('en')} characters`);
  }
  const names = header.fields.map((field, index) => field.trim() || `column ${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw fault(
      'file-syntax',
      fileName,
      header.line,
      `Two columns are called “${twice}”.`,
      'Give every column a name of its own.',
    );
  }
  return names;
}

function recordOf(row: ParsedLine, columns: number, fileName: string): SourceRecord {
  const { line, lastLine, fields } = row;
  if (fields.length === columns) return { line, values: fields };
  const values = `${fields.length} ${fields.length === 1 ? 'value' : 'values'}`;
  const sentence =
    lastLine > line
      ? `The row that begins here and ends on line ${lastLine} has ${values}`
      : `The row has ${values}`;
  throw fault(
    'file-syntax',
    fileName,
    line,
    `${sentence}; the first row names ${columns} ${columns === 1 ? 'column' : 'columns'}.`,
    QUOTE_HINT,
  );
}

/**
 * What is wrong with the quotes. The parser notices a broken quote where the text stops making
 * sense, often lines later; what helps is the line on which that quote was opened.
 */
function quoteFault(text: string, delimiter: string, fileName: string, cause: CsvError): Error {
  const found = findQuoteFault(text, delimiter);
  if (found === null) return fault('file-syntax', fileName, null, `${cause.message}.`, QUOTE_HINT);
  const noticed = found.noticed > found.line ? ` on line ${found.noticed}` : '';
  const sentence = {
    unclosed: 'The quote that opens here is never closed.',
    'text-after': `The quote that opens here is closed${noticed} with more text right after it.`,
    'text-before': 'A quote stands in the middle of a value that does not begin with one.',
  }[found.kind];
  return fault('file-syntax', fileName, found.line, sentence, QUOTE_HINT);
}

interface QuoteFault {
  kind: 'unclosed' | 'text-after' | 'text-before';
  /** Where the value with the fault opened its quote. */
  line: number;
  /** Where it shows. */
  noticed: number;
}

/** The first misplaced quote, by the same rules that the parser applies; null where there is none. */
export function findQuoteFault(text: string, delimiter: string): QuoteFault | null {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      const opened = line;
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return { kind: 'unclosed', line: opened, noticed: opened };
      for (let i = text.indexOf('\n', at); i >= 0 && i < close; i = text.indexOf('\n', i + 1))
        line++;
      at = close + 1;
      const next = text[at];
      if (next !== undefined && next !== '\n' && next !== delimiter) {
        return { kind: 'text-after', line: opened, noticed: line };
      }
    } else {
      const start = at;
      while (at < text.length && text[at] !== '\n' && text[at] !== delimiter) {
        if (text[at] === '"' && at > start) return { kind: 'text-before', line, noticed: line };
        at += 1;
      }
    }
    if (text[at] === '\n') line += 1;
    at += 1;
  }
  return null;
}
