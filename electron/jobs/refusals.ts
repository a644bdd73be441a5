import { StudioError } from '../contract/errors.ts';
import type { JobRecord } from '../contract/jobs.ts';

/** What a job, as it is, can't be asked. */
export const wrongState = (record: JobRecord, wish: string): StudioError =>
  new StudioError(
    'job-conflict',
    `“${record.title}” is ${record.state}; it can't be ${wish}.`,
    'Look at the list of jobs for what it can do now.',
  );

/** Another job works for the same row. */
export const stillBusy = (record: JobRecord): StudioError =>
  new StudioError(
    'job-conflict',
    `“${record.title}” is still ${record.state}.`,
    'Wait until it ends, or cancel it first.',
  );

export const stillStopping = (record: JobRecord): StudioError =>
  new StudioError(
    'job-conflict',
    `“${record.title}” is just being stopped.`,
    'Wait a moment until it has stopped, then try again.',
  );

export const closingStudio = (): StudioError =>
  new StudioError(
    'job-interrupted',
    'The studio is closing.',
    'Open the studio again and start the step there: everything saved is still there.',
  );
