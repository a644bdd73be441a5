import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  Extraction,
  Method,
  Price,
  Project,
  Run,
  Task,
} from '../../../electron/contract/entities.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { defaultExtractionSettings } from '../../../electron/stages/extract/index.ts';
import type { Studio, StudioOptions } from '../../../electron/ipc/studio.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { exampleIds, newDataset, newRun, newSplit, rows, runSettings } from '../store/workspace.ts';
import { openStudio, temporaryFolder } from './support.ts';

/** A studio with a project of a few rows, closed and removed after the test. */
export function openGround(task: Task, changes: Partial<StudioOptions> = {}) {
  const { folder, remove } = temporaryFolder();
  const studio = openStudio(join(folder, 'workspace'), changes);
  onTestFinished(async () => {
    await studio.close();
    remove();
  });
  const { store } = studio;
  const labels = task === 'classification' ? ['yes', 'no', 'maybe'] : [];
  const project = store.projects.create({ name: 'Apples', task, labels, synthetic: false });
  newDataset(store, project, rows(4));
  return { folder, studio, store, project };
}

/** A student that was never trained, as a run with a checkpoint. */
export async function addStudent(
  studio: Studio,
  project: Project,
  { name = 'tiny', method = 'step-by-step' }: { name?: string; method?: Method } = {},
): Promise<Run> {
  const { store, folders } = studio;
  const [first = 0] = exampleIds(store, project);
  const split = store.splits.list(project.id)[0] ?? newSplit(store, project, [[first, 'train']]);
  const run = newRun(store, split, { name, settings: { ...runSettings, method } });
  const folder = join(folders.run(run.id), 'best');
  await writeStudentFolder(folder);
  const { task, labels } = project;
  const manifest = { format: 1, method, task, labels, ...answerFormatOf(run.settings) };
  writeFileSync(join(folder, 'stepwise.json'), JSON.stringify(manifest));
  store.runs.saveCheckpoint(run.id, { which: 'best', step: 50, folder, validation: 0.5 });
  return store.runs.get(run.id);
}

/** An extraction of a teacher, which was asked nothing yet. */
export function addTeacher(
  { store }: Studio,
  project: Project,
  teacher: { kind: 'practice' | 'recorded' } | { baseUrl: string },
  { price = null, timeoutSeconds = 10 }: { price?: Price | null; timeoutSeconds?: number } = {},
): Extraction {
  const kind = 'kind' in teacher ? teacher.kind : 'openai-compatible';
  const baseUrl = 'baseUrl' in teacher ? teacher.baseUrl : null;
  const { id: teacherId } = store.teachers.save({
    ...{ teacherId: null, projectId: project.id, kind, provider: 'other', name: `The ${kind} one` },
    ...{ baseUrl, model: 'some-model', apiVersion: null, contextTokens: null },
  });
  if (price !== null) store.prices.save({ model: 'some-model', price, asOf: '2026-01-01' });
  return store.extractions.create({
    ...{ projectId: project.id, teacherId, templateId: null, price, seed: 0 },
    settings: { ...defaultExtractionSettings, timeoutSeconds },
  });
}
