import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../electron/contract/entities.ts';
import type { FromWorker, ToWorker } from '../../electron/contract/worker.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import type { WorkerExit, WorkerHost } from '../../electron/jobs/host.ts';
import { openStudio, succeeded, temporaryFolder } from '../unit/ipc/support.ts';

/** Answers every question with the same word, so that an export proves itself without a model. */
const sameWord: WorkerHost = {
  start() {
    let onMessage: (message: FromWorker) => void = () => undefined;
    let onExit: (exit: WorkerExit) => void = () => undefined;
    const answer = (message: ToWorker): void => {
      if (message.type !== 'start' || message.task.kind !== 'predict') return;
      const answers = message.task.inputs.map(() => ({
        ...{ label: 'word', rationale: null, milliseconds: 1 },
      }));
      onMessage({ type: 'batch', seq: 1, batch: { kind: 'predict', offset: 0, answers } });
      onMessage({ type: 'done', stopped: null });
    };
    setImmediate(() => onMessage({ type: 'ready' }));
    return {
      post: (message) => setImmediate(() => answer(message)),
      onMessage: (listener) => (onMessage = listener),
      onExit: (listener) => (onExit = listener),
      kill: () => setImmediate(() => onExit({ code: 0, signal: null, lastWords: '' })),
    };
  },
};

let place: { folder: string; remove: () => void };
let studio: Studio;

beforeEach(() => {
  place = temporaryFolder();
  studio = openStudio(join(place.folder, 'workspace'), { host: sameWord });
});
afterEach(async () => {
  await studio.close();
  place.remove();
});

/** A run with a checkpoint that has every file of one, in a project of this name. */
async function trainedRun(projectName: string, runName: string): Promise<string> {
  const { id: projectId } = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
  await studio.ask('projects.rename', { projectId, name: projectName });
  const split = await studio.ask('splits.create', {
    ...{ projectId, name: null },
    settings: {
      ...{ kind: 'random', validation: 0.2, test: 0.2, seed: 1 },
      ...{ stratify: false, groupByMaskedText: false },
    },
  });
  const target = { projectId, splitId: split.id };
  const settings = await studio.ask('runs.suggest', { ...target, method: 'finetune' });
  const run = studio.store.runs.create({
    ...{ ...target, extractionId: null, name: runName, settings },
    ...{ trainRows: 30, rationaleRows: 0 },
  });
  const folder = join(studio.folders.run(run.id), 'best');
  mkdirSync(folder, { recursive: true });
  for (const name of ['config', 'tokenizer', 'tokenizer_config', 'special_tokens_map']) {
    writeFileSync(join(folder, `${name}.json`), '{}');
  }
  for (const name of ['generation_config.json', 'stepwise.json', 'model.safetensors']) {
    writeFileSync(join(folder, name), name);
  }
  studio.store.runs.saveCheckpoint(run.id, { which: 'best', step: 1, folder, validation: 0.5 });
  return run.id;
}

async function exported(runId: string, name: string | null): Promise<ExportRecord> {
  await succeeded(studio, await studio.ask('exports.start', { runId, name }));
  const { projectId } = studio.store.runs.get(runId);
  const record = (await studio.ask('exports.list', { projectId })).at(-1);
  if (record === undefined) throw new Error('nothing was exported');
  return record;
}

describe('a name from outside', () => {
  it.each(['../../evil', '..', '/etc/evil', 'C:\\evil', 'a/../../b', '.\u0000.', '~', '한국어 🙂'])(
    'never leads an export out of its folder: %j',
    async (name) => {
      const before = readdirSync(place.folder);
      const runId = await trainedRun('../../project', '../../run');
      for (const wanted of [name, null]) {
        const { folder, proof } = await exported(runId, wanted);
        expect(join(folder, '..')).toBe(studio.folders.exports);
        expect(proof.equal).toBe(proof.rows);
      }
      expect(readdirSync(studio.folders.exports)).toHaveLength(2);
      expect(readdirSync(place.folder)).toEqual(before);
    },
  );
});

describe('an export cut short', () => {
  it('after its last rename is taken up by the next, and not made twice', async () => {
    const runId = await trainedRun('sums', 'run');
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
    const runId = await trainedRun('sums', 'run');
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
