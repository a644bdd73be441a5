import { importJob, inspectFile, previewMapping } from '../../stages/import/index.ts';
import { refuseWhileActive } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'import.inspect'
  | 'import.preview'
  | 'import.start'
  | 'datasets.list'
  | 'datasets.remove'
  | 'examples.page';

/** Files looked at, mapped and imported; the rows that came of them. */
export function importHandlers({ store, jobs, files, saved }: HandlerDeps): HandlersOf<Names> {
  return {
    'import.inspect': ({ fileId }) => inspectFile(files.resolve(fileId)),
    'import.preview': ({ fileId, projectId, mapping }) =>
      previewMapping(files.resolve(fileId), mapping, store.projects.get(projectId)),
    'import.start': ({ fileId, projectId, name, mapping, givenPart }) => {
      const file = files.resolve(fileId);
      store.projects.get(projectId);
      return jobs.start(importJob, {
        projectId,
        subjectId: null,
        title: `Import ${file.name}`,
        input: { path: file.path, sourceName: file.name, name, mapping, givenPart },
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
