import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DataExport, splitSettingsDefaults } from '../../electron/contract/entities.ts';
import { openStore } from '../../electron/store/open.ts';
import { Target, secret } from './visitor.ts';
import type { Answer } from './visitor.ts';

let target: Target;
let cookie: string;
let file: DataExport;

async function call<T>(name: string, input: unknown, output: z.ZodType<T>): Promise<T> {
  const { body } = await target.ask({
    ...{ method: 'POST', path: `/call/${name}`, body: JSON.stringify(input) },
    headers: { cookie, 'x-stepwise': '1', 'content-type': 'application/json' },
  });
  return z.object({ ok: z.literal(true), value: output }).parse(JSON.parse(body)).value;
}

/** A file with rows, written as a person has it written. */
beforeAll(async () => {
  target = await Target.start();
  cookie = await target.enter();
  const sample = { rows: 50, seed: 1 };
  const { id: projectId } = await call(
    'projects.createSample',
    sample,
    z.looseObject({ id: z.string() }),
  );
  const wanted = { projectId, extractionId: null, format: 'csv' };
  await call('data.export', wanted, z.unknown());
  // The hook's own limit ends the wait.
  for (; ; await setTimeout(50)) {
    const written = await call('data.exports', { projectId }, z.array(DataExport));
    if (written[0] === undefined) continue;
    file = written[0];
    return;
  }
});
afterAll(() => target.stop());

const ask = (path: string, headers: Record<string, string> = { cookie }): Promise<Answer> =>
  target.ask({ path, headers });

describe('a file of exported rows', () => {
  it('is given to the person’s own browser as a file to save, whole', async () => {
    const answer = await ask(`/data/${file.id}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(readFileSync(file.path, 'utf8'));
    expect(answer.body.split('\n')).toHaveLength(file.rows + 2);
    expect(answer.headers).toMatchObject({
      'content-disposition': `attachment; filename*=UTF-8''${basename(file.path)}`,
      'content-type': 'application/octet-stream',
      'content-length': String(file.bytes),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('is for nobody without the session, and for no other page', async () => {
    const host = `127.0.0.1:${target.server.port}`;
    const path = `/data/${file.id}`;
    const refused: [number, Record<string, string>][] = [
      [401, {}],
      [401, { cookie: cookie.slice(0, -1) }],
      [403, { cookie, origin: 'https://evil.example' }],
      [403, { cookie, origin: 'null' }],
      [403, { cookie, host: 'evil.example' }],
    ];
    for (const [status, headers] of refused) {
      const answer = await ask(path, headers);
      expect([headers, answer.status]).toEqual([headers, status]);
      expect(answer.body).not.toContain('label');
    }
    expect((await ask(path, { cookie, origin: `http://${host}` })).status).toBe(200);
    expect((await target.ask({ method: 'POST', path, headers: { cookie } })).status).toBe(403);
  });

  it('is named by its id alone: no path leads to another', async () => {
    const name = basename(file.path);
    for (const path of [
      ...['/data/', '/data/none', `/data/${name}`, `/data/${encodeURIComponent(file.path)}`],
      ...['/data/../secret.txt', '/data/..%2f..%2fsecret.txt', '/data/%2e%2e/studio.sqlite'],
      ...[`/data/${file.id}/../../secret.txt`, `/data/${file.id}%00`, '/data/__proto__'],
    ]) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.body).not.toContain(secret);
    }
  });

  it('that was changed or taken away since is given as it is, or not at all', async () => {
    appendFileSync(file.path, 'more\n');
    expect((await ask(`/data/${file.id}`)).body.endsWith('more\n')).toBe(true);
    writeFileSync(file.path, '');
    expect(await ask(`/data/${file.id}`)).toMatchObject({ status: 200, body: '' });
    rmSync(file.path);
    expect((await ask(`/data/${file.id}`)).status).toBe(404);
  });
});

describe('a report', () => {
  /** A report as its job leaves it, with a script that somebody has put into its file since. */
  function savedReport(): string {
    const { workspace } = target.server;
    const store = openStore(join(workspace, 'studio.sqlite'));
    try {
      const projectId = store.projects.list()[0]?.id ?? '';
      const [exampleId = 0] = store.data
        .page(projectId, { offset: 0, limit: 1 })
        .rows.map(({ id }) => id);
      const split = store.splits.create({
        ...{ projectId, name: null, leaks: null },
        settings: {
          ...{ ...splitSettingsDefaults, kind: 'random', validation: 0.1, test: 0.1 },
          ...{ stratify: false, groupByMaskedText: true, seed: 1 },
        },
        members: new Map([[exampleId, 'test']]),
      });
      const fileOf = (kind: string, text: string) => {
        const path = join(workspace, `report.${kind}`);
        writeFileSync(path, text);
        return { path, bytes: text.length };
      };
      return store.resultFiles.saveReport({
        ...{ id: 'the-report', projectId, splitId: split.id, part: 'test', systems: [] },
        ...{ language: 'en', title: 'Report' },
        html: fileOf('html', '<script>fetch("/call/app.info")</script>'),
        json: fileOf('json', '{}'),
      }).id;
    } finally {
      store.close();
    }
  }

  it('is saved by the browser, and never shown where the application’s own pages are', async () => {
    const id = savedReport();
    for (const kind of ['html', 'json']) {
      const answer = await ask(`/data/${id}.${kind}`);
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-disposition': `attachment; filename*=UTF-8''report.${kind}`,
        'content-type': 'application/octet-stream',
        'x-content-type-options': 'nosniff',
      });
      expect((await ask(`/data/${id}.${kind}`, {})).status).toBe(401);
    }
    for (const path of [
      `/data/${id}`,
      `/data/${id}.sqlite`,
      `/data/${id}.html/..`,
      '/data/.html',
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    }
  });
});
