import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isDamage } from './sql.ts';
import type { Db } from './sql.ts';

/** Another number makes indexes of earlier versions anew. */
export const searchVersion = 1;

/**
 * `scopes`: a full-text table `words_<id>` for each extraction, over all rows of its project, with the
 * words of its answers; of a project without extractions one with an empty `extraction_id`. Rows up
 * to `newest` are in it. `state`: up to which entry of the store's log of changes they are as the
 * store has them, and a number that rises with every change of the index.
 */
const schema = `
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  applied INTEGER NOT NULL,
  revision INTEGER NOT NULL
) STRICT;
CREATE TABLE scopes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL,
  extraction_id TEXT NOT NULL,
  newest INTEGER NOT NULL,
  UNIQUE (project_id, extraction_id)
) STRICT;
`;

/** What is indexed of a row, in the order of {@link documents}. */
export const searchColumns = [
  'input',
  'choices',
  'gold',
  'label',
  'rationale',
  'own_label',
  'own_rationale',
  'note',
];

export const wordsTable = (scope: number): string => `words_${scope}`;

/**
 * The full-text table of a scope. The texts themselves are not kept; words are folded to lower case
 * and lose their accents. Words are searched as beginnings: for those of one to three letters, which
 * begin thousands of words each, the index has lists of their own.
 */
export const createWords = (scope: number): string => `
CREATE VIRTUAL TABLE ${wordsTable(scope)} USING fts5(${searchColumns.join(', ')},
  content='', contentless_delete=1, detail=full, prefix='1 2 3',
  tokenize='unicode61 remove_diacritics 2');
INSERT INTO ${wordsTable(scope)} (${wordsTable(scope)}, rank) VALUES ('hashsize', ${bytesGathered})`;

/** Words are gathered in memory up to so many bytes: the larger, the fewer parts are merged later. */
const bytesGathered = 16 * 1024 * 1024;

/** Opens the index for writing; one that is damaged or of another version is made anew. */
export function openIndex(path: string, anew: boolean): Db {
  if (anew) removeIndex(path);
  try {
    return connect(path);
  } catch (caught) {
    if (!isDamage(caught)) throw caught;
    removeIndex(path);
    return connect(path);
  }
}

function connect(path: string): Db {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    // What a power cut takes is indexed again: the state goes with it.
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = ${-32 * 1024}`);
    db.pragma(`journal_size_limit = ${16 * 1024 * 1024}`);
    const version = db.pragma('user_version', { simple: true });
    if (version === searchVersion) return db;
    if (version !== 0) throw new OtherVersion();
    db.transaction(() => {
      db.exec(schema);
      db.exec('INSERT INTO state (id, applied, revision) VALUES (1, 0, 0)');
      db.pragma(`user_version = ${searchVersion}`);
    })();
    return db;
  } catch (caught) {
    db.close();
    throw caught;
  }
}

/** Its tables can't be read by this version; like damage, it is made anew. */
class OtherVersion extends Database.SqliteError {
  constructor() {
    super('the index was written by another version', 'SQLITE_NOTADB');
  }
}

export function removeIndex(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}
