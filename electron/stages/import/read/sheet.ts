import type { ReadOptions } from '../../../contract/entities.ts';
import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { counted, MAX_ROW } from './limits.ts';
import { columnNames, looksLikeHeader } from './names.ts';
import { cellText, columnIndex, dateText, numberValue } from './sheet-values.ts';
import type { TopRow } from './title-lines.ts';
import { countTitles } from './title-lines.ts';
import type { SourceRecord, Value } from './values.ts';
import { BATCH_ROWS, MAX_COLUMNS, valueText } from './values.ts';
import type { WorkbookParts } from './workbook-parts.ts';
import type { Attributes, XmlToken } from './xml.ts';
import { attribute, XmlError } from './xml.ts';

/** Rows that are looked at to tell whether the first one names the columns. */
const SAMPLE_ROWS = 200;

interface SheetRow {
  readonly row: number;
  readonly cells: readonly (Value | undefined)[];
}

/** A sheet as a table. */
export interface SheetTable {
  readonly header: boolean;
  /** Rows of the sheet before the table. */
  readonly skipped: number;
  readonly columns: readonly string[];
  readonly records: AsyncGenerator<SourceRecord[]>;
}

/**
 * Reads the cells of a sheet. The first row with any content below a title names the columns, or does
 * not; rows without content are skipped, columns left of the first name too.
 *
 * @throws StudioError file-syntax, naming the row
 */
export async function readSheet(
  tokens: AsyncGenerator<XmlToken[]>,
  parts: WorkbookParts,
  fileName: string,
  { header, skip }: Pick<ReadOptions, 'header' | 'skip'>,
): Promise<SheetTable> {
  const rows = sheetRows(tokens, parts, fileName);
  const sample: SheetRow[] = [];
  let last = false;
  while (sample.length < SAMPLE_ROWS && !last) {
    const { value, done } = await rows.next();
    if (done === true) last = true;
    else sample.push(...value.filter(({ row }) => row > (skip ?? 0)));
  }
  const titles =
    skip === null ? countTitles(sample.slice(0, SAMPLE_ROWS).map(topRow), grid(header)) : 0;
  sample.splice(0, titles);
  const first = sample[0];
  const skipped = skip ?? (titles > 0 ? (first?.row ?? 1) - 1 : 0);
  const start = first?.cells.findIndex(isFilled) ?? 0;
  const texts = sample.map(({ cells }) => cells.slice(start).map(valueText));
  const named = header ?? (titles > 0 || looksLikeHeader(texts.slice(0, SAMPLE_ROWS)));
  const names = named ? columnNames(texts[0] ?? [], fileName, first?.row ?? 1, 'row') : [];
  const table = new SheetRecords(fileName, start, names);
  async function* records(): AsyncGenerator<SourceRecord[]> {
    yield* table.take(named ? sample.slice(1) : sample);
    if (!last) for await (const more of rows) yield* table.take(more);
    if (table.records.length > 0) yield table.records;
  }
  return { header: named, skipped, columns: table.columns, records: records() };
}

const grid = (header: boolean | null) => ({ padded: true, named: header !== false });

/** What stands in a row from the sheet's first column on. */
const topRow = ({ row, cells }: SheetRow): TopRow => ({
  line: row,
  lastLine: row,
  cells: Array.from(cells, valueText),
});

/** Makes rows of cells; a column beyond the named ones is called by its place. */
class SheetRecords {
  readonly columns: string[];
  records: SourceRecord[] = [];
  private readonly fileName: string;
  private readonly start: number;

  constructor(fileName: string, start: number, columns: string[]) {
    this.fileName = fileName;
    this.start = start;
    this.columns = columns;
  }

  /** The batches that the rows fill. */
  *take(rows: readonly SheetRow[]): Generator<SourceRecord[]> {
    for (const { row, cells } of rows) {
      const values = cells.slice(this.start);
      this.widen(values.length, row);
      this.records.push({ line: row, values });
      if (this.records.length < BATCH_ROWS) continue;
      yield this.records;
      this.records = [];
    }
  }

  private widen(width: number, row: number): void {
    if (width > MAX_COLUMNS) {
      const sentence = `The row has a value in column ${counted(width)}; a table has at most ${counted(MAX_COLUMNS)}.`;
      const hint = 'Delete what stands far to the right, or save the table on a sheet of its own.';
      throw fault('file-syntax', this.fileName, row, sentence, hint, 'row');
    }
    while (this.columns.length < width) this.columns.push(this.freeName(this.columns.length + 1));
  }

  private freeName(place: number): string {
    let name = `column ${place}`;
    while (this.columns.includes(name)) name += ' ';
    return name;
  }
}

const isFilled = (value: Value | undefined): boolean => valueText(value).trim() !== '';

/** The rows with any content, a few at a time. */
async function* sheetRows(
  tokens: AsyncGenerator<XmlToken[]>,
  parts: WorkbookParts,
  fileName: string,
): AsyncGenerator<SheetRow[]> {
  const reader = new CellReader(parts);
  try {
    for await (const some of tokens) {
      for (const token of some) reader.take(token);
      if (reader.rows.length > 0) yield reader.rows.splice(0);
    }
    if (!reader.ended) throw new XmlError('sheet without an end');
  } catch (caught) {
    throw damagedWorkbook(caught, fileName, Math.max(1, reader.row));
  }
}

/** Collects the cells of a sheet from its tags. */
class CellReader {
  readonly rows: SheetRow[] = [];
  /** The row at hand, from 1. */
  row = 0;
  ended = false;
  private readonly parts: WorkbookParts;
  private cells: (Value | undefined)[] = [];
  private length = 0;
  private column = -1;
  private type = 'n';
  private style = 0;
  private text = '';
  private reading = false;
  private aside = false;

  constructor(parts: WorkbookParts) {
    this.parts = parts;
  }

  take(token: XmlToken): void {
    if (token.kind === 'text') {
      if (this.reading && !this.aside) this.text += token.text;
      return;
    }
    const open = token.kind === 'open';
    switch (token.name) {
      case 'row':
        if (open) this.openRow(token.attributes);
        else this.closeRow();
        break;
      case 'c':
        if (open) this.openCell(token.attributes);
        else this.closeCell();
        break;
      case 'v':
      case 't':
        this.reading = open;
        break;
      case 'rPh':
        this.aside = open;
        break;
      case 'sheetData':
        this.ended = !open;
    }
  }

  private openRow(attributes: Attributes): void {
    const given = Number(attribute(attributes, 'r') ?? this.row + 1);
    if (!Number.isSafeInteger(given) || given <= this.row) throw new XmlError('row number');
    this.row = given;
    this.cells = [];
    this.column = -1;
    this.length = 0;
  }

  private closeRow(): void {
    while (this.cells.length > 0 && !isFilled(this.cells.at(-1))) this.cells.pop();
    if (this.cells.length > 0) this.rows.push({ row: this.row, cells: this.cells });
    this.cells = [];
  }

  private openCell(attributes: Attributes): void {
    const given = columnIndex(attribute(attributes, 'r') ?? '');
    this.column = given ?? this.column + 1;
    this.type = attribute(attributes, 't') ?? 'n';
    this.style = Number(attribute(attributes, 's') ?? 0);
    this.text = '';
  }

  private closeCell(): void {
    // Cells so far to the right are refused by the table, with their row.
    const value = this.value();
    if (value === null) return;
    const column = Math.min(this.column, MAX_COLUMNS);
    while (this.cells.length < column) this.cells.push(undefined);
    this.cells[column] = value;
    this.length += this.text.length;
    if (this.length > MAX_ROW) throw new XmlError('row too long');
  }

  private value(): Value {
    const { text, type, parts } = this;
    if (type === 's') {
      if (text === '') return null;
      const shared = parts.shared[Number(text)];
      if (shared === undefined) throw new XmlError('text missing');
      return cellText(shared);
    }
    if (type === 'str' || type === 'inlineStr' || type === 'd' || type === 'e') {
      return text === '' ? null : cellText(text);
    }
    if (type === 'b') return text === '' ? null : text.trim() === '1';
    const value = numberValue(text);
    const format = parts.dates[this.style] ?? null;
    return format === null || typeof value !== 'number'
      ? value
      : (dateText(value, format, parts.from1904) ?? value);
  }
}

/** @param row the first that could not be read; null where none was tried */
export function damagedWorkbook(
  caught: unknown,
  fileName: string,
  row: number | null,
): StudioError {
  if (caught instanceof StudioError) return caught;
  const sentence =
    row === null ? 'The workbook is damaged.' : 'The workbook is damaged from here on.';
  const hint = 'Open it in Excel, which can often repair it, and save it again or as CSV.';
  const { code, message } = fault('file-syntax', fileName, row, sentence, hint, 'row');
  return new StudioError(code, message, hint, { cause: caught });
}
