import type { JobRecord } from '../../contract/jobs.ts';
import { StudioError } from '../../contract/errors.ts';
import { compareFile, importJob, inspectFile, previewMapping } from '../../stages/import/index.ts';
import { refuseWhileActive, refuseWhileParsed, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'import.inspect'
  | 'import.preview'
  | 'import.compare'
  | 'import.start'
  | 'datasets.list'
  | 'datasets.remove'
  | 'examples.page';

/** Files looked at, mapped and imported; the rows that came of them. */
export function importHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, files, threads, saved } = deps;
  return {
    'import.inspect': ({ fileId, read }) => inspectFile(threads, files.resolve(fileId), read),
    'import.preview': ({ fileId, projectId, mapping, read }) =>
      previewMapping(threads, files.resolve(fileId), read, mapping, store.projects.get(projectId)),
    'import.compare': ({ fileId, datasetId, mapping, givenPart, options }) => {
      const { projectId } = store.data.get(datasetId);
      const input = { database: store.path, projectId, datasetId, mapping, givenPart, options };
      return compareFile(threads, files.resolve(fileId), input);
    },
    'import.start': ({ fileId, projectId, name, mapping, givenPart, options }) => {
      const file = files.resolve(fileId);
      store.projects.get(projectId);
      if (options.replaces !== null) {
        const dataset = store.data.get(options.replaces);
        requireSameProject(dataset, projectId, `“${dataset.name}”`);
        refuseWhileUsed(jobs.active(projectId), dataset.name);
        for (const { id } of store.extractions.list(projectId)) refuseWhileParsed(deps, id);
      }
      return jobs.start(importJob, {
        projectId,
        subjectId: null,
        title: `Import ${file.name}`,
        input: { path: file.path, sourceName: file.name, name, mapping, givenPart, options },
      });
    },
    'datasets.list': ({ projectId }) => store.data.list(store.projects.get(projectId).id),
    'datasets.remove': ({ datasetId }) => {
      const dataset = store.data.get(datasetId);
      refuseWhileActive(jobs.active(dataset.projectId), `“${dataset.name}”`);
      store.data.remove(datasetId);
      saved(dataset.projectId, 'data');
      return {};
    },
    'examples.page': ({ projectId, offset, limit }) =>
      store.data.page(store.projects.get(projectId).id, { offset, limit }),
  };
}

/**
 * Refuses to change rows that a queued or running job works with.
 * @throws StudioError job-conflict
 */
function refuseWhileUsed([busy]: readonly JobRecord[], dataset: string): void {
  if (busy === undefined) return;
  throw new StudioError(
    'job-conflict',
    `“${dataset}” can't be changed while “${busy.title}” is ${busy.state}.`,
    'Wait until it ends, or cancel it first.',
  );
}
