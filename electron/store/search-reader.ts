import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { shown } from './examples.ts';
import type { RowSet } from './row-sets.ts';
import { difference, rowSet } from './row-sets.ts';
import { searchVersion, wordsTable } from './search-schema.ts';
import { matchQuery } from './search-words.ts';
import type { Db } from './sql.ts';
import { found, isDamage } from './sql.ts';

/** Where the index of a store is: beside it. */
export const searchPath = (store: string): string => join(dirname(store), 'search.sqlite');

/** Reads the full-text index, which a thread writes. What is not there, or can't be read, finds nothing. */
export interface SearchReader {
  /** Ids of the rows with all words, rising; `every` where the text has no word. */
  ids(projectId: string, extractionId: string | null, text: string): RowSet | 'every';
  /**
   * The first `most` of them, and how many there are. Null where there is no word, or where some may be
   * of rows that are gone: then {@link ids} tells.
   */
  first(
    projectId: string,
    extractionId: string | null,
    text: string,
    most: number,
  ): { ids: RowSet; total: number } | null;
  /** Whether all saved rows of the project can be found by their words as they are now. */
  isReady(projectId: string, extractionId: string | null): boolean;
  /** Rises with every change of the index. */
  revision(): number;
  /** Whether the file was found to be damaged since it was opened last. */
  isDamaged(): boolean;
  close(): void;
}

interface Scope {
  id: number;
  extractionId: string;
  newest: number;
}

interface State {
  applied: number;
  revision: number;
}

/** @param db the store, for what the index has not heard of yet */
export function searchReader(db: Db, path: string): SearchReader {
  const file = new IndexFile(path);
  const newestRow = db
    .prepare<{ projectId: string }, number | null>(
      `SELECT max(id) FROM examples e WHERE project_id = @projectId AND ${shown('@projectId')}`,
    )
    .pluck();
  const newestChange = db.prepare<[], number | null>('SELECT max(id) FROM search_changes').pluck();
  const goneRows = db
    .prepare<[number], number>(
      `SELECT DISTINCT example_id FROM search_changes
       WHERE id > ? AND NOT EXISTS (SELECT 1 FROM examples WHERE id = example_id)
       ORDER BY example_id`,
    )
    .pluck();

  const gone = (index: Db): RowSet => rowSet(goneRows.all(stateOf(index).applied));
  return {
    ids: (projectId, extractionId, text) => {
      if (matchQuery(text, 'everything') === null) return 'every';
      return file.read(new Float64Array(), (index) => {
        const wanted = wantedIn(index, projectId, extractionId, text);
        if (wanted === null) return new Float64Array();
        return difference(hitsOf(index, wanted), gone(index));
      });
    },
    first: (projectId, extractionId, text, most) => {
      if (matchQuery(text, 'everything') === null) return null;
      return file.read(null, (index) => {
        const wanted = wantedIn(index, projectId, extractionId, text);
        if (wanted === null || gone(index).length > 0) return null;
        const ids = hitsOf(index, wanted, most);
        return { ids, total: ids.length < most ? ids.length : countOf(index, wanted) };
      });
    },
    isReady: (projectId, extractionId) => {
      const newest = newestRow.get({ projectId }) ?? null;
      if (newest === null) return true;
      return file.read(false, (index) => {
        const scope = scopeOf(index, projectId, extractionId);
        if (scope === null || scope.newest < newest) return false;
        if (extractionId !== null && scope.extractionId !== extractionId) return false;
        return stateOf(index).applied >= (newestChange.get() ?? 0);
      });
    },
    revision: () => file.read(-1, (index) => stateOf(index).revision),
    isDamaged: () => file.isDamaged,
    close: () => file.close(),
  };
}

/** A full-text table and a query of it. */
interface Wanted {
  words: string;
  match: string;
}

function wantedIn(
  index: Db,
  projectId: string,
  extractionId: string | null,
  text: string,
): Wanted | null {
  const scope = scopeOf(index, projectId, extractionId);
  if (scope === null) return null;
  // What an extraction was told is no part of the data alone.
  const isData = extractionId === null && scope.extractionId !== '';
  const match = matchQuery(text, isData ? 'data' : 'everything') ?? '';
  return { words: wordsTable(scope.id), match };
}

/** Rows with the words, rising; all of them (-1), or the first. */
const hitsOf = (index: Db, { words, match }: Wanted, most = -1): RowSet =>
  rowSet(
    index
      .prepare<[string, number], number>(
        `SELECT rowid FROM ${words} WHERE ${words} MATCH ? ORDER BY rowid LIMIT ?`,
      )
      .pluck()
      .all(match, most),
  );

const countOf = (index: Db, { words, match }: Wanted): number =>
  found(
    index
      .prepare<[string], number>(`SELECT count(*) FROM ${words} WHERE ${words} MATCH ?`)
      .pluck()
      .get(match),
    'index',
  );

/** The table to search: of the extraction, or any of the project for the data alone. */
function scopeOf(index: Db, projectId: string, extractionId: string | null): Scope | null {
  const scope = index
    .prepare<{ projectId: string; extractionId: string | null }, Scope>(
      `SELECT id, extraction_id AS extractionId, newest FROM scopes
       WHERE project_id = @projectId
         AND (@extractionId IS NULL OR extraction_id IN ('', @extractionId))
       ORDER BY extraction_id = '', newest DESC, id LIMIT 1`,
    )
    .get({ projectId, extractionId });
  return scope ?? null;
}

const stateOf = (index: Db): State =>
  found(index.prepare<[], State>('SELECT applied, revision FROM state').get(), 'index');

/** A connection to a file that may be absent, and that may be replaced by another one. */
class IndexFile {
  readonly #path: string;
  #open: { readonly db: Db; readonly inode: bigint } | null = null;
  isDamaged = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** What `work` reads, or `otherwise` where there is nothing to read. */
  read<T>(otherwise: T, work: (db: Db) => T): T {
    try {
      const db = this.#connection();
      return db === null ? otherwise : db.transaction(() => work(db))();
    } catch (caught) {
      if (!isDamage(caught)) throw caught;
      this.isDamaged = true;
      this.close();
      return otherwise;
    }
  }

  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  #connection(): Db | null {
    const stat = statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (this.#open && this.#open.inode === stat?.ino) return this.#open.db;
    this.close();
    if (stat === undefined || stat.size === 0n) return null;
    const db = new Database(this.#path, { readonly: true, fileMustExist: true });
    if (db.pragma('user_version', { simple: true }) !== searchVersion) {
      db.close();
      return null;
    }
    // KiB: the lists of the words that are typed letter by letter are read again and again.
    db.pragma('cache_size = -16384');
    this.#open = { db, inode: stat.ino };
    this.isDamaged = false;
    return db;
  }
}
