import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { isRecord, parseJson } from '../../../electron/core/json.ts';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** The JSON body; empty where it is not JSON. */
  body: Record<string, unknown>;
  /** The body as it came. */
  text: string;
}
export type Responder = (
  response: ServerResponse,
  request: ReceivedRequest,
  /** 1 for the first request. */
  count: number,
) => void;

/** A real HTTP server on a free port of this machine, closed when the test ends. */
export async function startServer(
  respond: Responder,
): Promise<{ baseUrl: string; requests: ReceivedRequest[] }> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const body = parseJson(text);
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: isRecord(body) ? body : {},
        text,
      };
      requests.push(request);
      respond(response, request, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${portOf(server.address())}/v1`, requests };
}

/** An address on which nothing listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v1`;
}

/** Answers like a chat-completions server. */
export function sendCompletion(
  response: ServerResponse,
  text: string | null,
  finish = 'stop',
): void {
  sendChoices(response, [{ text, finish }]);
}

export interface SentChoice {
  text: string | null;
  finish?: string;
  /** Further fields of the message. */
  message?: Record<string, unknown>;
  /** Further fields of the choice. */
  more?: Record<string, unknown>;
}

export function sendChoices(
  response: ServerResponse,
  choices: readonly SentChoice[],
  more: Record<string, unknown> = {},
): void {
  sendJson(response, 200, {
    id: 'x',
    object: 'chat.completion',
    choices: choices.map(({ text, finish = 'stop', message, more: rest }, index) => ({
      index,
      finish_reason: finish,
      message: { role: 'assistant', content: text, ...message },
      ...rest,
    })),
    usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    ...more,
  });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, { error: { message } }, headers);
}

/** The last `Q:` of the prompt a request carries. */
export function questionOf(request: ReceivedRequest): string {
  const messages = request.body['messages'];
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : null;
  const content =
    typeof last === 'object' && last !== null && 'content' in last ? String(last.content) : '';
  return content
    .slice(content.lastIndexOf('Q: ') + 3)
    .replace(/\nA:$/, '')
    .trim();
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
