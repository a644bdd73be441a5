import type { ColumnMapping, MappedRow, Part } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { HashTable } from '../../core/hash-table.ts';
import { hashOf } from '../../core/text-hash.ts';
import { readChoices } from './choices.ts';
import type { Columns, Read } from './columns.ts';
import { reader, requireColumn } from './columns.ts';
import type { IndexBase, IndexEvidence, Target } from './gold.ts';
import { baseOf, choiceAt, GoldReader } from './gold.ts';
import { Problems } from './problems.ts';
import type { SourceRecord } from './read/index.ts';
import { valueText } from './read/index.ts';
import { columnsOf, parseTemplate } from './template.ts';

export type { Target } from './gold.ts';

/** A row of a file as it would be imported. */
export interface MappedRecord {
  readonly line: number;
  readonly row: MappedRow;
  /** Whether nothing is wrong with it. */
  valid: boolean;
}

/** A gold answer given as a number, of which only the whole file shows whether it counts from 0 or 1. */
interface IndexedGold {
  readonly mapped: MappedRecord;
  readonly index: number;
}

/** Characters of one text of a row. Students read a few thousand; a book in a cell is a mistake. */
const MAX_TEXT = 1_000_000;

/**
 * Turns a file's rows into examples, one after the other, and collects what is wrong with them.
 * Every text is trimmed but completions, which stay as the teacher wrote them.
 *
 * @throws StudioError from the constructor: column-missing, or invalid-input when the mapping does not
 *   say what the input is, or a multiple-choice project's choices, or uses a column twice
 */
export class RowMapper {
  readonly problems = new Problems();
  /** What the rows so far have shown of how they number choices. */
  readonly evidence: IndexEvidence = { zero: false, past: false };
  readonly #columns: Columns;
  readonly #target: Target;
  /** Columns of the mapping, each with what it is for. */
  readonly #used: [column: string, role: string][] = [];
  readonly #id: Read | null;
  readonly #input: (record: SourceRecord) => string;
  readonly #label: Read | null;
  readonly #choices: readonly Read[];
  readonly #rationale: Read | null;
  readonly #completion: Read | null;
  readonly #part: { readonly read: Read; readonly parts: ReadonlyMap<string, Part> } | null;
  readonly #kept: readonly (readonly [column: string, read: Read])[];
  readonly #gold: GoldReader;
  #linesById = new HashTable();
  #undecided: IndexedGold[] = [];
  #base: IndexBase | null = null;
  #mapped = 0;

  constructor(columns: Columns, mapping: ColumnMapping, target: Target) {
    refuseGivenAway(mapping);
    this.#columns = columns;
    this.#target = target;
    const { part } = mapping;
    this.#input = this.#inputReader(mapping);
    this.#id = this.#optional(mapping.id, 'the id');
    this.#label = this.#optional(mapping.label, 'the label');
    this.#choices = mapping.choices.map((column) => this.#reader(column, 'the choices'));
    this.#rationale = this.#optional(mapping.rationale, 'the rationale');
    this.#completion = this.#optional(mapping.completion, 'the completion');
    this.#part = part && {
      read: this.#reader(part.column, 'the part'),
      parts: new Map(Object.entries(part.values).map(([value, of]) => [value.trim(), of])),
    };
    this.#kept = mapping.keep.map((column) => [column, this.#reader(column, 'a kept column')]);
    this.#gold = new GoldReader(target, mapping.labelMap);
    if (target.task === 'multiple-choice' && this.#choices.length === 0) {
      throw new StudioError(
        'invalid-input',
        'A multiple-choice project needs to know where the choices are.',
        'Choose the column that holds the list of choices, or one column for each choice.',
      );
    }
  }

  /** The row as it would be imported; what is wrong with it goes to `problems`. */
  map(record: SourceRecord): MappedRecord {
    this.#mapped += 1;
    const mapped: MappedRecord = {
      line: record.line,
      valid: true,
      row: {
        externalId: '',
        input: this.#input(record),
        gold: null,
        choices: null,
        rationale: trimmed(this.#rationale, record) || null,
        completion: untrimmed(this.#completion, record),
        part: this.#partOf(record),
        meta: this.#metaOf(record),
      },
    };
    const { row } = mapped;
    if (row.input === '') this.#problem(mapped, 'The input is empty.');
    row.externalId = this.#externalId(record, mapped);
    row.choices = this.#rowChoices(record, mapped);
    this.#checkLengths(mapped);
    row.gold = this.#goldOf(record, mapped);
    return mapped;
  }

  /** Whether there are rows whose gold is a number, and nothing was settled about those yet. */
  get undecided(): boolean {
    return this.#undecided.length > 0;
  }

  /**
   * Settles golds that were given as numbers, by what all rows of the file show; later ones are then
   * settled as they come. Rows that can't be settled are invalid.
   */
  settle(evidence: IndexEvidence): void {
    const undecided = this.#undecided;
    const [first] = undecided;
    if (first === undefined) return;
    this.#base = baseOf(evidence);
    this.#undecided = [];
    if (this.#base !== null) {
      for (const { mapped, index } of undecided) mapped.row.gold = this.#chosen(mapped, index);
      return;
    }
    const message = `The answer ${first.index} may count the choices from 0 or from 1: no row of the file shows which.`;
    this.#problem(first.mapped, message);
    for (const { mapped } of undecided) mapped.valid = false;
  }

  /** Lets go of what {@link settle} would settle: only the evidence is wanted. */
  forgetUndecided(): void {
    this.#undecided = [];
  }

  /** To be called after the last row. @throws StudioError column-missing for one that no row had */
  finish(): void {
    for (const [column, role] of this.#used) requireColumn(this.#columns, column, role);
    this.#linesById = new HashTable();
  }

  #reader(column: string, role: string): Read {
    this.#used.push([column, role]);
    return reader(this.#columns, column, role);
  }

  #optional(column: string | null, role: string): Read | null {
    return column === null ? null : this.#reader(column, role);
  }

  #inputReader(mapping: ColumnMapping): (record: SourceRecord) => string {
    if (mapping.input !== null && mapping.template === null) {
      const read = this.#reader(mapping.input, 'the input');
      return (record) => trimmed(read, record);
    }
    if (mapping.template !== null && mapping.input === null) {
      const parts = parseTemplate(mapping.template).map((part) =>
        'text' in part ? part.text : this.#reader(part.column, 'the input template'),
      );
      return (record) => filledTemplate(parts, record);
    }
    throw new StudioError(
      'invalid-input',
      mapping.input === null
        ? 'The mapping does not say what the input is.'
        : 'The mapping names both a column and a template for the input.',
      'Choose one column for the input, or write a template that names several.',
    );
  }

  #externalId(record: SourceRecord, mapped: MappedRecord): string {
    if (this.#id === null) return `row-${this.#mapped}`;
    const id = trimmed(this.#id, record);
    if (id === '') {
      this.#problem(mapped, 'The id is empty.');
      return id;
    }
    const before = this.#linesById.add(hashOf(id), record.line);
    if (before !== 0) {
      const message = `The id “${id}” stands on line ${before} already.`;
      this.#problem(mapped, message, 'id-duplicate');
    }
    return id;
  }

  #partOf(record: SourceRecord): Part | null {
    if (this.#part === null) return null;
    return this.#part.parts.get(trimmed(this.#part.read, record)) ?? null;
  }

  #metaOf(record: SourceRecord): Record<string, string> | null {
    if (this.#kept.length === 0) return null;
    const values = this.#kept.map(([column, read]) => [column, trimmed(read, record)] as const);
    const filled = values.filter(([, value]) => value !== '');
    return filled.length === 0 ? null : Object.fromEntries(filled);
  }

  #checkLengths(mapped: MappedRecord): void {
    const { row } = mapped;
    this.#checkLength(mapped, 'The id', row.externalId);
    this.#checkLength(mapped, 'The input', row.input);
    this.#checkLength(mapped, 'The rationale', row.rationale);
    this.#checkLength(mapped, 'The completion', row.completion);
    for (const choice of row.choices ?? []) this.#checkLength(mapped, 'A choice', choice);
    for (const column in row.meta) {
      this.#checkLength(mapped, `The column “${column}”`, row.meta[column] ?? null);
    }
  }

  #checkLength(mapped: MappedRecord, what: string, text: string | null): void {
    if (text === null || text.length <= MAX_TEXT) return;
    const counts = `${text.length.toLocaleString('en')} characters, more than ${MAX_TEXT.toLocaleString('en')}`;
    this.#problem(mapped, `${what} has ${counts}.`);
  }

  #rowChoices(record: SourceRecord, mapped: MappedRecord): string[] | null {
    if (this.#choices.length === 0) return null;
    const found = readChoices(this.#choices, record);
    const required = this.#target.task === 'multiple-choice';
    if ('problem' in found) {
      if (required) this.#problem(mapped, found.problem);
      return null;
    }
    if (found.choices.length < 2 && required) {
      this.#problem(mapped, 'There are fewer than two choices.');
    }
    return found.choices.length === 0 ? null : found.choices;
  }

  /** The gold label in the project's spelling; null for a row without one. */
  #goldOf(record: SourceRecord, mapped: MappedRecord): string | null {
    const text = trimmed(this.#label, record);
    if (text === '') return null;
    const { choices } = mapped.row;
    const gold = this.#gold.read(text, choices);
    if ('label' in gold) return gold.label;
    if ('index' in gold) {
      if (gold.index === 0) this.evidence.zero = true;
      if (gold.index === choices?.length) this.evidence.past = true;
      if (this.#base !== null) return this.#chosen(mapped, gold.index);
      this.#undecided.push({ mapped, index: gold.index });
    } else this.#problem(mapped, gold.problem);
    return text;
  }

  #chosen(mapped: MappedRecord, index: number): string | null {
    const gold = choiceAt(index, this.#base ?? 0, mapped.row.choices);
    if ('label' in gold) return gold.label;
    this.#problem(mapped, gold.problem);
    return mapped.row.gold;
  }

  #problem(
    mapped: MappedRecord,
    message: string,
    code: 'rows-invalid' | 'id-duplicate' = 'rows-invalid',
  ): void {
    this.problems.add({ code, line: mapped.line, message }, mapped.valid);
    mapped.valid = false;
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

/** Empty where all of its columns are. */
function filledTemplate(parts: readonly (string | Read)[], record: SourceRecord): string {
  const filled = parts.map((part) => (typeof part === 'string' ? part : trimmed(part, record)));
  const empty = parts.every((part, index) => typeof part === 'string' || filled[index] === '');
  return empty ? '' : filled.join('').trim();
}

function trimmed(read: Read | null, record: SourceRecord): string {
  return read === null ? '' : valueText(read(record)).toWellFormed().trim();
}

/** Null where there is nothing but white space. */
function untrimmed(read: Read | null, record: SourceRecord): string | null {
  const text = read === null ? '' : valueText(read(record));
  return text.trim() === '' ? null : text.toWellFormed();
}
