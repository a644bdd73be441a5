import type { Run, RunEnd } from '../contract/entities.ts';
import { ImportedFrom, RunSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import { statedSettings } from '../core/run-settings.ts';
import { checkpointRows } from './checkpoints.ts';
import { metricRows } from './metrics.ts';
import { sampleRows } from './run-samples.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { RunRows } from './store.ts';

type Row = Omit<Run, 'settings' | 'ended' | 'imported'> & {
  imported: Flag;
  settings: string;
  endedReason: RunEnd['reason'] | null;
  endedStep: number | null;
  endedAt: string | null;
};
type NewRow = Pick<
  Row,
  | ('id' | 'projectId' | 'splitId' | 'extractionId' | 'name' | 'settings' | 'settingsHash')
  | ('trainRows' | 'rationaleRows' | 'studyId' | 'parentId' | 'createdAt')
> & { answersId: string | null; seed: number; importedFrom: string | null };

const columns = `
  id, project_id AS projectId, split_id AS splitId, extraction_id AS extractionId, name, settings,
  settings_hash AS settingsHash, job_id AS jobId, study_id AS studyId, parent_id AS parentId,
  train_rows AS trainRows, rationale_rows AS rationaleRows, parameters, engine,
  best_step AS bestStep, best_validation AS bestValidation, ended_reason AS endedReason,
  ended_step AS endedStep, ended_at AS endedAt, imported_from IS NOT NULL AS imported,
  created_at AS createdAt`;

/** Runs, oldest first. */
export function runRows(db: Db): RunRows {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM runs WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM runs WHERE id = ?`);
  const selectNames = db.prepare<[string], { id: string; name: string }>(
    'SELECT id, name FROM runs WHERE project_id = ?',
  );
  const insert = db.prepare<NewRow>(
    `INSERT INTO runs (id, project_id, split_id, extraction_id, answers_id, name, settings,
       settings_hash, seed, train_rows, rationale_rows, study_id, parent_id, imported_from,
       created_at)
     VALUES (@id, @projectId, @splitId, @extractionId, @answersId, @name, @settings,
       @settingsHash, @seed, @trainRows, @rationaleRows, @studyId, @parentId, @importedFrom,
       @createdAt)`,
  );
  const selectFrom = db.prepare<[string], { from: string | null }>(
    'SELECT imported_from AS "from" FROM runs WHERE id = ?',
  );
  const remove = db.prepare<[string]>('DELETE FROM runs WHERE id = ?');

  const get = (runId: string): Run => toRun(found(selectOne.get(runId), 'run'));
  const freeName = (projectId: string, method: string): string => {
    const taken = new Set(selectNames.all(projectId).map(({ name }) => name));
    let number = 1;
    while (taken.has(`${method} ${number}`)) number++;
    return `${method} ${number}`;
  };
  return {
    list: (projectId) => selectAll.all(projectId).map(toRun),
    get,
    create: ({ id = newId(), name, settings, answersId, importedFrom = null, ...input }) =>
      atomically(db, () => {
        insert.run({
          ...input,
          id,
          answersId: answersId ?? input.extractionId,
          name: name ?? freeName(input.projectId, settings.method),
          settings: toJson(settings),
          settingsHash: settingsHash(statedSettings(settings)),
          seed: settings.seed,
          importedFrom: importedFrom && toJson(importedFrom),
          createdAt: now(),
        });
        return get(id);
      }),
    importedFrom: (runId) => {
      const { from } = found(selectFrom.get(runId), 'run');
      return from === null ? null : fromJson(ImportedFrom, from);
    },
    remove(runId) {
      written(remove.run(runId), 'run');
    },
    ...changes(db, get, (projectId) => selectNames.all(projectId)),
    ...metricRows(db),
    ...sampleRows(db),
    ...checkpointRows(db),
  };
}

type Change =
  | ('rename' | 'setJob' | 'setRows' | 'rowsHash' | 'answersId' | 'setModel')
  | ('setFinishing' | 'isFinishing' | 'setEnd');

/** What becomes known of a run after it was made. */
function changes(
  db: Db,
  get: (runId: string) => Run,
  namesIn: (projectId: string) => { id: string; name: string }[],
): Pick<RunRows, Change> {
  const setName = db.prepare<[string, string]>('UPDATE runs SET name = ? WHERE id = ?');
  const setJob = db.prepare<[string, string]>('UPDATE runs SET job_id = ? WHERE id = ?');
  const setRows = db.prepare<[number, number, string, string]>(
    'UPDATE runs SET train_rows = ?, rationale_rows = ?, rows_hash = ? WHERE id = ?',
  );
  const selectHidden = db.prepare<
    [string],
    { hash: string | null; answersId: string | null; finishing: Flag }
  >('SELECT rows_hash AS hash, answers_id AS answersId, finishing FROM runs WHERE id = ?');
  const setFinishing = db.prepare<[Flag, string]>('UPDATE runs SET finishing = ? WHERE id = ?');
  const setModel = db.prepare<[number, string | null, string]>(
    'UPDATE runs SET parameters = ?, engine = ? WHERE id = ?',
  );
  const setEnd = db.prepare<[string | null, number | null, string | null, string]>(
    'UPDATE runs SET ended_reason = ?, ended_step = ?, ended_at = ? WHERE id = ?',
  );
  const hidden = (runId: string) => found(selectHidden.get(runId), 'run');
  return {
    rename: (runId, name) =>
      atomically(db, () => {
        const { projectId } = get(runId);
        if (namesIn(projectId).some((other) => other.name === name && other.id !== runId)) {
          throw new StudioError(
            'invalid-input',
            `This project has a run named “${name}” already.`,
            'Choose another name.',
          );
        }
        setName.run(name, runId);
        return get(runId);
      }),
    setJob(runId, jobId) {
      written(setJob.run(jobId, runId), 'run');
    },
    setRows(runId, { trainRows, rationaleRows, hash }) {
      written(setRows.run(trainRows, rationaleRows, hash, runId), 'run');
    },
    rowsHash: (runId) => hidden(runId).hash,
    answersId: (runId) => hidden(runId).answersId,
    setFinishing(runId, finishing) {
      written(setFinishing.run(flag(finishing), runId), 'run');
    },
    isFinishing: (runId) => hidden(runId).finishing === 1,
    setModel(runId, { parameters, engine }) {
      written(setModel.run(parameters, engine, runId), 'run');
    },
    setEnd(runId, end) {
      const { reason, step, at } = end ? { ...end, at: now() } : notEnded;
      atomically(db, () => {
        written(setEnd.run(reason, step, at, runId), 'run');
        if (end) setFinishing.run(0, runId);
      });
    },
  };
}

const notEnded = { reason: null, step: null, at: null } as const;

const toRun = ({ endedReason, endedStep, endedAt, imported, ...row }: Row): Run => ({
  ...row,
  imported: imported === 1,
  settings: fromJson(RunSettings, row.settings),
  ended:
    endedReason === null || endedStep === null || endedAt === null
      ? null
      : { reason: endedReason, step: endedStep, at: endedAt },
});
