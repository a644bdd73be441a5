import type { JobContext, Log, WorkspaceFolders } from '../stages/job.ts';
import type { Threads } from '../stages/threads.ts';
import type { Store } from '../store/store.ts';
import type { Attempt } from './attempt.ts';
import type { WorkerHost } from './host.ts';
import { runWorkerTask } from './run-worker-task.ts';

/** What jobs work with, whichever they are. */
export interface ContextOptions {
  readonly store: Store;
  readonly host: WorkerHost;
  readonly threads: Threads;
  readonly folders: WorkspaceFolders;
  readonly log: Log;
  readonly teacherKey: (teacherId: string) => string | null;
  readonly onSaved: (projectId: string, area: Parameters<JobContext['saved']>[0]) => void;
  /** How long a numeric child may take to stop before it is killed, milliseconds. */
  readonly workerGrace?: number;
}

/**
 * What one attempt is lent.
 * @param isActive whether it still counts: a job that did not stop in time may go on to report
 */
export function contextOf(
  attempt: Attempt,
  options: ContextOptions,
  isActive: () => boolean,
): JobContext {
  const { store, folders, threads, log, teacherKey, host, workerGrace } = options;
  return {
    get job() {
      return attempt.record;
    },
    store,
    folders,
    threads,
    log,
    teacherKey,
    signal: attempt.signal,
    progress: (report) => {
      const unit = report.unit ?? attempt.definition.unit;
      const progress = { ...attempt.meter.measure(report), unit };
      attempt.record = { ...attempt.record, progress };
      if (isActive()) attempt.publisher.request();
    },
    saved: (area) => options.onSaved(attempt.record.projectId, area),
    runWorker: (task, onBatch, stop) =>
      runWorkerTask({
        host,
        task,
        onBatch,
        signal: attempt.signal,
        furtherSignals: [attempt.overruling, ...(stop ? [stop] : [])],
        log,
        ...(workerGrace === undefined ? {} : { graceMilliseconds: workerGrace }),
      }),
  };
}
