import { isRecord } from '../../../core/json.ts';
import { fault } from '../faults.ts';
import { traceJson } from './json-scan.ts';
import { hasLongNumbers, kindOf, parseKeepingDigits } from './json-value.ts';
import { unfold } from './known-shapes.ts';
import { counted, MAX_ROW } from './limits.ts';
import type { Spreader } from './spread.ts';
import type { SourceRecord } from './values.ts';
import { BATCH_ROWS } from './values.ts';

const HINT = 'In JSON Lines every line is one object: {"input": "…", "label": "…"}.';

/**
 * Reads one object a line; empty lines are skipped.
 *
 * @param blocks text with `\n` line ends
 * @throws StudioError file-syntax, naming the line and the column in it; file-too-large
 */
export async function* readJsonLines(
  blocks: AsyncIterable<string>,
  fileName: string,
  spreader: Spreader,
): AsyncGenerator<SourceRecord[]> {
  const reader = new LineReader(fileName, spreader);
  for await (const block of blocks) {
    reader.take(block);
    yield* reader.full();
  }
  reader.take('\n');
  yield* reader.full();
  if (reader.records.length > 0) yield reader.records;
}

class LineReader {
  records: SourceRecord[] = [];
  private readonly fileName: string;
  private readonly spreader: Spreader;
  private readonly batches: SourceRecord[][] = [];
  private line = 0;
  private rest = '';

  constructor(fileName: string, spreader: Spreader) {
    this.fileName = fileName;
    this.spreader = spreader;
  }

  /** Reads the lines that end in the block. */
  take(block: string): void {
    const text = this.rest === '' ? block : this.rest + block;
    const parse = hasLongNumbers(text) ? parseKeepingDigits : JSON.parse;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.line += 1;
      if (end > start) this.read(text.slice(start, end), parse);
      start = end + 1;
    }
    this.rest = text.slice(start);
    if (this.rest.length > MAX_ROW) throw this.tooLong();
  }

  /** The batches that are full. */
  *full(): Generator<SourceRecord[]> {
    yield* this.batches.splice(0);
  }

  private read(source: string, parse: (text: string) => unknown): void {
    let row: unknown;
    try {
      row = parse(source);
    } catch (caught) {
      if (source.trim() === '') return;
      throw this.notJson(source, caught);
    }
    if (!isRecord(row)) {
      throw this.fault(`This line is ${kindOf(row)}, not an object with fields.`);
    }
    for (const fields of unfold(row)) this.add(this.spreader.record(this.line, fields));
  }

  private add(record: SourceRecord): void {
    this.records.push(record);
    if (this.records.length < BATCH_ROWS) return;
    this.batches.push(this.records);
    this.records = [];
  }

  private notJson(source: string, caught: unknown): Error {
    const { column, problem } = traceJson(source).error ?? { column: 1, problem: String(caught) };
    return this.fault(`This line is not valid JSON: ${problem} at column ${column}.`);
  }

  private fault(sentence: string): Error {
    return fault('file-syntax', this.fileName, this.line, sentence, HINT);
  }

  private tooLong(): Error {
    return fault(
      'file-too-large',
      this.fileName,
      this.line + 1,
      `The line that begins here has more than ${counted(MAX_ROW)} characters.`,
      `${HINT} A row that long is mostly a list of rows saved on one line.`,
    );
  }
}
