import { statfs } from 'node:fs/promises';
import { ExportFormat } from '../../contract/entities.ts';
import type { ExportOptions, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { fileSlug } from '../../core/text.ts';
import { labelLengths } from '../../core/methods.ts';
import { whyUntriable } from '../../model/export/limits.ts';
import { refuseUnknown } from '../../model/export/gguf/tensors.ts';
import { readConfigOf } from '../../model/folder.ts';
import { weightBytes } from '../../model/shards.ts';
import type { Store } from '../../store/store.ts';
import type { WorkspaceFolders } from '../job.ts';
import { checkpointOf, checkpointsOf } from './checkpoints.ts';
import { estimateBytes, studentSize } from './sizes.ts';

/** What can be exported of a run, and how big it gets. @throws StudioError not-found without a checkpoint */
export async function exportOptions(
  places: { readonly store: Store; readonly folders: WorkspaceFolders },
  runId: string,
): Promise<ExportOptions> {
  const { store, folders } = places;
  const run = store.runs.get(runId);
  const { folder } = await checkpointOf(places, run, { which: 'best' });
  const size = await studentSize(folder, folders.run(run.id));
  const checkpoints = await checkpointsOf(places, run);
  return {
    checkpoints: checkpoints.map(({ choice, step, validation }) => ({ choice, step, validation })),
    formats: await Promise.all(
      ExportFormat.options.map(async (format) => ({
        format,
        bytes: estimateBytes(format, size),
        refused: await whyRefused(format, run, folder),
      })),
    ),
    folder: folders.exports,
    freeBytes: await freeBytes(folders.exports),
    name: usualName(store, run),
    validationRows: store.splits.get(run.splitId).counts.validation,
  };
}

/** Bytes that this account may still write where the folder lies. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** What the names of a run's exports begin with. */
export function usualName(store: Store, run: Run): string {
  const { name } = store.projects.get(run.projectId);
  return fileSlug(`${name} ${run.name}`, 'student');
}

/** Why a checkpoint can't be written in a format, in a sentence; null where it can. */
export async function whyRefused(
  format: ExportFormat,
  run: Run,
  checkpoint: string,
): Promise<string | null> {
  if (format === 'training' && run.imported) {
    return 'This student was trained elsewhere: what it was trained on is not here.';
  }
  const untriable = whyUntriable(format, {
    weights: await weightBytes(checkpoint),
    longestInput: labelLengths(run.settings).input,
  });
  if (untriable !== null) return untriable;
  if (format !== 'gguf' && format !== 'gguf-float16') return null;
  const { config } = await readConfigOf(checkpoint);
  try {
    refuseUnknown(config);
    return null;
  } catch (caught) {
    if (caught instanceof StudioError) return caught.message;
    throw caught;
  }
}
