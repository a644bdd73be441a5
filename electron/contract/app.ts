import { z } from 'zod';
import { Count } from './basics.ts';
import { Extraction, Project } from './entities.ts';
import { JobRecord } from './jobs.ts';

/** Everything the pipeline list and the empty states need, counted from saved rows. */
export const ProjectOverview = z.strictObject({
  project: Project,
  datasets: Count,
  examples: Count,
  withGold: Count,
  /** Examples that came with a recorded completion or rationale. */
  recorded: Count,
  /** Newest extraction, if any. */
  extraction: Extraction.nullable(),
  parsed: Count,
  unparsed: Count,
  splits: Count,
  runs: Count,
  /** Runs that have ended with a student: those of studies too, and those that were ended early. */
  finishedRuns: Count,
  evaluations: Count,
  exports: Count,
  /** Jobs of this project that are not settled. */
  activeJobs: z.array(JobRecord),
});
export type ProjectOverview = z.infer<typeof ProjectOverview>;

export const AppInfo = z.strictObject({
  version: z.string(),
  mode: z.enum(['electron', 'browser', 'cli']),
  platform: z.string(),
  workspace: z.string(),
  /** Whether keys can be kept in the OS keychain here; else for the session only. */
  keychain: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;
