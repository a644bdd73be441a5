import { rm } from 'node:fs/promises';
import type { ProjectOverview } from '../../contract/calls.ts';
import { createSampleProject } from '../../stages/import/sample/index.ts';
import { refuseWhileActive } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'projects.list'
  | 'projects.create'
  | 'projects.createSample'
  | 'projects.overview'
  | 'projects.rename'
  | 'projects.remove';

/** Projects: made, counted, renamed, removed. */
export function projectHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, folders, saved } = deps;
  return {
    'projects.list': () => store.projects.list(),
    'projects.create': ({ name, task, labels }) => {
      const project = store.projects.create({
        name,
        task,
        labels: task === 'classification' ? [...new Set(labels)] : [],
        synthetic: false,
      });
      saved(null, 'projects');
      return project;
    },
    'projects.createSample': (input) => {
      const project = createSampleProject(store, input);
      saved(null, 'projects');
      saved(project.id, 'data');
      return project;
    },
    'projects.overview': ({ projectId }) => overview(deps, projectId),
    'projects.rename': ({ projectId, name }) => {
      const project = store.projects.rename(projectId, name);
      saved(null, 'projects');
      return project;
    },
    'projects.remove': async ({ projectId }) => {
      const project = store.projects.get(projectId);
      refuseWhileActive(jobs.active(projectId), `“${project.name}”`);
      const runs = store.runs.list(projectId);
      // Rows first: a folder without rows only takes space, rows without their folder would mislead.
      store.projects.remove(projectId);
      saved(null, 'projects');
      for (const run of runs) await rm(folders.run(run.id), { recursive: true, force: true });
      return {};
    },
  };
}

/** Everything the pipeline list shows, counted from saved rows. */
function overview({ store, jobs, keys }: HandlerDeps, projectId: string): ProjectOverview {
  const project = store.projects.get(projectId);
  const { examples, withGold, recorded } = store.data.count(projectId);
  const extraction = store.extractions.list(projectId).at(-1) ?? null;
  const parse = extraction === null ? null : store.extractions.summary(extraction.id);
  const runs = store.runs.list(projectId);
  return {
    project,
    datasets: store.data.list(projectId).length,
    examples,
    withGold,
    recorded,
    extraction: extraction && { ...extraction, teacher: keys.describe(extraction.teacher) },
    parsed: parse?.parsed ?? 0,
    unparsed: parse?.unparsed ?? 0,
    splits: store.splits.list(projectId).length,
    runs: runs.length,
    finishedRuns: runs.filter(({ ended }) => ended !== null && ended.reason !== 'diverged').length,
    evaluations: store.evaluations.countInProject(projectId),
    exports: store.exports.list(projectId).length,
    activeJobs: jobs.active(projectId),
  };
}
