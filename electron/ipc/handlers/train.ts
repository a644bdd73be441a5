import { rm } from 'node:fs/promises';
import type { JobRecord } from '../../contract/jobs.ts';
import { evaluateJob } from '../../stages/compare/index.ts';
import { countRowsTask } from '../../stages/train/count-task.ts';
import { createRun, suggestRunSettings, trainJob } from '../../stages/train/index.ts';
import type { Store } from '../../store/store.ts';
import { refuseWhileActive, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  'runs.suggest' | 'runs.start' | 'runs.rows' | 'runs.list' | 'runs.metrics' | 'runs.remove';

/** Runs: set up, started, followed, removed. */
export function trainHandlers({
  store,
  jobs,
  folders,
  threads,
  saved,
}: HandlerDeps): HandlersOf<Names> {
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
    'runs.list': ({ projectId }) => store.runs.list(store.projects.get(projectId).id),
    'runs.metrics': ({ runId, afterStep }) => {
      store.runs.get(runId);
      return store.runs.metrics(runId, afterStep);
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

/** Whether a job reads or writes a run: it trains or exports it, or decodes with it. */
function worksWith(store: Store, job: JobRecord, runId: string): boolean {
  if (job.subjectId === runId) return true;
  if (job.kind !== evaluateJob.kind) return false;
  const input = evaluateJob.input.safeParse(store.jobs.get(job.id).input);
  return input.success && input.data.runIds.includes(runId);
}
