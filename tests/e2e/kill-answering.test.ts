import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addStudent } from '../unit/ipc/playground-support.ts';
import { openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { newDataset, rows } from '../unit/store/workspace.ts';
import { cli, startCli } from './processes.ts';

const count = 1_000;
let place: { folder: string; remove: () => void };
let workspace: string;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  const studio = openStudio(workspace);
  const project = studio.store.projects.create({
    ...{ name: 'sums', task: 'text', labels: [], synthetic: false },
  });
  newDataset(studio.store, project, rows(2));
  await addStudent(studio, project);
  await studio.close();
});
afterEach(() => place.remove());

/** Lines that the unfinished job has written down, a torn one not counted. */
function answered(): string[] {
  const data = join(workspace, 'data');
  const [work] = existsSync(data) ? readdirSync(data).filter((name) => name.startsWith('.')) : [];
  const folder = work === undefined ? null : join(data, work);
  const [log] = folder ? readdirSync(folder).filter((name) => /-\d+\.jsonl$/.test(name)) : [];
  if (folder === null || log === undefined) return [];
  return readFileSync(join(folder, log), 'utf8').split('\n').slice(0, -1);
}

describe('an application killed while students answer a file', () => {
  it('keeps every answer that was written down, and the result is that of an undisturbed run', async () => {
    const path = join(place.folder, 'questions.csv');
    const lines = Array.from({ length: count }, (_, n) => `${n},How many are ${n} and ${n + 1}?`);
    writeFileSync(path, ['id,question', ...lines].join('\n'));
    const [killed, whole] = ['killed.csv', 'whole.csv'].map((name) => join(place.folder, name));
    const words = ['ask', '--file', path, '--column', 'question'];

    const running = startCli(workspace, [...words, '--out', killed ?? '']);
    await expect.poll(() => answered().length, { timeout: 60_000 }).toBeGreaterThan(100);
    running.process.kill('SIGKILL');
    await running.ended;
    const before = answered();
    expect(before.length).toBeLessThan(count);

    const resumed = startCli(workspace, ['ask', '--resume', '--out', killed ?? '']);
    await expect.poll(() => answered().length, { timeout: 60_000 }).toBeGreaterThan(before.length);
    expect(answered().slice(0, before.length)).toEqual(before);
    expect((await resumed.ended).code).toBe(0);
    expect((await cli(workspace, [...words, '--out', whole ?? ''])).code).toBe(0);
    expect(readFileSync(killed ?? '', 'utf8')).toBe(readFileSync(whole ?? '', 'utf8'));
    expect(
      readFileSync(killed ?? '', 'utf8')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(count + 1);
    expect(readdirSync(join(workspace, 'data')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
