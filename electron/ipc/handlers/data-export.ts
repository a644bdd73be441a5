import { dataExportJob } from '../../stages/data-export/index.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Rows written into files that other tools read. */
export function dataExportHandlers({
  store,
  jobs,
  rows,
}: HandlerDeps): HandlersOf<'data.export' | 'data.exports'> {
  return {
    'data.export': async (input) => {
      const { projectId, extractionId, query } = input;
      const project = store.projects.get(projectId);
      if (extractionId !== null) {
        requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
      }
      if (query.split !== null) {
        requireSameProject(store.splits.get(query.split.splitId), projectId, 'This split');
      }
      await rows.complete({ projectId, extractionId, query });
      return jobs.start(dataExportJob, {
        projectId,
        subjectId: null,
        title: `Export rows of ${project.name}`,
        input,
      });
    },
    'data.exports': ({ projectId }) => store.data.exports(store.projects.get(projectId).id),
  };
}
