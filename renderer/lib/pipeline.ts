import type { ProjectOverview } from '../../electron/contract/calls.ts';
import type { JobKind, JobRecord } from '../../electron/contract/jobs.ts';
import type { Formats } from './format.ts';
import type { Dictionary } from './i18n/en.ts';
import { steps } from './router.svelte.ts';
import type { Step } from './router.svelte.ts';

export type StepState = 'empty' | 'ready' | 'running' | 'done' | 'attention';

export interface PipelineStep {
  readonly step: Step;
  readonly state: StepState;
  /** What there is, counted, in words. */
  readonly count: string;
}

/** The pipeline list: each step's state and count, from saved rows and the jobs that are known. */
export function pipeline(
  overview: ProjectOverview,
  jobs: readonly JobRecord[],
  t: Dictionary,
  format: Formats,
): PipelineStep[] {
  const active = [...overview.activeJobs, ...jobs].filter(
    (job) => job.projectId === overview.project.id,
  );
  // The page's own record is newer than the overview's, which was counted a moment ago.
  const newest = new Map<string, JobRecord>();
  for (const job of active) {
    const known = newest.get(job.id);
    if (!known || known.seq <= job.seq) newest.set(job.id, job);
  }
  const has = (kind: JobKind, states: readonly JobRecord['state'][]) =>
    [...newest.values()].some((job) => job.kind === kind && states.includes(job.state));
  /** The newest job of a kind failed. A failed import changed nothing; runs tell their own state. */
  const failedLast = (kind: JobKind): boolean => {
    if (kind === 'train' || kind === 'import') return false;
    const [last] = [...newest.values()]
      .filter((job) => job.kind === kind)
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    return last?.state === 'failed';
  };
  const stateOf = (kind: JobKind, done: boolean, ready: boolean): StepState => {
    if (has(kind, ['queued', 'running'])) return 'running';
    if (has(kind, ['interrupted', 'paused']) || failedLast(kind)) return 'attention';
    return done ? 'done' : ready ? 'ready' : 'empty';
  };
  const n = (value: number) => format.number(value);
  const { extraction } = overview;
  const p = t.pipeline;
  const counted: Record<Step, { state: StepState; count: string }> = {
    data: {
      state: stateOf('import', overview.examples > 0, true),
      count: overview.examples > 0 ? p.rows(overview.examples, n(overview.examples)) : p.noData,
    },
    teacher: {
      state: teacherState(overview, stateOf),
      count:
        extraction === null
          ? p.empty
          : extraction.failed > 0
            ? p.failed(extraction.failed, n(extraction.failed))
            : p.completions(extraction.completed, n(extraction.completed)),
    },
    rationales: {
      state: overview.parsed > 0 ? (mostlyUnparsed(overview) ? 'attention' : 'done') : 'empty',
      count:
        overview.parsed + overview.unparsed === 0
          ? p.empty
          : mostlyUnparsed(overview)
            ? p.unparsed(n(overview.unparsed))
            : p.parsed(n(overview.parsed)),
    },
    split: {
      state: overview.splits > 0 ? 'done' : overview.examples > 0 ? 'ready' : 'empty',
      count: overview.splits > 0 ? p.splits(overview.splits, n(overview.splits)) : p.empty,
    },
    train: {
      state: stateOf('train', overview.finishedRuns > 0, overview.splits > 0),
      count:
        overview.runs === 0
          ? p.empty
          : overview.finishedRuns < overview.runs
            ? p.finished(n(overview.finishedRuns), n(overview.runs))
            : p.runs(overview.runs, n(overview.runs)),
    },
    compare: {
      state: stateOf('evaluate', overview.evaluations > 0, overview.finishedRuns > 0),
      count:
        overview.evaluations > 0
          ? p.evaluations(overview.evaluations, n(overview.evaluations))
          : p.empty,
    },
    export: {
      state: stateOf('export', overview.exports > 0, overview.finishedRuns > 0),
      count: overview.exports > 0 ? p.exports(overview.exports, n(overview.exports)) : p.empty,
    },
  };
  return steps.map((step) => {
    const { state, count } = counted[step];
    // Where nothing is counted yet, the state says more than "not started".
    return { step, state, count: count === p.empty ? p[state] : count };
  });
}

function teacherState(
  overview: ProjectOverview,
  stateOf: (kind: JobKind, done: boolean, ready: boolean) => StepState,
): StepState {
  const { extraction } = overview;
  if (extraction !== null && extraction.failed > 0) {
    return stateOf('extract', false, false) === 'running' ? 'running' : 'attention';
  }
  return stateOf('extract', (extraction?.completed ?? 0) > 0, overview.examples > 0);
}

const mostlyUnparsed = ({ parsed, unparsed }: ProjectOverview): boolean => unparsed > parsed;
