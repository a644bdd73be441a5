import { rm } from 'node:fs/promises';
import { isTrainingKnown } from '../../contract/entities.ts';
import type { CurvePoint, MetricPoint, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JobKind, JobRecord } from '../../contract/jobs.ts';
import { wilson } from '../../core/statistics.ts';
import { busyProcessors, NOTICEABLE } from '../../model/system-load.ts';
import { systemMemory } from '../../model/system-memory.ts';
import { evaluateJob } from '../../stages/compare/index.ts';
import { countRowsTask } from '../../stages/train/count-task.ts';
import { createRun, preflight, suggestRunSettings, trainJob } from '../../stages/train/index.ts';
import type { Store } from '../../store/store.ts';
import { refuseWhileActive, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'runs.suggest'
  | 'runs.start'
  | 'runs.rows'
  | 'runs.preflight'
  | 'runs.list'
  | 'runs.metrics'
  | 'runs.samples'
  | 'runs.keepBest'
  | 'runs.rename'
  | 'runs.remove';

/** Runs: set up, tried, started, followed, ended, removed. */
export function trainHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, folders, threads, saved } = deps;
  const requireOfProject = (extractionId: string | null, projectId: string): void => {
    if (extractionId === null) return;
    requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
  };
  return {
    'runs.suggest': (input) => {
      requireSameProject(store.splits.get(input.splitId), input.projectId, 'This split');
      return suggestRunSettings(store, input);
    },
    'runs.start': (input) => {
      requireOfProject(input.extractionId, input.projectId);
      if (input.parentId !== null) {
        const parent = store.runs.get(input.parentId);
        requireSameProject(parent, input.projectId, 'This run');
        refuseUnknownSettings(parent);
      }
      // Run and job are saved together: a run that nothing trains would stand there for ever.
      const started = store.transaction(() => {
        const run = createRun(store, input);
        const job = jobs.start(trainJob, {
          projectId: run.projectId,
          subjectId: run.id,
          title: `Train ${run.name}`,
          input: { runId: run.id },
        });
        store.runs.setJob(run.id, job.id);
        return { run: store.runs.get(run.id), job };
      });
      saved(input.projectId, 'runs');
      return started;
    },
    'runs.rows': (request) => {
      requireOfProject(request.extractionId, store.splits.get(request.splitId).projectId);
      return threads.run(countRowsTask, { database: folders.database, request });
    },
    'runs.preflight': async (request) => {
      requireOfProject(request.extractionId, store.splits.get(request.splitId).projectId);
      const busy =
        jobs.active().some(({ kind, state }) => computes(kind) && state === 'running') ||
        (await busyProcessors()) > NOTICEABLE;
      const ask = deps.tryTraining;
      return preflight({ ...{ store, folders, ask, busy }, memory: systemMemory() }, request);
    },
    'runs.list': ({ projectId }) => store.runs.list(store.projects.get(projectId).id),
    'runs.metrics': ({ runId, afterStep }) => {
      store.runs.get(runId);
      return store.runs.metrics(runId, afterStep).map(withInterval);
    },
    'runs.samples': ({ runId }) => {
      store.runs.get(runId);
      return store.runs.samples(runId);
    },
    'runs.keepBest': ({ runId }) => {
      const job = keepBest(deps, store.runs.get(runId));
      saved(job.projectId, 'runs');
      return job;
    },
    'runs.rename': ({ runId, name }) => {
      const run = store.runs.rename(runId, name);
      saved(run.projectId, 'runs');
      return run;
    },
    'runs.remove': async ({ runId }) => {
      const run = store.runs.get(runId);
      refuseWhileActive(jobs.active(run.projectId), `“${run.name}”`, (job) =>
        worksWith(store, job, runId),
      );
      // Rows first: a folder without rows only takes space, rows without their folder would mislead.
      store.runs.remove(runId);
      saved(run.projectId, 'runs');
      await rm(folders.run(runId), { recursive: true, force: true });
      return {};
    },
  };
}

/** @throws StudioError invalid-input for a parent whose settings nobody knows */
function refuseUnknownSettings(parent: Run): void {
  if (isTrainingKnown(parent)) return;
  throw new StudioError(
    'invalid-input',
    `“${parent.name}” was imported; how it was trained is not known here.`,
    'Start a run with settings of its own.',
  );
}

/** Kinds of jobs that keep the processor or the accelerator busy. */
const computing: ReadonlySet<JobKind> = new Set(['train', 'study', 'evaluate', 'export']);
const computes = (kind: JobKind): boolean => computing.has(kind);

function withInterval(point: MetricPoint): CurvePoint {
  if (point.validation === null) return { ...point, interval: null };
  const { low, high } = wilson(point.validation.correct, point.validation.rows);
  return { ...point, interval: { low, high } };
}

/**
 * Ends a run for good. One that trains is asked to, and evaluates once more if it has no best student
 * yet; one that is stopped or waits keeps the best of before.
 * @throws StudioError job-conflict
 */
function keepBest({ store, jobs }: HandlerDeps, run: Run): JobRecord {
  if (run.imported) {
    throw new StudioError(
      'job-conflict',
      `“${run.name}” was imported: it is not trained here.`,
      'Export it, or look at it under Compare.',
    );
  }
  if (run.jobId === null) {
    throw new StudioError(
      'job-conflict',
      `“${run.name}” is trained by a study.`,
      'Pause or cancel the study: what its runs have learned is kept.',
    );
  }
  if (run.ended !== null) {
    throw new StudioError(
      'job-conflict',
      `“${run.name}” has ended already, and its best student is kept.`,
      'Export it, or look at it under Compare.',
    );
  }
  const { jobId } = run;
  const active = jobs.active(run.projectId).find(({ id }) => id === jobId);
  if (active?.state === 'running') {
    // Remembered, so that a kill before it has ended does not let it train on.
    return store.transaction(() => {
      store.runs.setFinishing(run.id, true);
      return jobs.finish(jobId);
    });
  }
  const best = store.runs.checkpoint(run.id, 'best');
  if (best === null) {
    throw new StudioError(
      'job-conflict',
      `“${run.name}” stopped before its first evaluation: there is no student to keep yet.`,
      'Resume it, then stop it and keep the best: it is evaluated at once.',
    );
  }
  const step = Math.max(best.step, store.runs.checkpoint(run.id, 'last')?.step ?? 0);
  return store.transaction(() => {
    store.runs.setEnd(run.id, { reason: 'kept-best', step });
    return jobs.finish(jobId);
  });
}

/** Whether a job reads or writes a run: it trains or exports it, or decodes with it. */
function worksWith(store: Store, job: JobRecord, runId: string): boolean {
  if (job.subjectId === runId) return true;
  if (job.kind === 'study')
    return store.studies.ofRun(runId).some(({ id }) => id === job.subjectId);
  if (job.kind !== evaluateJob.kind) return false;
  const input = evaluateJob.input.safeParse(store.jobs.get(job.id).input);
  return input.success && input.data.runIds.includes(runId);
}
