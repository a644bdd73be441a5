import { evenly } from '../../core/evenly.ts';
import type { Evaluation } from '../../store/store.ts';
import type { JobContext } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';
import { bestOf } from './decode.ts';

/** Rows that a student is timed on: enough for full batches, few enough for seconds. */
const ROWS = 256;

/**
 * Times the student of an evaluation on rows spread evenly over its part, in a child process of its
 * own. What this very job has measured before it was interrupted is not measured again.
 */
export async function timeStudent(context: JobContext, evaluation: Evaluation): Promise<void> {
  const { store, job } = context;
  const { runId, splitId, part, checkpointStep } = evaluation;
  const measured = store.evaluations.speed(runId, checkpointStep);
  if (measured !== null && measured.measuredAt >= job.createdAt) return;
  const run = store.runs.get(runId);
  const rows = evenly(store.splits.members(splitId, part), ROWS);
  const asked = predictTaskFor(run, bestOf(store, run).folder, studentInputs(store, run, rows));
  await context.runWorker({ ...asked, kind: 'speed' }, (batch) => {
    if (batch.kind !== 'speed') return;
    const { timings, throughput, memoryBytes, engine, threads, device, busy } = batch;
    const speed = { timings, throughput, memoryBytes, engine, threads, device, busy };
    store.evaluations.saveSpeed(runId, checkpointStep, speed);
  });
}
