import { describe, expect, it } from 'vitest';
import { isRecord, parseJson } from '../../../electron/core/json.ts';
import { BatchClient, batchLimits } from '../../../electron/teacher/batches.ts';
import { TeacherError } from '../../../electron/teacher/errors.ts';
import { linesOf } from '../../../electron/teacher/lines.ts';
import { client, key, messages, options } from './asking.ts';
import { sendError, sendJson, startServer } from './http-server.ts';
import type { ReceivedRequest } from './http-server.ts';

const clientAt = (baseUrl: string) =>
  new BatchClient({
    baseUrl,
    provider: 'openai',
    model: 'some-model',
    apiVersion: null,
    key,
    timeoutSeconds: 5,
    retries: 1,
    capabilities: null,
    backoff: { min: 1, max: 4 },
  });

/** A server with files and batches: each batch does as much as the test lets it. */
async function startBatchServer(fileStates: string[] = []) {
  const files = new Map<string, string>();
  const batches: Record<string, unknown>[] = [];
  const { baseUrl, requests } = await startServer((response, request) => {
    const { method, path } = request;
    const [, kind = '', id = '', part = ''] =
      /^\/v1\/(files|batches)\/?([\w-]*)\/?(\w*)/.exec(path) ?? [];
    if (kind === 'files' && method === 'POST') {
      const name = `file-${files.size}`;
      files.set(name, uploadedFile(request));
      return sendJson(response, 200, { id: name, status: fileStates.shift() ?? 'processed' });
    }
    if (kind === 'files' && part === 'content') {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      return response.end(files.get(id));
    }
    if (kind === 'files') {
      return sendJson(response, 200, { id, status: fileStates.shift() ?? 'processed' });
    }
    if (kind === 'batches' && method === 'POST' && id === '') {
      const batch = { ...request.body, id: `batch-${batches.length}`, status: 'validating' };
      batches.unshift(batch);
      return sendJson(response, 200, batch);
    }
    if (kind === 'batches' && id === '') {
      const after = new URL(path, baseUrl).searchParams.get('after');
      const start = batches.findIndex((batch) => batch['id'] === after) + 1;
      const data = batches.slice(start, start + 2);
      const has_more = start + 2 < batches.length;
      return sendJson(response, 200, { object: 'list', data, has_more });
    }
    const batch = batches.find((it) => it['id'] === id);
    if (batch === undefined) return sendError(response, 404, 'No such batch');
    if (part === 'cancel') batch['status'] = 'cancelling';
    return sendJson(response, 200, batch);
  });
  return { baseUrl, requests, files, batches };
}

/** The text of the file in a form. */
function uploadedFile({ text, headers }: ReceivedRequest): string {
  expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(text).toContain('name="purpose"\r\n\r\nbatch\r\n');
  return /filename="requests\.jsonl"\r\n(?:.+\r\n)*\r\n([\s\S]*?)\r\n--/.exec(text)?.[1] ?? '';
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('a batch', () => {
  it('is handed over as a file, and found again by our name for it', async () => {
    const { baseUrl, files, batches, requests } = await startBatchServer();
    const teacher = clientAt(baseUrl);
    const body = client(baseUrl).body(messages, options);
    const lines = ['row-1', 'row-2'].map((id) => teacher.line(id, body));
    for (const name of ['ours', 'second', 'third']) {
      expect(await teacher.submit(lines, name)).toMatchObject({ state: 'validating', error: null });
    }
    expect(files.get('file-0')).toBe(`${lines.join('\n')}\n`);
    expect(lines.map((line) => parseJson(line))).toEqual(
      ['row-1', 'row-2'].map((custom_id) => ({
        custom_id,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'some-model', messages, max_tokens: 32, temperature: 0 },
      })),
    );
    expect(batches.at(-1)).toMatchObject({
      input_file_id: 'file-0',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { stepwise: 'ours' },
    });
    // Ours is on the second page.
    expect(await teacher.find('ours')).toMatchObject({ id: 'batch-0' });
    expect(await teacher.find('another')).toBeNull();
    expect(requests.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true);
  });

  it('waits until the server has looked through the file', async () => {
    const { baseUrl, requests } = await startBatchServer(['pending', 'running']);
    await clientAt(baseUrl).submit(['{}'], 'ours');
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/files',
      'GET /v1/files/file-0',
      'GET /v1/files/file-0',
      'POST /v1/batches',
    ]);
  });

  it.each([{ id: 'batch-0' }, { object: 'list', data: [] }, 'a page', { status: 'odd', id: 'x' }])(
    'is none when the server answers %o',
    async (answer) => {
      const { baseUrl } = await startServer((response) => sendJson(response, 200, answer));
      const teacher = clientAt(baseUrl);
      await expect(teacher.status('batch-0')).rejects.toMatchObject({
        code: 'teacher-bad-response',
        message: expect.stringContaining('did not say how the batch stands'),
      });
    },
  );

  it('tells how far it is, and is cancelled', async () => {
    const { baseUrl, batches } = await startBatchServer();
    const teacher = clientAt(baseUrl);
    const { id } = await teacher.submit(['{}', '{}', '{}'], 'ours');
    Object.assign(batches[0] ?? {}, {
      status: 'expired',
      request_counts: { total: 3, completed: 1, failed: 2 },
      output_file_id: 'file-7',
      error_file_id: 'file-8',
    });
    expect(await teacher.status(id)).toEqual({
      id,
      state: 'expired',
      requests: 3,
      completed: 1,
      failed: 2,
      outputFileId: 'file-7',
      errorFileId: 'file-8',
      error: null,
    });
    expect((await teacher.cancel(id)).state).toBe('cancelling');
    await expect(teacher.status('gone')).rejects.toMatchObject({ code: 'teacher-failed' });
  });

  it('tells in the words of the server why its file was refused, without the key', async () => {
    const { baseUrl, batches } = await startBatchServer();
    const teacher = clientAt(baseUrl);
    const { id } = await teacher.submit(['{'], 'ours');
    Object.assign(batches[0] ?? {}, {
      status: 'failed',
      errors: {
        data: [
          { line: 1, message: 'This line is not parseable as valid JSON.' },
          { message: `Seen: ${key}` },
        ],
      },
    });
    expect(await teacher.status(id)).toMatchObject({
      state: 'failed',
      error: 'line 1: This line is not parseable as valid JSON.; Seen: [key]',
    });
  });

  it('that is too large is not sent', async () => {
    const { baseUrl, requests } = await startBatchServer();
    const many = Array.from({ length: batchLimits.requests + 1 }, () => '{}');
    const long = 'x'.repeat(batchLimits.bytes / 4);
    for (const lines of [many, [long, long, long, long]]) {
      await expect(clientAt(baseUrl).submit(lines, 'ours')).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
    expect(requests).toEqual([]);
  });

  it('is not made twice after an answer that was lost; what only asks is asked again', async () => {
    let made = 0;
    const { baseUrl } = await startServer((response, { method, path }) => {
      if (path === '/v1/files') return sendJson(response, 200, { id: 'f', status: 'processed' });
      if (method === 'POST') {
        made += 1;
        return response.destroy();
      }
      return made++ === 1
        ? sendError(response, 503, 'busy')
        : sendJson(response, 200, {
            data: [{ id: 'b', status: 'validating', metadata: { stepwise: 'ours' } }],
          });
    });
    const teacher = clientAt(baseUrl);
    await expect(teacher.submit(['{}'], 'ours')).rejects.toMatchObject({
      code: 'teacher-unreachable',
    });
    expect(made).toBe(1);
    expect(await teacher.find('ours')).toMatchObject({ id: 'b' });
  });
});

describe('its answers', () => {
  const answered = (text: string | null, finish = 'stop') =>
    JSON.stringify({
      custom_id: 'row-1',
      response: {
        status_code: 200,
        body: {
          choices: [{ finish_reason: finish, message: { content: text } }],
          usage: { prompt_tokens: 7, completion_tokens: 5 },
        },
      },
      error: null,
    });

  it('come line by line, however the bytes are cut', async () => {
    const { baseUrl, files } = await startBatchServer();
    const lines = Array.from({ length: 3_000 }, (_, index) => `{"row": "행 ${index}"}`);
    files.set('out', `${lines.join('\n')}\n`);
    expect(await all(clientAt(baseUrl).lines('out'))).toEqual(lines);

    const bytes = new TextEncoder().encode('{"a":"행"}\r\n\n{"b":1}\n{"c":2}');
    for (const size of [1, 2, 5, 100]) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) {
            controller.enqueue(bytes.slice(at, at + size));
          }
          controller.close();
        },
      });
      expect(await all(linesOf(body, 1_000))).toEqual(['{"a":"행"}', '{"b":1}', '{"c":2}']);
    }
  });

  it('are given up when the server stops in the middle of them', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":1}\n{"b"')),
    });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const line of linesOf(body, 20)) seen.push(line);
    })();
    await expect(reading).rejects.toThrow('too long');
    expect(seen).toEqual(['{"a":1}']);

    const { baseUrl } = await startServer((response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"a":1}\n', () => response.socket?.resetAndDestroy());
    });
    await expect(all(clientAt(baseUrl).lines('out'))).rejects.toMatchObject({
      consequence: { retryable: true },
    });
  });

  it('are read like any other, with their tokens', () => {
    const teacher = clientAt('http://127.0.0.1:9/v1');
    expect(teacher.read(answered('Two.'), 32)).toEqual({
      customId: 'row-1',
      result: {
        completions: [{ text: 'Two.', finishReason: 'stop' }],
        promptTokens: 7,
        completionTokens: 5,
      },
    });
    const empty = teacher.read(answered(null, 'length'), 32)?.result;
    expect(empty).toMatchObject({
      promptTokens: 7,
      completions: [{ code: 'teacher-bad-response' }],
    });
    expect(teacher.read('not a line', 32)).toBeNull();
  });

  it.each([
    [{ response: { status_code: 429, body: { error: { message: 'slow' } } } }, '(429)', '"slow"'],
    [{ response: { status_code: 500, body: { detail: 'oh' } } }, '(500)', '{"detail":"oh"}'],
    [{ error: { code: 'batch_expired', message: 'It was not executed in time.' } }, '', 'in time'],
    [{ error: { code: 'batch_cancelled', message: null } }, '', 'batch_cancelled'],
    [{ response: { status_code: 200, body: 'a page' } }, '', 'sent a page'],
  ])('may be errors: %o', (line, status, words) => {
    const teacher = clientAt('http://127.0.0.1:9/v1');
    const read = teacher.read(JSON.stringify({ custom_id: 'row-2', ...line }), 32);
    expect(read?.customId).toBe('row-2');
    if (!(read?.result instanceof TeacherError)) throw new Error('an error was expected');
    expect(read.result.message).toContain(status);
    expect(read.result.message).toContain(words);
    expect(isRecord(read.result.consequence) && read.result.consequence['retryable']).toBe(true);
  });
});
