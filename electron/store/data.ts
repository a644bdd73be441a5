import type { Dataset, Part } from '../contract/entities.ts';
import { ColumnMapping, DataCard } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { dataExports } from './data-exports.ts';
import { datasetChanger, ofRecorded } from './dataset-change.ts';
import { datasetWriters } from './dataset-writer.ts';
import type { ExampleRow, FullExampleRow } from './examples.ts';
import { exampleColumns, fullExampleColumns, shown, toExample, toFullExample } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, byPages, found, fromJson, pageRows } from './sql.ts';
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
  card: string | null;
  createdAt: string;
}

const datasetColumns = `
  id, project_id AS projectId, name, source_name AS sourceName, source_sha256 AS sourceSha256,
  rows, with_gold AS withGold, with_completion AS withCompletion, given_part AS givenPart, mapping,
  card, created_at AS createdAt`;

const finished = 'id NOT IN (SELECT dataset_id FROM unfinished)';

/** Datasets, oldest first, and their examples in import order; none that is still being imported. */
export function dataRows(db: Db): DataRows {
  const selectDatasets = db.prepare<[string], DatasetRow>(
    `SELECT ${datasetColumns} FROM datasets WHERE project_id = ? AND ${finished} ORDER BY rowid`,
  );
  const selectDataset = db.prepare<[string], DatasetRow>(
    `SELECT ${datasetColumns} FROM datasets WHERE id = ? AND ${finished}`,
  );
  const removeDataset = db.prepare<[string]>('DELETE FROM datasets WHERE id = ?');
  const selectUsingSplit = db.prepare<[string], { name: string }>(
    `SELECT s.name FROM examples e
     JOIN split_members m ON m.example_id = e.id
     JOIN splits s ON s.id = m.split_id
     WHERE e.dataset_id = ? LIMIT 1`,
  );
  const selectPage = db.prepare<{ projectId: string; limit: number; offset: number }, ExampleRow>(
    `SELECT ${exampleColumns} FROM examples e
     WHERE e.project_id = @projectId AND ${shown('@projectId')}
     ORDER BY e.id LIMIT @limit OFFSET @offset`,
  );
  const selectExample = db.prepare<[number], FullExampleRow>(
    `SELECT ${fullExampleColumns} FROM examples e WHERE e.id = ? AND ${shown('e.project_id')}`,
  );
  const selectNext = db.prepare<{ projectId: string; after: number }, FullExampleRow>(
    `SELECT ${fullExampleColumns} FROM examples e
     WHERE e.project_id = @projectId AND e.id > @after AND ${shown('@projectId')}
     ORDER BY e.id LIMIT ${pageRows}`,
  );
  const selectNextOf = db.prepare<
    { projectId: string; datasetId: string; after: number },
    FullExampleRow & { frozen: Flag }
  >(
    `SELECT ${fullExampleColumns},
       EXISTS (SELECT 1 FROM split_members WHERE example_id = e.id) AS frozen
     FROM examples e
     WHERE e.project_id = @projectId AND e.id > @after AND e.dataset_id = @datasetId
     ORDER BY e.id LIMIT ${pageRows}`,
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
  const countAnswers = {
    all: answerCounter(db, 'TRUE'),
    recorded: answerCounter(db, ofRecorded),
  };

  const get = (datasetId: string): Dataset =>
    toDataset(found(selectDataset.get(datasetId), 'dataset'));
  const count = (projectId: string) => found(countExamples.get({ projectId }), 'project');
  const writers = datasetWriters(db, get);
  const change = datasetChanger(db);
  return {
    list: (projectId) => selectDatasets.all(projectId).map(toDataset),
    get,
    create: (input, rows) => atomically(db, () => get(writers.create(input, rows))),
    begin: (input) => writers.begin(input),
    replace: (datasetId, ...rest) =>
      atomically(db, () => {
        writers.refuseUnfinished(get(datasetId).projectId);
        change(datasetId, ...rest);
        return get(datasetId);
      }),
    sweep: (limit) => writers.sweep(limit),
    remove(datasetId) {
      atomically(db, () => {
        const { name } = get(datasetId);
        const split = selectUsingSplit.get(datasetId);
        if (split) throw usedBySplit(name, split.name);
        removeDataset.run(datasetId);
      });
    },
    *rowsOf(datasetId) {
      const { projectId } = get(datasetId);
      const next = (after: number) => selectNextOf.all({ projectId, datasetId, after });
      for (const { frozen, ...row } of byPages(next)) {
        yield { ...toFullExample(row), frozen: frozen === 1 };
      }
    },
    page: (projectId, { offset, limit }) => ({
      rows: selectPage.all({ projectId, limit, offset }).map(toExample),
      total: count(projectId).examples,
    }),
    example: (exampleId) => toFullExample(found(selectExample.get(exampleId), 'example')),
    *examples(projectId) {
      for (const row of byPages((after) => selectNext.all({ projectId, after }))) {
        yield toFullExample(row);
      }
    },
    answers: (exampleId, which) => countAnswers[which](exampleId),
    count,
    ...dataExports(db),
  };
}

function answerCounter(db: Db, which: string): (exampleId: number) => number {
  const select = db
    .prepare<[number], number>(
      `SELECT count(*) FROM completions WHERE example_id = ? AND failed = 0 AND ${which}`,
    )
    .pluck();
  return (exampleId) => select.get(exampleId) ?? 0;
}

const toDataset = (row: DatasetRow): Dataset => ({
  ...row,
  mapping: fromJson(ColumnMapping, row.mapping),
  card: row.card === null ? null : fromJson(DataCard, row.card),
});

function usedBySplit(dataset: string, split: string): StudioError {
  return new StudioError(
    'job-conflict',
    `“${dataset}” can’t be deleted: rows of it belong to the split “${split}”, and splits never change.`,
    'Keep it, or delete the whole project.',
  );
}
