import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode, ErrorValue } from '../contract/errors.ts';
import { securityHeaders } from './security.ts';

/** How long a refused request may go on sending before its connection is cut. */
const lingerMilliseconds = 2_000;

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

/** Refuses a call in the shape that every answer to a call has. */
export function sendRefusal(
  response: ServerResponse,
  status: number,
  code: ErrorCode,
  message: string,
  hint: string,
): void {
  const error: ErrorValue = { code, message, hint };
  sendJson(response, status, { ok: false, error });
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const request = response.req;
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(request.complete || !hasBody(request) ? {} : { connection: 'close' }),
  });
  response.end(body);
  if (!request.complete) discard(request);
}

const hasBody = (request: IncomingMessage): boolean =>
  request.headers['content-length'] !== undefined ||
  request.headers['transfer-encoding'] !== undefined;

/** Lets a client that is still sending read its answer, but not send for ever. */
function discard(request: IncomingMessage): void {
  request.resume();
  const cut = setTimeout(() => request.destroy(), lingerMilliseconds);
  request.once('close', () => clearTimeout(cut));
}

/**
 * The whole body as text, or null when it is longer than `limit` bytes; what is over is never kept.
 * @throws when the client goes away before the end
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limit) {
        request.off('data', onData);
        resolve(null);
        return;
      }
      chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}
