import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import type { Migration } from '../../../electron/store/migrate.ts';
import { migrations as released } from '../../../electron/store/migrations/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import {
  exampleIds,
  newDataset,
  newPath,
  newProject,
  opened,
  refusal,
  rows,
  temporaryFolder,
} from './workspace.ts';

const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** A closed store with one project of three rows. */
function filled(): string {
  const path = newPath();
  const store = openStore(path);
  newDataset(store, newProject(store), rows(3));
  store.close();
  return path;
}

/** Looks into a closed store file with a connection of its own. */
function inspect<T>(path: string, look: (db: Database.Database) => T): T {
  const db = new Database(path);
  try {
    return look(db);
  } finally {
    db.close();
  }
}

const namesOf = (path: string): string[] => {
  const store = openStore(path);
  try {
    return store.projects.list().map(({ name }) => name);
  } finally {
    store.close();
  }
};

describe('opening a store', () => {
  it('makes a new file and finds its rows again', () => {
    expect(namesOf(filled())).toEqual(['Apples']);
  });

  it('takes an empty file for a new store', () => {
    const path = newPath();
    writeFileSync(path, '');
    expect(namesOf(path)).toEqual([]);
  });

  it('leaves one file behind when it is closed', () => {
    const path = filled();
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('writes ahead, flushes at every commit and enforces foreign keys', () => {
    const connections: Database.Database[] = [];
    const pragma = Database.prototype.pragma;
    const spy = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (
      this: Database.Database,
      ...input
    ) {
      connections.push(this);
      return pragma.apply(this, input);
    });
    opened();
    spy.mockRestore();
    const db = connections.at(-1);
    expect(db?.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db?.pragma('synchronous', { simple: true })).toBe(2);
    expect(db?.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(db?.pragma('busy_timeout', { simple: true })).toBeGreaterThan(0);
  });

  it('has only strict tables, and passes SQLite’s own checks', () => {
    inspect(filled(), (db) => {
      const loose = db
        .prepare(
          `SELECT name FROM pragma_table_list
           WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
        )
        .all();
      expect(loose).toEqual([]);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
    });
  });

  it('refuses a row without its parent, and a value outside the contract', () => {
    inspect(filled(), (db) => {
      db.pragma('foreign_keys = ON');
      const parentless = `INSERT INTO teachers (id, project_id, kind, name, model, key_kept, created_at)
        VALUES ('t', 'nobody', 'practice', 'n', 'm', 'none', 'now')`;
      expect(refusal(() => db.exec(parentless)).code).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
      const mixed = `UPDATE examples SET project_id = 'nobody'`;
      expect(refusal(() => db.exec(mixed)).code).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
      const unknownTask = `UPDATE projects SET task = 'poetry'`;
      expect(refusal(() => db.exec(unknownTask)).code).toBe('SQLITE_CONSTRAINT_CHECK');
      const text = `UPDATE datasets SET rows = 'many'`;
      expect(refusal(() => db.exec(text)).code).toBe('SQLITE_CONSTRAINT_DATATYPE');
    });
  });
});

describe('a file that can’t be used', () => {
  it('is refused when a newer version wrote it, and stays as it is', () => {
    const path = filled();
    inspect(path, (db) => {
      db.pragma('user_version = 99');
      // Whatever a newer version may set: opening it for writing would set it back.
      db.pragma('journal_mode = DELETE');
    });
    const before = hashOf(path);
    expect(refusal(() => openStore(path))).toMatchObject({
      code: 'store-newer',
      hint: expect.stringContaining('Update the app'),
    });
    expect(hashOf(path)).toBe(before);
  });

  it('is refused when it is no database, and stays as it is', () => {
    const path = newPath();
    writeFileSync(path, 'shopping list: apples, pears\n'.repeat(400));
    const before = hashOf(path);
    expect(refusal(() => openStore(path)).code).toBe('store-corrupt');
    expect(hashOf(path)).toBe(before);
  });

  it('is refused when a page is damaged, and stays as it is', () => {
    const path = filled();
    const file = openSync(path, 'r+');
    // The second page is the first table's: a page of 0xff bytes has no valid type.
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, 4096);
    closeSync(file);
    const before = hashOf(path);
    expect(refusal(() => openStore(path)).code).toBe('store-corrupt');
    expect(hashOf(path)).toBe(before);
  });

  it('is refused when it is cut short', () => {
    const path = filled();
    writeFileSync(path, readFileSync(path).subarray(0, 8192 + 100));
    expect(refusal(() => openStore(path)).code).toBe('store-corrupt');
  });

  it('is refused when another program made it, and stays as it is', () => {
    const path = newPath();
    inspect(path, (db) => db.exec('CREATE TABLE recipes (name TEXT)'));
    const before = hashOf(path);
    expect(refusal(() => openStore(path))).toMatchObject({
      code: 'store-corrupt',
      message: expect.stringContaining('not written by Stepwise Studio'),
    });
    expect(hashOf(path)).toBe(before);
  });

  it('is refused below a file, and in a folder that is not there', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), 'x');
    expect(refusal(() => openStore(join(folder, 'file', 's.sqlite'))).code).toBe(
      'workspace-unusable',
    );
    expect(refusal(() => openStore(join(folder, 'nowhere', 's.sqlite'))).code).toBe(
      'workspace-unusable',
    );
  });

  it('says so when a saved JSON column is not what this version writes', () => {
    const path = filled();
    inspect(path, (db) => db.exec(`UPDATE projects SET labels = '{"not":"a list"}'`));
    const store = opened(path);
    expect(refusal(() => store.projects.list()).code).toBe('store-corrupt');
  });
});

describe('migrations', () => {
  const next: Migration = {
    version: released.length + 1,
    name: 'notes',
    up(db) {
      db.exec(`ALTER TABLE projects ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`);
    },
  };

  it('are numbered 1, 2, 3, …', () => {
    expect(released.map(({ version }) => version)).toEqual(released.map((_, index) => index + 1));
  });

  it('bring an older store up to date, once, and keep its rows', () => {
    const path = filled();
    let runs = 0;
    const counted = [
      ...released,
      {
        ...next,
        up(db: Database.Database) {
          runs++;
          next.up(db);
        },
      },
    ];
    openStore(path, counted).close();
    openStore(path, counted).close();
    expect(runs).toBe(1);
    inspect(path, (db) => {
      expect(db.prepare('SELECT name, note FROM projects').all()).toEqual([
        { name: 'Apples', note: 'none' },
      ]);
      expect(db.pragma('user_version', { simple: true })).toBe(next.version);
    });
    expect(refusal(() => openStore(path)).code).toBe('store-newer');
  });

  it('roll back a step that fails, and keep the steps before it', () => {
    const path = filled();
    const failing: Migration = {
      version: next.version + 1,
      name: 'failing',
      up(db) {
        db.exec(`DELETE FROM examples; ALTER TABLE projects ADD COLUMN colour TEXT;`);
        throw new Error('half-way');
      },
    };
    expect(refusal(() => openStore(path, [...released, next, failing])).message).toBe('half-way');
    const store = opened(path, [...released, next]);
    const [project] = store.projects.list();
    expect(project && exampleIds(store, project)).toHaveLength(3);
    inspect(path, (db) => {
      const columns = db.prepare(`SELECT name FROM pragma_table_info('projects')`).pluck().all();
      expect(columns).toContain('note');
      expect(columns).not.toContain('colour');
    });
  });

  it('roll back a step that leaves rows without a parent', () => {
    const path = filled();
    const orphaning: Migration = {
      version: next.version,
      name: 'orphaning',
      up(db) {
        db.exec('DELETE FROM datasets');
      },
    };
    expect(refusal(() => openStore(path, [...released, orphaning])).message).toContain(
      'without a parent',
    );
    expect(inspect(path, (db) => db.prepare('SELECT count(*) FROM datasets').pluck().get())).toBe(
      1,
    );
  });

  it('leave foreign keys on', () => {
    const store = opened(newPath(), [...released, next]);
    expect(
      refusal(() =>
        store.teachers.save({
          ...{ teacherId: null, projectId: 'nobody', kind: 'practice', name: 'n' },
          ...{
            provider: 'other',
            baseUrl: null,
            model: 'm',
            apiVersion: null,
            contextTokens: null,
          },
        }),
      ).code,
    ).toBe('SQLITE_CONSTRAINT_FOREIGNKEY');
  });
});

describe('transactions', () => {
  it('undo everything when the work throws', () => {
    const store = opened();
    expect(() =>
      store.transaction(() => {
        newDataset(store, newProject(store), rows(2));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.projects.list()).toEqual([]);
  });

  it('let the outer one go on after a nested one failed', () => {
    const store = opened();
    store.transaction(() => {
      newProject(store, 'kept');
      expect(() =>
        store.transaction(() => {
          newProject(store, 'dropped');
          throw new Error('no');
        }),
      ).toThrow('no');
    });
    expect(store.projects.list().map(({ name }) => name)).toEqual(['kept']);
  });
});

describe('queries', () => {
  it('never walk through a whole table of rows', () => {
    const sources: string[] = [];
    const prepare = Database.prototype.prepare;
    const spy = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (
      this: Database.Database,
      source: string,
    ) {
      sources.push(source);
      return prepare.call(this, source);
    });
    const path = newPath();
    opened(path);
    spy.mockRestore();
    const plans = inspect(path, (db) =>
      sources
        .filter((source) => !/^PRAGMA|sqlite_schema/.test(source))
        .flatMap((source) => planOf(db, source)),
    );
    expect(plans.length).toBeGreaterThan(150);
    const tables =
      'examples|completions|rationales|split_members|predictions|metrics|batch_requests|[cefmpr]';
    expect(plans.filter((step) => new RegExp(`^SCAN (${tables})\\b`).test(step))).toEqual([]);
    // What belongs to an example is found by it, not among all rows of its extraction.
    const joined = plans.filter((step) =>
      /^SEARCH [cr] USING .*(completions|rationales)_/.test(step),
    );
    expect(joined.length).toBeGreaterThan(10);
    const outer = /completions_(by_request|by_outcome|as_saved)/;
    const walks = joined.filter((step) => !/example_id[=>]\?/.test(step) && !outer.test(step));
    expect(walks).toEqual([]);
  });
});

/** The steps of SQLite's plan for a statement, with nulls for its parameters. */
function planOf(db: Database.Database, source: string): string[] {
  const positional = (source.match(/\?/g) ?? []).map(() => null);
  const named = Object.fromEntries([...source.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]));
  const values = positional.length > 0 ? positional : Object.keys(named).length > 0 ? [named] : [];
  return db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
    .all(...values)
    .map(({ detail }) => detail);
}
