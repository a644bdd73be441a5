import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import { startReport } from '../../../electron/ipc/handlers/report.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { ReportFacts } from '../../../electron/stages/compare/report/facts/schema.ts';
import { answeredRun } from '../compare/board.ts';
import { exampleIds, newDataset, newProject, newSplit, rows } from '../store/workspace.ts';
import { openStudio, succeeded, temporaryFolder } from './support.ts';

let place: { folder: string; remove: () => void };
let studio: Studio;
beforeEach(() => {
  place = temporaryFolder();
  studio = openStudio(join(place.folder, 'workspace'));
});
afterEach(async () => {
  await studio.close();
  place.remove();
});

/** Six test rows that one student has answered, and the question of a report on them. */
function compared(title = 'Six apples') {
  const { store } = studio;
  const project = newProject(store);
  newDataset(store, project, rows(7));
  const [train = 0, ...test] = exampleIds(store, project);
  const split = newSplit(store, project, [
    [train, 'train'],
    ...test.map((id): [number, 'test'] => [id, 'test']),
  ]);
  const run = answeredRun(
    store,
    split,
    {},
    test.map((exampleId) => ({ exampleId, label: '7', right: true })),
  );
  return {
    ...{ projectId: project.id, splitId: split.id, part: 'test' as const },
    ...{ systems: [systemKey.run(run.id)], title, language: 'en' as const, examples: 3 },
  };
}

const names = () => readdirSync(join(place.folder, 'workspace', 'reports')).sort();

it('writes both files, lists them and counts one look', async () => {
  const asked = compared();
  await succeeded(studio, await studio.ask('report.start', asked));
  const [report] = await studio.ask('report.list', { projectId: asked.projectId });
  expect(report).toMatchObject({ title: 'Six apples', language: 'en', systems: asked.systems });
  expect(names()).toEqual(['six-apples.html', 'six-apples.json']);
  const page = readFileSync(report?.html.path ?? '', 'utf8');
  expect(Buffer.byteLength(page)).toBe(report?.html.bytes);
  const facts = ReportFacts.parse(JSON.parse(readFileSync(report?.json.path ?? '', 'utf8')));
  expect(facts.scoreboard.looks).toBe(1);
  expect(studio.store.splits.get(asked.splitId).looks).toBe(1);
  // The same again shows nothing new, and writes over nothing.
  await succeeded(studio, await studio.ask('report.start', asked));
  expect(studio.store.splits.get(asked.splitId).looks).toBe(1);
  expect(names()).toHaveLength(4);
  expect(names()).toContain('six-apples-2.html');
});

it('names files of a title in any script, and never leaves the folder', async () => {
  const asked = compared('../../비교: 사과 <1>');
  await succeeded(studio, await studio.ask('report.start', asked));
  expect(names()).toEqual(['비교-사과-1.html', '비교-사과-1.json']);
});

it('writes into the folder that a command names', async () => {
  const folder = join(place.folder, 'elsewhere', 'deep');
  await succeeded(studio, startReport(studio, compared(), folder));
  expect(readdirSync(folder).sort()).toEqual(['six-apples.html', 'six-apples.json']);
  expect(names()).toEqual([]);
});

it('leaves nothing when it is cancelled, and is written when it is started again', async () => {
  const asked = compared();
  const job = await studio.ask('report.start', asked);
  studio.jobs.cancel(job.id);
  const settled = await studio.jobs.settled(job.id);
  expect(settled.state).toBe('cancelled');
  expect(names()).toEqual([]);
  expect(await studio.ask('report.list', { projectId: asked.projectId })).toEqual([]);
  await succeeded(studio, await studio.ask('report.start', asked));
  expect(names()).toHaveLength(2);
});

it('a report whose job did not hear of its end is not written twice', async () => {
  const asked = compared();
  const job = await succeeded(studio, await studio.ask('report.start', asked));
  studio.store.jobs.save({ ...job, state: 'interrupted', seq: job.seq + 1 });
  await studio.close();
  studio = openStudio(join(place.folder, 'workspace'));
  await succeeded(studio, await studio.ask('jobs.resume', { jobId: job.id }));
  expect(names()).toHaveLength(2);
});

it('refuses systems of another project, or without answers, before anything is queued', async () => {
  const asked = compared();
  const other = newProject(studio.store, 'Pears');
  for (const wrong of [
    { ...asked, projectId: other.id },
    { ...asked, part: 'validation' as const },
    { ...asked, systems: [systemKey.teacher('none')] },
  ]) {
    await expect(studio.ask('report.start', wrong)).rejects.toMatchObject({ code: 'not-found' });
  }
  expect(studio.store.jobs.list(null)).toEqual([]);
  expect(existsSync(join(place.folder, 'workspace', 'reports'))).toBe(true);
});
