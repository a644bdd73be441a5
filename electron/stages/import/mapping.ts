import type { ColumnMapping, MappedRow, Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { resolveChoice } from '../../core/score.ts';
import { normaliseText } from '../../core/text.ts';
import { readChoices } from './choices.ts';
import type { Read } from './columns.ts';
import { reader } from './columns.ts';
import { Problems } from './problems.ts';
import type { SourceRecord, Table } from './table.ts';
import { valueText } from './table.ts';
import { columnsOf, parseTemplate } from './template.ts';

/** What rows are imported for. */
export type Target = Pick<Project, 'task' | 'labels'>;

/** A gold answer given as a number, whose first choice (0 or 1) only the whole file shows. */
interface IndexedGold {
  readonly row: MappedRow;
  readonly line: number;
  readonly index: number;
}

/** Characters of one text of a row. Students read a few thousand; a book in a cell is a mistake. */
const MAX_TEXT = 1_000_000;

/** `3`, or `3.0` as spreadsheets and data frames write it. */
const INDEX = /^(\d{1,4})(?:\.0+)?$/;

/**
 * Turns a file's rows into examples, one after the other, and collects what is wrong with them.
 * Every text is trimmed but completions, which stay as the teacher wrote them.
 *
 * @throws StudioError from the constructor: column-missing, or invalid-input when the mapping does not
 *   say what the input is, or a multiple-choice project's choices, or uses a column twice
 */
export class RowMapper {
  readonly problems = new Problems();
  private readonly target: Target;
  private readonly id: Read | null;
  private readonly input: (record: SourceRecord) => string;
  private readonly label: Read | null;
  private readonly choices: readonly Read[];
  private readonly rationale: Read | null;
  private readonly completion: Read | null;
  /** Normalised label -> the label as the project spells it. */
  private readonly labels: ReadonlyMap<string, string>;
  private readonly linesById = new Map<string, number>();
  private readonly indexed: IndexedGold[] = [];
  private mapped = 0;

  constructor(table: Table, mapping: ColumnMapping, target: Target) {
    const optional = (column: string | null, role: string): Read | null =>
      column === null ? null : reader(table, column, role);
    refuseGivenAway(mapping);
    this.target = target;
    this.input = inputReader(table, mapping);
    this.id = optional(mapping.id, 'the id');
    this.label = optional(mapping.label, 'the label');
    this.choices = mapping.choices.map((column) => reader(table, column, 'the choices'));
    this.rationale = optional(mapping.rationale, 'the rationale');
    this.completion = optional(mapping.completion, 'the completion');
    this.labels = new Map(target.labels.map((label) => [normaliseText(label), label]));
    if (target.task === 'multiple-choice' && this.choices.length === 0) {
      throw new StudioError(
        'invalid-input',
        'A multiple-choice project needs to know where the choices are.',
        'Choose the column that holds the list of choices, or one column for each choice.',
      );
    }
  }

  /** The row as it would be imported; what is wrong with it goes to `problems`. */
  map(record: SourceRecord): MappedRow {
    this.mapped += 1;
    const input = this.input(record);
    if (input === '') this.problem(record.line, 'The input is empty.');
    const row: MappedRow = {
      externalId: this.externalId(record),
      input,
      gold: null,
      choices: this.rowChoices(record),
      rationale: trimmed(this.rationale, record) || null,
      completion: untrimmed(this.completion, record),
    };
    this.checkLengths(record, row);
    row.gold = this.gold(record, row);
    return row;
  }

  /** To be called after the last row: settles golds that were given as numbers. */
  finish(): void {
    if (this.indexed.length === 0) return;
    const zero = this.indexed.some(({ index }) => index === 0);
    const past = this.indexed.some(({ row, index }) => index === row.choices?.length);
    if (!zero && !past) {
      const [{ line, index } = { line: 1, index: 1 }] = this.indexed;
      this.problem(
        line,
        `The answer ${index} may count the choices from 0 or from 1: no row of the file shows which.`,
      );
      return;
    }
    const base = zero ? 0 : 1;
    for (const { row, line, index } of this.indexed) {
      const choice = row.choices?.[index - base];
      if (choice !== undefined) row.gold = choice;
      else
        this.problem(line, `The answer ${index}, counted from ${base}, is none of ${count(row)}.`);
    }
  }

  private externalId(record: SourceRecord): string {
    if (this.id === null) return `row-${this.mapped}`;
    const id = trimmed(this.id, record);
    const before = this.linesById.get(id);
    if (id === '') this.problem(record.line, 'The id is empty.');
    else if (before === undefined) this.linesById.set(id, record.line);
    else {
      const message = `The id “${id}” stands on line ${before} already.`;
      this.problems.add({ code: 'id-duplicate', line: record.line, message });
    }
    return id;
  }

  private checkLengths({ line }: SourceRecord, row: MappedRow): void {
    const texts: readonly (readonly [string, string | null])[] = [
      ['The id', row.externalId],
      ['The input', row.input],
      ['The rationale', row.rationale],
      ['The completion', row.completion],
      ...(row.choices ?? []).map((choice) => ['A choice', choice] as const),
    ];
    for (const [what, text] of texts) {
      if (text === null || text.length <= MAX_TEXT) continue;
      const counts = `${text.length.toLocaleString('en')} characters, more than ${MAX_TEXT.toLocaleString('en')}`;
      this.problem(line, `${what} has ${counts}.`);
    }
  }

  private rowChoices(record: SourceRecord): string[] | null {
    if (this.choices.length === 0) return null;
    const found = readChoices(this.choices, record);
    const required = this.target.task === 'multiple-choice';
    if ('problem' in found) {
      if (required) this.problem(record.line, found.problem);
      return null;
    }
    if (found.choices.length < 2 && required) {
      this.problem(record.line, 'There are fewer than two choices.');
    }
    return found.choices.length === 0 ? null : found.choices;
  }

  /** The gold label in the project's spelling; null for a row without one. */
  private gold(record: SourceRecord, row: MappedRow): string | null {
    const gold = trimmed(this.label, record);
    if (gold === '') return null;
    if (this.target.task === 'classification' && this.labels.size > 0) {
      const label = this.labels.get(normaliseText(gold));
      if (label !== undefined) return label;
      const labels = quoted(this.target.labels);
      this.problem(record.line, `The label “${short(gold)}” is none of the project's: ${labels}.`);
    } else if (this.target.task === 'multiple-choice' && row.choices !== null) {
      const choice = resolveChoice(gold, row.choices, 'normalised');
      if (choice !== null) return choice;
      const index = INDEX.exec(gold)?.[1];
      if (index !== undefined) {
        this.indexed.push({ row, line: record.line, index: Number(index) });
      } else {
        const choices = quoted(row.choices);
        this.problem(
          record.line,
          `The answer “${short(gold)}” is not among the choices: ${choices}.`,
        );
      }
    }
    return gold;
  }

  private problem(line: number, message: string): void {
    this.problems.add({ code: 'rows-invalid', line, message });
  }
}

/**
 * A column has one part in a row: a student that reads the answer in its input learns nothing, and
 * its scores would look perfect. Choices may well include the column of the right one.
 *
 * @throws StudioError invalid-input
 */
function refuseGivenAway(mapping: ColumnMapping): void {
  const inputs = mapping.template === null ? [mapping.input] : columnsOf(mapping.template);
  const parts: readonly (readonly [string, readonly (string | null)[]])[] = [
    ['the input', inputs],
    ['the label', [mapping.label]],
    ['the rationale', [mapping.rationale]],
    ['the completion', [mapping.completion]],
  ];
  const seen = new Map<string, string>();
  for (const [part, columns] of parts) {
    for (const column of new Set(columns)) {
      if (column === null) continue;
      const before = seen.get(column);
      if (before !== undefined) throw usedTwice(column, `as ${before} and as ${part}`);
      seen.set(column, part);
    }
  }
  const { choices } = mapping;
  const twice = choices.find((column, index) => choices.indexOf(column) !== index);
  if (twice !== undefined) throw usedTwice(twice, 'for two of the choices');
}

function usedTwice(column: string, how: string): StudioError {
  return new StudioError(
    'invalid-input',
    `The column “${column}” is used ${how}.`,
    'Choose another column for one of them, or none.',
  );
}

function inputReader(table: Table, mapping: ColumnMapping): (record: SourceRecord) => string {
  if (mapping.input !== null && mapping.template === null) {
    const read = reader(table, mapping.input, 'the input');
    return (record) => trimmed(read, record);
  }
  if (mapping.template !== null && mapping.input === null) {
    const parts = parseTemplate(mapping.template).map((part) =>
      'text' in part ? part.text : reader(table, part.column, 'the input template'),
    );
    return (record) => {
      const filled = parts.map((part) => (typeof part === 'string' ? part : trimmed(part, record)));
      const empty = parts.every((part, index) => typeof part === 'string' || filled[index] === '');
      return empty ? '' : filled.join('').trim();
    };
  }
  throw new StudioError(
    'invalid-input',
    mapping.input === null
      ? 'The mapping does not say what the input is.'
      : 'The mapping names both a column and a template for the input.',
    'Choose one column for the input, or write a template that names several.',
  );
}

function trimmed(read: Read | null, record: SourceRecord): string {
  return read === null ? '' : valueText(read(record)).toWellFormed().trim();
}

/** Null where there is nothing but white space. */
function untrimmed(read: Read | null, record: SourceRecord): string | null {
  const text = read === null ? '' : valueText(read(record));
  return text.trim() === '' ? null : text.toWellFormed();
}

function count(row: MappedRow): string {
  return `the ${row.choices?.length ?? 0} choices`;
}

function quoted(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).map((text) => `“${short(text)}”`);
  return texts.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text;
}
