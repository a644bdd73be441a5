import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { UsageError } from './options.ts';
import type { Row } from './questions.ts';

/** What rows are read from: the columns, as far as they are known before the rows, and the rows. */
export interface Table {
  /** Null where each row says its own. */
  readonly columns: readonly string[] | null;
  readonly rows: AsyncIterable<Row>;
}

export type FileKind = 'csv' | 'tsv' | 'jsonl' | 'txt';

const kinds: Readonly<Record<string, FileKind>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.txt': 'txt',
};

/** @throws UsageError */
export function kindOf(path: string): FileKind {
  const kind = kinds[extname(path).toLowerCase()];
  if (kind !== undefined) return kind;
  throw new UsageError(
    `“${path}” has no ending that says what it is.`,
    'Files are .csv, .tsv, .jsonl or .txt.',
  );
}

/** Where a line of text has to end, so that a file without line ends does not fill the memory. */
const LONGEST_LINE = 10_000_000;
/** Columns of a line of text, and of a JSON line that is a text alone. */
export const TEXT_COLUMN = 'input';

/** @throws StudioError where the file cannot be read */
export async function openTable(path: string): Promise<Table> {
  const kind = kindOf(path);
  const text = decoded(createReadStream(path), `“${path}”`);
  if (kind === 'jsonl') return { columns: null, rows: jsonRows(linesOf(text)) };
  if (kind === 'txt') return { columns: [TEXT_COLUMN], rows: textRows(linesOf(text)) };
  return openDelimited(text, path, kind);
}

/** JSON where it is said to be, or where the first line that is not empty begins an object; else texts. */
export async function* standardInput(
  bytes: AsyncIterable<Uint8Array>,
  jsonl: boolean,
): AsyncGenerator<Row> {
  const lines = linesOf(decoded(bytes, 'Standard input'));
  let json = jsonl ? true : null;
  for await (const { line, text } of lines) {
    if (text.trim() === '') continue;
    json ??= text.trimStart().startsWith('{');
    yield json ? jsonRow(line, text) : textRow(line, text);
  }
}

interface Line {
  readonly line: number;
  readonly text: string;
}

async function* textRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  for await (const { line, text } of lines) if (text.trim() !== '') yield textRow(line, text);
}

const textRow = (line: number, text: string): Row => ({
  line,
  values: { [TEXT_COLUMN]: text },
  json: false,
  problem: null,
});

async function* jsonRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  for await (const { line, text } of lines) if (text.trim() !== '') yield jsonRow(line, text);
}

const JsonRow = z.record(z.string(), z.unknown());

/** A line that is no object is kept as it stood. */
function jsonRow(line: number, text: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, values: { raw: text }, json: true, problem: `Line ${line} is no JSON.` };
  }
  if (typeof value === 'string') return { ...textRow(line, value), json: true };
  const parsed = JsonRow.safeParse(value);
  if (parsed.success) return { line, values: parsed.data, json: true, problem: null };
  return { line, values: { raw: text }, json: true, problem: `Line ${line} is no JSON object.` };
}

// ---------------------------------------------------------------- delimited text

async function openDelimited(
  text: AsyncIterable<string>,
  path: string,
  kind: 'csv' | 'tsv',
): Promise<Table> {
  const chunks = text[Symbol.asyncIterator]();
  const first = await chunks.next();
  const start = first.done === true ? '' : first.value;
  const parser = Readable.from(from(start, chunks)).pipe(
    parse({
      bom: true,
      delimiter: kind === 'tsv' ? '\t' : delimiterOf(start),
      info: true,
      max_record_size: LONGEST_LINE,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }),
  );
  const records = delimitedRecords(parser, path);
  const header = await records.next();
  if (header.done === true) {
    throw new StudioError('file-empty', `“${path}” holds no rows.`, 'Choose a file with rows.');
  }
  const columns = header.value.cells;
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new StudioError(
      'file-syntax',
      `“${path}” has two columns named “${twice}”.`,
      'Give each column a name of its own in the first line.',
    );
  }
  return { columns, rows: delimitedRows(records, columns) };
}

async function* from(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Whichever parts the first line most often. */
function delimiterOf(start: string): string {
  const [line = ''] = start.split(/\r?\n/, 1);
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

const CsvRecord = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

async function* delimitedRecords(
  parser: AsyncIterable<unknown>,
  path: string,
): AsyncGenerator<{ cells: string[]; line: number }, undefined> {
  try {
    for await (const value of parser) {
      const { record, info } = CsvRecord.parse(value);
      yield { cells: record, line: info.lines };
    }
  } catch (caught) {
    if (caught instanceof StudioError) throw caught;
    const said = caught instanceof Error ? caught.message : String(caught);
    const line = /\bline (\d+)/.exec(said)?.[1];
    const where = line === undefined ? '' : ` in the record that begins before or at line ${line}`;
    throw new StudioError(
      'file-syntax',
      `“${path}” cannot be read${where}: a quotation mark is not closed, or a cell has no end.`,
      'Correct the line, or save the table anew.',
      { cause: caught },
    );
  }
}

async function* delimitedRows(
  records: AsyncIterable<{ cells: string[]; line: number }>,
  columns: readonly string[],
): AsyncGenerator<Row> {
  for await (const { cells, line } of records) {
    const more = cells.slice(columns.length);
    const wrong = cells.length !== columns.length;
    yield {
      line,
      // From entries: an assignment to a column named “__proto__” would be lost.
      values: Object.fromEntries([
        ...columns.map((name, at): [string, unknown] => [name, cells[at] ?? '']),
        ...(more.length > 0 ? [[OVERHANG, more] as const] : []),
      ]),
      json: false,
      problem: wrong
        ? `The row that ends at line ${line} has ${cells.length} cells where the first line has ${columns.length}.`
        : null,
    };
  }
}

/** Cells beyond the last column are kept in their row, under a name that no header has. */
export const OVERHANG = '\u0000more';

// ---------------------------------------------------------------- text

/** Text of bytes in UTF-8. @throws StudioError */
async function* decoded(bytes: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch (caught) {
    throw unreadable(caught, what);
  }
}

function unreadable(caught: unknown, what: string): StudioError {
  const code = caught instanceof Error && 'code' in caught ? caught.code : null;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new StudioError(
      'file-encoding',
      `${what} is no text in UTF-8.`,
      'Save it as UTF-8, then try again.',
    );
  }
  return new StudioError(
    'file-unreadable',
    `${what} can't be read.`,
    'Check that it is a file, that it is there, and that you may open it.',
    { cause: caught },
  );
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let [line, rest] = [1, ''];
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield { line: line++, text: part.replace(/\r$/, '') };
    if (rest.length > LONGEST_LINE) {
      throw new StudioError(
        'file-syntax',
        `Line ${line} is longer than ${LONGEST_LINE / 1_000_000} million characters.`,
        'Write one question a line.',
      );
    }
  }
  if (rest !== '') yield { line, text: rest.replace(/\r$/, '') };
}
