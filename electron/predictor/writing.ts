import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { UsageError } from './options.ts';
import type { AnswerRecord, Row } from './questions.ts';
import { OVERHANG } from './reading.ts';
import type { FileKind } from './reading.ts';

/** A row with what came of it. */
export interface AnsweredRow {
  readonly row: Row;
  readonly answer: AnswerRecord | null;
  /** Why there is no answer. */
  readonly error: string | null;
}

/** How answers are named in a file beside the columns that were there. */
const NAMES = {
  label: 'student_label',
  confidence: 'student_confidence',
  rationale: 'student_rationale',
  ids: 'student_ids',
  rationaleIds: 'student_rationale_ids',
  ask: 'ask',
  error: 'error',
} as const;
type Field = keyof typeof NAMES;

/** Turns answered rows into the lines of a file. */
export interface RowFormat {
  readonly header: string;
  line(row: AnsweredRow): string;
}

/**
 * @param columns of the rows; null where each row says its own
 * @throws UsageError where rows without common columns would become a table
 */
export function rowFormat(
  kind: FileKind,
  columns: readonly string[] | null,
  shown: { readonly rationale: boolean; readonly tokens: boolean },
): RowFormat {
  const fields: Field[] = ['label', 'confidence'];
  if (shown.rationale) fields.push('rationale');
  if (shown.tokens) fields.push('ids', 'rationaleIds');
  fields.push('ask', 'error');
  if (kind === 'jsonl') return jsonFormat(fields);
  if (kind === 'txt') throw new UsageError('Answers are written to a .csv, .tsv or .jsonl file.');
  if (columns === null) {
    throw new UsageError(
      'Rows in JSON may differ in their columns: write the answers to a .jsonl file.',
    );
  }
  return delimitedFormat(kind, columns, fields);
}

/** A name that no column has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
  return free;
}

function jsonFormat(fields: readonly Field[]): RowFormat {
  return {
    header: '',
    line: (answered) => {
      const { [OVERHANG]: more, ...values } = answered.row.values;
      const taken = new Set(Object.keys(values));
      const added = fields.flatMap((field): [string, unknown][] => {
        const value = valueOf(answered, field);
        return value === undefined || value === null
          ? []
          : [[freeName(NAMES[field], taken), value]];
      });
      const rest = more === undefined ? {} : { [freeName('more', taken)]: more };
      return `${JSON.stringify({ ...values, ...rest, ...Object.fromEntries(added) })}\n`;
    },
  };
}

function delimitedFormat(
  kind: 'csv' | 'tsv',
  columns: readonly string[],
  fields: readonly Field[],
): RowFormat {
  const taken = new Set(columns);
  const delimiter = kind === 'tsv' ? '\t' : ',';
  const text = (cells: readonly string[]): string => stringify([[...cells]], { delimiter });
  return {
    header: text([...columns, ...fields.map((field) => freeName(NAMES[field], taken))]),
    line: (answered) => {
      const { values } = answered.row;
      const more = values[OVERHANG];
      return text([
        ...columns.map((name) => cellOf(values[name])),
        ...fields.map((field) => cellOf(valueOf(answered, field))),
        // Cells that no column had stand behind everything else.
        ...(Array.isArray(more) ? more.map(cellOf) : []),
      ]);
    },
  };
}

const valueOf = ({ answer, error }: AnsweredRow, field: Field): unknown =>
  field === 'error' ? error : answer?.[field];

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A file that appears under its name only when it is whole. */
export class WholeFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async create(path: string): Promise<WholeFile> {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    return new WholeFile(path, temporary, await open(temporary, 'w'));
  }

  async write(text: string): Promise<void> {
    await this.#handle.writeFile(text);
  }

  /** Flushes the file and puts it in its place. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#temporary, this.#path);
  }

  /** Throws away what was written. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }
}
