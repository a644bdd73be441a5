import { expect } from 'vitest';
import type { ColumnMapping } from '../../../electron/contract/entities.ts';
import type { ErrorCode } from '../../../electron/contract/errors.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import { Breather } from '../../../electron/stages/import/breather.ts';
import type { ReadFile } from '../../../electron/stages/import/read.ts';
import { readTable } from '../../../electron/stages/import/read.ts';
import { valueText } from '../../../electron/stages/import/table.ts';

export const noColumns: ColumnMapping = {
  id: null,
  input: null,
  template: null,
  label: null,
  choices: [],
  rationale: null,
  completion: null,
};

export function read(content: string | Buffer, fileName: string): Promise<ReadFile> {
  return readTable(Buffer.from(content), fileName, new Breather());
}

/** The rows as text with their lines: `[line, value, value, …]`. */
export async function rowsOf(content: string | Buffer, fileName: string): Promise<unknown[][]> {
  const { table } = await read(content, fileName);
  return table.records.map(({ line, values }) => [
    line,
    ...table.columns.map((_, index) => valueText(values[index])),
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
