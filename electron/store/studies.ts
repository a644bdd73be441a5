import { RunSettings, StudyPlan } from '../contract/entities.ts';
import type { Study } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { Db } from './sql.ts';
import {
  atomically,
  found,
  fromJson,
  isUniqueViolation,
  newId,
  now,
  toJson,
  written,
} from './sql.ts';
import type { StudyRows, StudyRun } from './store.ts';

type Row = Omit<Study, 'plan' | 'runs'> & { plan: string; planned: number; ended: number };
type NewRow = Pick<
  Row,
  'id' | 'projectId' | 'splitId' | 'extractionId' | 'name' | 'plan' | 'createdAt'
>;

/** A run that was removed after it had ended has not: what it brought is gone. */
const selection = `
  SELECT id, project_id AS projectId, split_id AS splitId, extraction_id AS extractionId, name,
    plan, job_id AS jobId, current_run_id AS currentRunId, created_at AS createdAt,
    (SELECT count(*) FROM study_runs WHERE study_id = studies.id) AS planned,
    (SELECT count(*) FROM study_runs AS asked JOIN runs ON runs.id = asked.run_id
     WHERE asked.study_id = studies.id AND runs.ended_reason IS NOT NULL) AS ended
  FROM studies`;

/** Studies, oldest first. */
export function studyRows(db: Db): StudyRows {
  const selectAll = db.prepare<[string], Row>(`${selection} WHERE project_id = ? ORDER BY rowid`);
  const selectOne = db.prepare<[string], Row>(`${selection} WHERE id = ?`);
  const selectOfRun = db.prepare<[string], Row>(
    `${selection} WHERE id IN (SELECT study_id FROM study_runs WHERE run_id = ?) ORDER BY rowid`,
  );
  const selectNames = db.prepare<[string], { name: string }>(
    'SELECT name FROM studies WHERE project_id = ?',
  );
  const insert = db.prepare<NewRow>(
    `INSERT INTO studies (id, project_id, split_id, extraction_id, name, plan, created_at)
     VALUES (@id, @projectId, @splitId, @extractionId, @name, @plan, @createdAt)`,
  );
  const setJob = db.prepare<[string, string]>('UPDATE studies SET job_id = ? WHERE id = ?');
  const setCurrentRun = db.prepare<[string | null, string]>(
    'UPDATE studies SET current_run_id = ? WHERE id = ?',
  );
  const remove = db.prepare<[string]>('DELETE FROM studies WHERE id = ?');
  const planned = plannedRuns(db);

  const get = (studyId: string): Study => toStudy(found(selectOne.get(studyId), 'study'));
  const freeName = (projectId: string, kind: string): string => {
    const taken = new Set(selectNames.all(projectId).map(({ name }) => name));
    let number = 1;
    while (taken.has(`${kind} ${number}`)) number++;
    return `${kind} ${number}`;
  };
  return {
    list: (projectId) => selectAll.all(projectId).map(toStudy),
    get,
    create: ({ name, plan, runs, ...input }) =>
      atomically(db, () => {
        const study = {
          ...input,
          id: newId(),
          name: name ?? freeName(input.projectId, plan.kind),
          plan: toJson(plan),
          createdAt: now(),
        };
        refusingTaken(study.name, () => insert.run(study));
        planned.save(study.id, runs);
        return get(study.id);
      }),
    setJob(studyId, jobId) {
      written(setJob.run(jobId, studyId), 'study');
    },
    setCurrentRun(studyId, runId) {
      written(setCurrentRun.run(runId, studyId), 'study');
    },
    runs: planned.list,
    assign: planned.assign,
    ofRun: (runId) => selectOfRun.all(runId).map(toStudy),
    remove(studyId) {
      written(remove.run(studyId), 'study');
    },
  };
}

/** The runs that studies ask for. */
function plannedRuns(db: Db) {
  const insert = db.prepare<[string, number, string]>(
    'INSERT INTO study_runs (study_id, number, settings) VALUES (?, ?, ?)',
  );
  const select = db.prepare<[string], Omit<StudyRun, 'settings'> & { settings: string }>(
    `SELECT number, settings, run_id AS runId FROM study_runs WHERE study_id = ? ORDER BY number`,
  );
  const assign = db.prepare<[string, string, number]>(
    'UPDATE study_runs SET run_id = ? WHERE study_id = ? AND number = ?',
  );
  return {
    save(studyId: string, runs: readonly RunSettings[]): void {
      for (const [number, settings] of runs.entries())
        insert.run(studyId, number, toJson(settings));
    },
    list: (studyId: string): StudyRun[] =>
      select.all(studyId).map((row) => ({ ...row, settings: fromJson(RunSettings, row.settings) })),
    assign(studyId: string, number: number, runId: string): void {
      written(assign.run(runId, studyId, number), 'run of a study');
    },
  };
}

const toStudy = ({ planned, ended, ...row }: Row): Study => ({
  ...row,
  plan: fromJson(StudyPlan, row.plan),
  runs: { planned, ended },
});

/** @throws StudioError invalid-input when another study of the project has this name */
function refusingTaken(name: string, write: () => void): void {
  try {
    write();
  } catch (caught) {
    if (!isUniqueViolation(caught)) throw caught;
    throw new StudioError(
      'invalid-input',
      `This project has a study named “${name}” already.`,
      'Choose another name.',
      { cause: caught },
    );
  }
}
