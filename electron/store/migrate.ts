import { StudioError } from '../contract/errors.ts';
import type { Db } from './sql.ts';
import { atomically } from './sql.ts';

/** One step of the schema's history. */
export interface Migration {
  /** 1 for the first; each next one is one more. Kept in the file as `user_version`. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction, with foreign keys off; they are checked before it commits. */
  up(db: Db): void;
}

/** Marks the file as this application's (`SWST`), so that another program's database is never altered. */
export const applicationId = 0x53_57_53_54;

export const versionOf = (db: Db): number => numberPragma(db, 'user_version');
export const applicationOf = (db: Db): number => numberPragma(db, 'application_id');

/** The version that a store is at once all of these have run. */
export const newestVersion = (migrations: readonly Migration[]): number =>
  migrations.reduce((newest, { version }) => Math.max(newest, version), 0);

/**
 * Brings a store up to date, each step in a transaction of its own: a step that fails leaves the
 * store as the step before made it. Foreign keys are on afterwards.
 * @throws StudioError store-newer when the store was written by a newer version; whatever a step throws
 */
export function migrate(db: Db, migrations: readonly Migration[]): void {
  refuseNewer(versionOf(db), migrations);
  // Steps that rebuild a table need them off, and they can't be switched inside a transaction.
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of migrations) {
      if (migration.version > versionOf(db)) apply(db, migration);
    }
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

/** @throws StudioError store-newer */
export function refuseNewer(version: number, migrations: readonly Migration[]): void {
  if (version <= newestVersion(migrations)) return;
  throw new StudioError(
    'store-newer',
    'This workspace was written by a newer version of Stepwise Studio.',
    'Update the app, or choose another workspace folder. Nothing in this one was changed.',
  );
}

function apply(db: Db, migration: Migration): void {
  atomically(db, () => {
    migration.up(db);
    const dangling = db.prepare('PRAGMA foreign_key_check').all();
    if (dangling.length > 0) {
      throw new Error(
        `migration ${migration.version} (${migration.name}) left ${dangling.length} rows without a parent`,
      );
    }
    db.pragma(`user_version = ${migration.version}`);
    db.pragma(`application_id = ${applicationId}`);
  });
}

function numberPragma(db: Db, name: 'user_version' | 'application_id'): number {
  const value = db.pragma(name, { simple: true });
  return typeof value === 'number' ? value : 0;
}
