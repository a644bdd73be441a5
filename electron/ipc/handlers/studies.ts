import { rm } from 'node:fs/promises';
import type { StudyPlan } from '../../contract/entities.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import type { JobDefinition } from '../../stages/job.ts';
import { createRun } from '../../stages/train/index.ts';
import { checkPlan, previewStudy, studyJob } from '../../stages/study/index.ts';
import type { RunRequest } from '../../stages/study/index.ts';
import { studyResultTask } from '../../stages/study/result-task.ts';
import { evaluateJob, evaluateRuns } from '../../stages/compare/index.ts';
import { newestExtraction } from '../../stages/train/create-run.ts';
import { foreseeRun, foreseeTask, learnedHash } from '../../stages/train/learned-rows.ts';
import { trainRun } from '../../stages/train/train-run.ts';
import type { Store } from '../../store/store.ts';
import { refuseWhileActive, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  'studies.preview' | 'studies.start' | 'studies.list' | 'studies.result' | 'studies.remove';

/** The job of a study, with what it does through the stages of training and comparing. */
export const studyDefinition: JobDefinition<{ studyId: string }> = studyJob({
  createRun,
  foreseeRun,
  learnedHash,
  trainRun,
  evaluateRuns,
});

/** Studies: planned, started, read, removed. */
export function studyHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, folders, threads, saved } = deps;
  const foresee = (requests: readonly RunRequest[]) =>
    requests.length === 0
      ? Promise.resolve([])
      : threads.run(foreseeTask, { database: folders.database, requests });
  const draftOf = (input: {
    projectId: string;
    splitId: string;
    extractionId: string | null;
    plan: StudyPlan;
  }) => {
    const { projectId, splitId } = input;
    requireSameProject(store.splits.get(splitId), projectId, 'This split');
    // Named now: answers that come while it runs must not part its runs.
    const extractionId = input.extractionId ?? newestExtraction(store, projectId);
    if (extractionId !== null) {
      requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
    }
    return { projectId, splitId, extractionId, plan: input.plan };
  };
  return {
    'studies.preview': (input) =>
      previewStudy(store, draftOf(input), {
        foresee,
        learnedHash: (runId) => learnedHash(store, folders, store.runs.get(runId)),
      }),
    'studies.start': async (input) => {
      const draft = draftOf(input);
      const runs = await checkPlan(store, draft, foresee);
      // Study and job are saved together: one that nothing works on would stand there for ever.
      const started = store.transaction(() => {
        const study = store.studies.create({ ...draft, name: input.name, runs });
        const job = jobs.start(studyDefinition, {
          projectId: study.projectId,
          subjectId: study.id,
          title: `Study ${study.name}`,
          input: { studyId: study.id },
        });
        store.studies.setJob(study.id, job.id);
        return { study: store.studies.get(study.id), job };
      });
      saved(input.projectId, 'studies');
      return started;
    },
    'studies.list': ({ projectId }) => store.studies.list(store.projects.get(projectId).id),
    'studies.result': async ({ studyId }) => {
      const { splitId } = store.studies.get(studyId);
      const { result, seen } = await threads.run(studyResultTask, {
        database: folders.database,
        studyId,
      });
      if (result.kind === 'sweep' || seen === null) return result;
      return { ...result, looks: store.splits.look(splitId, seen) };
    },
    'studies.remove': async ({ studyId, withRuns }) => {
      const { projectId, name } = store.studies.get(studyId);
      const runIds = withRuns ? runsOfItsOwn(store, studyId) : [];
      refuseWhileActive(
        jobs.active(projectId),
        `“${name}”`,
        (job) => job.subjectId === studyId || worksWithOne(store, job, runIds),
      );
      store.transaction(() => {
        store.studies.remove(studyId);
        for (const runId of runIds) store.runs.remove(runId);
      });
      saved(projectId, 'studies');
      if (runIds.length > 0) saved(projectId, 'runs');
      for (const runId of runIds) {
        await rm(folders.run(runId), { recursive: true, force: true });
      }
      return {};
    },
  };
}

/** Runs that a study made and no other study has taken up. */
function runsOfItsOwn(store: Store, studyId: string): string[] {
  return store.studies.runs(studyId).flatMap(({ runId }) => {
    if (runId === null || store.runs.get(runId).studyId !== studyId) return [];
    return store.studies.ofRun(runId).every(({ id }) => id === studyId) ? [runId] : [];
  });
}

function worksWithOne(store: Store, job: JobRecord, runIds: readonly string[]): boolean {
  if (job.subjectId !== null && runIds.includes(job.subjectId)) return true;
  if (job.kind !== evaluateJob.kind) return false;
  const input = evaluateJob.input.safeParse(store.jobs.get(job.id).input);
  return input.success && input.data.runIds.some((runId) => runIds.includes(runId));
}
