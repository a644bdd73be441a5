import type { Db } from './sql.ts';
import { atomically, now } from './sql.ts';
import type { RunCheckpoint, RunRows } from './store.ts';

interface Parameters {
  runId: string;
  which: 'last' | 'best';
  step: number;
  folder: string;
  validation: number | null;
  savedAt: string;
}

/** Where the newest and the best student of a run lie. */
export function checkpointRows(db: Db): Pick<RunRows, 'saveCheckpoint' | 'checkpoint'> {
  const upsert = db.prepare<Parameters>(
    `INSERT OR REPLACE INTO checkpoints (run_id, which, step, folder, validation, saved_at)
     VALUES (@runId, @which, @step, @folder, @validation, @savedAt)`,
  );
  const setBest = db.prepare<[number, number | null, string]>(
    'UPDATE runs SET best_step = ?, best_validation = ? WHERE id = ?',
  );
  const select = db.prepare<[string, 'last' | 'best'], RunCheckpoint>(
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
