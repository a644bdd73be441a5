import { describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { Client } from '../../renderer/lib/client.ts';
import { bridgeTransport, httpTransport } from '../../renderer/lib/transport.ts';
import type { Bridge, Connection, EventStream, Web } from '../../renderer/lib/transport.ts';

const preferences = {
  language: 'ko',
  theme: 'dark',
  reviewer: '',
  shortcuts: true,
  resumeQueue: false,
} as const;
const job = {
  id: 'j1',
  projectId: 'p1',
  kind: 'train',
  subjectId: 'r1',
  title: 'Train a',
  state: 'running',
  progress: {
    done: 1,
    total: 10,
    unit: 'steps',
    phase: 'working',
    rate: null,
    secondsLeft: null,
  },
  error: null,
  place: null,
  seq: 3,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  endedAt: null,
} as const;

/** A stream of events whose opening, messages and breaks a test decides. */
class FakeStream implements EventStream {
  readonly CLOSED = 2;
  readyState = 1;
  onopen: EventStream['onopen'] = null;
  onmessage: EventStream['onmessage'] = null;
  onerror: EventStream['onerror'] = null;
  closed = false;

  open(): void {
    this.onopen?.(new Event('open'));
  }
  send(data: string): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
  refuse(): void {
    this.readyState = this.CLOSED;
    this.onerror?.(new Event('error'));
  }
  close(): void {
    this.closed = true;
  }
}

function fakeWeb(respond: (path: string, init: RequestInit) => Response | Error) {
  const sources: FakeStream[] = [];
  const requests: { path: string; init: RequestInit }[] = [];
  const web: Web = {
    fetch(path, init) {
      requests.push({ path, init });
      const answer = respond(path, init);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    eventSource() {
      const source = new FakeStream();
      sources.push(source);
      return source;
    },
  };
  return { web, sources, requests };
}

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

describe('the client over HTTP', () => {
  it('posts the input to the call, with the header that other sites can not set', async () => {
    const { web, requests } = fakeWeb(() => json({ ok: true, value: preferences }));
    const client = new Client(httpTransport(web));
    await expect(client.call('app.savePreferences', preferences)).resolves.toEqual(preferences);
    const [request] = requests;
    expect(request?.path).toBe('/call/app.savePreferences');
    expect(request?.init.method).toBe('POST');
    expect(new Headers(request?.init.headers).get('x-stepwise')).toBe('1');
    expect(request?.init.body).toBe(JSON.stringify(preferences));
  });

  it('throws what main answered as a failure with code, sentence and hint', async () => {
    const error = { code: 'rows-missing', message: 'No rows.', hint: 'Import a file.' };
    const { web } = fakeWeb(() => json({ ok: false, error }));
    const client = new Client(httpTransport(web));
    await expect(client.call('projects.list', {})).rejects.toMatchObject(error);
  });

  it('refuses an answer that does not fit the contract', async () => {
    const { web } = fakeWeb(() => json({ ok: true, value: { language: 'fr', theme: 'dark' } }));
    const client = new Client(httpTransport(web));
    await expect(client.call('app.preferences', {})).rejects.toMatchObject({ code: 'internal' });
  });

  it.each([401, 403])('tells a page that is not signed in apart (status %i)', async (status) => {
    const { web } = fakeWeb(() => json({}, status));
    const client = new Client(httpTransport(web));
    const states: Connection[] = [];
    client.onConnection((state) => states.push(state));
    await expect(client.call('projects.list', {})).rejects.toMatchObject({
      code: 'not-signed-in',
    });
    expect(states).toEqual(['locked']);
  });

  it('tells when main does not answer at all', async () => {
    const { web } = fakeWeb(() => new TypeError('Failed to fetch'));
    const client = new Client(httpTransport(web));
    const states: Connection[] = [];
    client.onConnection((state) => states.push(state));
    await expect(client.call('projects.list', {})).rejects.toMatchObject({
      code: 'connection-lost',
    });
    expect(states).toEqual(['lost']);
  });

  it('uploads the bytes of a file under its name', async () => {
    const handle = { fileId: 'f1', name: 'a b.csv', bytes: 3 };
    const { web, requests } = fakeWeb(() => json({ ok: true, value: handle }));
    const client = new Client(httpTransport(web));
    const file = new File(['x,y'], 'a b.csv');
    await expect(client.upload(file)).resolves.toEqual(handle);
    expect(requests[0]?.path).toBe('/files?name=a%20b.csv');
    expect(requests[0]?.init.method).toBe('PUT');
    expect(requests[0]?.init.body).toBe(file);
  });

  it('passes on events that fit the contract, and only those', () => {
    const { web, sources } = fakeWeb(() => json({}));
    const client = new Client(httpTransport(web));
    const events: StudioEvent[] = [];
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    client.on((event) => events.push(event));
    sources[0]?.send(JSON.stringify({ name: 'job', payload: job }));
    sources[0]?.send(JSON.stringify({ name: 'job', payload: { id: 1 } }));
    sources[0]?.send('no json');
    expect(events).toEqual([{ name: 'job', payload: job }]);
    expect(complaint).toHaveBeenCalledTimes(2);
    complaint.mockRestore();
  });

  it('opens a new stream after one that was refused, until it is told to stop', () => {
    vi.useFakeTimers();
    const { web, sources } = fakeWeb(() => json({}));
    const client = new Client(httpTransport(web));
    const states: Connection[] = [];
    client.onConnection((state) => states.push(state));
    const stop = client.on(() => undefined);
    sources[0]?.open();
    sources[0]?.refuse();
    expect(states).toEqual(['open', 'lost']);
    vi.runAllTimers();
    expect(sources).toHaveLength(2);
    stop();
    expect(sources[1]?.closed).toBe(true);
    vi.useRealTimers();
  });
});

describe('the client over the bridge', () => {
  const bridge = (answer: unknown): Bridge & { listener: ((event: unknown) => void) | null } => ({
    listener: null,
    invoke: () => Promise.resolve(answer),
    on(listener) {
      this.listener = listener;
      return () => (this.listener = null);
    },
  });

  it('asks main and gives its answer', async () => {
    const client = new Client(bridgeTransport(bridge({ ok: true, value: preferences })));
    await expect(client.call('app.preferences', {})).resolves.toEqual(preferences);
  });

  it('chooses files through the dialog of main, and has no upload', async () => {
    const handle = { fileId: 'f1', name: 'rows.csv', bytes: 3 };
    const client = new Client(bridgeTransport(bridge({ ok: true, value: handle })));
    expect(client.choosesFiles).toBe(true);
    await expect(client.chooseFile()).resolves.toEqual(handle);
    await expect(client.upload(new File(['a'], 'a.csv'))).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('passes on events until it is told to stop', () => {
    const fake = bridge(null);
    const client = new Client(bridgeTransport(fake));
    const events: StudioEvent[] = [];
    const stop = client.on((event) => events.push(event));
    fake.listener?.({ name: 'saved', payload: { projectId: null, area: 'projects', seq: 1 } });
    expect(events).toHaveLength(1);
    stop();
    expect(fake.listener).toBeNull();
  });
});
