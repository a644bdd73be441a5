import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { parseJson } from '../../../core/json.ts';
import { syncFile } from '../../../model/files.ts';
import type { ThreadTask } from '../../threads.ts';
import { SavedReply } from './answer-log.ts';
import { answerFields } from './columns.ts';
import type { AnswerColumns } from './columns.ts';
import { changed, keptRows, linesOf } from './work-folder.ts';
import type { KeptRow } from './work-folder.ts';

export interface WriteAnswered {
  /** The kept rows, and the file's own columns. */
  readonly rows: string;
  readonly columns: readonly string[];
  /** A student's answers, and the columns that they are written under. */
  readonly students: readonly { readonly answers: string; readonly columns: AnswerColumns }[];
  readonly format: 'csv' | 'jsonl';
  /** The file to write. */
  readonly path: string;
}

/** Characters that are gathered before they are written. */
const chunk = 1 << 20;
/** Rows between two reports of progress. */
const reported = 5_000;

type Cell = readonly [column: string, value: unknown];

/**
 * Writes a file's rows with what students answered beside them, in a thread, and waits until they are
 * on the disk. Values are written as they are, as in every file that rows are exported into: a label
 * such as `-3 + 4` stays what it is, and whoever opens the file in a spreadsheet is told so.
 *
 * @throws StudioError checkpoint-corrupt when what was kept was changed
 */
export const writeAnsweredTask: ThreadTask<WriteAnswered, number, { rows: number }> = {
  name: 'compare.write-answered',
  async run({ rows, columns, students, format, path }, emit) {
    rmSync(path, { force: true });
    const toLine = format === 'csv' ? await csvLines() : jsonLine;
    const names = [...columns, ...students.flatMap((student) => named(student.columns))];
    const file = openSync(path, 'wx', 0o600);
    let written = 0;
    try {
      let text = format === 'csv' ? toLine(names.map((name) => [name, name])) : '';
      const logs = students.map(({ answers }) => linesOf(answers)[Symbol.asyncIterator]());
      for await (const row of keptRows(rows, 0)) {
        const cells: Cell[] = columns.map((column, index) => [column, row.values[index] ?? null]);
        for (const [index, student] of students.entries()) {
          const line = await logs[index]?.next();
          cells.push(...answerCells(student.columns, line?.done === false ? line.value : null));
        }
        text += toLine(cells);
        written += 1;
        if (text.length >= chunk) {
          writeWhole(file, text);
          text = '';
        }
        if (written % reported === 0) await emit(written);
      }
      writeWhole(file, text);
    } finally {
      closeSync(file);
    }
    await syncFile(path);
    return { rows: written };
  },
};

const named = (columns: AnswerColumns): string[] => answerFields.map((field) => columns[field]);

function answerCells(columns: AnswerColumns, line: string | null): Cell[] {
  const reply = SavedReply.safeParse(line === null ? undefined : parseJson(line));
  if (!reply.success) throw changed();
  return answerFields.map((field) => [columns[field], reply.data[field]]);
}

/** Not by assignment: a column may be called `__proto__`. */
const jsonLine = (cells: readonly Cell[]): string =>
  `${JSON.stringify(Object.fromEntries(cells))}\n`;

async function csvLines(): Promise<(cells: readonly Cell[]) => string> {
  const { stringify } = await import('csv-stringify/sync');
  return (cells) => stringify([cells.map(([, value]) => cellText(value))]);
}

/** A value as its column shows it: texts and numbers as they are, lists as JSON, nothing for null. */
function cellText(value: KeptRow['values'][number]): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
