import { Accuracy, CascadePoint, CascadeTarget, CostSettings } from '../contract/entities.ts';
import type { Cascade } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { CostRows } from './store.ts';

type Written = 'target' | 'validation' | 'test' | 'testTeacher';
type Row = Omit<Cascade, Written> & Record<Written, string>;

const columns = `
  id, project_id AS projectId, run_id AS runId, extraction_id AS extractionId,
  split_id AS splitId, target, threshold, validation, test, test_teacher AS testTeacher,
  created_at AS createdAt`;

/** What a person says things cost, and the cascades of runs. */
export function costRows(db: Db): CostRows {
  const selectSettings = db.prepare<[string], { settings: string }>(
    'SELECT settings FROM cost_settings WHERE project_id = ?',
  );
  // Writes nothing for a project that is not there.
  const upsertSettings = db.prepare<{ projectId: string; settings: string; savedAt: string }>(
    `INSERT INTO cost_settings (project_id, settings, saved_at)
     SELECT id, @settings, @savedAt FROM projects WHERE id = @projectId
     ON CONFLICT (project_id) DO UPDATE SET settings = excluded.settings, saved_at = excluded.saved_at`,
  );
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM cascades WHERE project_id = ? ORDER BY rowid DESC`,
  );
  const selectOfRun = db.prepare<[string], Row>(
    `SELECT ${columns} FROM cascades WHERE run_id = ? ORDER BY rowid DESC LIMIT 1`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM cascades WHERE id = ?`);
  // Run, extraction and split are the project's own, or nothing is written.
  const insert = db.prepare<Row>(
    `INSERT INTO cascades (id, project_id, run_id, extraction_id, split_id, target, threshold,
       validation, test, test_teacher, created_at)
     SELECT @id, @projectId, r.id, e.id, s.id, @target, @threshold, @validation, @test,
       @testTeacher, @createdAt
     FROM runs r, extractions e, splits s
     WHERE r.id = @runId AND r.project_id = @projectId AND r.split_id = s.id
       AND e.id = @extractionId AND e.project_id = @projectId
       AND s.id = @splitId AND s.project_id = @projectId`,
  );
  const remove = db.prepare<[string]>('DELETE FROM cascades WHERE id = ?');

  const settingsOf = (projectId: string): CostSettings | null => {
    const row = selectSettings.get(projectId);
    return row === undefined ? null : fromJson(CostSettings, row.settings);
  };
  const get = (cascadeId: string): Cascade => toCascade(found(selectOne.get(cascadeId), 'cascade'));
  return {
    settings: settingsOf,
    saveSettings(projectId, settings) {
      written(
        upsertSettings.run({ projectId, settings: toJson(settings), savedAt: now() }),
        'project',
      );
      return settings;
    },
    cascades: (projectId) => selectAll.all(projectId).map(toCascade),
    cascade: get,
    cascadeOf(runId) {
      const row = selectOfRun.get(runId);
      return row === undefined ? null : toCascade(row);
    },
    saveCascade: (cascade) =>
      atomically(db, () => {
        const id = newId();
        const { target, validation, test, testTeacher } = cascade;
        const inserted = insert.run({
          ...{ ...cascade, id, createdAt: now() },
          ...{ target: toJson(target), validation: toJson(validation) },
          ...{ test: toJson(test), testTeacher: toJson(testTeacher) },
        });
        written(inserted, 'run');
        return get(id);
      }),
    removeCascade(cascadeId) {
      written(remove.run(cascadeId), 'cascade');
    },
  };
}

const toCascade = (row: Row): Cascade => ({
  ...row,
  target: fromJson(CascadeTarget, row.target),
  validation: fromJson(CascadePoint, row.validation),
  test: fromJson(CascadePoint, row.test),
  testTeacher: fromJson(Accuracy, row.testTeacher),
});
