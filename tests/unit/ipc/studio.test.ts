import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput } from '../../../electron/contract/calls.ts';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import type { Studio, StudioOptions } from '../../../electron/ipc/studio.ts';
import { collectingLog } from '../jobs/support.ts';
import { flippingKeychain, openStudio, succeeded, temporaryFolder } from './support.ts';

const key = 'sk-a-very-secret-key';

let workspace: string;
let open: Studio[];
let servers: Server[];
let removeFolder: () => void;

beforeEach(() => {
  const { folder, remove } = temporaryFolder();
  workspace = join(folder, 'workspace');
  removeFolder = remove;
  open = [];
  servers = [];
});
afterEach(async () => {
  for (const studio of open) await studio.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  removeFolder();
});

function start(changes: Partial<StudioOptions> = {}): Studio {
  const studio = openStudio(workspace, changes);
  open.push(studio);
  return studio;
}

/** A teacher's server: `answer` says what each request gets; null leaves it waiting. */
async function serve(
  answer: (authorization: string) => { status: number; body: unknown } | null,
): Promise<string> {
  const server = createServer((request, response) => {
    const reply = answer(request.headers.authorization ?? '');
    request.resume();
    if (reply === null) return;
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
}

async function sampleWithServer(studio: Studio, baseUrl: string) {
  const project = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
  const teacher = await studio.ask('teachers.save', {
    teacherId: null,
    projectId: project.id,
    kind: 'openai-compatible',
    name: 'Server',
    baseUrl,
    model: 'first',
  });
  return { projectId: project.id, teacher };
}

const settings = {
  concurrency: 2,
  temperature: 0,
  maxTokens: 64,
  timeoutSeconds: 30,
  retries: 0,
  limit: null,
};

const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'code' in error ? error.code : error,
  );

describe('a workspace', () => {
  it('is made with its folders, and opened by one studio at a time', async () => {
    const studio = start();
    for (const name of ['runs', 'exports', 'incoming', 'logs', 'studio.sqlite']) {
      expect(existsSync(join(workspace, name)), name).toBe(true);
    }
    if (process.platform !== 'win32') expect(statSync(workspace).mode & 0o077).toBe(0);
    expect(() => start()).toThrow(expect.objectContaining({ code: 'workspace-locked' }));
    await studio.close();
    await studio.close();
    expect(() => start()).not.toThrow();
  });

  it('is refused where it can’t be made, and is not left locked by a failure', () => {
    writeFileSync(workspace, 'a file where the folder should be');
    expect(() => start()).toThrow(expect.objectContaining({ code: 'workspace-unusable' }));
  });

  it('is given back when its store can’t be opened', () => {
    const studio = start();
    return studio.close().then(() => {
      const database = join(workspace, 'studio.sqlite');
      const right = readFileSync(database);
      writeFileSync(database, 'not a database at all, but long enough to be looked at '.repeat(40));
      // Twice: the first refusal must not leave the workspace locked.
      expect(() => start()).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
      expect(() => start()).toThrow(expect.objectContaining({ code: 'store-corrupt' }));
      writeFileSync(database, right);
      expect(() => start()).not.toThrow();
    });
  });
});

describe('events', () => {
  it('begin with every unsettled job, for each new listener', async () => {
    const studio = start();
    const { projectId, teacher } = await sampleWithServer(studio, await serve(() => null));
    const extraction = { projectId, teacherId: teacher.id, templateId: null, settings };
    const job = await studio.ask('extractions.start', extraction);
    const heard: StudioEvent[] = [];
    const stop = studio.on((event) => heard.push(event));
    expect(heard).toEqual([{ name: 'job', payload: expect.objectContaining({ id: job.id }) }]);
    stop();
    await studio.ask('jobs.cancel', { jobId: job.id });
    await studio.jobs.settled(job.id);
    expect(heard).toHaveLength(1);
    const late: StudioEvent[] = [];
    studio.on((event) => late.push(event));
    expect(late).toEqual([]);
  });
});

describe('extractions', () => {
  it('are continued where they lack rows, and made new with other settings', async () => {
    const studio = start();
    let answers = 0;
    const baseUrl = await serve(() => {
      answers += 1;
      return answers % 2 === 0
        ? { status: 500, body: { error: { message: 'tired' } } }
        : completion('So the answer is 3 + 4.');
    });
    const { projectId, teacher } = await sampleWithServer(studio, baseUrl);
    const input = { projectId, teacherId: teacher.id, templateId: null, settings };
    const first = await studio.ask('extractions.start', input);
    await studio.jobs.settled(first.id);
    const again = await studio.ask('extractions.start', input);
    expect(again.subjectId).toBe(first.subjectId);
    expect(await codeOf(studio.ask('extractions.start', input))).toBe('job-conflict');
    await studio.jobs.settled(again.id);
    const other = await studio.ask('extractions.start', {
      ...input,
      settings: { ...settings, temperature: 1 },
    });
    expect(other.subjectId).not.toBe(first.subjectId);
    await studio.ask('jobs.cancel', { jobId: other.id });
    await studio.jobs.settled(other.id);
    expect(await studio.ask('templates.list', { projectId })).toHaveLength(1);
    expect(await studio.ask('extractions.list', { projectId })).toHaveLength(2);
  });

  it('go on with another pace or limit, asking for no answered row again', async () => {
    const studio = start();
    let requests = 0;
    const baseUrl = await serve(() => {
      requests += 1;
      return completion('So the answer is 3 + 4.');
    });
    const { projectId, teacher } = await sampleWithServer(studio, baseUrl);
    const input = { projectId, teacherId: teacher.id, templateId: null, settings };
    const pilot = await studio.ask('extractions.start', {
      ...input,
      settings: { ...settings, limit: 7 },
    });
    await succeeded(studio, pilot);
    expect(requests).toBe(7);
    const faster = { ...settings, concurrency: settings.concurrency + 3 };
    const whole = await studio.ask('extractions.start', { ...input, settings: faster });
    expect(whole.subjectId).toBe(pilot.subjectId);
    await succeeded(studio, whole);
    expect(requests).toBe(50);
    await succeeded(studio, await studio.ask('extractions.start', input));
    expect(requests).toBe(50);
    expect(await studio.ask('extractions.list', { projectId })).toMatchObject([
      { completed: 50, wanted: 50, failed: 0 },
    ]);
  });

  it('survive the end of the process as interrupted jobs that can be resumed', async () => {
    let stuck = true;
    const baseUrl = await serve(() => (stuck ? null : completion('So the answer is 7.')));
    const first = start();
    const { projectId, teacher } = await sampleWithServer(first, baseUrl);
    const input = { projectId, teacherId: teacher.id, templateId: null, settings };
    const job = await first.ask('extractions.start', input);
    await first.close();

    stuck = false;
    const second = start();
    expect(await second.ask('jobs.list', { projectId })).toMatchObject([
      { id: job.id, state: 'interrupted' },
    ]);
    await second.ask('jobs.resume', { jobId: job.id });
    await succeeded(second, job);
    expect((await second.ask('extractions.list', { projectId }))[0]?.completed).toBe(50);
  });
});

describe('a kill', () => {
  it('leaves running jobs that the next studio finds interrupted', async () => {
    const first = start();
    const { projectId, teacher } = await sampleWithServer(first, await serve(() => null));
    const input = { projectId, teacherId: teacher.id, templateId: null, settings };
    const running = new Promise((resolve) => {
      first.on((event) => event.name === 'job' && event.payload.state === 'running' && resolve(0));
    });
    const job = await first.ask('extractions.start', input);
    await running;
    // What a kill would leave on the disk at this moment.
    const left = join(workspace, '..', 'left');
    cpSync(workspace, left, { recursive: true });
    const second = openStudio(left);
    open.push(second);
    expect(await second.ask('jobs.list', { projectId })).toMatchObject([
      { id: job.id, state: 'interrupted' },
    ]);
  });
});

describe('keys', () => {
  it('reach the teacher, and appear in no answer, event, log line or file', async () => {
    const seen = new Set<string>();
    const baseUrl = await serve((authorization) => {
      seen.add(authorization);
      // Some servers repeat the key that they refuse.
      return { status: 401, body: { error: { message: `Incorrect API key: ${key}` } } };
    });
    const studio = start({ keychain: flippingKeychain() });
    const told: unknown[] = [];
    studio.on((event) => told.push(event));
    const { projectId, teacher } = await sampleWithServer(studio, baseUrl);
    told.push(await studio.call('teachers.setKey', { teacherId: teacher.id, key }));
    const tested = await studio.ask('teachers.probe', { teacherId: teacher.id });
    expect(tested).toMatchObject({ ok: false, error: { code: 'teacher-unauthorized' } });
    const input = { projectId, teacherId: teacher.id, templateId: null, settings };
    const job = await studio.ask('extractions.start', input);
    const settled = await studio.jobs.settled(job.id);
    expect(settled.error?.code).toBe('teacher-unauthorized');
    told.push(tested, settled, await studio.ask('teachers.list', { projectId }));
    studio.log.error({ apiKey: key, nested: { authorization: `Bearer ${key}` } }, `said ${key}`);
    await studio.close();

    expect(seen).toEqual(new Set([`Bearer ${key}`]));
    expect(JSON.stringify(told)).not.toContain(key);
    for (const name of ['logs/studio.log', 'studio.sqlite']) {
      expect(readFileSync(join(workspace, name)).includes(key), name).toBe(false);
    }
    expect(readFileSync(join(workspace, 'logs/studio.log'), 'utf8')).toContain('[key removed]');
  });

  it('are forgotten when a teacher moves to another server, and follow to another model', async () => {
    const studio = start();
    const baseUrl = await serve(() => completion('So the answer is 7.'));
    const { projectId, teacher } = await sampleWithServer(studio, baseUrl);
    await studio.ask('teachers.setKey', { teacherId: teacher.id, key });
    const change = {
      teacherId: teacher.id,
      projectId,
      kind: 'openai-compatible' as const,
      name: 'Server',
      baseUrl: `${baseUrl}/other-path`,
      model: 'second',
    };
    const sameServer = await studio.ask('teachers.save', change);
    expect(sameServer).toMatchObject({ id: teacher.id, keyKept: 'session', model: 'second' });
    await studio.ask('teachers.save', { ...change, baseUrl });

    const limited = { ...settings, limit: 2 };
    const input = { projectId, teacherId: teacher.id, templateId: null, settings: limited };
    await succeeded(studio, await studio.ask('extractions.start', input));
    const third = await studio.ask('teachers.save', {
      ...change,
      baseUrl,
      name: 'Third',
      model: 'third',
    });
    expect(third).toMatchObject({ keyKept: 'session', model: 'third' });
    expect(third.id).not.toBe(teacher.id);
    expect((await studio.ask('extractions.list', { projectId }))[0]?.teacher.model).toBe('second');

    const moved = await studio.ask('teachers.save', {
      ...change,
      teacherId: third.id,
      name: 'Third',
      model: 'third',
      baseUrl: 'https://llm.example.org/v1',
    });
    expect(moved.keyKept).toBe('none');
  });
});

describe('rows of another project', () => {
  it('are not found', async () => {
    const studio = start();
    const mine = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
    const other = await studio.ask('projects.createSample', { rows: 50, seed: 2 });
    const [teacher] = await studio.ask('teachers.list', { projectId: other.id });
    const { rows } = await studio.ask('examples.page', {
      projectId: other.id,
      offset: 0,
      limit: 1,
    });
    const template = await studio.ask('templates.suggest', { projectId: mine.id });
    const split = await studio.ask('splits.create', {
      projectId: other.id,
      name: null,
      settings: {
        kind: 'random',
        validation: 0.1,
        test: 0.1,
        stratify: false,
        groupByMaskedText: false,
        seed: 1,
      },
    });
    const refused = [
      studio.ask('extractions.start', {
        projectId: mine.id,
        teacherId: teacher?.id ?? '',
        templateId: null,
        settings,
      }),
      studio.ask('templates.preview', {
        ...{ template, exampleId: rows[0]?.id ?? 0 },
        ...{ teacherId: null, maxTokens: 64 },
      }),
      studio.ask('templates.exemplarOf', { projectId: mine.id, exampleId: rows[0]?.id ?? 0 }),
      studio.ask('extractions.estimate', {
        projectId: mine.id,
        teacherId: teacher?.id ?? '',
        templateId: null,
        settings,
      }),
      studio.ask('runs.suggest', { projectId: mine.id, splitId: split.id, method: 'finetune' }),
      studio.ask('compare.systems', { projectId: mine.id, splitId: split.id, part: 'test' }),
      studio.ask('compare.scoreboard', {
        ...{ projectId: mine.id, splitId: split.id, part: 'test', systems: ['run:none'] },
      }),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => 'not-found'));
  });
});

describe('uploads', () => {
  const mapping: CallInput<'import.preview'>['mapping'] = {
    id: null,
    input: 'question',
    template: null,
    label: 'answer',
    choices: [],
    rationale: null,
    completion: null,
  };

  it('stay for another try when their import fails, and go at the next start', async () => {
    const studio = start();
    const { id: projectId } = await studio.ask('projects.create', {
      name: 'Mine',
      task: 'text',
      labels: [],
    });
    const path = join(studio.folders.incoming, 'upload');
    writeFileSync(path, 'question,answer\nWhat is red?,A colour\n');
    const { fileId } = studio.files.register(path, 'questions.csv');
    const input = { fileId, projectId, name: null, givenPart: null };
    const wrong = { ...mapping, input: 'no such column' };
    const failed = await studio.ask('import.start', { ...input, mapping: wrong });
    expect((await studio.jobs.settled(failed.id)).state).toBe('failed');
    expect(existsSync(path)).toBe(true);
    await succeeded(studio, await studio.ask('import.start', { ...input, mapping }));
    await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(false);
    expect(await codeOf(studio.ask('import.inspect', { fileId }))).toBe('not-found');

    writeFileSync(path, 'left over');
    await studio.close();
    start();
    expect(existsSync(path)).toBe(false);
  });

  it('are chosen with the native dialog where there is one', async () => {
    const path = join(workspace, '..', 'own.csv');
    writeFileSync(path, 'question,answer\nWhat is red?,A colour\n');
    const chosen = [path, null];
    const studio = start({ chooseFile: () => Promise.resolve(chosen.shift() ?? null) });
    const handle = await studio.ask('files.choose', {});
    expect(handle).toMatchObject({ name: 'own.csv' });
    expect(JSON.stringify(handle)).not.toContain(workspace);
    expect(await studio.ask('files.choose', {})).toBeNull();
  });
});

describe('a handler that breaks', () => {
  it('is answered as internal, and its story goes to the log', async () => {
    const { log, lines } = collectingLog();
    const studio = start({
      log,
      chooseFile: () => Promise.reject(new RangeError('the dialog fell over')),
    });
    expect(await studio.call('files.choose', {})).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
    expect(JSON.stringify(lines)).toContain('the dialog fell over');
  });
});

function completion(content: string): { status: number; body: unknown } {
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content } };
  const body = { id: 'c', object: 'chat.completion', created: 0, model: 'm', choices: [choice] };
  return { status: 200, body };
}
