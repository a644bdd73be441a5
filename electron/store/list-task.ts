import Database from 'better-sqlite3';
import type { RowLister } from './row-lists.ts';
import { rowLister } from './row-lists.ts';
import { searchPath, searchReader } from './search-reader.ts';
import type { RowList, RowsSeen } from './store.ts';

export interface ListTaskInput {
  /** The store's file. */
  readonly path: string;
  readonly seen: RowsSeen;
  /** How many ids will do, where the rest is not needed to count them; null for all. */
  readonly most: number | null;
}

/** Milliseconds for which the files stay open: who types a search asks again with each letter. */
const keptOpen = 3_000;

/**
 * Lists the rows that a query finds, in a thread: for a million it takes some 0.1 to 1 second, for
 * which main would answer nobody.
 */
export const listTask = {
  name: 'rows.list',
  async run({ path, seen, most }: ListTaskInput): Promise<RowList> {
    const files = opened?.path === path ? opened : open(path);
    clearTimeout(files.closing);
    try {
      return await Promise.resolve(files.list(seen, most ?? undefined));
    } finally {
      files.closing = setTimeout(() => files.close(), keptOpen).unref();
    }
  },
};

interface OpenFiles {
  readonly path: string;
  readonly list: RowLister['list'];
  close(): void;
  closing: NodeJS.Timeout | undefined;
}

/** This thread's own connections to the store and its index; null while nobody asks. */
let opened: OpenFiles | null = null;

function open(path: string): OpenFiles {
  opened?.close();
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  db.pragma('trusted_schema = OFF');
  // KiB: the index of a million rows is gone through once.
  db.pragma('cache_size = -16384');
  const search = searchReader(db, searchPath(path));
  const lister = rowLister(db, search);
  const files: OpenFiles = {
    path,
    // All that a list is made of is read at one moment.
    list: (seen, most) => db.transaction(() => lister.list(seen, most))(),
    close() {
      clearTimeout(files.closing);
      search.close();
      db.close();
      if (opened === files) opened = null;
    },
    closing: undefined,
  };
  opened = files;
  return files;
}
