import { z } from 'zod';
import { Id } from './entities.ts';
import { JobRecord } from './jobs.ts';

/** What main tells its listeners. Few and whole: a new listener first gets every unsettled job as `job` events. */
export const events = {
  /** A job changed; at most about 5 a second for each job. */
  job: JobRecord,
  /** Saved rows changed; screens that show them ask again. */
  saved: z.strictObject({
    projectId: Id.nullable(),
    area: z.enum([
      'projects',
      'data',
      'teacher',
      'rationales',
      'reviews',
      'splits',
      'runs',
      'studies',
      'students',
      'compare',
      'judgements',
      'costs',
      'cascades',
      'predictions',
      'reports',
      'exports',
    ]),
    seq: z.number().int().nonnegative(),
  }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.infer<(typeof events)[N]>;
export const eventNames = Object.keys(events) as readonly EventName[];
export type StudioEvent = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];
