import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStudio, succeeded, temporaryFolder } from '../unit/ipc/support.ts';
import { writeExported } from '../unit/import-student/folders.ts';
import { cli, startCli } from './processes.ts';

let place: { folder: string; remove: () => void };
let workspace: string;
let student: string;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  student = join(place.folder, 'student');
  await writeExported(student, { inputs: [] });
  const studio = openStudio(workspace);
  await studio.ask('projects.createSample', { rows: 60, seed: 1 });
  await studio.close();
  expect((await cli(workspace, ['split'])).code).toBe(0);
});
afterEach(() => place.remove());

const runsFolder = (): string[] => {
  const folder = join(workspace, 'runs');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const filesIn = (): string[] =>
  runsFolder().flatMap((run) => readdirSync(join(workspace, 'runs', run)));

/** What the database holds, seen from outside while another process writes it. */
function runRows(): number {
  const db = new Database(join(workspace, 'studio.sqlite'), { readonly: true, timeout: 5_000 });
  try {
    return db.prepare<[], { n: number }>('SELECT count(*) AS n FROM runs').get()?.n ?? 0;
  } finally {
    db.close();
  }
}

/** Moments at which a process is killed. */
const moments = [
  { moment: 'with its job saved', isSo: () => jobRows() > 0 },
  { moment: 'with a folder begun', isSo: () => runsFolder().length > 0 },
  { moment: 'with files beside their place', isSo: () => filesIn().length > 0 },
  { moment: 'with the folder in its place', isSo: () => filesIn().includes('best') },
];

function jobRows(): number {
  const db = new Database(join(workspace, 'studio.sqlite'), { readonly: true, timeout: 5_000 });
  try {
    const counted = db.prepare<[], { n: number }>(
      "SELECT count(*) AS n FROM jobs WHERE kind = 'import-student'",
    );
    return counted.get()?.n ?? 0;
  } finally {
    db.close();
  }
}

describe('an application killed while it takes a student in', () => {
  it.each(moments)(
    '$moment shows none that is not whole, and takes it in again',
    async (at) => {
      const running = startCli(workspace, ['import-student', student]);
      let hasEnded = false;
      void running.ended.then(() => (hasEnded = true));
      while (!hasEnded && !at.isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
      running.process.kill('SIGKILL');
      await running.ended;
      const before = runRows();

      const studio = openStudio(workspace);
      const [project] = await studio.ask('projects.list', {});
      const projectId = project?.id ?? '';
      const runs = await studio.ask('runs.list', { projectId });
      expect(runs).toHaveLength(before);
      // What is in the workspace belongs to a run, whole.
      expect(runsFolder()).toEqual(runs.map(({ id }) => id));
      const jobs = await studio.ask('jobs.list', { projectId });
      const job = jobs.find(({ kind }) => kind === 'import-student');
      if (job?.state === 'interrupted') {
        await succeeded(studio, await studio.ask('jobs.resume', { jobId: job.id }));
      }
      const after = await studio.ask('runs.list', { projectId });
      expect(after).toHaveLength(1);
      const [run] = after;
      expect(run).toMatchObject({ imported: true, name: 'step-by-step 3' });
      const asked = { projectId, splitId: run?.splitId ?? '', part: 'validation' } as const;
      const evaluation = await studio.ask('compare.start', { ...asked, runIds: [run?.id ?? ''] });
      await succeeded(studio, evaluation);
      await studio.close();
    },
    180_000,
  );
});
