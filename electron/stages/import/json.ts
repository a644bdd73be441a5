import { isRecord } from '../../core/json.ts';
import type { Breather } from './breather.ts';
import { emptyFile, isListOfRecords } from './detect.ts';
import { fault } from './faults.ts';
import { traceJson } from './json-trace.ts';
import type { Table } from './table.ts';
import { TableBuilder } from './table.ts';

/** A whole number of 16 digits or more where a value may stand; floats hold 15 for certain. */
const LONG_NUMBER = /[[:,\s]-?\d{16,}\s*[,\]}]/;
const LIST_HINT =
  'Save the rows as a list of objects with the same fields: [{"input": "…", "label": "…"}, …].';
const LINES_HINT = 'In JSON Lines every line is one object: {"input": "…", "label": "…"}.';

/**
 * Reads a list of objects, or an object that holds exactly one such list among other fields.
 *
 * @param text with `\n` line ends
 * @throws StudioError file-syntax, naming line and column of the error, or the line of the odd element
 */
export async function readJson(text: string, fileName: string, breather: Breather): Promise<Table> {
  const value = parse(text, (cause) => {
    const { line, column, problem } = traceJson(text).error ?? {
      line: 1,
      column: 1,
      problem: cause,
    };
    return fault(
      'file-syntax',
      fileName,
      line,
      `This is not valid JSON: ${problem} at column ${column}.`,
      'Correct the file there, or save it again from the program it comes from.',
    );
  });
  const { field, rows } = listOf(value, fileName);
  const lines = traceJson(text).elementLines.get(field) ?? [];
  const table = new TableBuilder(fileName);
  for (const [index, row] of rows.entries()) {
    await breather.row();
    const line = lines[index] ?? 1;
    if (!isRecord(row)) {
      const sentence = `Element ${index + 1} of the list is ${kindOf(row)}, not an object with fields.`;
      throw fault('file-syntax', fileName, line, sentence, LIST_HINT);
    }
    table.add(line, row);
  }
  return table.build();
}

/**
 * Reads one object a line; empty lines are skipped.
 *
 * @param text with `\n` line ends
 * @throws StudioError file-syntax, naming the line and the column in it
 */
export async function readJsonLines(
  text: string,
  fileName: string,
  breather: Breather,
): Promise<Table> {
  const table = new TableBuilder(fileName);
  let line = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const source = text.slice(start, end);
    start = end + 1;
    line += 1;
    if (source.trim() === '') continue;
    await breather.row();
    const row = parse(source, (cause) => {
      const { column, problem } = traceJson(source).error ?? { column: 1, problem: cause };
      const sentence = `This line is not valid JSON: ${problem} at column ${column}.`;
      return fault('file-syntax', fileName, line, sentence, LINES_HINT);
    });
    if (!isRecord(row)) {
      const sentence = `This line is ${kindOf(row)}, not an object with fields.`;
      throw fault('file-syntax', fileName, line, sentence, LINES_HINT);
    }
    table.add(line, row);
  }
  return table.build();
}

/** The rows in a parsed file, and the field they stand in (empty for a list at the top). */
function listOf(value: unknown, fileName: string): { field: string; rows: unknown[] } {
  if (Array.isArray(value)) {
    if (value.length === 0) throw emptyFile(fileName);
    return { field: '', rows: value };
  }
  const lists = isRecord(value)
    ? Object.entries(value).filter(([, inner]) => isListOfRecords(inner))
    : [];
  const [field, rows] = lists[0] ?? [];
  if (lists.length === 1 && field !== undefined && Array.isArray(rows)) return { field, rows };
  const sentence =
    lists.length > 1
      ? `The file holds ${lists.length} lists: ${lists.map(([key]) => `“${key}”`).join(', ')}.`
      : `The file holds ${kindOf(value)} without a list of rows.`;
  const hint = lists.length > 1 ? 'Save each list as a file of its own.' : LIST_HINT;
  throw fault('file-syntax', fileName, null, sentence, hint);
}

/** Parses; whole numbers too long for a float, such as long ids, keep their digits as text. */
function parse(text: string, failure: (cause: string) => Error): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (caught) {
    throw failure(caught instanceof Error ? caught.message : String(caught));
  }
}

/** A reviver; engines pass the number's source text as a third argument. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
