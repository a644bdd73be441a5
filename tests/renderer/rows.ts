import type { AppInfo, ProjectOverview } from '../../electron/contract/calls.ts';
import type { Project } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import type { Answers } from './fakes.ts';

export const createdAt = '2026-01-01T00:00:00Z';

export const project = (more: Partial<Project> = {}): Project => ({
  id: 'p1',
  name: 'Colours',
  task: 'text',
  labels: [],
  synthetic: false,
  createdAt,
  ...more,
});

export const job = (more: Partial<JobRecord> = {}): JobRecord => ({
  id: 'j1',
  projectId: 'p1',
  kind: 'train',
  subjectId: 'r1',
  title: 'Train a',
  state: 'running',
  progress: {
    done: 25,
    total: 100,
    unit: 'steps',
    phase: 'working',
    rate: 5,
    secondsLeft: 15,
  },
  error: null,
  place: null,
  seq: 1,
  createdAt,
  startedAt: createdAt,
  endedAt: null,
  ...more,
});

export const overview = (more: Partial<ProjectOverview> = {}): ProjectOverview => ({
  project: project(),
  datasets: 0,
  examples: 0,
  withGold: 0,
  recorded: 0,
  extraction: null,
  parsed: 0,
  unparsed: 0,
  splits: 0,
  runs: 0,
  finishedRuns: 0,
  evaluations: 0,
  exports: 0,
  activeJobs: [],
  ...more,
});

const info: AppInfo = {
  version: '1',
  mode: 'browser',
  platform: 'linux',
  workspace: '/w',
  keychain: false,
};

/** What main answers while the frame opens. */
export const opening = (projects: Project[], jobs: JobRecord[] = []): Answers => ({
  'app.preferences': () => ({
    ...{ language: 'en', theme: 'system', reviewer: '', shortcuts: true, resumeQueue: false },
  }),
  'app.info': () => info,
  'projects.list': () => projects,
  'jobs.list': () => jobs,
});
