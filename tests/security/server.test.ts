import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Target, secret } from './visitor.ts';
import type { Ask } from './visitor.ts';

let target: Target;
let cookie: string;

beforeAll(async () => {
  target = await Target.start({ uploadLimit: 1024 * 1024 });
  cookie = await target.enter();
});
afterAll(() => target.stop());

const known = (more: Record<string, string> = {}): Record<string, string> => ({
  cookie,
  'x-stepwise': '1',
  ...more,
});
const call = (name: string, input: unknown, headers = known()): Ask => ({
  method: 'POST',
  path: `/call/${name}`,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(input),
});
/** Every kind of thing a visitor may ask for. */
const everything = (headers: Record<string, string>): Ask[] => [
  { path: '/', headers },
  { path: '/assets/app.js', headers },
  { path: '/events', headers },
  { path: '/data/0b3c', headers },
  call('projects.list', {}, { 'x-stepwise': '1', ...headers }),
  {
    method: 'PUT',
    path: '/files?name=x.csv',
    headers: { 'x-stepwise': '1', ...headers },
    body: 'a',
  },
];

describe('a visitor without the session', () => {
  it.each([
    ['no cookie', () => ({})],
    ['an empty cookie', () => ({ cookie: cookie.replace(/=.*/, '=') })],
    ['a made-up cookie', () => ({ cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`) })],
    ['a cookie that is cut short', () => ({ cookie: cookie.slice(0, -1) })],
    ['a cookie with something added', () => ({ cookie: `${cookie}A` })],
    ['the right value under another name', () => ({ cookie: cookie.replace(/^[^=]*/, 'session') })],
  ])('gets nothing with %s', async (_title, headers) => {
    for (const ask of everything(headers())) {
      const answer = await target.ask(ask);
      expect([ask.path, answer.status]).toEqual([ask.path, 401]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(readdirSync(target.incoming)).toEqual([]);
  });

  it('is not let in by a wrong token, an empty one, or a token elsewhere than on the first page', async () => {
    const address = new URL(target.server.newAddress());
    const token = address.searchParams.get('token') ?? '';
    const paths = [
      '/?token=',
      `/?token=${'A'.repeat(token.length)}`,
      `/?token=${token.slice(0, -1)}`,
      `/?token=${token}A`,
      `/index.html?token=${token}`,
      `/events?token=${token}`,
    ];
    for (const path of paths) {
      const answer = await target.ask({ path });
      expect([401, 403]).toContain(answer.status);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    const posted = await target.ask({
      method: 'POST',
      path: `/?token=${token}`,
      headers: { 'x-stepwise': '1' },
    });
    expect(posted.status).toBe(401);
    expect((await target.ask({ path: `/?token=${token}` })).status).toBe(303);
  });

  it('is let in by a token once, and never again by the same', async () => {
    const { pathname, search } = new URL(target.server.newAddress());
    const first = await target.ask({ path: pathname + search });
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^stepwise-\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const second = await target.ask({ path: pathname + search });
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('can not use an address that a newer one has replaced', async () => {
    const older = new URL(target.server.newAddress());
    target.server.newAddress();
    const answer = await target.ask({ path: older.pathname + older.search });
    expect(answer.status).toBe(403);
  });
});

describe('a page of another origin, in a browser that has the session', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'http://localhost.evil.example',
    'file://',
  ])('can not call, upload or listen with Origin %s', async (origin) => {
    const asks = everything(known({ origin })).slice(2);
    for (const ask of asks) expect((await target.ask(ask)).status).toBe(403);
    expect(readdirSync(target.incoming)).toEqual([]);
  });

  it('can not send what a form or a plain fetch can send: the header is missing', async () => {
    const asks: Ask[] = [
      { ...call('projects.list', {}, { cookie, 'x-stepwise': '' }) },
      {
        ...call('projects.list', {}, { cookie, 'x-stepwise': '0', 'content-type': 'text/plain' }),
      },
      { method: 'PUT', path: '/files?name=x', headers: { cookie }, body: 'a' },
    ];
    for (const ask of asks) expect((await target.ask(ask)).status).toBe(403);
  });

  it('is not given a permission by a preflight', async () => {
    const answer = await target.ask({
      method: 'OPTIONS',
      path: '/call/projects.list',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-stepwise',
      },
    });
    expect(answer.status).toBe(403);
    const granted = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
    expect(granted).toEqual([]);
  });

  it('can not reach the server under a name of its own (DNS rebinding)', async () => {
    const hosts = [
      'evil.example',
      `evil.example:${target.server.port}`,
      '127.0.0.1',
      'localhost',
      'localhost:1',
    ];
    for (const host of hosts) {
      for (const ask of everything(known({ host, origin: `http://${host}` }))) {
        expect((await target.ask(ask)).status).toBe(403);
      }
    }
  });

  it('while its own pages are served, under both names of this machine', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const host = `${name}:${target.server.port}`;
      const answer = await target.ask(
        call('projects.list', {}, known({ host, origin: `http://${host}` })),
      );
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { ok: true, value: [] }]);
    }
  });
});

describe('paths', () => {
  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/./../secret.txt',
    '/%00/../secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/%',
    'http://127.0.0.1/../secret.txt',
  ])('can not leave the folder of screens: %s', async (path) => {
    const answer = await target.ask({ path, headers: known() });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain(secret);
  });

  it('can not choose where an upload is written', async () => {
    const names = [
      '../../evil.csv',
      '..%2F..%2Fevil.csv',
      '/etc/evil.csv',
      'C:\\evil.csv',
      '..',
      '',
    ];
    for (const name of names) {
      const answer = await target.ask({
        method: 'PUT',
        path: `/files?name=${encodeURIComponent(name)}`,
        headers: known(),
        body: 'a,b\n1,2\n',
      });
      const { value } = JSON.parse(answer.body);
      expect(value.name).not.toMatch(/[/\\]/);
      expect(Object.keys(value).sort()).toEqual(['bytes', 'fileId', 'name']);
    }
    const written = readdirSync(target.incoming);
    expect(written).toHaveLength(names.length);
    for (const name of written) expect(name).toMatch(/^[0-9a-f-]{36}$/);
    expect(readdirSync(target.folder).sort()).toEqual(['screens', 'secret.txt', 'workspace']);
  });

  it('can not be named in a call: a file is known by its handle only', async () => {
    for (const fileId of [
      '../../secret.txt',
      `${target.folder}/secret.txt`,
      'file:///etc/passwd',
    ]) {
      const answer = await target.ask(call('import.inspect', { fileId }));
      expect(answer.body).not.toContain(secret);
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false });
    }
  });
});

describe('connections', () => {
  it('are bounded in number, and free again when they go', async () => {
    const sockets = Array.from({ length: 200 }, () => connect(target.server.port, '127.0.0.1'));
    let refused = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.once('close', () => (refused += 1));
    }
    await expect.poll(() => refused).toBeGreaterThan(60);
    expect(refused).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        target.ask({ path: '/' }).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(401);
  });
});

describe('bodies', () => {
  const large = Buffer.alloc(9 * 1024 ** 2, 0x20);

  it('over the limit of a call are refused, announced or not', async () => {
    const announced = await target.ask({ ...call('projects.list', {}), body: large });
    expect(announced.status).toBe(413);
    const chunked = await target.ask({
      ...call('projects.list', {}, known({ 'transfer-encoding': 'chunked' })),
      body: large,
    });
    expect(chunked.status).toBe(413);
  });

  it('over the limit of an upload leave nothing behind', async () => {
    const before = readdirSync(target.incoming);
    for (const headers of [known(), known({ 'transfer-encoding': 'chunked' })]) {
      const answer = await target.ask({
        method: 'PUT',
        path: '/files?name=x',
        headers,
        body: large,
      });
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.body)).toMatchObject({
        ok: false,
        error: { code: 'file-too-large' },
      });
    }
    expect(readdirSync(target.incoming)).toEqual(before);
  });

  it('of an upload that breaks off leave nothing behind', async () => {
    const before = readdirSync(target.incoming);
    const socket = connect(target.server.port, '127.0.0.1');
    socket.write(
      `PUT /files?name=x HTTP/1.1\r\nhost: ${target.host}\r\ncookie: ${cookie}\r\n` +
        'x-stepwise: 1\r\ncontent-length: 1000\r\n\r\nonly this',
    );
    await expect.poll(() => readdirSync(target.incoming).length).toBe(before.length + 1);
    socket.destroy();
    await expect.poll(() => readdirSync(target.incoming)).toEqual(before);
  });

  it('that are no JSON, or JSON of another shape, are refused with a sentence', async () => {
    for (const body of ['', '{', 'undefined', '\u0000']) {
      const answer = await target.ask({ ...call('projects.list', {}), body });
      expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([400, 'invalid-input']);
    }
    for (const input of [null, [], 'x', 1, { extra: 1 }, { __proto__: null, constructor: {} }]) {
      const answer = await target.ask(call('projects.list', input));
      expect(JSON.parse(answer.body).error.code).toBe('invalid-input');
    }
  });
});

describe('calls', () => {
  it.each([
    'no.such',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'projects.list/',
    'projects.list%00',
    '../call/projects.list%2f',
  ])('outside the contract do not exist: %s', async (name) => {
    const answer = await target.ask(call(name, {}));
    expect(answer.status).toBe(404);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('are not answered to %s', async (method) => {
    const answer = await target.ask({ ...call('projects.list', {}), method });
    expect(answer.status).toBe(405);
  });
});

describe('every answer', () => {
  it('carries the strict content security policy and its companions', async () => {
    const asks: Ask[] = [
      ...everything(known()).filter((ask) => ask.path !== '/events'),
      { path: '/', headers: {} },
      { path: '/nothing-here', headers: known() },
      { path: target.tokenPath },
      call('no.such', {}),
      { path: '/', headers: { host: 'evil.example' } },
    ];
    for (const ask of asks) {
      const { headers } = await target.ask(ask);
      const policy = String(headers['content-security-policy']);
      const directives = new Map(
        policy.split('; ').map((part) => {
          const [name = '', ...values] = part.split(' ');
          return [name, values.join(' ')] as const;
        }),
      );
      expect(directives.get('default-src')).toBe("'none'");
      expect(directives.get('script-src')).toBe("'self'");
      expect(directives.get('style-src')).toBe("'self'");
      expect(directives.get('connect-src')).toBe("'self'");
      expect(directives.get('frame-ancestors')).toBe("'none'");
      expect(directives.get('base-uri')).toBe("'none'");
      expect(policy).not.toMatch(/unsafe|\*|http/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('is for this machine only: no other address is listened on', async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter((each) => !each.internal && each.family === 'IPv4')
      .map((each) => each.address);
    // 127.0.0.2 is this machine too, but not the address that was bound; some systems have no such address.
    for (const address of [...addresses, '127.0.0.2']) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ port: target.server.port, host: address, timeout: 2_000 });
        const end = (result: boolean) => {
          socket.destroy();
          resolve(result);
        };
        socket.once('connect', () => end(true));
        socket.once('error', () => end(false));
        socket.once('timeout', () => end(false));
      });
      expect([address, reached]).toEqual([address, false]);
    }
  });
});
