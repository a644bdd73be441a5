import type { MetricPoint } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { atomically } from './sql.ts';
import type { RunRows } from './store.ts';

type Row = Omit<MetricPoint, 'validation' | 'balance'> & {
  validationCorrect: number | null;
  validationRows: number | null;
  labelNorm: number | null;
  rationaleNorm: number | null;
};

const columns = `
  step, label_loss AS labelLoss, rationale_loss AS rationaleLoss, loss,
  learning_rate AS learningRate, gradient_norm AS gradientNorm,
  tokens_per_second AS tokensPerSecond, validation_correct AS validationCorrect,
  validation_rows AS validationRows, memory_bytes AS memoryBytes,
  mutual_information AS mutualInformation, label_norm AS labelNorm,
  rationale_norm AS rationaleNorm`;

type Methods = 'saveMetrics' | 'dropMetricsAfter' | 'metrics' | 'evaluated';

/** What was measured at each step of a run. */
export function metricRows(db: Db): Pick<RunRows, Methods> {
  const upsert = db.prepare<Row & { runId: string }>(
    `INSERT OR REPLACE INTO metrics (run_id, step, label_loss, rationale_loss, loss, learning_rate,
       gradient_norm, tokens_per_second, validation_correct, validation_rows, memory_bytes,
       mutual_information, label_norm, rationale_norm)
     VALUES (@runId, @step, @labelLoss, @rationaleLoss, @loss, @learningRate,
       @gradientNorm, @tokensPerSecond, @validationCorrect, @validationRows, @memoryBytes,
       @mutualInformation, @labelNorm, @rationaleNorm)`,
  );
  const dropPoints = db.prepare<[string, number]>(
    'DELETE FROM metrics WHERE run_id = ? AND step > ?',
  );
  const dropSamples = db.prepare<[string, number]>(
    'DELETE FROM run_samples WHERE run_id = ? AND step > ?',
  );
  const select = db.prepare<[string, number], Row>(
    `SELECT ${columns} FROM metrics WHERE run_id = ? AND step > ? ORDER BY step`,
  );
  const selectEvaluated = db.prepare<[string], Row>(
    `SELECT ${columns} FROM metrics WHERE run_id = ? AND validation_rows IS NOT NULL ORDER BY step`,
  );
  return {
    saveMetrics(runId, points) {
      atomically(db, () => {
        for (const point of points) upsert.run({ ...toRow(point), runId });
      });
    },
    dropMetricsAfter(runId, step) {
      atomically(db, () => {
        dropPoints.run(runId, step);
        dropSamples.run(runId, step);
      });
    },
    metrics: (runId, afterStep) => select.all(runId, afterStep).map(toPoint),
    evaluated: (runId) => selectEvaluated.all(runId).map(toPoint),
  };
}

const toRow = ({ validation, balance, ...point }: MetricPoint): Row => ({
  ...point,
  validationCorrect: validation?.correct ?? null,
  validationRows: validation?.rows ?? null,
  labelNorm: balance?.labelNorm ?? null,
  rationaleNorm: balance?.rationaleNorm ?? null,
});

const toPoint = ({
  validationCorrect,
  validationRows,
  labelNorm,
  rationaleNorm,
  ...row
}: Row): MetricPoint => ({
  ...row,
  validation:
    validationCorrect === null || validationRows === null
      ? null
      : { correct: validationCorrect, rows: validationRows },
  balance: labelNorm === null || rationaleNorm === null ? null : { labelNorm, rationaleNorm },
});
