import type { ZodType } from 'zod';
import { StudioError } from '../contract/errors.ts';
import type { JobKind, JobProgress, JobRecord } from '../contract/jobs.ts';
import type { WorkerBatch, WorkerTask } from '../contract/worker.ts';
import type { Store } from '../store/store.ts';
import type { Threads } from './threads.ts';

/**
 * Why a job is asked to stop: it saves what it has and returns. After `finish` it counts as done: a
 * training keeps its best student.
 */
export type StopReason = 'pause' | 'cancel' | 'shutdown' | 'finish';

/** What a job says of its progress. */
export type JobReport = Pick<JobProgress, 'done' | 'total' | 'phase' | 'network' | 'exporting'> & {
  /** Where it is another at times than the one that the job is defined with. */
  readonly unit?: JobProgress['unit'];
};

/**
 * Thrown by a job that stops by itself and can go on later, such as one that came to its budget: it
 * ends `paused`, and its record says why.
 */
export class PauseJob extends StudioError {}

/** What the registry lends to a job while it runs. */
export interface JobContext {
  readonly job: JobRecord;
  readonly store: Store;
  /** Aborted on pause, cancel and shutdown; `signal.reason` is a {@link StopReason}. */
  readonly signal: AbortSignal;
  readonly folders: WorkspaceFolders;
  readonly threads: Threads;
  readonly log: Log;
  /** Reports progress recounted from saved rows; rate and time left are worked out by the registry. */
  progress(progress: JobReport): void;
  /** Tells screens that saved rows of an area changed. */
  saved(
    area:
      | 'data'
      | 'teacher'
      | 'rationales'
      | 'reviews'
      | 'splits'
      | 'runs'
      | 'studies'
      | 'compare'
      | 'exports',
  ): void;
  /**
   * Runs a task in the numeric child process. `onBatch` commits a batch and returns: only then is
   * it acknowledged. Resolves when the child is done or was stopped by `signal`, or by the `stop` that
   * is given here: a job may end one of its trainings and go on itself.
   * @throws StudioError worker-died when the child ends without a word; the child's own error otherwise
   */
  runWorker(
    task: WorkerTask,
    onBatch: (batch: WorkerBatch) => void,
    stop?: AbortSignal,
  ): Promise<void>;
  /** The teacher's API key in clear, for one request; null when none is kept. Never stored or logged. */
  teacherKey(teacherId: string): string | null;
}

/** Paths inside the workspace. */
export interface WorkspaceFolders {
  readonly workspace: string;
  /** The store's file, for threads that read it through a connection of their own. */
  readonly database: string;
  /** The full-text index: derived from the store, made anew when it is missing. */
  readonly searchIndex: string;
  /** `runs/<run id>/` holds the run's checkpoints. */
  run(runId: string): string;
  /** Where exports are written unless another folder was chosen. */
  readonly exports: string;
  /** Where rows are written for other tools. */
  readonly dataExports: string;
  /** Uploaded files wait here until they are imported. */
  readonly incoming: string;
}

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/**
 * One kind of long work. `run` is written so that running it again with the same input goes on
 * where the saved rows end: that is how pause, resume and recovery from a kill all work.
 */
export interface JobDefinition<Input> {
  readonly kind: JobKind;
  readonly input: ZodType<Input>;
  readonly unit: JobProgress['unit'];
  /** Jobs of one lane wait for each other: the numeric engine is used by one at a time. */
  readonly lane: 'numeric' | 'network' | 'disk' | 'threads';
  run(context: JobContext, input: Input): Promise<void>;
}
