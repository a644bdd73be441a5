import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { checkFolder } from '../../electron/model/export/certificate.ts';
import { addStudent } from '../unit/ipc/playground-support.ts';
import { openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { exampleIds, newDataset, newSplit, rows } from '../unit/store/workspace.ts';
import { ServedStudio } from './served-studio.ts';

const formats: ExportFormat[] = ['huggingface', 'onnx'];
const validationRows = 240;

let place: { folder: string; remove: () => void };
let workspace: string;
let into: string;
let ids: { projectId: string; runId: string };

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  into = join(place.folder, 'exported');
  const studio = openStudio(workspace);
  const project = studio.store.projects.create({
    ...{ name: 'sums', task: 'text', labels: [], synthetic: false },
  });
  newDataset(studio.store, project, rows(validationRows + 1));
  const [first = 0, ...others] = exampleIds(studio.store, project);
  const members = others.map((id): [number, 'validation'] => [id, 'validation']);
  newSplit(studio.store, project, [[first, 'train'], ...members]);
  const run = await addStudent(studio, project);
  ids = { projectId: project.id, runId: run.id };
  await studio.close();
});
afterEach(() => place.remove());

const names = (): string[] => (existsSync(into) ? readdirSync(into).sort() : []);
const unfinished = (): string[] => names().filter((name) => name.includes('.part-'));

/** Folders that look finished are: every file is as its certificate says. */
async function expectWhole(): Promise<void> {
  for (const name of names().filter((each) => !unfinished().includes(each))) {
    expect(await checkFolder(join(into, name))).toMatchObject({ whole: true, added: [] });
  }
}

const start = (studio: ServedStudio): Promise<JobRecord> =>
  studio.ask('exports.start', {
    ...{ runId: ids.runId, name: 'student', formats, into: { path: into } },
    proofRows: validationRows,
  });

async function progressOf(studio: ServedStudio, id: string): Promise<JobRecord | undefined> {
  return (await studio.ask('jobs.list', { projectId: ids.projectId })).find((job) => job.id === id);
}

/** Kills the application when the job is there, goes on with it in a new one, and looks at the end. */
async function killedAt(
  isThere: (job: JobRecord | undefined, studio: ServedStudio) => boolean,
): Promise<void> {
  const killed = await ServedStudio.start(workspace);
  const job = await start(killed);
  await expect
    .poll(async () => isThere(await progressOf(killed, job.id), killed), {
      ...{ timeout: 120_000, interval: 5 },
    })
    .toBe(true);
  await killed.kill();
  await expectWhole();

  const studio = await ServedStudio.start(workspace);
  const before = await studio.ask('exports.list', { projectId: ids.projectId });
  expect(before.length).toBeLessThan(formats.length);
  expect((await progressOf(studio, job.id))?.state).toBe('interrupted');
  const ended = await studio.settled(await studio.ask('jobs.resume', { jobId: job.id }));
  expect(ended).toMatchObject({ state: 'succeeded', error: null });
  const after = await studio.ask('exports.list', { projectId: ids.projectId });
  // What was done before the kill is not done again.
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map(({ format }) => format)).toEqual(formats);
  expect(after.every(({ proof }) => proof?.equal === validationRows)).toBe(true);
  expect(names()).toEqual(['student', 'student-onnx']);
  await expectWhole();
  await studio.end();
}

describe('an application killed while it exports', () => {
  it('leaves nothing that looks finished while a format is written', () =>
    killedAt(() => unfinished().some((name) => readdirSync(join(into, name)).length > 0)));

  it('keeps what was done while the next format is tried, and goes on from there', () =>
    killedAt(
      (job) => job?.progress.phase === 'proving' && (job.progress.exporting?.done ?? 0) === 1,
    ));
});

describe('an export that is cancelled', () => {
  it('ends while its child answers, and leaves nothing but what was done', async () => {
    const studio = await ServedStudio.start(workspace);
    const job = await start(studio);
    await expect
      .poll(async () => (await progressOf(studio, job.id))?.progress.phase, {
        ...{ timeout: 120_000, interval: 5 },
      })
      .toBe('proving');
    await studio.ask('jobs.cancel', { jobId: job.id });
    expect((await studio.settled(job)).state).toBe('cancelled');
    expect(unfinished()).toEqual([]);
    await expectWhole();
    await studio.end();
  });
});
