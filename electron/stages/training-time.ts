import type { Run } from '../contract/entities.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds between making a run and its job's start within which nothing can have been trained before. */
const atOnce = 60_000;

/**
 * How long a run of a study trained, seconds: from its making to its end, where that lies within one
 * stretch of its study's job. Null where it was paused in between, was trained by itself, or its
 * study is gone: nothing tells then how long it waited.
 */
export function trainingSeconds(store: Store, run: Run): number | null {
  if (run.ended === null || run.studyId === null) return null;
  const { jobId } = store.studies.get(run.studyId);
  if (jobId === null) return null;
  const { startedAt, endedAt } = store.jobs.get(jobId);
  const [from, to] = [Date.parse(run.createdAt), Date.parse(run.ended.at)];
  if (startedAt === null || from < Date.parse(startedAt)) return null;
  if (endedAt !== null && to > Date.parse(endedAt)) return null;
  return Math.max(0, to - from) / 1_000;
}

/**
 * {@link trainingSeconds}, and of a run that was trained by itself the time from its job's start to
 * its end, where the job started at once. A job that starts later has waited, or it goes on after a
 * pause: its earlier stretches are not known then.
 */
export function computingSeconds(store: Store, run: Run): number | null {
  if (run.ended === null || run.jobId === null) return trainingSeconds(store, run);
  const { startedAt } = store.jobs.get(run.jobId);
  if (startedAt === null) return null;
  const [made, from, to] = [run.createdAt, startedAt, run.ended.at].map((at) => Date.parse(at));
  if (made === undefined || from === undefined || to === undefined) return null;
  return from - made > atOnce || to < from ? null : (to - from) / 1_000;
}
