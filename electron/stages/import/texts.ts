import type { ReadOptions } from '../../contract/entities.ts';
import type { StudioError } from '../../contract/errors.ts';
import type { ThreadTask } from '../threads.ts';
import { readChoices } from './choices.ts';
import { reader, requireColumn } from './columns.ts';
import { fault } from './faults.ts';
import type { SourceFile, SourceRecord, Value } from './read/index.ts';
import { valueText } from './read/index.ts';
import { columnsOf, unitOf, withTable } from './reading.ts';

export interface TextsInput {
  readonly file: SourceFile;
  readonly read: ReadOptions;
  /** Columns whose texts make up a question, a line each. */
  readonly columns: readonly string[];
  /** A column with the choices of each row; null without. */
  readonly choices: string | null;
  /** A column with the teacher's rationale; null without. */
  readonly rationale: string | null;
}

/** One row of a file: all of it, and what a student is asked with. */
export interface TextRow {
  readonly values: readonly (Value | null)[];
  /** Empty where the row has nothing to ask. */
  readonly text: string;
  readonly choices: string[] | null;
  readonly rationale: string | null;
}

/** Rows of the file in their order, and the columns known so far. */
export interface TextBatch {
  readonly columns: readonly string[];
  readonly rows: readonly TextRow[];
}

/**
 * Reads a file row by row: every value as it stands there, and the question that its columns make.
 * Nothing is left out, so that what is written beside the rows later fits them line by line.
 *
 * @throws StudioError file-*, column-missing, rows-invalid with the row whose choices can't be read
 */
export const textsTask: ThreadTask<TextsInput, TextBatch, { columns: string[]; rows: number }> = {
  name: 'import.texts',
  run: ({ file, read, columns, choices, rationale }, emit) =>
    withTable(file, read, async (table) => {
      const known = columnsOf(file, table);
      const inputs = columns.map((column) => reader(known, column, 'the question'));
      const listed = choices === null ? null : reader(known, choices, 'the choices');
      const explained = rationale === null ? null : reader(known, rationale, 'the rationale');
      const choicesOf = (record: SourceRecord): string[] | null => {
        if (listed === null) return null;
        const found = readChoices([listed], record);
        if ('choices' in found) return found.choices.length === 0 ? null : found.choices;
        throw unreadable(file.name, record.line, unitOf(table), found.problem);
      };
      let rows = 0;
      for await (const records of table.batches()) {
        rows += records.length;
        await emit({
          columns: [...table.columns],
          rows: records.map((record) => ({
            values: table.columns.map((_, index) => record.values[index] ?? null),
            text: inputs
              .map((value) => valueText(value(record)).toWellFormed().trim())
              .filter((text) => text !== '')
              .join('\n'),
            choices: choicesOf(record),
            rationale: explained && (valueText(explained(record)).toWellFormed().trim() || null),
          })),
        });
      }
      for (const column of columns) requireColumn(known, column, 'the question');
      if (choices !== null) requireColumn(known, choices, 'the choices');
      if (rationale !== null) requireColumn(known, rationale, 'the rationale');
      return { columns: [...table.columns], rows };
    }),
};

function unreadable(
  name: string,
  line: number,
  unit: 'line' | 'row',
  problem: string,
): StudioError {
  return fault(
    'rows-invalid',
    name,
    line,
    problem,
    'Correct the row, or answer the file without its choices.',
    unit,
  );
}
