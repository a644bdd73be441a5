import Database from 'better-sqlite3';
import { rowLister } from './row-lists.ts';
import { searchPath, searchReader } from './search-reader.ts';
import type { RowList, RowsSeen } from './store.ts';

export interface ListTaskInput {
  /** The store's file. */
  readonly path: string;
  readonly seen: RowsSeen;
}

/**
 * Lists the rows that a query finds, in a thread: for a million it takes some 0.1 to 1 second, for
 * which main would answer nobody.
 */
export const listTask = {
  name: 'list-rows',
  async run({ path, seen }: ListTaskInput): Promise<RowList> {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    const search = searchReader(db, searchPath(path));
    try {
      db.pragma('trusted_schema = OFF');
      // KiB: the index of a million rows is gone through once.
      db.pragma('cache_size = -16384');
      return await Promise.resolve(db.transaction(() => rowLister(db, search).list(seen))());
    } finally {
      search.close();
      db.close();
    }
  },
};
