import { expect, it } from 'vitest';
import type { JobProgress } from '../../../electron/contract/jobs.ts';
import type { WorkerTask } from '../../../electron/contract/worker.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { createRun, suggestRunSettings, trainJob } from '../../../electron/stages/train/index.ts';
import { projectWith, tempStore } from '../extract/support.ts';

it('a resumed training begins its progress where its checkpoint stands', async () => {
  const store = tempStore();
  const words = ['red', 'green', 'blue', 'grey', 'brown', 'white', 'black', 'pink'];
  const rows = words.map((word) => ({ input: `What is ${word}?`, gold: 'a colour' }));
  const { id: projectId } = projectWith(store, 'text', rows);
  const settings = { ...defaultSplitSettings, validation: 0.2, test: 0.2 };
  const { id: splitId } = createSplit(store, { projectId, name: null, settings });
  const target = { projectId, splitId };
  const run = createRun(store, {
    ...{ ...target, extractionId: null, name: null },
    settings: { ...suggestRunSettings(store, { ...target, method: 'finetune' }), steps: 100 },
  });
  const train = async (): Promise<Pick<JobProgress, 'done' | 'total'>[]> => {
    const told: Pick<JobProgress, 'done' | 'total'>[] = [];
    const job = store.jobs.create({
      ...{ projectId, kind: 'train', subjectId: run.id, title: 'Train' },
      ...{ input: { runId: run.id }, unit: 'steps' },
    });
    const silent = () => undefined;
    await trainJob.run(
      {
        ...{ job, store, signal: new AbortController().signal },
        folders: { workspace: '', exports: '', incoming: '', run: (id) => id },
        log: { info: silent, warn: silent, error: silent },
        progress: ({ done, total }) => told.push({ done, total }),
        saved: silent,
        runWorker: async (task: WorkerTask) => expect(task.kind).toBe('train'),
        teacherKey: () => null,
      },
      { runId: run.id },
    );
    return told;
  };
  expect(await train()).toEqual([{ done: 0, total: 100 }]);
  const checkpoint = { which: 'last', step: 60, folder: 'last', validation: null } as const;
  store.runs.saveCheckpoint(run.id, checkpoint);
  expect(await train()).toEqual([{ done: 60, total: 100 }]);
});
