import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnMapping, Dataset } from '../../../electron/contract/entities.ts';
import { mappingDefaults } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { Random } from '../../../electron/core/random.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { answered, newExtraction, newTeacher } from '../store/workspace.ts';
import { openStudio, succeeded, temporaryFolder } from './support.ts';

const rows = 6_000;
const mapping: ColumnMapping = {
  ...{ id: 'id', input: 'q', template: null, label: 'y', choices: [] },
  ...{ rationale: null, completion: null, ...mappingDefaults },
};

let place: { folder: string; remove: () => void };
let studio: Studio;
let projectId: string;
let path: string;

beforeEach(async () => {
  place = temporaryFolder();
  studio = openStudio(join(place.folder, 'workspace'));
  projectId = (await studio.ask('projects.create', { name: 'P', task: 'text', labels: [] })).id;
  path = join(place.folder, 'rows.jsonl');
  const lines = Array.from({ length: rows }, (_, id) =>
    JSON.stringify({ id, q: `Question ${id}?`, y: 'a' }),
  );
  writeFileSync(path, lines.join('\n'));
});
afterEach(async () => {
  await studio.close();
  place.remove();
});

function start(): Promise<JobRecord> {
  const { fileId } = studio.files.register(path);
  const input = { fileId, projectId, name: null, mapping, givenPart: null };
  return studio.ask('import.start', input);
}

const datasets = (): Promise<Dataset[]> => studio.ask('datasets.list', { projectId });

/** Rows that the project shows; each data set is there with all of its rows. */
async function shown(): Promise<number> {
  const found = await datasets();
  const { total } = await studio.ask('examples.page', { projectId, offset: 0, limit: 1 });
  const counted = [...studio.store.data.examples(projectId)].length;
  expect([total, counted]).toEqual([found.length * rows, found.length * rows]);
  return counted;
}

describe('imports in threads', () => {
  it('show their rows at the end, with a card', async () => {
    const job = await succeeded(studio, await start());
    expect(job.progress).toMatchObject({ done: rows, total: rows });
    expect(await shown()).toBe(rows);
    expect((await datasets())[0]?.card).toMatchObject({ read: rows, unlabelled: 0 });
  });

  it('leave nothing when they are cancelled at any moment', async () => {
    const random = new Random(3);
    for (let round = 0; round < 8; round++) {
      const before = await shown();
      const job = await start();
      await setTimeout(random.integer(0, 400));
      try {
        await studio.ask('jobs.cancel', { jobId: job.id });
      } catch (error) {
        expect(error).toMatchObject({ code: 'job-conflict' });
      }
      const { state } = await studio.jobs.settled(job.id);
      expect(['cancelled', 'succeeded']).toContain(state);
      expect(await shown()).toBe(before + (state === 'succeeded' ? rows : 0));
      expect(studio.store.data.sweep(1)).toBe(true);
    }
  });

  it('go on after the application was closed in the middle, and are imported once', async () => {
    const job = await start();
    const unsubscribe = studio.on((event) => {
      if (event.name === 'job' && event.payload.progress.done > 0) closing ??= studio.close();
    });
    let closing: Promise<void> | null = null;
    const { state } = await studio.jobs.settled(job.id);
    unsubscribe();
    await (closing ?? studio.close());
    studio = openStudio(join(place.folder, 'workspace'));
    expect(await shown()).toBe(state === 'succeeded' ? rows : 0);
    if (state !== 'succeeded') {
      expect(state).toBe('interrupted');
      await succeeded(studio, await studio.ask('jobs.resume', { jobId: job.id }));
    }
    expect(await shown()).toBe(rows);
  });

  it('wait for each other, one file at a time', async () => {
    const jobs = [await start(), await start(), await start()];
    for (const job of jobs) await succeeded(studio, job);
    expect(await shown()).toBe(3 * rows);
  });

  it('tell what is wrong with line and hint, and change nothing', async () => {
    writeFileSync(path, '{"id":1,"q":"x","y":"a"}\n{"id":2,"q":"","y":"a"}\n');
    const { state, error } = await studio.jobs.settled((await start()).id);
    expect(state).toBe('failed');
    expect(error).toMatchObject({
      code: 'rows-invalid',
      message: 'rows.jsonl, line 2: The input is empty.',
    });
    expect(error?.hint).toMatch(/Nothing was imported/);
    expect(await datasets()).toEqual([]);
  });

  it('refuse to replace rows that another job works with', async () => {
    await succeeded(studio, await start());
    const [dataset] = await datasets();
    const busy = await start();
    const { fileId } = studio.files.register(path);
    const replacing = studio.ask('import.start', {
      ...{ fileId, projectId, name: null, mapping, givenPart: null },
      options: { replaces: dataset?.id ?? '' },
    });
    await expect(replacing).rejects.toMatchObject({ code: 'job-conflict' });
    await succeeded(studio, busy);
  });

  it('refuse to replace rows whose answers are being parsed again', async () => {
    await succeeded(studio, await start());
    const [dataset] = await datasets();
    const { store } = studio;
    const project = store.projects.get(projectId);
    const { id: extractionId } = newExtraction(store, project, newTeacher(store, project));
    const ids = [...store.data.examples(projectId)].map(({ id }) => id);
    store.extractions.saveCompletions(
      extractionId,
      ids.slice(0, 500).map((id) => answered(id, 'a', true)),
    );
    const { fileId } = studio.files.register(path);
    const replace = () =>
      studio.ask('import.start', {
        ...{ fileId, projectId, name: null, mapping, givenPart: null },
        options: { replaces: dataset?.id ?? '' },
      });
    const parsing = studio.ask('extractions.parse', { extractionId });
    await expect(replace()).rejects.toMatchObject({ code: 'job-conflict' });
    await parsing;
    await succeeded(studio, await replace());
  });
});
