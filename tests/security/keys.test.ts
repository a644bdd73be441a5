import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput, CallName, CallOutput } from '../../electron/contract/calls.ts';
import type { ExtractionSettings, Provider } from '../../electron/contract/entities.ts';
import type { Studio, StudioOptions } from '../../electron/ipc/studio.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { flippingKeychain, openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { places, startEcho } from './echo-server.ts';
import type { Place } from './echo-server.ts';
import { trainedRunOf } from './trained-run.ts';

const planted = 'sk-planted+Zq7L/x93fWmT0bHkV8uNy2Rd5pQ=';

/** The writings in which the key could be found: whole, in halves, coded, turned round. */
const writings = {
  whole: planted,
  'first half': planted.slice(0, planted.length / 2),
  'second half': planted.slice(planted.length / 2),
  'in an address': encodeURIComponent(planted),
  'in Base64': Buffer.from(planted).toString('base64'),
  'in the Base64 of addresses': Buffer.from(planted).toString('base64url'),
  'in the Base64 of a header': Buffer.from(`Bearer ${planted}`).toString('base64').slice(10),
  'turned round': turned(planted),
  'with its halves turned round':
    turned(planted.slice(0, planted.length / 2)) + turned(planted.slice(planted.length / 2)),
  'the turned first half': turned(planted.slice(0, planted.length / 2)),
  'the turned second half': turned(planted.slice(planted.length / 2)),
};

function turned(text: string): string {
  return [...text].reverse().join('');
}

/** Ways in which a key can come to a studio, and what they need. */
const ways = {
  'for the session': { options: {}, set: true, kept: 'session' },
  'in the keychain': { options: { keychain: flippingKeychain() }, set: true, kept: 'keychain' },
  'in the environment': {
    options: { environment: { STEPWISE_API_KEY: planted } },
    set: false,
    kept: 'environment',
  },
} as const;
type Way = keyof typeof ways;

let workspace: { folder: string; remove: () => void };
let studio: Studio;
/** Everything that has passed a border: answers and events, as JSON. */
let heard: string[];

beforeEach(() => {
  workspace = temporaryFolder();
  heard = [];
});
afterEach(async () => {
  await studio.close();
  workspace.remove();
});

function open(options: Partial<StudioOptions> = {}): void {
  studio = openStudio(workspace.folder, { mode: 'browser', ...options });
  studio.on((event) => heard.push(JSON.stringify(event)));
}

/** Asks as a screen does and keeps what it was told; null where it was refused. */
async function ask<N extends CallName>(
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N> | null> {
  heard.push(JSON.stringify(await studio.call(name, input)));
  return studio.ask(name, input).catch(() => null);
}

/** Every file below a folder with its bytes; a database that is in use may take one away meanwhile. */
function files(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const bytes = bytesOf(path);
      return bytes === null ? [] : [{ path, bytes }];
    });
}

/** Null where the file has gone since its folder was listed. */
function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (caught) {
    if (existsSync(path)) throw caught;
    return null;
  }
}

/** Looks through files, answers, events and whatever else was written. */
function expectNoTrace(written: readonly string[] = []): void {
  const found = files(workspace.folder);
  expect(found.map(({ path }) => path).join()).toContain('studio.sqlite');
  for (const [what, writing] of Object.entries(writings)) {
    for (const { path, bytes } of found) {
      expect(bytes.includes(writing), `${what} in ${path}`).toBe(false);
    }
    for (const text of [...heard, ...written]) {
      // A whole JSON document as a message would hide the words around the key.
      const at = text.indexOf(writing);
      expect(at < 0 ? '' : text.slice(Math.max(0, at - 80), at + 80), what).toBe('');
    }
  }
}

/** While the database has its write-ahead log, and after it was folded in. */
async function expectNoTraceAfterAll(): Promise<void> {
  expect(files(workspace.folder).some(({ path }) => path.endsWith('-wal'))).toBe(true);
  expectNoTrace();
  await studio.close();
  expectNoTrace();
}

const quick: ExtractionSettings = {
  ...defaultExtractionSettings,
  ...{ limit: 6, retries: 0, timeoutSeconds: 10 },
};

/** A teacher on a server, probed and asked, and everything looked at that came of it. */
async function useTeacher(
  baseUrl: string,
  way: Way,
  settings: ExtractionSettings = quick,
  provider: Provider = 'openai',
): Promise<{ projectId: string; extractionId: string }> {
  const { options, set, kept } = ways[way];
  open(options);
  const { id: projectId } = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
  const { id: teacherId } = await studio.ask('teachers.save', {
    ...{ teacherId: null, projectId, kind: 'openai-compatible', name: 'Server' },
    ...{ provider, baseUrl, model: 'm' },
  });
  if (set) await ask('teachers.setKey', { teacherId, key: planted });
  await ask('teachers.probe', { teacherId });
  expect((await ask('teachers.list', { projectId }))?.at(-1)?.keyKept).toBe(kept);
  await ask('prices.save', { model: 'm', price: { input: 1, output: 1, batchShare: 0.5 } });
  const start = { projectId, teacherId, templateId: null, settings };
  const job = await studio.ask('extractions.start', start);
  heard.push(JSON.stringify(await studio.jobs.settled(job.id)));
  const extractionId = job.subjectId ?? '';
  await look(projectId, extractionId);
  await ask('extractions.estimate', start);
  return { projectId, extractionId };
}

async function look(projectId: string, extractionId: string): Promise<void> {
  const window = { extractionId, offset: 0, limit: 50 };
  const page = await ask('rows.page', { ...window, projectId });
  await ask('rows.page', { ...window, projectId, query: { answers: 'failed' } });
  for (const { exampleId } of page?.rows ?? []) {
    await ask('rationales.samples', { extractionId, exampleId });
    await ask('rows.detail', { extractionId, exampleId });
  }
  await ask('extractions.list', { projectId });
  await ask('extractions.live', { extractionId, newest: 50 });
  await ask('extractions.report', { extractionId });
  await ask('extractions.batches', { extractionId });
  const rules = await ask('extractions.rules', { extractionId });
  if (rules) await ask('extractions.tryParse', { ...window, rules });
  await ask('extractions.parse', { extractionId });
  await ask('rows.page', { ...window, projectId, query: { answers: 'answered' } });
  await ask('jobs.list', { projectId: null });
  await ask('projects.overview', { projectId });
}

const isOfBatch = (place: Place): boolean => place.endsWith('batch');

describe('a planted API key', () => {
  it.each(places.filter((place) => !isOfBatch(place)))(
    'is sent to its teacher and found nowhere else, when the server repeats it in %s',
    async (place) => {
      const server = await startEcho(place);
      await useTeacher(server.baseUrl, 'for the session');
      expect(server.keys).toEqual(new Set([planted]));
      expect(server.paths.join()).toContain('/chat/completions');
      expect(server.paths.join()).not.toContain('elsewhere');
      await expectNoTraceAfterAll();
    },
  );

  it.each(['in the keychain', 'in the environment'] as const)(
    'stays where it came from: %s',
    async (way) => {
      for (const place of ['the text of an answer', 'an error 401'] as const) {
        const server = await startEcho(place);
        await useTeacher(server.baseUrl, way);
        expect(server.keys).toEqual(new Set([planted]));
        await expectNoTraceAfterAll();
      }
    },
  );

  it.each(['the text of an answer', 'an error 401'] as const)(
    'goes to Azure in a header of its own, and is found nowhere else: %s',
    async (place) => {
      const server = await startEcho(place);
      await useTeacher(server.baseUrl, 'for the session', quick, 'azure');
      expect(server.keys).toEqual(new Set([planted]));
      expect(server.paths.join()).toContain('/openai/v1/chat/completions');
      await expectNoTraceAfterAll();
    },
  );

  it.each(places.filter(isOfBatch))('is not kept when it stands in %s', async (place) => {
    const server = await startEcho(place);
    await useTeacher(server.baseUrl, 'for the session', { ...quick, mode: 'batch' });
    expect(server.keys).toEqual(new Set([planted]));
    expect(server.paths.join()).toContain('/batches');
    await expectNoTraceAfterAll();
  });

  it('leaves its mark in what is shown and saved in its place', async () => {
    const server = await startEcho('the text of an answer');
    const { projectId, extractionId } = await useTeacher(server.baseUrl, 'for the session');
    const page = await studio.ask('rows.page', {
      ...{ projectId, extractionId, query: { answers: 'answered' as const }, offset: 0, limit: 1 },
    });
    const exampleId = page.rows[0]?.exampleId ?? 0;
    const { completion } = await studio.ask('rows.detail', { extractionId, exampleId });
    expect(completion).toMatch(/^I was sent Authorization: Bearer \[key/);
  });

  it('is not carried out of the workspace by an export', async () => {
    const server = await startEcho('the text of an answer');
    const { projectId, extractionId } = await useTeacher(server.baseUrl, 'for the session');
    const runId = await trainedRunOf(studio, projectId, extractionId, 'run');
    const job = await studio.ask('exports.start', { runId, name: null });
    expect((await studio.jobs.settled(job.id)).state).toBe('succeeded');
    const [exported] = await studio.ask('exports.list', { projectId });
    heard.push(JSON.stringify(exported));
    expect(files(exported?.folder ?? '').length).toBeGreaterThan(5);
    await expectNoTraceAfterAll();
  });

  it('is not carried out by an export of rows or of a review, nor found by a search', async () => {
    const server = await startEcho('the text of an answer');
    const { projectId, extractionId } = await useTeacher(server.baseUrl, 'for the session');
    const seen = { projectId, extractionId, offset: 0, limit: 50 };
    const page = (query: { text?: string; verdict?: 'accepted' }) =>
      studio.ask('rows.page', { ...seen, query });
    await expect.poll(async () => (await page({})).searchReady, { timeout: 60_000 }).toBe(true);
    // The index keeps words in small letters, and not as they stand side by side.
    expect((await page({ text: '"key removed"' })).total).toBeGreaterThan(0);
    for (const word of ['zq7l', 'x93fwmt0bhkv8uny2rd5pq', turned('zq7l')]) {
      expect([word, (await page({ text: word })).total]).toEqual([word, 0]);
    }
    const index = files(workspace.folder).filter(({ path }) => /search\.sqlite/.test(path));
    expect(index.length).toBeGreaterThan(0);
    for (const { bytes } of index) expect(bytes.includes('wmt0bhkv8uny')).toBe(false);

    const target = { query: { answers: 'answered' as const } };
    await ask('reviews.apply', {
      ...{ extractionId, target },
      change: { kind: 'verdict', verdict: 'accepted' },
    });
    heard.push(
      JSON.stringify(await studio.ask('reviews.export', { extractionId, reviewer: 'Ada' })),
    );
    for (const format of ['jsonl', 'csv', 'parquet'] as const) {
      const job = await studio.ask('data.export', { projectId, extractionId, query: {}, format });
      expect((await studio.jobs.settled(job.id)).state).toBe('succeeded');
    }
    const exported = await ask('data.exports', { projectId });
    const written = files(studio.folders.dataExports);
    expect([exported?.length, written.length]).toEqual([3, 4]);
    const rows = written.find(({ path }) => path.endsWith('.csv'))?.bytes.toString();
    expect(rows).toContain('[key');
    await expectNoTraceAfterAll();
  });

  it('is struck out of what an unexpected failure says', async () => {
    open({
      ...ways['in the environment'].options,
      chooseFile: () => Promise.reject(new TypeError(`invalid header: Bearer ${planted}`)),
    });
    await ask('files.choose', {});
    expect(heard.at(-1)).toContain('internal');
    const log = readFileSync(join(workspace.folder, 'logs/studio.log'), 'utf8');
    expect(log).toContain('invalid header');
    await expectNoTraceAfterAll();
  });

  it.each(['http://me:PASS@127.0.0.1:9/v1', 'http://127.0.0.1:9/v1?key=PASS'])(
    'or password is not taken inside an address: %s',
    async (address) => {
      open();
      const { id } = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
      const teacher = { teacherId: null, projectId: id, name: 'Server', model: 'm' };
      const answer = await studio.call('teachers.save', {
        ...{ ...teacher, kind: 'openai-compatible' },
        baseUrl: address.replace('PASS', encodeURIComponent(planted)),
      });
      heard.push(JSON.stringify(answer));
      expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      await expectNoTraceAfterAll();
    },
  );
});

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Throws what holds the key, where nobody catches it, when the process gets SIGUSR2. */
const bomb = (how: 'thrown' | 'rejected'): string => {
  const error = `new Error('request failed: Bearer ' + process.env.PLANTED, {
    cause: { headers: { authorization: process.env.PLANTED } } })`;
  const act = how === 'thrown' ? `throw ${error}` : `Promise.reject(${error})`;
  return `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${act} })`)}`;
};

/** Runs a file of the application and crashes it once it has said or done what `ready` waits for. */
async function crashed(
  file: string,
  words: readonly string[],
  how: 'thrown' | 'rejected',
  more: NodeJS.ProcessEnv,
  ready: (output: string) => boolean,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import', bomb(how), at(file), ...words], {
    env: { PATH: process.env['PATH'], HOME: workspace.folder, PLANTED: planted, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let sent = false;
  const poll = setInterval(() => {
    if (sent || !ready(output)) return;
    sent = true;
    child.kill('SIGUSR2');
  }, 20);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => (output += piece.toString()));
  }
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearInterval(poll);
  return { code, output };
}

describe.skipIf(process.platform === 'win32')('a crash (signals of POSIX systems)', () => {
  const sides = ['thrown', 'rejected'] as const;

  it.each(sides)('of the command line prints no key: %s', async (how) => {
    open();
    await studio.ask('projects.createSample', { rows: 50, seed: 1 });
    await studio.close();
    const server = await startEcho('an error 429');
    const { code, output } = await crashed(
      '../../electron/cli.ts',
      [
        ...['--workspace', workspace.folder, 'extract', '--teacher', server.baseUrl],
        ...['--model', 'm', '--key-env', 'PLANTED', '--retries', '10'],
      ],
      how,
      {},
      () => server.paths.length > 0,
    );
    expect(code).toBe(1);
    expect(output).toContain('request failed: Bearer [key removed]');
    expectNoTrace([output]);
  });

  it.each(sides)('of browser mode prints no key: %s', async (how) => {
    open();
    await studio.close();
    const { code, output } = await crashed(
      '../../electron/serve.ts',
      ['--workspace', workspace.folder],
      how,
      { STEPWISE_API_KEY: planted },
      (text) => text.includes('Open this address'),
    );
    expect(code).toBe(1);
    expect(output).toContain('request failed: Bearer [key removed]');
    expectNoTrace([output]);
  });
});
