import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** Where a server that gives away what it was sent puts it. */
export const places = [
  'the text of an answer',
  'the end of an answer',
  'names of models',
  'an error 400',
  'an error 401',
  'an error 403',
  'an error 429',
  'an error 500',
  'a page of HTML',
  'broken JSON',
  'no JSON',
  'a header',
  'a redirect',
  'answers of a batch',
  'errors of a batch',
  'a failed batch',
] as const;
export type Place = (typeof places)[number];

export interface EchoServer {
  readonly baseUrl: string;
  /** Keys it was sent, as headers hold them. */
  readonly keys: Set<string>;
  readonly paths: string[];
}

/** An OpenAI-compatible server on this machine that repeats the key it is sent, in every writing. */
export async function startEcho(place: Place): Promise<EchoServer> {
  const keys = new Set<string>();
  const paths: string[] = [];
  const batches = new Map<string, BatchFile>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
      const key = keyOf(request.headers);
      keys.add(key);
      paths.push(path);
      const body = Buffer.concat(pieces).toString();
      reply(response, { place, path, key, body, method: request.method ?? 'GET' }, batches);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, keys, paths };
}

interface Asked {
  readonly place: Place;
  readonly path: string;
  readonly method: string;
  readonly key: string;
  readonly body: string;
}
/** A batch's input file: the custom ids of its lines. */
interface BatchFile {
  readonly ids: string[];
}

const keyOf = (headers: IncomingHttpHeaders): string =>
  (headers.authorization ?? '').replace(/^Bearer /, '') || String(headers['api-key'] ?? '');

/** A key in the writings in which a careless server could give it back. */
const spoken = (key: string): string =>
  [
    `Authorization: Bearer ${key}`,
    encodeURIComponent(key),
    Buffer.from(key).toString('base64'),
    Buffer.from(`Bearer ${key}`).toString('base64'),
    `${key.slice(0, key.length / 2)} ${key.slice(key.length / 2)}`,
  ].join(' and ');

function reply(response: ServerResponse, asked: Asked, batches: Map<string, BatchFile>): void {
  const { place, path, key } = asked;
  const said = spoken(key);
  const error = (status: number) =>
    send(response, status, { error: { message: said, code: said } });
  const refusal = /^an error (\d+)$/.exec(place)?.[1];
  if (refusal !== undefined) return error(Number(refusal));
  if (place === 'a page of HTML') {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end(`<html><title>${said}</title><body>${said}</body></html>`);
    return;
  }
  if (place === 'a redirect') {
    const location = `/elsewhere/${encodeURIComponent(key)}?key=${encodeURIComponent(key)}`;
    return send(response, 307, {}, { location });
  }
  if (place === 'broken JSON' || place === 'no JSON') {
    const start = place === 'no JSON' ? 'OK: ' : '{"choices":[{"message":{"content":"';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(start + said);
    return;
  }
  if (path.endsWith('/models')) {
    const id = place === 'names of models' ? `${said} model` : 'm';
    return send(response, 200, { object: 'list', data: [{ id, object: 'model' }] });
  }
  if (path.endsWith('/chat/completions')) {
    const headers = place === 'a header' ? { 'x-request-id': key, 'retry-after': key } : {};
    return send(response, 200, completion(place, said), headers);
  }
  return replyToBatch(response, asked, said, batches);
}

const completion = (place: Place, said: string) => ({
  id: 'c',
  object: 'chat.completion',
  model: place === 'names of models' ? said : 'm',
  choices: [
    {
      index: 0,
      finish_reason: place === 'the end of an answer' ? said : 'stop',
      message: {
        role: 'assistant',
        content:
          place === 'the text of an answer'
            ? `I was sent ${said}. So the answer is ${said}`
            : 'Three and four. So the answer is (3 + 4).',
      },
    },
  ],
  usage: { prompt_tokens: 50, completion_tokens: 20, total_tokens: 70 },
});

const BatchRequest = z.object({ input_file_id: z.string(), metadata: z.unknown() });

/** The file-based batch API, as far as it is used: every batch is done at once. */
function replyToBatch(
  response: ServerResponse,
  { place, path, method, body }: Asked,
  said: string,
  batches: Map<string, BatchFile>,
): void {
  if (path.endsWith('/files') && method === 'POST') {
    const id = `file-${batches.size}`;
    batches.set(id, {
      ids: [...body.matchAll(/"custom_id":"([^"]+)"/g)].map(([, id]) => id ?? ''),
    });
    return send(response, 200, { id, object: 'file', purpose: 'batch' });
  }
  const content = /\/files\/(file-\d+)-(out|err)\/content$/.exec(path);
  if (content) {
    const ids = batches.get(content[1] ?? '')?.ids ?? [];
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(ids.map((id) => `${JSON.stringify(batchLine(place, id, said))}\n`).join(''));
    return;
  }
  if (path.endsWith('/batches') && method === 'POST') {
    const { input_file_id: file, metadata } = BatchRequest.parse(JSON.parse(body));
    return send(response, 200, batchOf(place, file, metadata, said, batches));
  }
  const named = /\/batches\/batch-(file-\d+)$/.exec(path)?.[1];
  if (named !== undefined) return send(response, 200, batchOf(place, named, {}, said, batches));
  if (path.endsWith('/batches')) {
    return send(response, 200, { object: 'list', data: [], has_more: false });
  }
  send(response, 404, { error: { message: said } });
}

const batchLine = (place: Place, id: string, said: string) =>
  place === 'errors of a batch'
    ? { id: 'l', custom_id: id, response: null, error: { code: said, message: said } }
    : {
        id: 'l',
        custom_id: id,
        response: { status_code: 200, body: completion('the text of an answer', said) },
        error: null,
      };

function batchOf(
  place: Place,
  file: string,
  metadata: unknown,
  said: string,
  batches: Map<string, BatchFile>,
): object {
  const failed = place === 'a failed batch';
  const total = batches.get(file)?.ids.length ?? 0;
  const errors = place === 'errors of a batch';
  return {
    ...{ id: `batch-${file}`, object: 'batch', endpoint: '/v1/chat/completions' },
    ...{ input_file_id: file, completion_window: '24h', created_at: 1, metadata },
    status: failed ? 'failed' : 'completed',
    output_file_id: failed || errors ? null : `${file}-out`,
    error_file_id: errors ? `${file}-err` : null,
    errors: failed ? { object: 'list', data: [{ code: said, message: said, line: 1 }] } : null,
    request_counts: { total, completed: errors ? 0 : total, failed: errors ? total : 0 },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
