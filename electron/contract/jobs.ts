import { z } from 'zod';
import { Count } from './basics.ts';
import { ExportFormat, Id } from './entities.ts';
import { ErrorValue } from './errors.ts';

/** `study`: several runs trained one after another; `check`: flags of rationales; `leaks`: the leak guard of a split; `data-export`: rows into a file; `predict-file`: a file's rows answered by students; `report`: a comparison written down; `import-student`: a student that was exported comes back in. */
export const JobKind = z.enum([
  'import',
  'extract',
  'train',
  'evaluate',
  'export',
  'check',
  'leaks',
  'data-export',
  'study',
  'predict-file',
  'report',
  'import-student',
]);
export type JobKind = z.infer<typeof JobKind>;

export const JobState = z.enum([
  'queued',
  'running',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
]);
export type JobState = z.infer<typeof JobState>;

export const JobProgress = z.strictObject({
  done: z.number().int().nonnegative(),
  /** Null while it is not known. */
  total: z.number().int().nonnegative().nullable(),
  /** `bytes`: of an export while a format is written. */
  unit: z.enum(['rows', 'requests', 'steps', 'files', 'bytes']),
  /** What is happening now. */
  phase: z.enum(['preparing', 'working', 'evaluating', 'saving', 'proving']),
  /** Units per second over the last seconds; null at first. */
  rate: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Of a job that sends requests; absent from every other. */
  network: z
    .strictObject({
      inFlight: z.number().int().nonnegative(),
      /** Requests that may be in flight at present: fewer than chosen while the server asks for patience. */
      slots: z.number().int().nonnegative(),
      /** Until when, ISO 8601, the server asked to be left alone; null when it did not. */
      waitingUntil: z.string().nullable(),
    })
    .optional(),
  /**
   * Of an export: its formats in the order in which they are written, and how many of them are done, so
   * that the one at that place is under way (`working`: written, `proving`: tried). Absent from every other.
   */
  exporting: z.strictObject({ formats: z.array(ExportFormat), done: Count }).optional(),
});
export type JobProgress = z.infer<typeof JobProgress>;

/** One job, whole. Events carry this record, so that a listener that missed some is right after the next. */
export const JobRecord = z.strictObject({
  id: Id,
  projectId: Id,
  kind: JobKind,
  /**
   * The row the job works for: an extraction (also of a check), a run (training, export) or a split
   * (evaluation) or a study; null for an import, the leak guard and an export of data.
   */
  subjectId: Id.nullable(),
  title: z.string(),
  state: JobState,
  progress: JobProgress,
  /** Why it failed; of a paused job, why it paused by itself. */
  error: ErrorValue.nullable(),
  /** Among jobs that wait to compute: 0 for the next. Kept over a restart; null for every other job. */
  place: z.number().int().nonnegative().nullable(),
  /** Rises with every change of this record. */
  seq: z.number().int().nonnegative(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type JobRecord = z.infer<typeof JobRecord>;

/** States from which a job does not go on by itself. */
export const settledStates: readonly JobState[] = [
  'paused',
  'succeeded',
  'failed',
  'cancelled',
  'interrupted',
];
/** States from which a job can be resumed without losing or repeating work. */
export const resumableStates: readonly JobState[] = ['paused', 'failed', 'interrupted'];
