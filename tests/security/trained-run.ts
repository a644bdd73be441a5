import { join } from 'node:path';
import { answerFormatOf } from '../../electron/core/methods.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { writeStudent } from '../unit/export/student.ts';

/** A run whose student was made up, in a project of this name. */
export async function trainedRun(
  studio: Studio,
  projectName: string,
  runName: string,
): Promise<string> {
  const { id: projectId } = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
  await studio.ask('projects.rename', { projectId, name: projectName });
  return trainedRunOf(studio, projectId, null, runName);
}

/** The same in a project there is, taught by one of its extractions. */
export async function trainedRunOf(
  studio: Studio,
  projectId: string,
  extractionId: string | null,
  runName: string,
): Promise<string> {
  const split = await studio.ask('splits.create', {
    ...{ projectId, name: null },
    settings: {
      ...{ kind: 'random', validation: 0.2, test: 0.2, seed: 1 },
      ...{ stratify: false, groupByMaskedText: false },
    },
  });
  const target = { projectId, splitId: split.id };
  const settings = await studio.ask('runs.suggest', { ...target, method: 'finetune' });
  const run = studio.store.runs.create({
    ...{ ...target, extractionId, name: runName, settings },
    ...{ trainRows: 30, rationaleRows: 0, studyId: null, parentId: null },
  });
  const folder = join(studio.folders.run(run.id), 'best');
  const { task, labels } = studio.store.projects.get(projectId);
  const { method } = settings;
  await writeStudent(folder, 1, { format: 1, method, task, labels, ...answerFormatOf(settings) });
  studio.store.runs.saveCheckpoint(run.id, { which: 'best', step: 1, folder, validation: 0.5 });
  return run.id;
}
