import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRow } from '../../electron/contract/entities.ts';
import type { Dataset, HealthFinding } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { openStudio, succeeded, temporaryFolder } from '../unit/ipc/support.ts';
import { cli, startCli } from './processes.ts';
import type { Running } from './processes.ts';
import { tinyRows, writeRows } from './rows.ts';

let place: { folder: string; remove: () => void };
let workspace: string;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  expect((await cli(workspace, ['project', 'new', 'sums', '--task', 'arithmetic'])).code).toBe(0);
  const path = writeRows(place.folder, 'first.jsonl', tinyRows(20));
  expect((await cli(workspace, ['import', path])).code).toBe(0);
});
afterEach(() => place.remove());

/** Many rows, which take a second or more; every third answer is a sum that does not hold. */
const manyRows = (count: number, word = 'pens') =>
  Array.from({ length: count }, (_, index) => {
    const [a, b] = [index, (index * 7) % 11];
    const sum = index % 3 === 0 ? a + b + 1 : a + b;
    return {
      id: `m${index}`,
      input: `Ada has ${a} ${word} and gets ${b} more. How many ${word} does she have?`,
      label: String(a + b),
      completion: `She has ${a} + ${b} = ${sum} ${word}. The answer is ${a + b}.`,
    };
  });

/** What the database holds, seen from outside while another process writes it. */
function look<T>(query: string): T[] {
  const path = join(workspace, 'studio.sqlite');
  if (!existsSync(path)) return [];
  const db = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    return db.prepare<[], T>(query).all();
  } finally {
    db.close();
  }
}

const counted = (query: string): number => look<{ n: number }>(`SELECT ${query} AS n`)[0]?.n ?? 0;
const savedRows = (): number => counted('(SELECT count(*) FROM examples)');
const newestId = (): number => counted('(SELECT coalesce(max(id), 0) FROM examples)');

/** Kills a process as soon as something is so; false where it ended before that. */
async function killedOnce(running: Running, isSo: () => boolean): Promise<boolean> {
  let hasEnded = false;
  void running.ended.then(() => (hasEnded = true));
  while (!hasEnded && !isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
  running.process.kill('SIGKILL');
  return (await running.ended).code === null;
}

/** Looks into the workspace as the next start of the application does. */
async function inspect<T>(see: (studio: Studio, projectId: string) => T | Promise<T>): Promise<T> {
  const studio = openStudio(workspace);
  try {
    const [project] = await studio.ask('projects.list', {});
    if (!project) throw new Error('the project is gone');
    return await see(studio, project.id);
  } finally {
    await studio.close();
  }
}

const jobOf = async (studio: Studio, projectId: string, kind: JobRecord['kind']) => {
  const job = (await studio.ask('jobs.list', { projectId })).findLast((each) => each.kind === kind);
  if (!job) throw new Error('the job is gone');
  return job;
};

/** The rows of the project by every way in which a screen asks for them. */
async function shown(studio: Studio, projectId: string) {
  const datasets: Dataset[] = await studio.ask('datasets.list', { projectId });
  const page = await studio.ask('rows.page', {
    ...{ projectId, extractionId: null, query: everyRow, offset: 0, limit: 100 },
  });
  const { total } = await studio.ask('examples.page', { projectId, offset: 0, limit: 1 });
  const walked = [...studio.store.data.examples(projectId)].map(({ externalId }) => externalId);
  expect(walked).toHaveLength(total);
  expect(page.total).toBe(total);
  return { datasets: datasets.map(({ name, rows }) => [name, rows]), total, walked };
}

function expectSound(): void {
  const db = new Database(join(workspace, 'studio.sqlite'), { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
  } finally {
    db.close();
  }
}

describe('an application killed during an import', () => {
  const count = 60_000;
  /** Killed after its last row was saved, it may be whole; before, it never is. */
  const moments = [
    {
      ...{ moment: 'as it begins', mayBeWhole: false },
      isSo: () => counted('EXISTS (SELECT 1 FROM unfinished)') === 1,
    },
    { moment: 'with the first rows', mayBeWhole: false, isSo: () => newestId() > 20 },
    { moment: 'half-way', mayBeWhole: false, isSo: () => newestId() > count / 2 },
    { moment: 'at its last row', mayBeWhole: true, isSo: () => newestId() >= count + 20 },
  ];

  it.each(moments)('$moment shows nothing of it, and imports again', async (at) => {
    const { isSo, mayBeWhole } = at;
    const path = writeRows(place.folder, 'many.jsonl', manyRows(count));
    expect(await killedOnce(startCli(workspace, ['import', path]), isSo)).toBe(true);

    // While what was left is still being removed, nothing is seen of it, and another file is imported.
    const next = writeRows(place.folder, 'next.jsonl', manyRows(3_000, 'nuts'));
    await inspect(async (studio, projectId) => {
      const before = await shown(studio, projectId);
      const isFinished = before.datasets.length === 2;
      expect(before.datasets).toEqual([['first', 20], ...(isFinished ? [['many', count]] : [])]);
      expect(before.total).toBe(isFinished ? count + 20 : 20);
      if (isFinished) expect(mayBeWhole).toBe(true);
    });
    expect(await cli(workspace, ['import', next])).toMatchObject({ code: 0 });
    await inspect(async (studio, projectId) => {
      const { datasets } = await shown(studio, projectId);
      expect(datasets.at(-1)).toEqual(['next', 3_000]);
      const job = (await studio.ask('jobs.list', { projectId })).find(
        ({ kind, title }) => kind === 'import' && title.includes('many'),
      );
      expect(job).toMatchObject({ state: 'interrupted' });
      if (!job) return;
      const resumed = await studio.ask('jobs.resume', { jobId: job.id });
      await succeeded(studio, resumed);
      const after = await shown(studio, projectId);
      expect(after.datasets).toHaveLength(3);
      expect(after.datasets).toContainEqual(['many', count]);
      expect(after.total).toBe(count + 3_020);
    });
    // Nothing else is left of it.
    expect(savedRows()).toBe(count + 3_020);
    expect(counted('(SELECT count(*) FROM unfinished)')).toBe(0);
    expect(counted('(SELECT count(*) FROM datasets)')).toBe(3);
    expectSound();
  });

  it('removes by itself what was left', async () => {
    const path = writeRows(place.folder, 'many.jsonl', manyRows(count));
    const killed = await killedOnce(
      startCli(workspace, ['import', path]),
      () => newestId() > 9_000,
    );
    expect(killed).toBe(true);
    await inspect(async () => {
      await expect.poll(savedRows, { timeout: 60_000 }).toBe(20);
    });
    expect(counted('(SELECT count(*) FROM datasets)')).toBe(1);
    expectSound();
  });

  it('of a newer version of a file leaves the old one, or the new one, and nothing between', async () => {
    const old = writeRows(place.folder, 'many.jsonl', manyRows(20_000));
    expect(await cli(workspace, ['import', old])).toMatchObject({ code: 0 });
    const newer = writeRows(place.folder, 'newer.jsonl', manyRows(20_000, 'shells'));
    const words = ['import', newer, '--replace', 'many'];
    const inputs = () =>
      look<{ word: string; rows: number }>(
        `SELECT iif(input LIKE '%shells%', 'shells', 'pens') AS word, count(*) AS rows
         FROM examples WHERE external_id LIKE 'm%' GROUP BY 1`,
      );
    const done = () =>
      counted(`(SELECT coalesce(max(progress ->> 'done'), 0) FROM jobs
        WHERE kind = 'import' AND state = 'running')`);
    let left = 0;
    for (const rows of [1, 10_000, 19_999]) {
      const isKilled = await killedOnce(startCli(workspace, words), () => done() >= rows);
      const [only, ...others] = inputs();
      expect(others).toEqual([]);
      expect(only?.rows).toBe(20_000);
      if (isKilled && only?.word === 'pens') left += 1;
    }
    expect(left).toBeGreaterThan(0);
    expect(await cli(workspace, words)).toMatchObject({ code: 0 });
    expect(inputs()).toEqual([{ word: 'shells', rows: 20_000 }]);
    expectSound();
  });
});

describe('an application killed while it checks rationales', () => {
  it('goes on with the rows that are left, and ends as one that was never killed', async () => {
    const count = 12_000;
    const path = writeRows(place.folder, 'many.jsonl', manyRows(count));
    expect(await cli(workspace, ['import', path])).toMatchObject({ code: 0 });
    const extract = ['extract', '--teacher', 'recorded'];
    expect(await cli(workspace, extract)).toMatchObject({ code: 0 });
    const checked = () => counted('(SELECT count(*) FROM health)');
    for (const rows of [1, 3_000]) {
      expect(await killedOnce(startCli(workspace, ['check']), () => checked() >= rows)).toBe(true);
    }
    const saved = checked();
    expect(saved).toBeGreaterThanOrEqual(3_000);

    await inspect(async (studio, projectId) => {
      const job = await jobOf(studio, projectId, 'check');
      expect(job.state).toBe('interrupted');
      const extractionId = job.subjectId ?? '';
      const { answered, checked: before } = await studio.ask('health.summary', { extractionId });
      expect(before).toBe(saved);
      expect(answered).toBeGreaterThan(saved);
      const started = await studio.ask('health.start', { extractionId, again: false });
      expect(started.id).toBe(job.id);
      await succeeded(studio, started);
      const resumed = found(studio, projectId, extractionId);
      expect(resumed.size).toBe(answered);
      await succeeded(studio, await studio.ask('health.start', { extractionId, again: true }));
      expect(found(studio, projectId, extractionId)).toEqual(resumed);
      const { flags } = await studio.ask('health.summary', { extractionId });
      expect(flags.find(({ flag }) => flag === 'wrong-arithmetic')?.rows).toBe(count / 3);
    });
    expectSound();
  });
});

/** Findings by row, of those that were checked. */
function found(
  { store: { health, reviews } }: Studio,
  projectId: string,
  extractionId: string,
): Map<number, HealthFinding[]> {
  const ids = [...reviews.ids({ projectId, extractionId, query: everyRow })];
  const checked = ids.filter((id) => health.flags(extractionId, id) !== null);
  return new Map(checked.map((id) => [id, health.findings(extractionId, id)]));
}
