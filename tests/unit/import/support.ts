import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ColumnMapping, FileFormat } from '../../../electron/contract/entities.ts';
import { mappingDefaults, ReadOptions } from '../../../electron/contract/entities.ts';
import type { ErrorCode } from '../../../electron/contract/errors.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import { FewValues } from '../../../electron/stages/import/columns.ts';
import type { SourceRecord } from '../../../electron/stages/import/read/index.ts';
import { openTable, valueText } from '../../../electron/stages/import/read/index.ts';
import { suggest } from '../../../electron/stages/import/suggest.ts';

export const noColumns: ColumnMapping = {
  id: null,
  input: null,
  template: null,
  label: null,
  choices: [],
  rationale: null,
  completion: null,
  ...mappingDefaults,
};

/** A file read to its end. */
export interface ReadFile {
  readonly fileName: string;
  readonly format: FileFormat;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly header: boolean | null;
  readonly skipped: number | null;
  readonly columns: readonly string[];
  readonly records: readonly SourceRecord[];
}

/** Reads content as a file of that name. */
export async function read(
  content: string | Buffer,
  fileName: string,
  options: Partial<ReadOptions> = {},
): Promise<ReadFile> {
  const folder = mkdtempSync(join(tmpdir(), 'read-'));
  const path = join(folder, 'file');
  writeFileSync(path, content);
  try {
    const table = await openTable({ path, name: fileName }, ReadOptions.parse(options));
    try {
      const records: SourceRecord[] = [];
      for await (const batch of table.batches()) records.push(...batch);
      const { format, encoding, delimiter, header, skipped, columns } = table;
      const found = { format, encoding, delimiter, header, skipped };
      return { fileName, ...found, columns: [...columns], records };
    } finally {
      await table.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is suggested for a file, as its inspection does. */
export function suggestFor({
  columns,
  records,
}: Pick<ReadFile, 'columns' | 'records'>): ReturnType<typeof suggest> {
  const few = new FewValues(100);
  for (const record of records) few.add(record);
  return suggest({ columns, records, values: few.list(columns) });
}

/** The rows as text with their lines: `[line, value, value, …]`. */
export async function rowsOf(content: string | Buffer, fileName: string): Promise<unknown[][]> {
  const { columns, records } = await read(content, fileName);
  return records.map(({ line, values }) => [
    line,
    ...columns.map((_, index) => valueText(values[index])),
  ]);
}

/** Expects a failure a person can act on: its code, its words, and a hint. */
export async function expectFailure(
  work: Promise<unknown> | (() => unknown),
  code: ErrorCode,
  ...words: (string | RegExp)[]
): Promise<StudioError> {
  const caught: unknown = await (async () => (typeof work === 'function' ? work() : work))().then(
    () => null,
    (error: unknown) => error,
  );
  expect(caught).toBeInstanceOf(StudioError);
  if (!(caught instanceof StudioError)) throw new Error('no StudioError');
  expect(caught.code, caught.message).toBe(code);
  for (const word of words) expect(caught.message).toMatch(word);
  expect(caught.hint.length).toBeGreaterThan(20);
  return caught;
}
