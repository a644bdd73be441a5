import { isAbsolute, resolve } from 'node:path';
import type { CallArguments } from '../../contract/calls.ts';
import { StudioError } from '../../contract/errors.ts';
import {
  checkExportTask,
  checkpointOf,
  exportJob,
  exportOptions,
  exportQuestion,
  exportSnippets,
  whyRefused,
} from '../../stages/export/index.ts';
import { trainTaskOf, writeTrainedOn } from '../../stages/train/index.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'exports.options'
  | 'exports.start'
  | 'exports.list'
  | 'exports.check'
  | 'exports.snippets'
  | 'exports.predict';

/** Exporting, with what training knows of a run's rows. */
export const exportDefinition = exportJob({ trainingTask: trainTaskOf, writeTrainedOn });

/** Students written out as ordinary folders, tried, checked and asked there. */
export function exportHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, folders, threads, asking } = deps;
  return {
    'exports.options': ({ runId }) => exportOptions({ store, folders }, runId),
    'exports.start': async ({ runId, name, checkpoint, formats, into, proofRows }) => {
      const run = store.runs.get(runId);
      const { folder } = await checkpointOf({ store, folders }, run, checkpoint);
      for (const format of formats) refuse(await whyRefused(format, run, folder));
      return jobs.start(exportDefinition, {
        projectId: run.projectId,
        subjectId: runId,
        title: `Export ${run.name}`,
        input: {
          ...{ runId, name, folder: null, checkpoint, formats, proofRows },
          into: into && folderOf(deps, into),
        },
      });
    },
    'exports.list': ({ projectId }) => store.exports.list(store.projects.get(projectId).id),
    'exports.check': ({ exportId }) =>
      threads.run(checkExportTask, { folder: store.exports.get(exportId).folder }),
    'exports.snippets': ({ exportId }) => exportSnippets(store, store.exports.get(exportId)),
    'exports.predict': async ({ exportId, text, teacherRationale }) => {
      const record = store.exports.get(exportId);
      const { question, threshold } = await exportQuestion(record, text, teacherRationale);
      const { label, rationale, milliseconds, confidence } = await asking.ask(question);
      return { label, rationale, milliseconds, confidence, threshold };
    },
  };
}

function refuse(reason: string | null): void {
  if (reason === null) return;
  throw new StudioError('invalid-input', reason, 'Choose another format for this student.');
}

/** @throws StudioError not-found, invalid-input */
function folderOf(
  { files }: HandlerDeps,
  source: NonNullable<CallArguments<'exports.start'>['into']>,
): string {
  if ('fileId' in source) return files.resolve(source.fileId).path;
  if (isAbsolute(source.path)) return resolve(source.path);
  throw new StudioError(
    'invalid-input',
    `“${source.path}” is not a whole path.`,
    'Write where the folder is from the root on, for example /home/me/students.',
  );
}
