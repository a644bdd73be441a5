import { LeakReport, SplitSettings } from '../contract/entities.ts';
import type { Part, PartCounts, Split } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, shown, toFullExample } from './examples.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, softly, toJson } from './sql.ts';
import type { SplitRows, SplitWriter } from './store.ts';

interface Row {
  id: string;
  projectId: string;
  name: string;
  settings: string;
  settingsHash: string;
  leaks: string | null;
  looks: number;
  frozenAt: string;
}

const columns = `
  id, project_id AS projectId, name, settings, settings_hash AS settingsHash, leaks,
  (SELECT coalesce(max(number), 0) FROM looks WHERE split_id = splits.id) AS looks,
  frozen_at AS frozenAt`;

/** Values of a kept column that are shown. */
const exampleValues = 20;

/** Pages of the log, 4 KiB each, that are written back in one go while members are written. */
const pagesWrittenBack = 500;

const noMembers = (): PartCounts => ({ train: 0, validation: 0, test: 0 });

/** Splits, oldest first. The tables themselves refuse to change one that is saved. */
export function splitRows(db: Db): SplitRows {
  if (!db.readonly) sweepUnfinished(db);
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM splits WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM splits WHERE id = ?`);
  const selectCounts = db.prepare<[string], { part: Part; members: number }>(
    'SELECT part, count(*) AS members FROM split_members WHERE split_id = ? GROUP BY part',
  );
  const selectMembers = db.prepare<[string, Part], FullExampleRow>(
    `SELECT ${fullExampleColumns}
     FROM split_members m CROSS JOIN examples e ON e.id = m.example_id
     WHERE m.split_id = ? AND m.part = ? ORDER BY m.example_id`,
  );
  const selectWithGold = db
    .prepare<[string, Part], number>(
      `SELECT count(e.gold) FROM split_members m CROSS JOIN examples e ON e.id = m.example_id
       WHERE m.split_id = ? AND m.part = ?`,
    )
    .pluck();

  /** Frozen splits never change, and a million members take a while to count. */
  const known = new Map<string, PartCounts>();
  const counts = (splitId: string): PartCounts => {
    const counted = known.get(splitId) ?? noMembers();
    if (!known.has(splitId)) {
      for (const { part, members } of selectCounts.all(splitId)) counted[part] = members;
      known.set(splitId, counted);
    }
    return { ...counted };
  };
  const toSplit = (row: Row): Split => ({
    ...row,
    settings: fromJson(SplitSettings, row.settings),
    leaks: row.leaks === null ? null : fromJson(LeakReport, row.leaks),
    counts: counts(row.id),
  });
  const get = (splitId: string): Split => toSplit(found(selectOne.get(splitId), 'split'));
  const begin = splitWriter(db, get, known);
  return {
    list: (projectId) => selectAll.all(projectId).map(toSplit),
    get,
    create: ({ projectId, members, ...split }) =>
      atomically(db, () => {
        const writer = begin(projectId);
        // Ascending ids append to the index, whatever order the rows were divided in.
        const rows = [...members].sort(([a], [b]) => a - b);
        writer.add(rows.map(([exampleId, part]) => ({ exampleId, part })));
        return writer.finish(split);
      }),
    begin,
    ...lookRows(db),
    ...leakRows(db),
    columns: (projectId) => keptColumns(db, projectId),
    counts,
    withGold: (splitId, part) => selectWithGold.get(splitId, part) ?? 0,
    members: (splitId, part) => selectMembers.all(splitId, part).map(toFullExample),
  };
}

/**
 * Members are written before their split: until then nothing shows them, and what a killed process
 * left of them is removed when the store is opened next.
 */
function splitWriter(
  db: Db,
  get: (splitId: string) => Split,
  known: Map<string, PartCounts>,
): SplitRows['begin'] {
  const countOfProject = db.prepare<[string], { splits: number }>(
    'SELECT count(*) AS splits FROM splits WHERE project_id = ?',
  );
  const insert = db.prepare<Omit<Row, 'looks'> & { seed: number }>(
    `INSERT INTO splits (id, project_id, name, settings, settings_hash, seed, leaks, frozen_at)
     VALUES (@id, @projectId, @name, @settings, @settingsHash, @seed, @leaks, @frozenAt)`,
  );
  // Writes nothing for an example that is not there, or is another project's.
  const insertMember = db.prepare<[string, Part, number, string]>(
    `INSERT INTO split_members (split_id, part, example_id)
     SELECT ?, ?, id FROM examples WHERE id = ? AND project_id = ?`,
  );
  const removeMembers = db.prepare<[string]>('DELETE FROM split_members WHERE split_id = ?');

  return (projectId): SplitWriter => {
    const id = newId();
    const counted = noMembers();
    return {
      add: (members) => {
        withoutParents(db, () => {
          for (const { exampleId, part } of members) {
            if (insertMember.run(id, part, exampleId, projectId).changes === 0) throw foreignRow();
          }
        });
        for (const { part } of members) counted[part] += 1;
      },
      finish: ({ name, settings, leaks }) =>
        atomically(db, () => {
          const { splits } = found(countOfProject.get(projectId), 'project');
          insert.run({
            ...{ id, projectId, frozenAt: now() },
            name: name ?? `Split ${splits + 1}`,
            settings: toJson(settings),
            settingsHash: settingsHash(settings),
            seed: settings.seed,
            leaks: leaks === null ? null : toJson(leaks),
          });
          known.set(id, counted);
          return get(id);
        }),
      abandon: () => {
        atomically(db, () => removeMembers.run(id));
      },
    };
  };
}

/**
 * Runs `work` in a transaction that does not ask whether the rows it refers to are there yet. Within
 * another transaction the reference is asked for when that one is committed. The log is written back
 * more often than usual meanwhile: a little in many turns, rather than for long in one.
 */
function withoutParents(db: Db, work: () => void): void {
  if (db.inTransaction) return atomically(db, work);
  const usual = Number(db.pragma('wal_autocheckpoint', { simple: true }));
  db.exec(`PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = ${pagesWrittenBack}`);
  try {
    softly(db, work);
  } finally {
    db.exec(`PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = ${usual}`);
  }
}

/** Removes members whose split was never finished. Goes from split to split, not from row to row. */
function sweepUnfinished(db: Db): void {
  const orphans = db
    .prepare<[], { id: string }>(
      `WITH RECURSIVE seen (id) AS (
         SELECT min(split_id) FROM split_members
         UNION ALL
         SELECT (SELECT min(split_id) FROM split_members WHERE split_id > seen.id)
         FROM seen WHERE seen.id IS NOT NULL
       )
       SELECT id FROM seen WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM splits)`,
    )
    .all();
  const remove = db.prepare<[string]>('DELETE FROM split_members WHERE split_id = ?');
  for (const { id } of orphans) remove.run(id);
}

/** Looks at the sealed test part. Each keeps the ids of all that it showed, parted by spaces. */
function lookRows(db: Db): Pick<SplitRows, 'look'> {
  const selectAll = db.prepare<[string], { number: number; seen: string }>(
    'SELECT number, seen FROM looks WHERE split_id = ? ORDER BY number',
  );
  const insert = db.prepare<[string, number, string, string]>(
    'INSERT INTO looks (split_id, number, seen, looked_at) VALUES (?, ?, ?, ?)',
  );
  return {
    look: (splitId, seen) =>
      atomically(db, () => {
        const looks = selectAll.all(splitId);
        const number = looks.at(-1)?.number ?? 0;
        // Those of earlier versions hold words beside the ids, which are no id.
        const before = new Set(looks.flatMap((look) => look.seen.split(' ')));
        const shown = [...new Set(seen)];
        if (shown.every((id) => before.has(id))) return number;
        insert.run(splitId, number + 1, shown.sort().join(' '), now());
        return number + 1;
      }),
  };
}

function leakRows(db: Db): Pick<SplitRows, 'saveLeaks' | 'leaks'> {
  const select = db.prepare<[string, string], { report: string }>(
    'SELECT report FROM leak_reports WHERE project_id = ? AND key = ?',
  );
  const save = db.prepare<[string, string, string]>(
    `INSERT INTO leak_reports (project_id, key, report) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET report = excluded.report`,
  );
  return {
    saveLeaks: (projectId, report) => {
      atomically(db, () => save.run(projectId, report.key, toJson(report)));
    },
    leaks: (projectId, key) => {
      const row = select.get(projectId, key);
      return row === undefined ? null : fromJson(LeakReport, row.report);
    },
  };
}

function keptColumns(db: Db, projectId: string): ReturnType<SplitRows['columns']> {
  const kept = `
    FROM examples e CROSS JOIN json_each(e.meta) kept
    WHERE e.project_id = @projectId AND ${shown('@projectId')} AND e.meta IS NOT NULL
      AND trim(kept.value) <> ''`;
  const counted = db
    .prepare<{ projectId: string }, { column: string; rows: number; distinct: number }>(
      `SELECT kept.key AS column, count(*) AS rows, count(DISTINCT kept.value) AS "distinct"
       ${kept} GROUP BY kept.key ORDER BY kept.key`,
    )
    .all({ projectId });
  const values = db
    .prepare<{ projectId: string; column: string; most: number }, string>(
      `SELECT DISTINCT kept.value ${kept} AND kept.key = @column LIMIT @most`,
    )
    .pluck();
  return counted.map((each) => ({
    ...each,
    examples: values.all({ projectId, column: each.column, most: exampleValues }),
  }));
}

function foreignRow(): StudioError {
  return new StudioError(
    'invalid-input',
    'A row of this split is not a row of this project.',
    'The data changed meanwhile: make the split again.',
  );
}
