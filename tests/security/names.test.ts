import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../electron/contract/entities.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { openStudio, succeeded, temporaryFolder } from '../unit/ipc/support.ts';
import { trainedRun } from './trained-run.ts';

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

async function exported(runId: string, name: string | null): Promise<ExportRecord> {
  await succeeded(studio, await studio.ask('exports.start', { runId, name }));
  const { projectId } = studio.store.runs.get(runId);
  const record = (await studio.ask('exports.list', { projectId })).at(-1);
  if (record === undefined) throw new Error('nothing was exported');
  return record;
}

describe('a name from outside', () => {
  it('never leads an export out of its folder', async () => {
    const before = readdirSync(place.folder);
    const runId = await trainedRun(studio, '../../project', '../../run');
    const posix = ['../../evil', '..', '/etc/evil', 'a/../../b', '~'];
    const names = [...posix, 'C:\\evil', '.\u0000.', '한국어 🙂', null];
    for (const name of names) {
      const { folder, proof } = await exported(runId, name);
      expect(join(folder, '..'), String(name)).toBe(studio.folders.exports);
      expect(proof?.equal).toBe(proof?.rows);
      expect(readdirSync(studio.folders.exports)).toHaveLength(1);
      // The next may come to the same name.
      rmSync(folder, { recursive: true });
    }
    expect(readdirSync(place.folder)).toEqual(before);
  });
});

describe('an export cut short', () => {
  it('after its last rename is taken up by the next, and not made twice', async () => {
    const runId = await trainedRun(studio, 'sums', 'run');
    const first = await exported(runId, null);
    const database = new Database(join(studio.folders.workspace, 'studio.sqlite'));
    database.exec('DELETE FROM exports');
    database.close();

    const second = await exported(runId, null);
    expect(second.folder).toBe(first.folder);
    expect(second.files).toEqual(first.files);
    expect(readdirSync(studio.folders.exports)).toHaveLength(1);
    expect((await exported(runId, null)).folder).not.toBe(first.folder);
  });

  it('does not take a stranger’s folder for its own', async () => {
    const runId = await trainedRun(studio, 'sums', 'run');
    mkdirSync(join(studio.folders.exports, 'sums-run'));
    expect((await exported(runId, null)).folder).toBe(join(studio.folders.exports, 'sums-run-2'));
    expect(readdirSync(join(studio.folders.exports, 'sums-run'))).toEqual([]);
  });
});

describe('rows from outside', () => {
  it('keep fields named like parts of every object', async () => {
    const path = join(place.folder, 'rows.jsonl');
    const row = '{"__proto__": {"polluted": "yes"}, "constructor": "c", "input": "q"}';
    writeFileSync(path, `${row}\n${row}\n`);
    const { id: projectId } = await studio.ask('projects.create', {
      ...{ name: 'P', task: 'text', labels: [] },
    });
    const { fileId } = studio.files.register(path);
    const { columns } = await studio.ask('import.inspect', { fileId });
    expect(columns).toEqual(['__proto__.polluted', 'constructor', 'input']);
    const mapping = {
      ...{ id: null, template: null, choices: [], rationale: null, completion: null },
      ...{ input: '__proto__.polluted', label: 'constructor' },
    };
    const input = { projectId, fileId, name: null, mapping, givenPart: null };
    await succeeded(studio, await studio.ask('import.start', input));
    const page = await studio.ask('examples.page', { projectId, offset: 0, limit: 10 });
    expect(page.rows.map(({ input: text, gold }) => [text, gold])).toEqual([
      ['yes', 'c'],
      ['yes', 'c'],
    ]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('may have a column called __proto__', async () => {
    for (const [name, text] of [
      ['a.csv', '__proto__,input\nx,y\n'],
      ['a.jsonl', '{"__proto__":"x","input":"y"}\n'],
    ] as const) {
      const path = join(place.folder, name);
      writeFileSync(path, text);
      const { fileId } = studio.files.register(path);
      const { columns } = await studio.ask('import.inspect', { fileId });
      expect(columns).toEqual(['__proto__', 'input']);
    }
  });

  it('that look like formulas stay the text they are', async () => {
    const formulas = ['=HYPERLINK("http://x","y")', '+1+1', '-2', "@SUM(A1)|cmd|' /C calc'!A0"];
    const path = join(place.folder, 'rows.csv');
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    writeFileSync(path, ['input', ...formulas.map(cell)].join('\n'));
    const { id: projectId } = await studio.ask('projects.create', {
      ...{ name: 'P', task: 'text', labels: [] },
    });
    const { fileId } = studio.files.register(path);
    const { suggested } = await studio.ask('import.inspect', { fileId });
    const mapping = { ...suggested, input: 'input', label: null };
    const input = { projectId, fileId, name: null, mapping, givenPart: null };
    await succeeded(studio, await studio.ask('import.start', input));
    const page = await studio.ask('examples.page', { projectId, offset: 0, limit: 10 });
    expect(page.rows.map(({ input: text }) => text)).toEqual(formulas);
  });
});
