import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callNames, calls } from '../../electron/contract/calls.ts';
import { ErrorValue } from '../../electron/contract/errors.ts';
import { Indexer } from '../../electron/ipc/indexer.ts';
import { KeyRing } from '../../electron/ipc/keys.ts';
import { OpenQuestions } from '../../electron/ipc/open-questions.ts';
import { createHandlers } from '../../electron/ipc/register.ts';
import { RowReader } from '../../electron/ipc/row-reader.ts';
import { SheetReader } from '../../electron/ipc/sheet-reader.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { allCalls, examples, namesMissingRows, wrongInputs } from './examples.ts';

let studio: Studio;
let removeFolder: () => void;

beforeAll(() => {
  const { folder, remove } = temporaryFolder();
  removeFolder = remove;
  studio = openStudio(folder);
});
afterAll(async () => {
  await studio.close();
  removeFolder();
});

describe('the table of calls', () => {
  it('has a handler for every call, and no handler beside it', () => {
    const { store, log } = studio;
    const threads = { run: () => Promise.reject(new Error('no call is put to these handlers')) };
    const indexer = new Indexer({ store, threads, log, onIndexed: () => undefined });
    const handlers = createHandlers({
      ...studio,
      keys: new KeyRing({ store, log, keychain: null, environment: {} }),
      threads,
      indexer,
      rows: new RowReader(store, threads, indexer),
      sheets: new SheetReader(store, threads),
      chooseFile: null,
      chooseFolder: null,
      parsing: new Set(),
      asking: { ask: () => Promise.reject(new Error('nobody is asked here')) },
      questions: new OpenQuestions(),
      tryTraining: () => Promise.reject(new Error('nothing is tried here')),
      listEngines: () => Promise.resolve([]),
      saved: () => undefined,
    });
    expect(Object.keys(handlers).toSorted()).toEqual([...callNames].toSorted());
  });

  it.each(allCalls)('%s: the example is a right input', (name) => {
    expect(calls[name].input.safeParse(examples[name]).error).toBeUndefined();
  });

  it.each(['app.quit', 'toString', '__proto__', 'constructor', '', 'app.info '])(
    'knows no call “%s”',
    async (name) => {
      expect(await studio.call(name, {})).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
    },
  );
});

describe('wrong input', () => {
  it.each(allCalls)('%s refuses every wrong shape with a value, never a throw', async (name) => {
    const wrong = wrongInputs(name);
    expect(wrong.length).toBeGreaterThan(10);
    for (const { what, input } of wrong) {
      const answer = await studio.call(name, input);
      expect(answer, `${name} ${what}`).toMatchObject({
        ok: false,
        error: { code: 'invalid-input' },
      });
      if (answer.ok) continue;
      const error = ErrorValue.parse(answer.error);
      expect(error.message).toMatch(/fit|fields/);
      expect(error.hint).not.toBe('');
    }
  });

  it('changes nothing', async () => {
    expect(await studio.ask('projects.list', {})).toEqual([]);
    expect(await studio.ask('jobs.list', { projectId: null })).toEqual([]);
  });

  it('names the field that does not fit', async () => {
    const answer = await studio.call('splits.create', {
      ...examples['splits.create'],
      settings: { ...examples['splits.create'].settings, test: 2 },
    });
    expect(answer).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('settings.test') },
    });
  });
});

describe('rows that do not exist', () => {
  it.each(allCalls.filter(namesMissingRows))('%s answers with a plain refusal', async (name) => {
    const answer = await studio.call(name, examples[name]);
    expect(answer).toMatchObject({ ok: false, error: { code: 'not-found' } });
    if (!answer.ok) expect(ErrorValue.parse(answer.error).hint).not.toBe('');
  });
});
