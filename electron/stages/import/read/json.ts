import { isRecord } from '../../../core/json.ts';
import { fault } from '../faults.ts';
import type { JsonElement } from './json-scan.ts';
import { JsonScanner } from './json-scan.ts';
import { kindOf, parseValue } from './json-value.ts';
import { unfold } from './known-shapes.ts';
import { counted, MAX_ROW } from './limits.ts';
import type { Spreader } from './spread.ts';
import type { SourceRecord } from './values.ts';
import { BATCH_ROWS } from './values.ts';

const HINT =
  'Save the rows as a list of objects with the same fields: [{"input": "…", "label": "…"}, …].';

/**
 * Reads a list of objects, or an object that holds exactly one such list among other fields.
 *
 * @param blocks text with `\n` line ends
 * @throws StudioError file-syntax, naming line and column of the error, or the line of the odd
 *   element; file-too-large
 */
export async function* readJson(
  blocks: AsyncIterable<string>,
  fileName: string,
  spreader: Spreader,
): AsyncGenerator<SourceRecord[]> {
  const lists = new Lists(fileName, spreader);
  const scanner = new JsonScanner((element) => {
    lists.take(element);
  });
  for await (const block of blocks) {
    scanner.push(block);
    check(scanner, fileName);
    yield* lists.full();
  }
  scanner.end();
  check(scanner, fileName);
  lists.finish(scanner.top);
  if (lists.records.length > 0) yield lists.records;
}

/** @throws StudioError file-syntax, file-too-large */
function check({ error, tooLong }: JsonScanner, fileName: string): void {
  if (error !== null) {
    throw fault(
      'file-syntax',
      fileName,
      error.line,
      `This is not valid JSON: ${error.problem} at column ${error.column}.`,
      'Correct the file there, or save it again from the program it comes from.',
    );
  }
  if (tooLong !== null) {
    const sentence = `What begins here has more than ${counted(MAX_ROW)} characters, too many for a row.`;
    throw fault('file-too-large', fileName, tooLong, sentence, HINT);
  }
}

/** Collects the rows among the elements of the lists in a file. */
class Lists {
  records: SourceRecord[] = [];
  private readonly fileName: string;
  private readonly spreader: Spreader;
  private readonly batches: SourceRecord[][] = [];
  /** The fields with a list of rows in them, in order; null stands for a list at the top. */
  private readonly tables: (string | null)[] = [];
  /** Whether the list at hand has shown itself to be one of rows. */
  private started = false;
  /** What is to be said of an element of this list that is no row, if the list is one of rows. */
  private odd: Error | null = null;

  constructor(fileName: string, spreader: Spreader) {
    this.fileName = fileName;
    this.spreader = spreader;
  }

  take(element: JsonElement): void {
    const { field, index, line, text } = element;
    if (index === 0) {
      this.odd = null;
      this.started = false;
    }
    const { started } = this;
    if (started && this.tables.length > 1) return;
    const row = parseValue(text);
    if (!isRecord(row)) {
      const sentence = `Element ${index + 1} of the list is ${kindOf(row)}, not an object with fields.`;
      this.odd ??= fault('file-syntax', this.fileName, line, sentence, HINT);
      if (field === null || started) throw this.odd;
      return;
    }
    if (this.odd !== null) throw this.odd;
    if (!started) this.tables.push(field);
    this.started = true;
    if (this.tables.length > 1) return;
    for (const fields of unfold(row)) this.add(this.spreader.record(line, fields));
  }

  private add(record: SourceRecord): void {
    this.records.push(record);
    if (this.records.length < BATCH_ROWS) return;
    this.batches.push(this.records);
    this.records = [];
  }

  *full(): Generator<SourceRecord[]> {
    yield* this.batches.splice(0);
  }

  /** @param top the first character of the file's value @throws StudioError file-syntax */
  finish(top: string): void {
    const names = this.tables;
    if (names.length === 1 || top === '[') return;
    const sentence =
      names.length > 1
        ? `The file holds ${names.length} lists: ${names.map((name) => `“${name ?? ''}”`).join(', ')}.`
        : `The file holds ${kindOfTop(top)} without a list of rows.`;
    const hint = names.length > 1 ? 'Save each list as a file of its own.' : HINT;
    throw fault('file-syntax', this.fileName, null, sentence, hint);
  }
}

const kindOfTop = (top: string): string =>
  top === '{'
    ? 'an object'
    : top === '"'
      ? 'a string'
      : top === 'n'
        ? 'null'
        : top === 't' || top === 'f'
          ? 'a boolean'
          : 'a number';
