import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallInput, CallName } from '../../electron/contract/calls.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { createStudio } from '../../electron/ipc/studio.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { nodeWorkerHost } from '../../electron/jobs/host-node.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';
import { sendCompletion, sendError, sendJson, startServer } from '../unit/teacher/http-server.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';

const planted = 'sk-planted-Zq7Lx93fWmT0bHkV';

let workspace: { folder: string; remove: () => void };
let studio: Studio;
let heard: string[];

beforeEach(() => {
  workspace = temporaryFolder();
  heard = [];
});
afterEach(async () => {
  await studio.close();
  workspace.remove();
});

function open(environment: NodeJS.ProcessEnv): void {
  studio = createStudio({
    workspace: workspace.folder,
    mode: 'browser',
    version: '0.0.0-test',
    host: nodeWorkerHost('unused'),
    keychain: null,
    chooseFile: null,
    environment,
  });
  studio.on((event: StudioEvent) => heard.push(JSON.stringify(event)));
}

/** Asks as a screen does and keeps what it was told. */
async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<void> {
  heard.push(JSON.stringify(await studio.call(name, input)));
}

/** Every file below a folder with its bytes. */
function files(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

/** The forms in which a key could be written down. */
const forms = [planted, Buffer.from(planted).toString('base64'), encodeURIComponent(planted)];

async function expectNoTrace(): Promise<void> {
  await studio.close();
  const found = files(workspace.folder);
  expect(found.map(({ path }) => path).join()).toContain('studio.log');
  for (const form of forms) {
    for (const { path, bytes } of found)
      expect([path, bytes.includes(form)]).toEqual([path, false]);
    for (const text of heard) expect(text).not.toContain(form);
  }
}

async function extract(baseUrl: string, key: string | null): Promise<void> {
  const project = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
  const teacher = await studio.ask('teachers.save', {
    teacherId: null,
    projectId: project.id,
    kind: 'openai-compatible',
    name: 'Server',
    baseUrl,
    model: 'm',
  });
  if (key !== null) await ask('teachers.setKey', { teacherId: teacher.id, key });
  await ask('teachers.list', { projectId: project.id });
  await ask('teachers.test', { teacherId: teacher.id });
  const job = await studio.ask('extractions.start', {
    projectId: project.id,
    teacherId: teacher.id,
    templateId: null,
    settings: { ...defaultExtractionSettings, limit: 10, retries: 0 },
  });
  await studio.jobs.settled(job.id);
  for (const extraction of await studio.ask('extractions.list', { projectId: project.id })) {
    const page = { extractionId: extraction.id, offset: 0, limit: 50 };
    await ask('rationales.page', { ...page, filter: 'all' });
    await ask('rationales.page', { ...page, filter: 'failed' });
  }
  await ask('jobs.list', { projectId: null });
  await ask('projects.overview', { projectId: project.id });
}

describe('a planted API key', () => {
  it('is sent to its teacher and found nowhere else', async () => {
    const server = await startServer((response) =>
      sendCompletion(response, 'Two and two make four. The answer is 4.'),
    );
    open({});
    await extract(server.baseUrl, planted);
    expect(server.requests.length).toBeGreaterThan(10);
    for (const request of server.requests) {
      expect(request.headers.authorization).toBe(`Bearer ${planted}`);
      expect(JSON.stringify(request.body)).not.toContain(planted);
    }
    await expectNoTrace();
  });

  it.each([401, 500])(
    'is struck out where a server repeats it in an error (%i)',
    async (status) => {
      const server = await startServer((response) =>
        sendError(response, status, `no access with key ${planted}`),
      );
      open({});
      await extract(server.baseUrl, planted);
      expect(server.requests.length).toBeGreaterThan(0);
      await expectNoTrace();
    },
  );

  it('does not follow a redirect, and is struck out of its address', async () => {
    const elsewhere = await startServer((response) => sendCompletion(response, 'Thank you.'));
    const server = await startServer((response) =>
      sendJson(response, 307, {}, { location: `${elsewhere.baseUrl}/${planted}?key=${planted}` }),
    );
    open({});
    await extract(server.baseUrl, planted);
    expect(server.requests.length).toBeGreaterThan(0);
    expect(elsewhere.requests).toEqual([]);
    await expectNoTrace();
  });

  it.each(['http://me:PASS@127.0.0.1:9/v1', 'http://127.0.0.1:9/v1?key=PASS'])(
    'or password is not taken inside an address: %s',
    async (address) => {
      open({});
      const { id } = await studio.ask('projects.createSample', { rows: 50, seed: 1 });
      const teacher = { teacherId: null, projectId: id, name: 'Server', model: 'm' };
      const answer = await studio.call('teachers.save', {
        ...{ ...teacher, kind: 'openai-compatible' },
        baseUrl: address.replace('PASS', planted),
      });
      heard.push(JSON.stringify(answer));
      expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      await expectNoTrace();
    },
  );

  it('stays where it came from when it comes from the environment', async () => {
    const server = await startServer((response) => sendError(response, 401, `bad key ${planted}`));
    open({ STEPWISE_API_KEY: planted });
    await extract(server.baseUrl, null);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${planted}`);
    expect(heard.join()).toContain('"keyKept":"environment"');
    await expectNoTrace();
  });
});
