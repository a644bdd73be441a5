import type { Part, PartCounts, Split } from '../contract/entities.ts';
import { SplitSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, toFullExample } from './examples.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson } from './sql.ts';
import type { SplitRows } from './store.ts';

interface Row {
  id: string;
  projectId: string;
  name: string;
  settings: string;
  settingsHash: string;
  frozenAt: string;
}

const columns = `
  id, project_id AS projectId, name, settings, settings_hash AS settingsHash,
  frozen_at AS frozenAt`;

/** Splits, oldest first. The tables themselves refuse to change one that is saved. */
export function splitRows(db: Db): SplitRows {
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
  const countOfProject = db.prepare<[string], { splits: number }>(
    'SELECT count(*) AS splits FROM splits WHERE project_id = ?',
  );
  const insert = db.prepare<Row & { seed: number }>(
    `INSERT INTO splits (id, project_id, name, settings, settings_hash, seed, frozen_at)
     VALUES (@id, @projectId, @name, @settings, @settingsHash, @seed, @frozenAt)`,
  );
  // Writes nothing for an example that is not there, or is another project's.
  const insertMember = db.prepare<[string, Part, number, string]>(
    `INSERT INTO split_members (split_id, part, example_id)
     SELECT ?, ?, id FROM examples WHERE id = ? AND project_id = ?`,
  );

  const counts = (splitId: string): PartCounts => {
    const counted: PartCounts = { train: 0, validation: 0, test: 0 };
    for (const { part, members } of selectCounts.all(splitId)) counted[part] = members;
    return counted;
  };
  const toSplit = (row: Row): Split => ({
    ...row,
    settings: fromJson(SplitSettings, row.settings),
    counts: counts(row.id),
  });
  const get = (splitId: string): Split => toSplit(found(selectOne.get(splitId), 'split'));
  return {
    list: (projectId) => selectAll.all(projectId).map(toSplit),
    get,
    create: ({ projectId, name, settings, members }) =>
      atomically(db, () => {
        const id = newId();
        // Ascending ids append to the index, whatever order the rows were divided in.
        for (const [exampleId, part] of [...members].sort(([a], [b]) => a - b)) {
          if (insertMember.run(id, part, exampleId, projectId).changes === 0) throw foreignRow();
        }
        const { splits } = found(countOfProject.get(projectId), 'project');
        insert.run({
          ...{ id, projectId, frozenAt: now() },
          name: name ?? `Split ${splits + 1}`,
          settings: toJson(settings),
          settingsHash: settingsHash(settings),
          seed: settings.seed,
        });
        return get(id);
      }),
    counts,
    members: (splitId, part) => selectMembers.all(splitId, part).map(toFullExample),
  };
}

function foreignRow(): StudioError {
  return new StudioError(
    'invalid-input',
    'A row of this split is not a row of this project.',
    'The data changed meanwhile: make the split again.',
  );
}
