import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FromWorker, ToWorker } from '../../electron/contract/worker.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import type { WorkerExit, WorkerHost } from '../../electron/jobs/host.ts';

/** Answers every question with the same word, so that an export proves itself without a model. */
export const sameWord: WorkerHost = {
  start() {
    let onMessage: (message: FromWorker) => void = () => undefined;
    let onExit: (exit: WorkerExit) => void = () => undefined;
    const answer = (message: ToWorker): void => {
      if (message.type !== 'start' || message.task.kind !== 'predict') return;
      const answers = message.task.inputs.map(() => ({
        ...{ label: 'word', rationale: null, confidence: 0.5, milliseconds: 1 },
      }));
      onMessage({ type: 'batch', seq: 1, batch: { kind: 'predict', offset: 0, answers } });
      onMessage({ type: 'done', stopped: null });
    };
    setImmediate(() => onMessage({ type: 'ready' }));
    return {
      post: (message) => setImmediate(() => answer(message)),
      onMessage: (listener) => (onMessage = listener),
      onExit: (listener) => (onExit = listener),
      kill: () => setImmediate(() => onExit({ code: 0, signal: null, lastWords: '' })),
    };
  },
};

/** A run with a checkpoint that has every file of one, in a project of this name. */
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
  mkdirSync(folder, { recursive: true });
  for (const name of ['config', 'tokenizer', 'tokenizer_config', 'special_tokens_map']) {
    writeFileSync(join(folder, `${name}.json`), '{}');
  }
  for (const name of ['generation_config.json', 'stepwise.json', 'model.safetensors']) {
    writeFileSync(join(folder, name), name);
  }
  studio.store.runs.saveCheckpoint(run.id, { which: 'best', step: 1, folder, validation: 0.5 });
  return run.id;
}
