import { randomUUID } from 'node:crypto';
import { basename, isAbsolute, resolve } from 'node:path';
import type { CallArguments } from '../../contract/calls.ts';
import { StudioError } from '../../contract/errors.ts';
import { importStudentJob, lookTask } from '../../stages/import-student/index.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';
import { requireSameProject } from './deps.ts';

type Names = 'runs.lookAtImport' | 'runs.import' | 'runs.importedFrom';
type Source = CallArguments<'runs.import'>['source'];

/** Students that were trained elsewhere, or here and exported, taken in as runs of a split. */
export function importStudentHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, files, folders, threads } = deps;
  const placeOf = (source: Source): { folder: string; shown: string } => {
    if ('fileId' in source) {
      const { path, name } = files.resolve(source.fileId);
      return { folder: path, shown: files.isUpload(path) ? name : path };
    }
    if (isAbsolute(source.path)) {
      const folder = resolve(source.path);
      return { folder, shown: folder };
    }
    throw new StudioError(
      'invalid-input',
      `“${source.path}” is not a whole path.`,
      'Write where the folder is from the root on, for example /home/me/students/apples.',
    );
  };
  return {
    'runs.lookAtImport': ({ splitId, source }) => {
      store.splits.get(splitId);
      return threads.run(lookTask, { database: folders.database, splitId, ...placeOf(source) });
    },
    'runs.import': ({ splitId, extractionId, source, name, asking }) => {
      const { projectId } = store.splits.get(splitId);
      if (extractionId !== null) {
        requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
      }
      const place = placeOf(source);
      const title = `Import student ${name ?? basename(place.shown)}`;
      const runId = randomUUID();
      const input = { runId, splitId, extractionId, ...place, name, asking };
      return jobs.start(importStudentJob, { projectId, subjectId: runId, title, input });
    },
    'runs.importedFrom': ({ runId }) => {
      const from = store.runs.importedFrom(runId);
      if (from !== null) return from;
      throw new StudioError(
        'not-found',
        `“${store.runs.get(runId).name}” was trained here.`,
        'Only imported students come from somewhere else.',
      );
    },
  };
}
