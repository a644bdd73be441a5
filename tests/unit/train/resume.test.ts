import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RunSettings } from '../../../electron/contract/entities.ts';
import type { JobProgress } from '../../../electron/contract/jobs.ts';
import type { TrainTask, WorkerTask } from '../../../electron/contract/worker.ts';
import { ensureRecordedExtraction } from '../../../electron/stages/extract/index.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import {
  createRun,
  suggestRunSettings,
  trainJob,
  trainingRows,
} from '../../../electron/stages/train/index.ts';
import type { Store } from '../../../electron/store/store.ts';
import { projectWith, tempStore } from '../extract/support.ts';

const words = ['red', 'green', 'blue', 'grey', 'brown', 'white', 'black', 'pink'];

/** A split of a few rows with gold labels, and their recorded answers. */
function prepared(): { store: Store; projectId: string; splitId: string; extractionId: string } {
  const store = tempStore();
  const rows = words.map((word) => ({
    ...{ input: `What is ${word}?`, gold: 'a colour' },
    completion: `${word} is seen. So the answer is a colour.`,
  }));
  const { id: projectId } = projectWith(store, 'text', rows);
  const settings = { ...defaultSplitSettings, validation: 0.2, test: 0.2 };
  const { id: splitId } = createSplit(store, { projectId, name: null, settings });
  const extraction = ensureRecordedExtraction(store, projectId);
  store.extractions.saveCompletions(
    extraction.id,
    [...store.data.examples(projectId)].map(({ id: exampleId, input }) => ({
      completion: {
        ...{ exampleId, sample: 0, text: input, failure: null, finishReason: null },
        ...{ promptTokens: null, completionTokens: null, milliseconds: null },
        ...{ requestHash: null, reused: false },
      },
      rationale: {
        ...{ exampleId, sample: 0, label: 'a colour', correct: true },
        rationale: `${input} It is seen.`,
      },
    })),
  );
  return { store, projectId, splitId, extractionId: extraction.id };
}

/** Trains runs of a store with a numeric child that only takes note of its task. */
function trainer(store: Store) {
  const folder = mkdtempSync(join(tmpdir(), 'train-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const silent = () => undefined;
  const runFolder = (id: string) => join(folder, id);
  const train = async (projectId: string, runId: string) => {
    const told: Pick<JobProgress, 'done' | 'total'>[] = [];
    const tasks: TrainTask[] = [];
    const job = store.jobs.create({
      ...{ projectId, kind: 'train', subjectId: runId, title: 'Train' },
      ...{ input: { runId }, unit: 'steps' },
    });
    await trainJob.run(
      {
        ...{ job, store, signal: new AbortController().signal },
        folders: {
          ...{ workspace: '', database: '', searchIndex: '', exports: '', dataExports: '' },
          ...{ incoming: '', run: runFolder },
        },
        threads: { run: () => Promise.reject(new Error('Nothing is done in a thread.')) },
        log: { info: silent, warn: silent, error: silent },
        progress: ({ done, total }) => told.push({ done, total }),
        saved: silent,
        runWorker: (task: WorkerTask) => {
          if (task.kind === 'train') tasks.push(task);
          return Promise.resolve();
        },
        teacherKey: () => null,
      },
      { runId },
    );
    return { told, rows: tasks[0]?.train ?? [], task: tasks[0] };
  };
  return { train, runFolder };
}

const suggested = (
  store: Store,
  target: { projectId: string; splitId: string },
  method: RunSettings['method'],
): Promise<RunSettings> =>
  suggestRunSettings(store, { ...target, method, preset: 'micro', student: null, lora: false });

const stepByStep = async (
  store: Store,
  target: { projectId: string; splitId: string },
): Promise<RunSettings> =>
  RunSettings.parse({
    ...(await suggested(store, target, 'step-by-step')),
    ...{ steps: 100, rationales: 'accepted' },
  });

it('a resumed training begins its progress where its checkpoint stands', async () => {
  const { store, projectId, splitId } = prepared();
  const target = { projectId, splitId };
  const run = createRun(store, {
    ...{ ...target, extractionId: null, name: null },
    settings: { ...(await suggested(store, target, 'finetune')), steps: 100 },
  });
  const { train } = trainer(store);
  expect((await train(projectId, run.id)).told).toEqual([{ done: 0, total: 100 }]);
  const checkpoint = { which: 'last', step: 60, folder: 'last', validation: null } as const;
  store.runs.saveCheckpoint(run.id, checkpoint);
  expect((await train(projectId, run.id)).told).toEqual([{ done: 60, total: 100 }]);
});

it('a run keeps to the answers that it was set up with, also where it learns from none', async () => {
  const { store, projectId, splitId, extractionId } = prepared();
  const target = { projectId, splitId };
  const settings = await suggested(store, target, 'finetune');
  expect(settings.tokenizer).toBe('shared');
  const { train } = trainer(store);
  const create = (given: string | null) =>
    createRun(store, { ...target, extractionId: given, name: null, settings });
  const run = create(null);
  expect(run.extractionId).toBeNull();
  const { teacher, settings: asked } = store.extractions.get(extractionId);
  const newer = store.extractions.create({
    ...{
      projectId,
      teacherId: teacher.id,
      templateId: null,
      settings: asked,
      price: null,
      seed: 1,
    },
  });
  const [example] = store.data.examples(projectId);
  if (example === undefined) throw new Error('no rows');
  store.extractions.saveCompletions(newer.id, [
    {
      completion: {
        ...{ exampleId: example.id, sample: 0, text: 'x', failure: null, finishReason: null },
        ...{ promptTokens: null, completionTokens: null, milliseconds: null },
        ...{ requestHash: null, reused: false },
      },
      rationale: {
        ...{ exampleId: example.id, sample: 0, label: 'x', correct: false, rationale: 'Other.' },
      },
    },
  ]);
  const textsOf = async (id: string) => (await train(projectId, id)).task?.tokenizerTexts ?? [];
  const texts = await textsOf(run.id);
  expect(texts.some((text) => text.includes('It is seen.'))).toBe(true);
  expect(await textsOf(create(extractionId).id)).toEqual(texts);
  const later = await textsOf(create(null).id);
  expect(later.some((text) => text.includes('It is seen.'))).toBe(false);
});

it('a run trains on the rows that were counted for it, also after more were reviewed', async () => {
  const { store, projectId, splitId, extractionId } = prepared();
  const settings = await stepByStep(store, { projectId, splitId });
  const request = { splitId, extractionId, settings };
  const members = store.splits.members(splitId, 'train').map(({ id }) => id);
  const accept = (ids: number[]) =>
    store.reviews.apply(extractionId, ids, { kind: 'verdict', verdict: 'accepted' });
  expect(() => createRun(store, { ...request, projectId, name: null })).toThrow(
    expect.objectContaining({ code: 'rows-missing' }),
  );
  accept(members.slice(0, 2));
  const before = trainingRows(store, request);
  const run = createRun(store, { ...request, projectId, name: null });
  expect(run).toMatchObject({
    trainRows: before.counts.labels,
    rationaleRows: before.counts.explained,
  });
  expect(before.counts).toMatchObject({
    ...{ labels: members.length, explained: 2, rationales: 2 },
    reasons: [{ reason: 'not-accepted', rows: members.length - 2 }],
  });

  const { train, runFolder } = trainer(store);
  // One more while the run waits for its turn: it trains, and the run says so.
  accept(members.slice(2, 3));
  const first = await train(projectId, run.id);
  expect(first.rows).toEqual(trainingRows(store, request).rows);
  expect(store.runs.get(run.id)).toMatchObject({ trainRows: members.length, rationaleRows: 3 });

  accept(members.slice(3));
  const second = await train(projectId, run.id);
  expect(second.rows).toEqual(first.rows);
  expect(store.runs.get(run.id).rationaleRows).toBe(3);

  const path = join(runFolder(run.id), 'rows.json');
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 40));
  await expect(train(projectId, run.id)).rejects.toMatchObject({ code: 'checkpoint-corrupt' });
});
