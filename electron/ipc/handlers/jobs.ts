import { pauseCheck } from '../checking.ts';
import { refuseWhileParsed } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  'jobs.list' | 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'queue.move' | 'queue.resume';

/** Jobs: listed, paused, resumed, cancelled; and the queue of those that compute. */
export function jobHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs } = deps;
  return {
    'jobs.list': ({ projectId }) => jobs.list(projectId),
    'jobs.pause': ({ jobId }) => {
      const paused = jobs.pause(jobId);
      // A training that was to end is no longer: it goes on when it is resumed.
      if (paused.kind === 'train' && paused.subjectId !== null) {
        store.runs.setFinishing(paused.subjectId, false);
      }
      return paused;
    },
    'jobs.resume': async ({ jobId }) => {
      const { kind, subjectId } = store.jobs.get(jobId);
      refuseWhileParsed(deps, subjectId);
      if (kind === 'extract') await pauseCheck(jobs, subjectId);
      return jobs.resume(jobId);
    },
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'queue.move': ({ jobId, place }) => jobs.move(jobId, place),
    'queue.resume': () => jobs.resumeQueue(),
  };
}
