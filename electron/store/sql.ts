import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import type { z } from 'zod';
import { StudioError } from '../contract/errors.ts';

/** One open connection. The tables are STRICT and their CHECKs repeat the contract's enums. */
export type Db = Database.Database;

/** A truth value as SQLite keeps it. */
export type Flag = 0 | 1;

export const flag = (value: boolean): Flag => (value ? 1 : 0);

/** A nullable truth value, as in `correct`: null where there is no gold label to compare with. */
export const nullableFlag = (value: boolean | null): Flag | null =>
  value === null ? null : flag(value);

export const truth = (value: Flag | null): boolean | null => (value === null ? null : value === 1);

export const newId = (): string => randomUUID();

export const now = (): string => new Date().toISOString();

export const toJson = (value: unknown): string => JSON.stringify(value);

/**
 * A JSON column, checked against the contract.
 * @throws StudioError store-corrupt when the text is not what this version writes
 */
export function fromJson<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StudioError(
      'store-corrupt',
      'A saved row of the workspace database can’t be read.',
      'Copy the workspace folder as it is, then restore it from a backup.',
      { cause },
    );
  }
}

/**
 * Runs `work` in one write transaction: all of it is saved, or nothing. A nested call is a savepoint
 * of the outer one, so that what a caught failure had done is undone and the rest can go on.
 */
export function atomically<T>(db: Db, work: () => T): T {
  return db.transaction(work).immediate();
}

/**
 * Like {@link atomically}, without waiting for the disk. What is committed is in the system's hands:
 * it survives the end of this process, but a power cut only once the write-ahead log is flushed,
 * which every later commit by {@link atomically} does for all of the log. Inside another
 * transaction it is part of that one.
 *
 * SQLite takes the setting between transactions only, and when the statement is prepared rather than
 * when it is run: so it can't be a prepared statement.
 */
export function softly<T>(db: Db, work: () => T): T {
  if (db.inTransaction) return atomically(db, work);
  db.exec('PRAGMA synchronous = NORMAL');
  try {
    return atomically(db, work);
  } finally {
    db.exec('PRAGMA synchronous = FULL');
  }
}

/** `row`, or the failure that says that it is gone. @throws StudioError not-found */
export function found<T>(row: T | undefined, what: string): T {
  if (row !== undefined) return row;
  throw new StudioError(
    'not-found',
    `This ${what} is not in the workspace.`,
    'It may have been deleted: go back to the list and choose again.',
  );
}

/** Says so when a statement wrote no row. @throws StudioError not-found */
export function written({ changes }: Database.RunResult, what: string): void {
  found(changes > 0 ? changes : undefined, what);
}

/** Whether a statement failed because a UNIQUE constraint refused its row. */
export const isUniqueViolation = (caught: unknown): boolean =>
  caught instanceof Database.SqliteError && caught.code === 'SQLITE_CONSTRAINT_UNIQUE';

/** Whether SQLite failed because the file is damaged, or is no database at all. */
export const isDamage = (caught: unknown): boolean =>
  caught instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(caught.code);

/** Rows read at once by {@link byPages}: few enough to stay small in memory, many enough to be fast. */
export const pageRows = 1_000;

/**
 * Rows in id order, lazily, a page at a time. No statement stays open between two rows, so the
 * reader may leave off anywhere, and read other rows meanwhile.
 * @param next the first {@link pageRows} rows whose id is greater than `after`
 */
export function* byPages<Row extends { id: number }>(
  next: (after: number) => Row[],
): Generator<Row, undefined, undefined> {
  let after = 0;
  for (;;) {
    const rows = next(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.id;
  }
}
