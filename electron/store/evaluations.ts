import { z } from 'zod';
import type { Part } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, toFullExample } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, found, fromJson, newId, now, nullableFlag, toJson, truth } from './sql.ts';
import type { Evaluation, EvaluationRows, NewPrediction, SavedSpeed } from './store.ts';

/** Milliseconds. */
const Timings = z.array(z.number());

interface Opened {
  runId: string;
  splitId: string;
  part: Part;
  checkpointStep: number;
}

interface PredictionRow {
  exampleId: number;
  label: string;
  rationale: string | null;
  correct: Flag | null;
  confidence: number | null;
  milliseconds: number;
}

/** An evaluation without what is counted of it. */
type Named = Pick<Evaluation, 'id' | 'runId' | 'splitId' | 'part' | 'checkpointStep'>;
type Counts = Omit<Evaluation, keyof Named>;

const columns = `
  id, run_id AS runId, split_id AS splitId, part, checkpoint_step AS checkpointStep`;

/**
 * The condition that leaves the evaluations of what a student is now: a run that has learned on since
 * has another best checkpoint. One whose checkpoint is not known is what it was.
 */
export const ofBest = (table: string): string =>
  `${table}.checkpoint_step = coalesce((SELECT step FROM checkpoints
     WHERE run_id = ${table}.run_id AND which = 'best'), ${table}.checkpoint_step)`;

const isComplete = ({ rows, predicted }: Evaluation): boolean => predicted === rows;

/** Evaluations of runs on parts of a split, and their predictions. */
export function evaluationRows(db: Db): EvaluationRows {
  const selectOne = db.prepare<[string], Named>(`SELECT ${columns} FROM evaluations WHERE id = ?`);
  const selectSame = db.prepare<Opened, Named>(
    `SELECT ${columns} FROM evaluations WHERE run_id = @runId AND split_id = @splitId
       AND part = @part AND checkpoint_step = @checkpointStep`,
  );
  const selectOfPart = db.prepare<[string, Part], Named>(
    `SELECT ${columns} FROM evaluations v
     WHERE split_id = ? AND part = ? AND ${ofBest('v')} ORDER BY rowid`,
  );
  const selectOfProject = db.prepare<[string], Named>(
    `SELECT ${columns} FROM evaluations WHERE project_id = ?`,
  );
  const selectParents = db.prepare<
    Opened,
    { projectId: string; runHash: string; splitHash: string }
  >(
    `SELECT r.project_id AS projectId, r.settings_hash AS runHash, s.settings_hash AS splitHash
     FROM runs r, splits s WHERE r.id = @runId AND s.id = @splitId`,
  );
  const insert = db.prepare<
    Opened & { id: string; projectId: string; settingsHash: string; createdAt: string }
  >(
    `INSERT INTO evaluations (id, project_id, run_id, split_id, part, checkpoint_step,
       settings_hash, created_at)
     VALUES (@id, @projectId, @runId, @splitId, @part, @checkpointStep, @settingsHash, @createdAt)`,
  );

  const { counted, forget } = counter(db);
  const get = (evaluationId: string): Evaluation =>
    counted(found(selectOne.get(evaluationId), 'evaluation'));
  return {
    open: (input) =>
      atomically(db, () => {
        const existing = selectSame.get(input);
        if (existing) return counted(existing);
        const { projectId, ...hashes } = found(selectParents.get(input), 'run');
        const { part, checkpointStep } = input;
        const id = newId();
        insert.run({
          ...{ ...input, id, projectId, createdAt: now() },
          settingsHash: settingsHash({ ...hashes, part, checkpointStep }),
        });
        return get(id);
      }),
    get,
    complete(splitId, part) {
      // Oldest first, so that the newest of a run stays, in the place of the run's first.
      const byRun = new Map<string, Evaluation>();
      for (const evaluation of selectOfPart.all(splitId, part).map(counted)) {
        if (isComplete(evaluation)) byRun.set(evaluation.runId, evaluation);
      }
      return [...byRun.values()];
    },
    countInProject: (projectId) =>
      selectOfProject.all(projectId).map(counted).filter(isComplete).length,
    ...predictionRows(db, forget),
    ...speedRows(db),
  };
}

/**
 * Counts come from the rows themselves: a run that was stopped half-way shows just what is saved. Those
 * of an evaluation that is whole, with every confidence, are kept: to count 100,000 rows takes 20 ms.
 */
function counter(db: Db): {
  readonly counted: (evaluation: Named) => Evaluation;
  readonly forget: (evaluationId: string) => void;
} {
  const count = db.prepare<{ id: string; splitId: string; part: Part }, Counts>(
    `SELECT (SELECT count(*) FROM split_members WHERE split_id = @splitId AND part = @part) AS rows,
       count(*) AS predicted, count(confidence) AS withConfidence,
       coalesce(sum(correct), 0) AS correct, count(correct) AS withGold
     FROM predictions WHERE evaluation_id = @id`,
  );
  const whole = new Map<string, Counts>();
  return {
    counted({ id, runId, splitId, part, checkpointStep }) {
      const counts = whole.get(id) ?? found(count.get({ id, splitId, part }), 'evaluation');
      const { rows, withConfidence } = counts;
      // What a transaction has written may yet be undone.
      if (withConfidence === rows && !db.inTransaction) whole.set(id, counts);
      return { id, runId, splitId, part, checkpointStep, ...counts };
    },
    forget: (evaluationId) => void whole.delete(evaluationId),
  };
}

function predictionRows(
  db: Db,
  forget: (evaluationId: string) => void,
): Pick<EvaluationRows, 'pending' | 'savePredictions' | 'predictions'> {
  const selectPending = db.prepare<{ id: string }, FullExampleRow>(
    `SELECT ${fullExampleColumns}
     FROM evaluations v
     CROSS JOIN split_members m ON m.split_id = v.split_id AND m.part = v.part
     CROSS JOIN examples e ON e.id = m.example_id
     WHERE v.id = @id AND NOT EXISTS (
       SELECT 1 FROM predictions WHERE example_id = m.example_id AND evaluation_id = v.id
         AND confidence IS NOT NULL)
     ORDER BY m.example_id`,
  );
  // Writes nothing for an example outside the evaluated part: a score never covers other rows.
  const upsert = db.prepare<PredictionRow & { id: string }>(
    `INSERT OR REPLACE INTO predictions
       (evaluation_id, example_id, label, correct, confidence, milliseconds, rationale)
     SELECT v.id, m.example_id, @label, @correct, @confidence, @milliseconds, @rationale
     FROM evaluations v
     JOIN split_members m ON m.split_id = v.split_id AND m.part = v.part
     WHERE v.id = @id AND m.example_id = @exampleId`,
  );
  const selectAll = db.prepare<[string], PredictionRow>(
    `SELECT example_id AS exampleId, label, rationale, correct, confidence, milliseconds
     FROM predictions WHERE evaluation_id = ? ORDER BY example_id`,
  );
  return {
    pending: (id) => selectPending.all({ id }).map(toFullExample),
    savePredictions(id, rows) {
      forget(id);
      atomically(db, () => {
        for (const row of rows) {
          const saved = upsert.run({ ...row, id, correct: nullableFlag(row.correct) });
          if (saved.changes === 0) throw outsidePart();
        }
      });
    },
    predictions: (evaluationId) => selectAll.all(evaluationId).map(toPrediction),
  };
}

const toPrediction = (row: PredictionRow): NewPrediction => ({
  ...row,
  correct: truth(row.correct),
});

interface SpeedRow {
  engine: SavedSpeed['engine'];
  threads: number;
  device: string | null;
  /** JSON. */
  timings: string;
  throughput: number | null;
  memoryBytes: number | null;
  busy: Flag;
  measuredAt: string;
}

/** How fast the checkpoints of runs answered. */
function speedRows(db: Db): Pick<EvaluationRows, 'speed' | 'saveSpeed'> {
  const select = db.prepare<[string, number], SpeedRow>(
    `SELECT engine, threads, device, timings, throughput, memory_bytes AS memoryBytes, busy,
       measured_at AS measuredAt
     FROM speeds WHERE run_id = ? AND checkpoint_step = ?`,
  );
  const save = db.prepare<SpeedRow & { runId: string; checkpointStep: number }>(
    `INSERT OR REPLACE INTO speeds (run_id, checkpoint_step, engine, threads, device, timings,
       throughput, memory_bytes, busy, measured_at)
     VALUES (@runId, @checkpointStep, @engine, @threads, @device, @timings,
       @throughput, @memoryBytes, @busy, @measuredAt)`,
  );
  return {
    speed(runId, checkpointStep) {
      const row = select.get(runId, checkpointStep);
      if (row === undefined) return null;
      return { ...row, timings: fromJson(Timings, row.timings), busy: row.busy === 1 };
    },
    saveSpeed(runId, checkpointStep, { timings, busy, ...speed }) {
      atomically(db, () => {
        save.run({
          ...{ ...speed, runId, checkpointStep, measuredAt: now() },
          timings: toJson(timings),
          busy: nullableFlag(busy) ?? 0,
        });
      });
    },
  };
}

function outsidePart(): StudioError {
  return new StudioError(
    'invalid-input',
    'A prediction is for a row outside the part that is evaluated.',
    'Start the comparison again.',
  );
}
