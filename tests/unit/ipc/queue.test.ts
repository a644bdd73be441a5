import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Studio, StudioOptions } from '../../../electron/ipc/studio.ts';
import type { WorkerHost } from '../../../electron/jobs/host.ts';
import { splitSettings } from '../store/workspace.ts';
import { openStudio, temporaryFolder } from './support.ts';

let workspace: string;
let removeFolder: () => void;

beforeEach(() => {
  const { folder, remove } = temporaryFolder();
  workspace = join(folder, 'workspace');
  removeFolder = remove;
});
afterEach(() => removeFolder());

/** Computes nothing until it is told to stop, and then ends. */
const idle: WorkerHost = {
  start() {
    let ended: Parameters<ReturnType<WorkerHost['start']>['onExit']>[0] | null = null;
    const end = () => ended?.({ code: 0, signal: null, lastWords: '' });
    return {
      post: (message) => {
        if (message.type === 'stop') setImmediate(end);
      },
      onMessage: () => undefined,
      onExit: (listener) => {
        ended = listener;
      },
      kill: end,
    };
  },
};

/** Opens the workspace, does something there, and closes it. */
async function during<T>(
  mode: StudioOptions['mode'],
  work: (studio: Studio) => Promise<T>,
): Promise<T> {
  const studio = openStudio(workspace, { mode, host: idle });
  try {
    return await work(studio);
  } finally {
    await studio.close();
  }
}

/** Three trainings, the first of which runs; the last is moved before the second. */
async function fillQueue(studio: Studio): Promise<void> {
  const { id: projectId } = await studio.ask('projects.createSample', { rows: 60, seed: 3 });
  const split = { projectId, name: null, settings: splitSettings };
  const { id: splitId } = await studio.ask('splits.create', split);
  const settings = await studio.ask('runs.suggest', { projectId, splitId, method: 'finetune' });
  const run = { projectId, splitId, extractionId: null, settings };
  const jobs: JobRecord[] = [];
  for (const name of ['one', 'two', 'three']) {
    jobs.push((await studio.ask('runs.start', { ...run, name })).job);
  }
  await begun(studio);
  await studio.ask('queue.move', { jobId: jobs[2]?.id ?? '', place: 0 });
}

/** Resolves once a job runs. */
const begun = (studio: Studio): Promise<void> =>
  new Promise((resolve) => {
    studio.on((event) => {
      if (event.name === 'job' && event.payload.state === 'running') resolve();
    });
  });

const states = async (studio: Studio): Promise<[string, string, number | null][]> =>
  (await studio.ask('jobs.list', { projectId: null })).map(({ title, state, place }) => [
    title,
    state,
    place,
  ]);

const left = [
  ['Train one', 'interrupted', 0],
  ['Train two', 'interrupted', 2],
  ['Train three', 'interrupted', 1],
];
const takenUp = [
  ['Train one', 'running', null],
  ['Train two', 'queued', 1],
  ['Train three', 'queued', 0],
];

describe('the queue of an earlier session', () => {
  it('waits until a person takes it up', async () => {
    await during('browser', fillQueue);
    await during('browser', async (studio) => {
      expect(await states(studio)).toEqual(left);
      const resumed = await studio.ask('queue.resume', {});
      expect(resumed.map(({ title }) => title)).toEqual(['Train one', 'Train three', 'Train two']);
      await begun(studio);
      expect(await states(studio)).toEqual(takenUp);
    });
  });

  it('goes on by itself where a person said so, but not for a command', async () => {
    await during('browser', async (studio) => {
      await fillQueue(studio);
      const preferences = await studio.ask('app.preferences', {});
      expect(preferences.resumeQueue).toBe(false);
      await studio.ask('app.savePreferences', { ...preferences, resumeQueue: true });
    });
    await during('cli', async (studio) => expect(await states(studio)).toEqual(left));
    for (const mode of ['browser', 'electron'] as const) {
      await during(mode, async (studio) => {
        await begun(studio);
        expect(await states(studio)).toEqual(takenUp);
        const told: string[] = [];
        studio.on((event) => {
          if (event.name === 'job') told.push(event.payload.title);
        });
        expect(told.toSorted()).toEqual(['Train one', 'Train three', 'Train two']);
      });
    }
  });
});
