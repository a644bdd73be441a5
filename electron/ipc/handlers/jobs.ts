import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Jobs: listed, paused, resumed, cancelled. */
export function jobHandlers({
  jobs,
}: HandlerDeps): HandlersOf<'jobs.list' | 'jobs.pause' | 'jobs.resume' | 'jobs.cancel'> {
  return {
    'jobs.list': ({ projectId }) => jobs.list(projectId),
    'jobs.pause': ({ jobId }) => jobs.pause(jobId),
    'jobs.resume': ({ jobId }) => jobs.resume(jobId),
    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
  };
}
