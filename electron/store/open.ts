import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StudioError } from '../contract/errors.ts';
import { answerRows } from './answers.ts';
import { costRows } from './costs.ts';
import { dataRows } from './data.ts';
import { evaluationRows } from './evaluations.ts';
import { exportRows } from './exports.ts';
import { extractionRows } from './extractions.ts';
import { healthRows } from './health.ts';
import { jobRows } from './jobs.ts';
import { judgementRows } from './judgements.ts';
import type { Migration } from './migrate.ts';
import { applicationId, applicationOf, migrate, refuseNewer, versionOf } from './migrate.ts';
import { migrations as released } from './migrations/index.ts';
import { preferences } from './preferences.ts';
import { priceRows } from './prices.ts';
import { projectRows } from './projects.ts';
import { resultFileRows } from './result-files.ts';
import { reviewRows } from './reviews.ts';
import { runRows } from './runs.ts';
import { searchPath, searchReader } from './search-reader.ts';
import { splitRows } from './splits.ts';
import { sliceRows } from './slices.ts';
import type { Db } from './sql.ts';
import { atomically } from './sql.ts';
import type { Store } from './store.ts';
import { studentRows } from './students.ts';
import { studyRows } from './studies.ts';
import { teacherRows } from './teachers.ts';

/** How long to wait for a lock, milliseconds: a backup program may hold the file for a moment. */
const busyTimeout = 5_000;

/**
 * Opens the store, making it or bringing it up to date where needed.
 *
 * What is durable when: a write has reached the disk when its method returns. The write-ahead log
 * with `synchronous = FULL` is flushed at every commit, so that a rationale that was paid for
 * survives a crash, a kill and a power cut. (`NORMAL` would be a few milliseconds faster per
 * commit and may lose the last commits to a power cut.) Until then, nothing of the write is there.
 * Answers of a teacher that come by the hundred each second may be saved `soon` instead, and flushed
 * together a few times a second.
 *
 * @throws StudioError store-newer, store-corrupt (the file is left as it is), workspace-unusable,
 *   workspace-locked
 */
export function openStore(path: string, migrations: readonly Migration[] = released): Store {
  try {
    refuseUnreadable(path, migrations);
    return storeOf(connect(path, migrations), path);
  } catch (caught) {
    throw explained(caught);
  }
}

/** KiB of pages that a reader keeps: it goes through rows in their order. */
const readerCache = 16 * 1024;

/**
 * Opens a store that is open already for reading alone, as a thread does: the same store over a
 * connection of its own, which sees what is committed. Writes fail.
 *
 * @throws StudioError store-corrupt, workspace-unusable, workspace-locked
 */
export function openReader(path: string): Store {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeout });
    db.pragma('trusted_schema = OFF');
    db.pragma(`cache_size = ${-readerCache}`);
    return storeOf(db, path);
  } catch (caught) {
    throw explained(caught);
  }
}

function connect(path: string, migrations: readonly Migration[]): Db {
  const db = new Database(path, { timeout: busyTimeout });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // On macOS a plain flush may stop at the drive's cache; elsewhere this changes nothing.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    // Pages, 16 MiB: answers that come one by one change the same pages over and over, and a
    // checkpoint, which has to wait for the disk, is the one thing that makes a small commit slow.
    db.pragma('wal_autocheckpoint = 4000');
    // After a large import, give the log's space back.
    db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
    db.pragma('trusted_schema = OFF');
    // KiB. The indexes of a large import are written in the order of its ids, all over the place.
    db.pragma(`cache_size = ${-64 * 1024}`);
    migrate(db, migrations);
    return db;
  } catch (caught) {
    db.close();
    throw caught;
  }
}

function storeOf(db: Db, path: string): Store {
  const search = searchReader(db, searchPath(path));
  const reviews = reviewRows(db, search);
  if (!db.readonly) reviews.recover();
  return {
    path,
    projects: projectRows(db),
    data: dataRows(db),
    teachers: teacherRows(db),
    prices: priceRows(db),
    extractions: extractionRows(db),
    health: healthRows(db),
    reviews,
    splits: splitRows(db),
    runs: runRows(db),
    students: studentRows(db),
    studies: studyRows(db),
    evaluations: evaluationRows(db),
    answers: answerRows(db),
    slices: sliceRows(db),
    judgements: judgementRows(db),
    costs: costRows(db),
    resultFiles: resultFileRows(db),
    exports: exportRows(db),
    jobs: jobRows(db),
    preferences: preferences(db),
    transaction: (work) => atomically(db, work),
    close: () => {
      search.close();
      db.close();
    },
  };
}

/** Looks at the file through a read-only connection, so that one that can't be used stays as it is. */
function refuseUnreadable(path: string, migrations: readonly Migration[]): void {
  // better-sqlite3 refuses a missing folder with a plain TypeError, before SQLite sees the path.
  if (!existsSync(dirname(path))) throw unusable();
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || stat.size === 0) return;
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeout });
  try {
    refuseForeign(db);
    refuseNewer(versionOf(db), migrations);
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged();
  } finally {
    db.close();
  }
}

/** @throws StudioError store-corrupt for a database that another program made */
function refuseForeign(db: Db): void {
  if (applicationOf(db) === applicationId) return;
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (tables === 0) return;
  throw new StudioError(
    'store-corrupt',
    'The workspace database was not written by Stepwise Studio.',
    'Choose another workspace folder, or move that file away. It was not changed.',
  );
}

function damaged(cause?: unknown): StudioError {
  return new StudioError(
    'store-corrupt',
    'The workspace database is damaged.',
    'Copy the workspace folder as it is, then restore it from a backup. Nothing in it was changed.',
    { cause },
  );
}

/** SQLite's own reasons for not opening a file, in words for the person. */
function explained(caught: unknown): unknown {
  if (caught instanceof StudioError || !(caught instanceof Error)) return caught;
  if (!('code' in caught) || typeof caught.code !== 'string') return caught;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(caught.code)) return damaged(caught);
  if (/^SQLITE_BUSY/.test(caught.code)) {
    return new StudioError(
      'workspace-locked',
      'Another program is using the workspace database.',
      'Close it, then open the workspace again.',
      { cause: caught },
    );
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM)|ENOTDIR|EACCES|EPERM|EROFS)/.test(caught.code)) {
    return unusable(caught);
  }
  return caught;
}

function unusable(cause?: unknown): StudioError {
  return new StudioError(
    'workspace-unusable',
    'The workspace database can’t be opened or written.',
    'Choose a workspace folder that exists and that you may write to.',
    { cause },
  );
}
