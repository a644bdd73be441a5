import type { Run, Study } from '../../../electron/contract/entities.ts';
import type { JobRecord, JobState } from '../../../electron/contract/jobs.ts';
import { isLive } from '../../lib/jobs.svelte.ts';

/** The job that trains a run at present: its own, or that of the study that has come to it. */
export function workingJob(
  run: Run,
  study: Study | null,
  find: (jobId: string | null) => JobRecord | null,
): JobRecord | null {
  if (run.jobId !== null) return find(run.jobId);
  return study?.currentRunId === run.id ? find(study.jobId) : null;
}

/**
 * Where a run stands. One that a study trains has no job: it has ended, or the study is at it, or
 * has not come to it, or was stopped before its end.
 */
export function runState(
  run: Run,
  study: Study | null,
  find: (jobId: string | null) => JobRecord | null,
): JobState | null {
  const own = run.jobId === null ? null : find(run.jobId);
  if (own !== null) return own.state;
  if (run.ended !== null) return run.ended.reason === 'diverged' ? 'failed' : 'succeeded';
  if (study === null) return null;
  const job = find(study.jobId);
  if (job === null) return null;
  if (study.currentRunId === run.id) return job.state;
  if (isLive(job)) return 'queued';
  return job.state === 'succeeded' ? 'cancelled' : job.state;
}

/**
 * Whether a run stays in view although another one trains by now. One that was paused, cancelled or
 * failed does, and one that a person stopped: its buttons must not turn into those of the next run
 * under the pointer. One that came to its end by itself, has yet to begin, or
 * was left when the studio was closed, makes room.
 */
export function keepsView(
  run: Pick<Run, 'ended'>,
  state: JobState | null,
  job: Pick<JobRecord, 'progress'> | null,
): boolean {
  if (state === null || state === 'interrupted') return false;
  if (state === 'queued') return (job?.progress.done ?? 0) > 0;
  // How it ended is known a moment after its job tells that it has.
  return state !== 'succeeded' || run.ended === null || run.ended.reason === 'kept-best';
}

/** A run by itself, or a study with its runs. */
export type RunGroup =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'study'; readonly study: Study; readonly runs: readonly Run[] };

/** Runs under the studies that made them, the newest first; runs of a study in the order they were made. */
export function groupRuns(runs: readonly Run[], studies: readonly Study[]): RunGroup[] {
  const known = new Map(studies.map((study) => [study.id, study]));
  const single = runs.filter(({ studyId }) => studyId === null || !known.has(studyId));
  const groups: { at: string; group: RunGroup }[] = [
    ...single.map((run) => ({ at: run.createdAt, group: { kind: 'run' as const, run } })),
    ...studies.map((study) => ({
      at: study.createdAt,
      group: {
        kind: 'study' as const,
        study,
        runs: runs.filter(({ studyId }) => studyId === study.id),
      },
    })),
  ];
  // Both lists come oldest first; what was made in the same moment keeps its order, turned round.
  return groups
    .map((each, index) => ({ ...each, index }))
    .sort((a, b) => (a.at === b.at ? b.index - a.index : a.at < b.at ? 1 : -1))
    .map(({ group }) => group);
}
