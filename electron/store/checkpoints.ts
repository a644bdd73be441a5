import { basename, dirname, join } from 'node:path';
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
    checkpoint(runId, which) {
      const row = select.get(runId, which);
      return row ? { ...row, folder: whereItLies(db, runId, row.folder) } : null;
    },
  };
}

/**
 * A folder of this run inside a workspace is looked for in the workspace as it lies now: one that was
 * moved or copied has students of its own, and must not use those of the place it came from.
 */
function whereItLies(db: Db, runId: string, saved: string): string {
  const inRuns = join('runs', runId, basename(saved));
  return saved.endsWith(inRuns) ? join(dirname(db.name), inRuns) : saved;
}
