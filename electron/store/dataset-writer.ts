import type { MappedRow, Part } from '../contract/entities.ts';
import { ColumnMapping } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { seedFrom, settingsHash } from '../core/hash.ts';
import type { Db, Flag } from './sql.ts';
import {
  atomically,
  flag,
  found,
  fromJson,
  isUniqueViolation,
  newId,
  now,
  softly,
  toJson,
} from './sql.ts';
import type { DatasetWriter, NewDataset } from './store.ts';

interface DatasetValues {
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

interface Counts {
  rows: number;
  withGold: number;
  withCompletion: number;
  recorded: number;
}

interface Unfinished {
  datasetId: string;
  projectId: string;
  firstId: number;
}

type Text = string | null;
/** The values of one row or more, one after another. */
type Values = (string | number | null)[];
type ExampleValues = [
  ...names: [project: string, dataset: string, external: string],
  ...texts: [gold: Text, choices: Text, input: string, completion: Text, rationale: Text],
  ...rest: [recorded: Flag, part: Part | null, meta: Text],
];

/** What a data set was made with: the hash beside its rows. */
export const datasetHash = (
  dataset: Pick<NewDataset, 'mapping' | 'givenPart' | 'sourceSha256'>,
): string =>
  settingsHash({
    mapping: dataset.mapping,
    givenPart: dataset.givenPart,
    sourceSha256: dataset.sourceSha256,
  });

/** Inserts rows of a data set; to be called in a transaction. @throws StudioError id-duplicate */
export type InsertExamples = (
  projectId: string,
  datasetId: string,
  rows: Iterable<MappedRow>,
) => void;

/** Rows that one statement inserts: what a statement costs besides is then no longer felt. */
const rowsAtOnce = 50;

export function exampleInserter(db: Db): InsertExamples {
  const insertOf = (count: number) => {
    const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
    return db.prepare<Values>(
      `INSERT INTO examples (project_id, dataset_id, external_id, gold, choices, input,
         recorded_completion, recorded_rationale, recorded, given_part, meta)
       VALUES ${Array.from({ length: count }, () => row).join(', ')}`,
    );
  };
  const one = insertOf(1);
  const many = insertOf(rowsAtOnce);
  return (projectId, datasetId, rows) => {
    const insertOne = (row: MappedRow): void => {
      try {
        one.run(...valuesOf(projectId, datasetId, row));
      } catch (caught) {
        throw isUniqueViolation(caught) ? duplicateId(row.externalId, caught) : caught;
      }
    };
    const insertAll = (some: readonly MappedRow[]): void => {
      if (some.length === rowsAtOnce) {
        try {
          many.run(...some.flatMap((row) => valuesOf(projectId, datasetId, row)));
          return;
        } catch (caught) {
          // Nothing of the statement is left: one by one they show which of them it is.
          if (!isUniqueViolation(caught)) throw caught;
        }
      }
      some.forEach(insertOne);
    };
    let some: MappedRow[] = [];
    for (const row of rows) {
      some.push(row);
      if (some.length < rowsAtOnce) continue;
      insertAll(some);
      some = [];
    }
    insertAll(some);
  };
}

function valuesOf(projectId: string, datasetId: string, row: MappedRow): ExampleValues {
  return [
    ...([projectId, datasetId, row.externalId, row.gold, jsonOrNull(row.choices)] as const),
    ...([row.input, row.completion, row.rationale, flag(isRecorded(row)), row.part] as const),
    jsonOrNull(row.meta),
  ];
}

export const isRecorded = (row: Pick<MappedRow, 'completion' | 'rationale'>): boolean =>
  row.completion !== null || row.rationale !== null;

export const jsonOrNull = (value: unknown): string | null =>
  value === null ? null : toJson(value);

export interface DatasetWriters {
  /** Saves a data set with all its rows in one transaction; answers its id. */
  create(input: NewDataset, rows: Iterable<MappedRow>): string;
  begin(input: NewDataset): DatasetWriter;
  sweep(limit: number): boolean;
  /** @throws StudioError job-conflict while rows of the project are being imported */
  refuseUnfinished(projectId: string): void;
}

/**
 * Data sets as they come to be: all at once, or part by part and unseen until the end.
 * @param get the data set with that id, once its rows are seen
 */
export function datasetWriters(
  db: Db,
  get: (datasetId: string) => ReturnType<DatasetWriter['finish']>,
): DatasetWriters {
  const selectProject = db.prepare<[string], { id: string }>(
    'SELECT id FROM projects WHERE id = ?',
  );
  const insertDataset = db.prepare<DatasetValues>(
    `INSERT INTO datasets (id, project_id, name, source_name, source_sha256, rows, with_gold,
       with_completion, given_part, mapping, settings_hash, seed, created_at)
     VALUES (@id, @projectId, @name, @sourceName, @sourceSha256, 0, 0, 0, @givenPart, @mapping,
       @settingsHash, @seed, @createdAt)`,
  );
  const setCounts = db.prepare<Counts & { id: string }>(
    `UPDATE datasets SET rows = @rows, with_gold = @withGold, with_completion = @withCompletion,
       recorded = @recorded WHERE id = @id`,
  );
  const setSource = db.prepare<[string, string, number, string, string]>(
    'UPDATE datasets SET source_sha256 = ?, settings_hash = ?, seed = ?, card = ? WHERE id = ?',
  );
  const selectHashed = db.prepare<[string], { mapping: string; givenPart: Part | null }>(
    'SELECT mapping, given_part AS givenPart FROM datasets WHERE id = ?',
  );
  const insertUnfinished = db.prepare<[string, string]>(
    `INSERT INTO unfinished (dataset_id, project_id, first_id)
     SELECT ?, ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'examples'), 0) + 1`,
  );
  const selectUnfinished = db.prepare<[], Unfinished>(
    'SELECT dataset_id AS datasetId, project_id AS projectId, first_id AS firstId FROM unfinished',
  );
  const removeUnfinished = db.prepare<[string]>('DELETE FROM unfinished WHERE dataset_id = ?');
  const removeRows = db.prepare<Unfinished & { limit: number }>(
    `DELETE FROM examples WHERE id IN (
       SELECT id FROM examples WHERE project_id = @projectId AND id >= @firstId
       ORDER BY id DESC LIMIT @limit)`,
  );
  const removeDataset = db.prepare<[string]>('DELETE FROM datasets WHERE id = ?');
  const insertExamples = exampleInserter(db);
  /** The data set that is being written; every other unfinished one was left by an earlier process. */
  let written: string | null = null;

  const insert = (input: NewDataset): string => {
    const { projectId, mapping, givenPart, seed, ...names } = input;
    found(selectProject.get(projectId), 'project');
    const id = input.id ?? newId();
    insertDataset.run({
      ...names,
      ...{ id, projectId, givenPart, seed, createdAt: now() },
      mapping: toJson(mapping),
      settingsHash: datasetHash(input),
    });
    return id;
  };

  const sweepOne = (unfinished: Unfinished, limit: number): boolean =>
    unrelated(db, () => {
      const { changes } = removeRows.run({ ...unfinished, limit });
      if (changes >= limit) return false;
      removeDataset.run(unfinished.datasetId);
      removeUnfinished.run(unfinished.datasetId);
      return true;
    });

  const refuseUnfinished = (projectId: string): void => {
    if (selectUnfinished.all().some((each) => each.projectId === projectId)) throw importing();
  };

  return {
    refuseUnfinished,
    create: (input, rows) =>
      atomically(db, () => {
        refuseUnfinished(input.projectId);
        const id = insert(input);
        const counts = newCounts();
        insertExamples(input.projectId, id, counted(rows, counts));
        setCounts.run({ ...counts, id });
        return id;
      }),
    begin(input) {
      const { projectId } = input;
      const datasetId = atomically(db, () => {
        if (selectUnfinished.get() !== undefined) throw importing();
        const id = insert(input);
        insertUnfinished.run(id, projectId);
        return id;
      });
      written = datasetId;
      const own = (): Unfinished | undefined =>
        selectUnfinished.all().find((each) => each.datasetId === datasetId);
      const counts = newCounts();
      return {
        datasetId,
        add(rows) {
          unrelated(db, () => {
            // Foreign keys are not checked here: rows of a data set that is gone would stay for ever.
            found(own(), 'dataset');
            insertExamples(projectId, datasetId, rows);
          });
          for (const row of rows) countRow(counts, row);
        },
        finish: (card, sourceSha256) =>
          atomically(db, () => {
            found(own(), 'dataset');
            const row = found(selectHashed.get(datasetId), 'dataset');
            const mapping = fromJson(ColumnMapping, row.mapping);
            const hash = datasetHash({ mapping, givenPart: row.givenPart, sourceSha256 });
            setSource.run(sourceSha256, hash, seedFrom(sourceSha256), toJson(card), datasetId);
            setCounts.run({ ...counts, id: datasetId });
            removeUnfinished.run(datasetId);
            written = null;
            return get(datasetId);
          }),
        abandon(limit) {
          if (written === datasetId) written = null;
          const unfinished = own();
          return unfinished === undefined || sweepOne(unfinished, limit);
        },
      };
    },
    sweep(limit) {
      const left = selectUnfinished.all().filter(({ datasetId }) => datasetId !== written);
      const [first] = left;
      return first === undefined || (sweepOne(first, limit) && left.length === 1);
    },
  };
}

/**
 * Runs `work` without checking foreign keys and without waiting for the disk: rows of a data set in
 * the making name a project and a data set that are known to be there, and nothing names them. That
 * saves a fourth of the time.
 */
function unrelated<T>(db: Db, work: () => T): T {
  db.exec('PRAGMA foreign_keys = OFF');
  try {
    return softly(db, work);
  } finally {
    db.exec('PRAGMA foreign_keys = ON');
  }
}

const newCounts = (): Counts => ({ rows: 0, withGold: 0, withCompletion: 0, recorded: 0 });

/** The same rows; each is counted when it is taken. */
function* counted(rows: Iterable<MappedRow>, counts: Counts): Generator<MappedRow> {
  for (const row of rows) {
    countRow(counts, row);
    yield row;
  }
}

function countRow(counts: Counts, row: MappedRow): void {
  counts.rows++;
  if (row.gold !== null) counts.withGold++;
  if (row.completion !== null) counts.withCompletion++;
  if (isRecorded(row)) counts.recorded++;
}

function duplicateId(externalId: string, cause: unknown): StudioError {
  return new StudioError(
    'id-duplicate',
    `Two rows have the id “${externalId}”.`,
    'Choose a column whose values are all different as the id, or none to number the rows.',
    { cause },
  );
}

function importing(): StudioError {
  return new StudioError(
    'job-conflict',
    'Another file is still being imported.',
    'Wait until that import ends, then start this one again.',
  );
}
