import { RunSamples } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { atomically, fromJson, toJson } from './sql.ts';
import type { RunRows } from './store.ts';

type SampleRow = RunSamples['rows'][number];

const { answers: Answers } = RunSamples.shape.evaluations.element.shape;

type Methods = 'saveSampleRows' | 'saveSamples' | 'samples';

/** The rows of a run that are watched, and what its student wrote for them. */
export function sampleRows(db: Db): Pick<RunRows, Methods> {
  // They are drawn once: a run that goes on is watched at the rows that it began with.
  const insertRow = db.prepare<SampleRow & { runId: string; number: number }>(
    `INSERT INTO run_sample_rows (run_id, number, input, gold, rationale)
     VALUES (@runId, @number, @input, @gold, @rationale) ON CONFLICT DO NOTHING`,
  );
  const upsert = db.prepare<[string, number, string]>(
    'INSERT OR REPLACE INTO run_samples (run_id, step, answers) VALUES (?, ?, ?)',
  );
  const selectRows = db.prepare<[string], SampleRow>(
    'SELECT input, gold, rationale FROM run_sample_rows WHERE run_id = ? ORDER BY number',
  );
  const select = db.prepare<[string], { step: number; answers: string }>(
    'SELECT step, answers FROM run_samples WHERE run_id = ? ORDER BY step',
  );
  return {
    saveSampleRows(runId, rows) {
      atomically(db, () => {
        for (const [number, row] of rows.entries()) insertRow.run({ ...row, runId, number });
      });
    },
    saveSamples(runId, { step, answers }) {
      upsert.run(runId, step, toJson(answers));
    },
    samples: (runId) => ({
      rows: selectRows.all(runId),
      evaluations: select
        .all(runId)
        .map(({ step, answers }) => ({ step, answers: fromJson(Answers, answers) })),
    }),
  };
}
