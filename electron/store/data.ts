import type { Dataset, Part } from '../contract/entities.ts';
import { ColumnMapping } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import type { ExampleRow, FullExampleRow } from './examples.ts';
import { exampleColumns, fullExampleColumns, toExample, toFullExample } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import {
  atomically,
  byPages,
  flag,
  found,
  fromJson,
  isUniqueViolation,
  newId,
  now,
  pageRows,
  toJson,
} from './sql.ts';
import type { DataRows } from './store.ts';

interface DatasetRow {
  id: string;
  projectId: string;
  name: string;
  sourceName: string;
  sourceSha256: string;
  rows: number;
  withGold: number;
  withCompletion: number;
  givenPart: Part | null;
  mapping: string;
  createdAt: string;
}

interface NewDataset {
  id: string;
  projectId: string;
  name: string;
  sourceName: string;
  sourceSha256: string;
  givenPart: Part | null;
  mapping: string;
  settingsHash: string;
  seed: number;
  createdAt: string;
}

const datasetColumns = `
  id, project_id AS projectId, name, source_name AS sourceName, source_sha256 AS sourceSha256,
  rows, with_gold AS withGold, with_completion AS withCompletion, given_part AS givenPart, mapping,
  created_at AS createdAt`;

/** Datasets, oldest first, and their examples in import order. */
export function dataRows(db: Db): DataRows {
  const selectDatasets = db.prepare<[string], DatasetRow>(
    `SELECT ${datasetColumns} FROM datasets WHERE project_id = ? ORDER BY rowid`,
  );
  const selectDataset = db.prepare<[string], DatasetRow>(
    `SELECT ${datasetColumns} FROM datasets WHERE id = ?`,
  );
  const removeDataset = db.prepare<[string]>('DELETE FROM datasets WHERE id = ?');
  const selectUsingSplit = db.prepare<[string], { name: string }>(
    `SELECT s.name FROM examples e
     JOIN split_members m ON m.example_id = e.id
     JOIN splits s ON s.id = m.split_id
     WHERE e.dataset_id = ? LIMIT 1`,
  );
  const selectPage = db.prepare<[string, number, number], ExampleRow>(
    `SELECT ${exampleColumns} FROM examples e WHERE e.project_id = ? ORDER BY e.id LIMIT ? OFFSET ?`,
  );
  const selectExample = db.prepare<[number], FullExampleRow>(
    `SELECT ${fullExampleColumns} FROM examples e WHERE e.id = ?`,
  );
  const selectNext = db.prepare<[string, number, number], FullExampleRow>(
    `SELECT ${fullExampleColumns} FROM examples e
     WHERE e.project_id = ? AND e.id > ? ORDER BY e.id LIMIT ?`,
  );
  const countExamples = db.prepare<
    { projectId: string },
    { examples: number; withGold: number; recorded: number }
  >(
    `SELECT
       (SELECT coalesce(sum(rows), 0) FROM datasets WHERE project_id = @projectId) AS examples,
       (SELECT coalesce(sum(with_gold), 0) FROM datasets WHERE project_id = @projectId) AS withGold,
       (SELECT coalesce(sum(recorded), 0) FROM datasets WHERE project_id = @projectId) AS recorded`,
  );
  const add = datasetWriter(db);

  const get = (datasetId: string): Dataset =>
    toDataset(found(selectDataset.get(datasetId), 'dataset'));
  const count = (projectId: string) => found(countExamples.get({ projectId }), 'project');
  return {
    list: (projectId) => selectDatasets.all(projectId).map(toDataset),
    get,
    create: (input, rows) => atomically(db, () => get(add(input, rows))),
    remove(datasetId) {
      atomically(db, () => {
        const { name } = get(datasetId);
        const split = selectUsingSplit.get(datasetId);
        if (split) throw usedBySplit(name, split.name);
        removeDataset.run(datasetId);
      });
    },
    page: (projectId, { offset, limit }) => ({
      rows: selectPage.all(projectId, limit, offset).map(toExample),
      total: count(projectId).examples,
    }),
    example: (exampleId) => toFullExample(found(selectExample.get(exampleId), 'example')),
    *examples(projectId) {
      for (const row of byPages((after) => selectNext.all(projectId, after, pageRows))) {
        yield toFullExample(row);
      }
    },
    count,
  };
}

/** Writes a dataset and its rows, one by one as they are read; answers its id. Needs a transaction. */
function datasetWriter(db: Db) {
  const projectExists = db.prepare<[string], { id: string }>(
    'SELECT id FROM projects WHERE id = ?',
  );
  const insertDataset = db.prepare<NewDataset>(
    `INSERT INTO datasets (id, project_id, name, source_name, source_sha256, rows, with_gold,
       with_completion, given_part, mapping, settings_hash, seed, created_at)
     VALUES (@id, @projectId, @name, @sourceName, @sourceSha256, 0, 0, 0, @givenPart, @mapping,
       @settingsHash, @seed, @createdAt)`,
  );
  const setCounts = db.prepare<[number, number, number, number, string]>(
    'UPDATE datasets SET rows = ?, with_gold = ?, with_completion = ?, recorded = ? WHERE id = ?',
  );
  type Text = string | null;
  const insertExample = db.prepare<[string, string, string, Text, Text, string, Text, Text, Flag]>(
    `INSERT INTO examples (project_id, dataset_id, external_id, gold, choices, input,
       recorded_completion, recorded_rationale, recorded)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (...[input, rows]: Parameters<DataRows['create']>): string => {
    const { projectId, mapping, givenPart, seed, ...names } = input;
    found(projectExists.get(projectId), 'project');
    const id = newId();
    insertDataset.run({
      ...names,
      id,
      projectId,
      givenPart,
      mapping: toJson(mapping),
      settingsHash: settingsHash({ mapping, givenPart, sourceSha256: names.sourceSha256 }),
      seed,
      createdAt: now(),
    });
    let count = 0;
    let withGold = 0;
    let withCompletion = 0;
    let recorded = 0;
    for (const row of rows) {
      const isRecorded = row.completion !== null || row.rationale !== null;
      try {
        insertExample.run(
          projectId,
          id,
          row.externalId,
          row.gold,
          row.choices === null ? null : toJson(row.choices),
          row.input,
          row.completion,
          row.rationale,
          flag(isRecorded),
        );
      } catch (caught) {
        throw isUniqueViolation(caught) ? duplicate(row.externalId, caught) : caught;
      }
      count++;
      if (row.gold !== null) withGold++;
      if (row.completion !== null) withCompletion++;
      if (isRecorded) recorded++;
    }
    setCounts.run(count, withGold, withCompletion, recorded, id);
    return id;
  };
}

const toDataset = (row: DatasetRow): Dataset => ({
  ...row,
  mapping: fromJson(ColumnMapping, row.mapping),
});

function duplicate(externalId: string, cause: unknown): StudioError {
  return new StudioError(
    'id-duplicate',
    `Two rows have the id “${externalId}”.`,
    'Choose a column whose values are all different as the id, or none to number the rows.',
    { cause },
  );
}

function usedBySplit(dataset: string, split: string): StudioError {
  return new StudioError(
    'job-conflict',
    `“${dataset}” can’t be deleted: rows of it belong to the split “${split}”, and splits never change.`,
    'Keep it, or delete the whole project.',
  );
}
