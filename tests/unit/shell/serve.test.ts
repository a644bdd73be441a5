import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FileHandle } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import { startServer } from '../../../electron/serve.ts';
import type { RunningServer } from '../../../electron/serve.ts';
import { defaultWorkspace } from '../../../electron/shell/workspace.ts';
import { shownName } from '../../../electron/shell/upload.ts';
import { temporaryFolder } from '../ipc/support.ts';

let place: { folder: string; remove: () => void };
let server: RunningServer;
let cookie: string;

beforeEach(async () => {
  place = temporaryFolder();
  server = await startServer({ workspace: join(place.folder, 'workspace') });
  const response = await fetch(server.url, { redirect: 'manual' });
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterEach(async () => {
  await server.close();
  place.remove();
});

const origin = () => `http://127.0.0.1:${server.port}`;
const headers = () => ({ cookie, 'x-stepwise': '1', 'content-type': 'application/json' });

async function call(name: string, input: unknown): Promise<unknown> {
  const response = await fetch(`${origin()}/call/${name}`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify(input),
  });
  return response.json();
}

describe('browser mode', () => {
  it('answers calls in the shape of the contract, failures too', async () => {
    expect(await call('app.info', {})).toMatchObject({
      ok: true,
      value: { mode: 'browser', keychain: false, workspace: server.workspace },
    });
    expect(await call('projects.overview', { projectId: 'none' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
    expect(await call('files.choose', {})).toMatchObject({ ok: true, value: null });
  });

  it('tells what happens, to a reader that stays', async () => {
    const leave = new AbortController();
    const stream = await fetch(`${origin()}/events`, { headers: headers(), signal: leave.signal });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const listening = (async () => {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return;
        heard += part.value;
      }
    })().catch(() => undefined);
    await call('projects.createSample', { rows: 50, seed: 1 });
    await expect
      .poll(() => heard)
      .toMatch(/^data: \{"name":"saved","payload":\{.*"area":"projects"/m);
    leave.abort();
    await listening;
    expect(await call('projects.list', {})).toMatchObject({
      ok: true,
      value: [{ synthetic: true }],
    });
  });

  it('takes a file in and knows it by its handle', async () => {
    const response = await fetch(`${origin()}/files?name=${encodeURIComponent('수학 문제.csv')}`, {
      method: 'PUT',
      headers: headers(),
      body: 'input,label\nhow many?,3\n',
    });
    const { value } = JSON.parse(await response.text());
    expect(value).toMatchObject({ name: '수학 문제.csv', bytes: 24 });
    expect(await call('import.inspect', { fileId: value.fileId })).toMatchObject({
      ok: true,
      value: { columns: ['input', 'label'], rows: [{ input: 'how many?', label: '3' }] },
    });
  });

  it('takes a folder in, a file at a time, as one', async () => {
    const send = async (path: string, body: string, folder = 'key-1') => {
      const query = new URLSearchParams({ name: 'Stories', folder, path });
      const response = await fetch(`${origin()}/files?${query}`, {
        ...{ method: 'PUT', headers: headers(), body },
      });
      return { status: response.status, ...JSON.parse(await response.text()) };
    };
    const first = await send('a.txt', 'Once upon a time');
    const second = await send('more/b.txt', 'there was');
    expect(first.value).toMatchObject({ name: 'Stories', bytes: 16 });
    expect(second.value).toEqual({ ...first.value, bytes: 25 });
    expect(await call('import.inspect', { fileId: first.value.fileId })).toMatchObject({
      ok: true,
      value: { container: 'folder', rowsSeen: 2 },
    });
    const places = [
      '../a.txt',
      'a/../../b.txt',
      '',
      '/',
      'a//b',
      '..',
      'a/./b',
      'x/'.repeat(20) + 'y',
    ];
    for (const place of places) {
      expect(await send(place, 'x'), place).toMatchObject({
        ...{ status: 400, ok: false, error: { code: 'invalid-input' } },
      });
    }
    expect(await send('a.txt', 'x', '../key')).toMatchObject({ status: 400, ok: false });
    expect(await send('a.txt', 'again')).toMatchObject({ ok: false });
  });

  it('takes pasted text in as a file', async () => {
    const text = 'question\tanswer\nWhy?\tyes\n';
    const pasted = await call('files.paste', { text });
    expect(pasted).toMatchObject({ ok: true, value: { bytes: text.length } });
    const { fileId } = z.object({ value: FileHandle }).parse(pasted).value;
    expect(await call('import.inspect', { fileId })).toMatchObject({
      ok: true,
      value: { container: 'clipboard', format: 'tsv', columns: ['question', 'answer'] },
    });
  });

  it('does not share a workspace, and says so', async () => {
    await expect(startServer({ workspace: server.workspace })).rejects.toMatchObject({
      code: 'workspace-locked',
    });
  });

  it('says when a port is taken, and gives the workspace back', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const workspace = join(place.folder, 'another');
    await expect(startServer({ workspace, port })).rejects.toBeInstanceOf(StudioError);
    other.close();
    await (await startServer({ workspace })).close();
  });

  it('ends although someone is still listening', async () => {
    const workspace = join(place.folder, 'third');
    const third = await startServer({ workspace });
    const entered = await fetch(third.url, { redirect: 'manual' });
    const own = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const stream = await fetch(`http://127.0.0.1:${third.port}/events`, {
      headers: { cookie: own },
    });
    await third.close();
    await expect(stream.text()).rejects.toThrow();
    await (await startServer({ workspace })).close();
  });
});

it.each([
  ['rows.csv', 'rows.csv'],
  ['C:\\data\\rows.csv', 'rows.csv'],
  ['../../rows.csv', 'rows.csv'],
  ['a\u0000b\n.csv', 'ab.csv'],
  ['', 'upload'],
  ['..', 'upload'],
  ['x'.repeat(300), 'x'.repeat(200)],
])('an upload called %j is shown as a plain name', (raw, shown) => {
  expect(shownName(raw)).toBe(shown);
});

it('the workspace is the named one, else one in the home folder', () => {
  expect(defaultWorkspace({ STEPWISE_WORKSPACE: '/data/w' })).toBe('/data/w');
  expect(defaultWorkspace({})).toMatch(/[\\/]\.stepwise-studio[\\/]workspace$/);
});
