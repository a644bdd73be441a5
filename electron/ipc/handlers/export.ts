import { StudioError } from '../../contract/errors.ts';
import { answerFromFolder, exportJob } from '../../stages/export/index.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Students written out as ordinary folders, and asked from there. */
export function exportHandlers({
  store,
  jobs,
}: HandlerDeps): HandlersOf<'exports.start' | 'exports.list' | 'exports.predict'> {
  return {
    'exports.start': ({ runId, name }) => {
      const run = store.runs.get(runId);
      if (store.runs.checkpoint(runId, 'best') === null) {
        throw new StudioError(
          'not-found',
          `“${run.name}” has no checkpoint to export.`,
          'Let it train until its first validation, then export.',
        );
      }
      return jobs.start(exportJob, {
        projectId: run.projectId,
        subjectId: runId,
        title: `Export ${run.name}`,
        input: { runId, name, folder: null },
      });
    },
    'exports.list': ({ projectId }) => store.exports.list(store.projects.get(projectId).id),
    'exports.predict': ({ exportId, text, teacherRationale }) =>
      answerFromFolder(store.exports.get(exportId).folder, text, teacherRationale),
  };
}
