import { shown } from './examples.ts';
import { standing } from './rationales.ts';
import { createWords, openIndex, searchColumns, wordsTable } from './search-schema.ts';
import type { Db } from './sql.ts';
import { found, isDamage, toJson } from './sql.ts';

/** Rows that are indexed in one transaction, and changes that are applied in one. */
const rowsAtOnce = 20_000;
const changesAtOnce = 2_000;

/** What one step of catching up did. */
export interface Indexed {
  /** Rows that were indexed, or taken out. */
  rows: number;
  /** Up to which entry of the store's log the index has come: earlier ones can go. */
  applied: number;
  /** Projects whose rows they are. */
  projectIds: string[];
}

interface Scope {
  id: number;
  projectId: string;
  extractionId: string;
  newest: number;
}

/**
 * Brings the full-text index up to date with the store, step by step; each step is a transaction, so
 * that the index can be left anywhere. An index that does not fit the store is made anew.
 *
 * @param paths files of the store and of the index
 */
export async function catchUp(
  paths: { readonly store: string; readonly index: string; readonly anew: boolean },
  told: (step: Indexed) => Promise<void>,
): Promise<void> {
  let writer = new SearchWriter(paths.store, openIndex(paths.index, paths.anew));
  let mayRepair = true;
  try {
    for (;;) {
      try {
        const step = writer.step();
        await told(step);
        if (step.rows === 0) return;
      } catch (caught) {
        if (!isDamage(caught) || !mayRepair) throw caught;
        mayRepair = false;
        writer.close();
        writer = new SearchWriter(paths.store, openIndex(paths.index, true));
      }
    }
  } finally {
    writer.close();
  }
}

/** The one who writes the index. The store is attached to its connection, and only read. */
class SearchWriter {
  readonly #db: Db;

  constructor(store: string, index: Db) {
    this.#db = index;
    index.prepare('ATTACH ? AS store').run(store);
    // Temporary tables and triggers aside, nothing here names a table of the store to be written.
    index.pragma('trusted_schema = OFF');
  }

  close(): void {
    this.#db.close();
  }

  /** Indexes the next rows. What it reads of the store is of one moment. */
  step(): Indexed {
    return this.#db.transaction((): Indexed => {
      if (!this.#fits()) this.#empty();
      this.#reconcile();
      const changed = this.#applyChanges();
      const added = changed.rows > 0 ? none : this.#addRows();
      const rows = changed.rows + added.rows;
      if (rows > 0) this.#db.exec('UPDATE state SET revision = revision + 1');
      return {
        rows,
        applied: this.#applied(),
        projectIds: [...changed.projectIds, ...added.projectIds],
      };
    })();
  }

  /**
   * Whether the index is of this store and no entry of the log is lacking. It is not after the store
   * was restored from a backup, or the index from one.
   */
  #fits(): boolean {
    const { last, first, newestId } = found(
      this.#db
        .prepare<[], { last: number; first: number | null; newestId: number }>(
          `SELECT
             coalesce((SELECT seq FROM store.sqlite_sequence WHERE name = 'search_changes'), 0) AS last,
             (SELECT min(id) FROM store.search_changes) AS first,
             coalesce((SELECT seq FROM store.sqlite_sequence WHERE name = 'examples'), 0) AS newestId`,
        )
        .get(),
      'log',
    );
    const applied = this.#applied();
    const lacking = applied < (first === null ? last : first - 1);
    const isNew = this.#scopes().length === 0;
    return (
      !isNew && !lacking && applied <= last && this.#scopes().every((s) => s.newest <= newestId)
    );
  }

  /** From here on the log need not be read: all rows are indexed as they are now. */
  #empty(): void {
    for (const scope of this.#scopes()) this.#drop(scope);
    this.#db.exec(
      `UPDATE state SET revision = revision + 1, applied =
         coalesce((SELECT seq FROM store.sqlite_sequence WHERE name = 'search_changes'), 0)`,
    );
  }

  /** Makes and drops full-text tables, so that there is one for each extraction. */
  #reconcile(): void {
    const wanted = this.#db
      .prepare<[], { projectId: string; extractionId: string }>(
        `SELECT p.id AS projectId, coalesce(x.id, '') AS extractionId
         FROM store.projects p LEFT JOIN store.extractions x ON x.project_id = p.id
         WHERE EXISTS (SELECT 1 FROM store.examples WHERE project_id = p.id)
         ORDER BY p.rowid, x.rowid`,
      )
      .all();
    const key = (scope: { projectId: string; extractionId: string }): string =>
      `${scope.projectId} ${scope.extractionId}`;
    const keys = new Set(wanted.map(key));
    const scopes = this.#scopes();
    const left = new Map(scopes.filter((scope) => !keys.has(key(scope))).map((s) => [key(s), s]));
    const have = new Set(scopes.map(key));
    for (const scope of wanted) {
      if (have.has(key(scope))) continue;
      // The first extraction of a project takes over the words of its rows: none has an answer yet.
      const bare = left.get(key({ ...scope, extractionId: '' }));
      if (bare) {
        left.delete(key(bare));
        this.#db
          .prepare('UPDATE scopes SET extraction_id = ? WHERE id = ?')
          .run(scope.extractionId, bare.id);
      } else {
        const { lastInsertRowid } = this.#db
          .prepare('INSERT INTO scopes (project_id, extraction_id, newest) VALUES (?, ?, 0)')
          .run(scope.projectId, scope.extractionId);
        this.#db.exec(createWords(Number(lastInsertRowid)));
      }
    }
    for (const scope of left.values()) this.#drop(scope);
  }

  #drop({ id }: Scope): void {
    this.#db.exec(`DROP TABLE ${wordsTable(id)}`);
    this.#db.prepare('DELETE FROM scopes WHERE id = ?').run(id);
  }

  /** Rows that changed or are gone. */
  #applyChanges(): Counted {
    const entries = this.#db
      .prepare<[number, number], { id: number; exampleId: number; projectId: string | null }>(
        `SELECT c.id, c.example_id AS exampleId, e.project_id AS projectId
         FROM (SELECT * FROM store.search_changes WHERE id > ? ORDER BY id LIMIT ?) c
         LEFT JOIN store.examples e ON e.id = c.example_id ORDER BY c.id`,
      )
      .all(this.#applied(), changesAtOnce);
    const last = entries.at(-1);
    if (last === undefined) return none;
    const projectIds = new Set<string>();
    for (const scope of this.#scopes()) {
      const ids = new Set<number>();
      for (const { exampleId, projectId } of entries) {
        const isHere = projectId === null || projectId === scope.projectId;
        if (isHere && exampleId <= scope.newest) ids.add(exampleId);
      }
      if (ids.size === 0) continue;
      projectIds.add(scope.projectId);
      this.#reindex(scope, toJson([...ids]));
    }
    this.#db.prepare('UPDATE state SET applied = ?').run(last.id);
    return { rows: entries.length, projectIds };
  }

  #reindex(scope: Scope, ids: string): void {
    const words = wordsTable(scope.id);
    const listed = '(SELECT value FROM json_each(@ids))';
    this.#db.prepare(`DELETE FROM ${words} WHERE rowid IN ${listed}`).run({ ids });
    this.#db
      .prepare(`${insertInto(words)} ${documents} AND e.id IN ${listed} ORDER BY e.id`)
      .run({ ids, projectId: scope.projectId, extractionId: scope.extractionId });
  }

  /** Rows that were never indexed. */
  #addRows(): Counted {
    for (const scope of this.#scopes()) {
      const { projectId, extractionId, newest, id } = scope;
      const next = found(
        this.#db
          .prepare<object, { rows: number; last: number | null }>(
            `SELECT count(*) AS rows, max(id) AS last FROM
               (SELECT id FROM store.examples e WHERE project_id = @projectId AND id > @newest
                  AND ${shown('@projectId')} ORDER BY id LIMIT ${rowsAtOnce})`,
          )
          .get({ projectId, newest }),
        'project',
      );
      if (next.last === null) continue;
      this.#db
        .prepare(
          `${insertInto(wordsTable(id))} ${documents} AND e.id > @newest AND e.id <= @last
           ORDER BY e.id`,
        )
        .run({ projectId, extractionId, newest, last: next.last });
      this.#db.prepare('UPDATE scopes SET newest = ? WHERE id = ?').run(next.last, id);
      return { rows: next.rows, projectIds: new Set([projectId]) };
    }
    return none;
  }

  #scopes(): Scope[] {
    return this.#db
      .prepare<[], Scope>(
        `SELECT id, project_id AS projectId, extraction_id AS extractionId, newest FROM scopes
         ORDER BY id`,
      )
      .all();
  }

  #applied(): number {
    return found(
      this.#db.prepare<[], { applied: number }>('SELECT applied FROM state').get(),
      'index',
    ).applied;
  }
}

interface Counted {
  rows: number;
  projectIds: ReadonlySet<string>;
}
const none: Counted = { rows: 0, projectIds: new Set() };

const insertInto = (words: string): string =>
  `INSERT INTO ${words} (rowid, ${searchColumns.join(', ')})`;

/** The words of rows of a project, with those of an extraction's answers. */
const documents = `
SELECT e.id, e.input,
  iif(e.choices IS NULL, NULL, (SELECT group_concat(value, char(10)) FROM json_each(e.choices))),
  e.gold, r.label, r.rationale, v.label, v.rationale, v.note
FROM store.examples e
LEFT JOIN store.rationales r
  ON r.example_id = e.id AND r.extraction_id = @extractionId AND ${standing('r')}
LEFT JOIN store.reviews v
  ON v.extraction_id = @extractionId AND v.reviewer = '' AND v.example_id = e.id
WHERE e.project_id = @projectId AND ${shown('@projectId')}`;
