import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Run, RunSettings } from '../../../electron/contract/entities.ts';
import type { WorkerBatch, WorkerTask } from '../../../electron/contract/worker.ts';
import type { JobContext, JobReport } from '../../../electron/stages/job.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { createRun } from '../../../electron/stages/train/index.ts';
import type { Store } from '../../../electron/store/store.ts';
import { projectWith, tempStore } from '../extract/support.ts';
import { runSettings } from '../model/support.ts';

const words = ['red', 'green', 'blue', 'grey', 'brown', 'white', 'black', 'pink', 'teal', 'gold'];

/** A split of at most 80 rows with gold labels. */
export function splitRows(count = 40): { store: Store; projectId: string; splitId: string } {
  const store = tempStore();
  const { id: projectId } = projectWith(
    store,
    'text',
    // Words, since rows that differ in their numbers alone stay in one part.
    Array.from({ length: count }, (_, index) => ({
      input: `What is the word ${words[index % 8] ?? ''} ${words[Math.floor(index / 8)] ?? ''}?`,
      gold: `number ${index % 4}`,
    })),
  );
  const settings = { ...defaultSplitSettings, validation: 0.25, test: 0.25 };
  const { id: splitId } = createSplit(store, { projectId, name: null, settings });
  return { store, projectId, splitId };
}

/** An empty folder, removed when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-train-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A run of such a split, ready to train. */
export function newRun(changes: Partial<RunSettings> = {}): { store: Store; run: Run } {
  const { store, projectId, splitId } = splitRows();
  const settings = runSettings(changes);
  return {
    store,
    run: createRun(store, { projectId, splitId, extractionId: null, name: null, settings }),
  };
}

/** What a job is lent, with a numeric process that is played by `work`. */
export function jobContext(
  store: Store,
  run: Run,
  work: (task: WorkerTask, tell: (batch: WorkerBatch) => void, stop?: AbortSignal) => void,
): { context: JobContext; reports: JobReport[]; folder: string } {
  const folder = tempFolder();
  const silent = (): void => undefined;
  const reports: JobReport[] = [];
  const job = store.jobs.create({
    ...{ projectId: run.projectId, kind: 'train', subjectId: run.id, title: 'Train' },
    ...{ input: { runId: run.id }, unit: 'steps' },
  });
  const context: JobContext = {
    ...{ job, store, signal: new AbortController().signal },
    folders: {
      ...{ workspace: folder, database: '', searchIndex: '', exports: '', dataExports: '' },
      ...{ incoming: '', run: (id: string) => join(folder, id) },
    },
    threads: { run: () => Promise.reject(new Error('Nothing is done in a thread.')) },
    log: { info: silent, warn: silent, error: silent },
    progress: (report) => reports.push(report),
    saved: silent,
    runWorker: (task, onBatch, stop) =>
      new Promise((resolve) => resolve(work(task, onBatch, stop))),
    teacherKey: () => null,
  };
  return { context, reports, folder };
}
