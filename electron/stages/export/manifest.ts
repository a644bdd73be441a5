import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTrainingKnown } from '../../contract/entities.ts';
import type { Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { StudentManifest } from '../../contract/export.ts';
import type { ManifestCascade, StudentOrigin } from '../../contract/export.ts';
import { parseJson } from '../../core/json.ts';
import type { Store } from '../../store/store.ts';
import type { ChosenCheckpoint } from './checkpoints.ts';

/** What a folder says about itself. */
export const manifestFile = 'stepwise.json';

/**
 * What an export says of its student: what the checkpoint says, with where it comes from and the
 * newest cascade that was saved for it. An imported one that does not say how it was trained still
 * does not.
 * @throws StudioError model-invalid
 */
export async function exportManifest(
  store: Store,
  run: Run,
  checkpoint: ChosenCheckpoint,
): Promise<StudentManifest> {
  const own = await readManifest(checkpoint.folder);
  const cascade = cascadeOf(store, run, checkpoint);
  return {
    ...own,
    ...(cascade === null ? {} : { cascade }),
    ...(isTrainingKnown(run) ? { origin: originOf(store, run, checkpoint) } : {}),
  };
}

/** @throws StudioError model-invalid */
export async function readManifest(folder: string): Promise<StudentManifest> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => '');
  const parsed = StudentManifest.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    `${manifestFile} in ${folder} can’t be read.`,
    'Export the student again; if it fails again, train the run once more.',
  );
}

export const manifestText = (manifest: StudentManifest): string =>
  `${JSON.stringify(manifest, null, 2)}\n`;

/** What the run says of where its student comes from; an imported one keeps what its folder said. */
function originOf(store: Store, run: Run, checkpoint: ChosenCheckpoint): StudentOrigin {
  const imported = store.runs.importedFrom(run.id)?.origin ?? null;
  if (imported !== null) return imported;
  const project = store.projects.get(run.projectId);
  const teacher = run.extractionId ? store.extractions.get(run.extractionId).teacher : null;
  return {
    project: project.name,
    run: run.name,
    settings: run.settings,
    settingsHash: run.settingsHash,
    step: checkpoint.step,
    trainRows: run.trainRows,
    rationaleRows: run.rationaleRows,
    parameters: run.parameters,
    engine: run.engine,
    validation: checkpoint.validation,
    teacher:
      teacher && (teacher.model === '' ? teacher.name : `${teacher.name} (${teacher.model})`),
    synthetic: project.synthetic || teacher?.kind === 'practice',
  };
}

/**
 * The newest cascade of the run's student; null without, and for another checkpoint than the best:
 * its threshold was chosen and confirmed with that one's confidence.
 */
export function cascadeOf(
  store: Store,
  run: Run,
  checkpoint: Pick<ChosenCheckpoint, 'step'>,
): ManifestCascade | null {
  const saved = store.costs.cascadeOf(run.id);
  if (saved === null || checkpoint.step !== run.bestStep) return null;
  const { extractionId, threshold, target, validation, test, testTeacher } = saved;
  const teacher = store.extractions.get(extractionId).teacher.name;
  return { threshold, target, teacher, validation, test, testTeacher };
}
