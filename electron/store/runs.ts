import type { MetricPoint, Run } from '../contract/entities.ts';
import { RunSettings } from '../contract/entities.ts';
import { settingsHash } from '../core/hash.ts';
import { statedSettings } from '../core/run-settings.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { RunRows } from './store.ts';

type Row = Omit<Run, 'settings'> & { settings: string };
type NewRow = Omit<Row, 'jobId' | 'parameters' | 'engine' | 'bestStep' | 'bestValidation'>;

type MetricRow = Omit<MetricPoint, 'validation'> & {
  validationCorrect: number | null;
  validationRows: number | null;
};

interface CheckpointParameters {
  runId: string;
  which: 'last' | 'best';
  step: number;
  folder: string;
  validation: number | null;
  savedAt: string;
}

const columns = `
  id, project_id AS projectId, split_id AS splitId, extraction_id AS extractionId, name, settings,
  settings_hash AS settingsHash, job_id AS jobId, train_rows AS trainRows,
  rationale_rows AS rationaleRows, parameters, engine, best_step AS bestStep,
  best_validation AS bestValidation, created_at AS createdAt`;

/** Runs, oldest first. */
export function runRows(db: Db): RunRows {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM runs WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM runs WHERE id = ?`);
  const selectNames = db.prepare<[string], { name: string }>(
    'SELECT name FROM runs WHERE project_id = ?',
  );
  const insert = db.prepare<NewRow & { seed: number }>(
    `INSERT INTO runs (id, project_id, split_id, extraction_id, name, settings, settings_hash, seed,
       train_rows, rationale_rows, created_at)
     VALUES (@id, @projectId, @splitId, @extractionId, @name, @settings, @settingsHash, @seed,
       @trainRows, @rationaleRows, @createdAt)`,
  );
  const setJob = db.prepare<[string, string]>('UPDATE runs SET job_id = ? WHERE id = ?');
  const setRows = db.prepare<[number, number, string]>(
    'UPDATE runs SET train_rows = ?, rationale_rows = ? WHERE id = ?',
  );
  const setModel = db.prepare<[number, string, string]>(
    'UPDATE runs SET parameters = ?, engine = ? WHERE id = ?',
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
    create: ({ name, settings, ...input }) =>
      atomically(db, () => {
        const id = newId();
        insert.run({
          ...input,
          id,
          name: name ?? freeName(input.projectId, settings.method),
          settings: toJson(settings),
          settingsHash: settingsHash(statedSettings(settings)),
          seed: settings.seed,
          createdAt: now(),
        });
        return get(id);
      }),
    setJob(runId, jobId) {
      written(setJob.run(jobId, runId), 'run');
    },
    setRows(runId, { trainRows, rationaleRows }) {
      written(setRows.run(trainRows, rationaleRows, runId), 'run');
    },
    setModel(runId, { parameters, engine }) {
      written(setModel.run(parameters, engine, runId), 'run');
    },
    remove(runId) {
      written(remove.run(runId), 'run');
    },
    ...metricRows(db),
    ...checkpointRows(db),
  };
}

function metricRows(db: Db): Pick<RunRows, 'saveMetrics' | 'dropMetricsAfter' | 'metrics'> {
  const upsert = db.prepare<MetricRow & { runId: string }>(
    `INSERT OR REPLACE INTO metrics (run_id, step, label_loss, rationale_loss, loss, learning_rate,
       gradient_norm, tokens_per_second, validation_correct, validation_rows)
     VALUES (@runId, @step, @labelLoss, @rationaleLoss, @loss, @learningRate,
       @gradientNorm, @tokensPerSecond, @validationCorrect, @validationRows)`,
  );
  const drop = db.prepare<[string, number]>('DELETE FROM metrics WHERE run_id = ? AND step > ?');
  const select = db.prepare<[string, number], MetricRow>(
    `SELECT step, label_loss AS labelLoss, rationale_loss AS rationaleLoss, loss,
       learning_rate AS learningRate, gradient_norm AS gradientNorm,
       tokens_per_second AS tokensPerSecond, validation_correct AS validationCorrect,
       validation_rows AS validationRows
     FROM metrics WHERE run_id = ? AND step > ? ORDER BY step`,
  );
  return {
    saveMetrics(runId, points) {
      atomically(db, () => {
        for (const { validation, ...point } of points) {
          upsert.run({
            ...point,
            runId,
            validationCorrect: validation?.correct ?? null,
            validationRows: validation?.rows ?? null,
          });
        }
      });
    },
    dropMetricsAfter(runId, step) {
      drop.run(runId, step);
    },
    metrics: (runId, afterStep) => select.all(runId, afterStep).map(toMetricPoint),
  };
}

function checkpointRows(db: Db): Pick<RunRows, 'saveCheckpoint' | 'checkpoint'> {
  const upsert = db.prepare<CheckpointParameters>(
    `INSERT OR REPLACE INTO checkpoints (run_id, which, step, folder, validation, saved_at)
     VALUES (@runId, @which, @step, @folder, @validation, @savedAt)`,
  );
  const setBest = db.prepare<[number, number | null, string]>(
    'UPDATE runs SET best_step = ?, best_validation = ? WHERE id = ?',
  );
  const select = db.prepare<[string, 'last' | 'best'], { step: number; folder: string }>(
    'SELECT step, folder FROM checkpoints WHERE run_id = ? AND which = ?',
  );
  return {
    saveCheckpoint(runId, checkpoint) {
      atomically(db, () => {
        upsert.run({ ...checkpoint, runId, savedAt: now() });
        if (checkpoint.which === 'best') setBest.run(checkpoint.step, checkpoint.validation, runId);
      });
    },
    checkpoint: (runId, which) => select.get(runId, which) ?? null,
  };
}

const toRun = (row: Row): Run => ({ ...row, settings: fromJson(RunSettings, row.settings) });

const toMetricPoint = ({ validationCorrect, validationRows, ...row }: MetricRow): MetricPoint => ({
  ...row,
  validation:
    validationCorrect === null || validationRows === null
      ? null
      : { correct: validationCorrect, rows: validationRows },
});
