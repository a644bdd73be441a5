import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import type { Run } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { WorkerHost } from '../../../electron/jobs/host.ts';
import { openStudio, temporaryFolder } from './support.ts';

/** Numeric processes that say nothing until they are stopped: a training waits for its first word. */
const silentHost: WorkerHost = {
  start() {
    let ended = (): void => undefined;
    return {
      post: ({ type }) => void (type === 'stop' && setImmediate(() => ended())),
      onMessage: () => undefined,
      onExit: (listener) => {
        ended = () => listener({ code: 0, signal: null, lastWords: '' });
      },
      kill: () => void setImmediate(() => ended()),
    };
  },
};

let studio: Studio;
let remove: () => void;
let projectId: string;
let splitId: string;

beforeEach(async () => {
  const temporary = temporaryFolder();
  remove = temporary.remove;
  studio = openStudio(temporary.folder, { host: silentHost });
  projectId = (await studio.ask('projects.createSample', { rows: 60, seed: 1 })).id;
  const split = { projectId, name: null, settings: defaultSplitSettings };
  splitId = (await studio.ask('splits.create', split)).id;
});
afterEach(async () => {
  await studio.close();
  remove();
});

/** Two runs: the first trains, the second waits. */
async function twoRuns(): Promise<{ run: Run; job: JobRecord }[]> {
  const suggest = { projectId, splitId, method: 'finetune' } as const;
  const settings = await studio.ask('runs.suggest', suggest);
  const start = { projectId, splitId, extractionId: null, name: null, settings };
  return [await studio.ask('runs.start', start), await studio.ask('runs.start', start)];
}

const best = { which: 'best', step: 100, folder: 'best', validation: 0.5 } as const;

describe('keeping the best of a run', () => {
  it('ends one that waits or is paused at once, where it has a student', async () => {
    const [, waiting] = await twoRuns();
    if (!waiting) throw new Error('no run');
    const keep = () => studio.ask('runs.keepBest', { runId: waiting.run.id });
    await expect(keep()).rejects.toMatchObject({ code: 'job-conflict' });
    expect(studio.store.runs.get(waiting.run.id).ended).toBeNull();
    studio.store.runs.saveCheckpoint(waiting.run.id, best);
    const last = { which: 'last', step: 140, folder: 'last', validation: null } as const;
    studio.store.runs.saveCheckpoint(waiting.run.id, last);
    await studio.ask('jobs.pause', { jobId: waiting.job.id });
    expect(await keep()).toMatchObject({ state: 'succeeded' });
    expect(studio.store.runs.get(waiting.run.id).ended).toMatchObject({
      ...{ reason: 'kept-best', step: 140 },
    });
    await expect(keep()).rejects.toMatchObject({ code: 'job-conflict' });
  });

  it('is remembered of one that trains, until it has ended or is paused', async () => {
    const [first] = await twoRuns();
    if (!first) throw new Error('no run');
    const { run, job } = first;
    // Its turn comes after ours.
    while (studio.jobs.list(projectId).every(({ state }) => state !== 'running')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await studio.ask('runs.keepBest', { runId: run.id })).toMatchObject({
      state: 'running',
    });
    expect(studio.store.runs.isFinishing(run.id)).toBe(true);
    await studio.ask('jobs.pause', { jobId: job.id });
    expect(studio.store.runs.isFinishing(run.id)).toBe(false);
  });

  it('sends whoever asks for a run of a study to the study', async () => {
    const [first] = await twoRuns();
    if (!first) throw new Error('no run');
    const { run } = first;
    const { id: runId } = studio.store.runs.create({
      ...{ projectId, splitId, extractionId: null, name: null, settings: run.settings },
      ...{ trainRows: 1, rationaleRows: 0, studyId: null, parentId: null },
    });
    await expect(studio.ask('runs.keepBest', { runId })).rejects.toMatchObject({
      ...{ code: 'job-conflict', hint: expect.stringContaining('study') },
    });
  });
});

it('tells validations with their interval, and none where nothing was validated', async () => {
  const [first] = await twoRuns();
  if (!first) throw new Error('no run');
  const runId = first.run.id;
  const point = {
    ...{ labelLoss: 1, rationaleLoss: null, loss: 1, learningRate: 1, gradientNorm: 1 },
    ...{ tokensPerSecond: 1, memoryBytes: null, mutualInformation: null, balance: null },
  };
  studio.store.runs.saveMetrics(runId, [
    { ...point, step: 1, validation: null },
    { ...point, step: 2, validation: { correct: 5, rows: 10 } },
  ]);
  const [before, after] = await studio.ask('runs.metrics', { runId, afterStep: 0 });
  expect(before?.interval).toBeNull();
  // Wilson's interval of 5 in 10.
  expect(after?.interval?.low).toBeCloseTo(0.2366, 4);
  expect(after?.interval?.high).toBeCloseTo(0.7634, 4);
});

it('refuses a parent of another project, and a name that is taken', async () => {
  const [first, second] = await twoRuns();
  if (!first || !second) throw new Error('no run');
  const taken = { runId: second.run.id, name: first.run.name };
  await expect(studio.ask('runs.rename', taken)).rejects.toMatchObject({ code: 'invalid-input' });
  const other = await studio.ask('projects.createSample', { rows: 60, seed: 2 });
  const split = { projectId: other.id, name: null, settings: defaultSplitSettings };
  const { id } = await studio.ask('splits.create', split);
  const start = { projectId: other.id, splitId: id, extractionId: null, name: null };
  await expect(
    studio.ask('runs.start', { ...start, settings: first.run.settings, parentId: first.run.id }),
  ).rejects.toMatchObject({ code: 'not-found' });
});

it('suggests for a pretrained student only where one is named', async () => {
  const suggest = { projectId, splitId, method: 'finetune', preset: 'folder' } as const;
  await expect(studio.ask('runs.suggest', suggest)).rejects.toMatchObject({
    code: 'invalid-input',
  });
  const unknown = { ...suggest, student: 'nobody' };
  await expect(studio.ask('runs.suggest', unknown)).rejects.toMatchObject({ code: 'not-found' });
});
