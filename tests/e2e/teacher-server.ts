import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.number().int().min(1).max(20).default(1),
  max_tokens: z.number().int().nullish(),
  max_completion_tokens: z.number().int().nullish(),
});
type Request = z.infer<typeof Request>;

/** A refusal, with what the server says and when it wants to be asked again, in seconds. */
export interface Refusal {
  readonly status: number;
  readonly message?: string;
  readonly retryAfter?: number;
}

export interface TeacherServer {
  /** Base URL, as a person types it. */
  readonly url: string;
  /** Requests for completions that came so far. */
  readonly asked: () => number;
  close(): Promise<void>;
}

interface Given {
  answer: (prompt: string, count: number, sample: number) => string | number | Refusal;
  /** Milliseconds before each answer. */
  delay?: number;
  models?: readonly string[];
}

/** Characters of a token, roughly, as the server counts them. */
const charactersPerToken = 4;
const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken);

/**
 * A server that speaks the OpenAI-compatible API as far as the app uses it, on this machine only: it
 * lists models, stops at stop sequences and at the longest answer, gives several answers to one
 * request, and counts tokens.
 *
 * @param given.answer the completion for a prompt (its last message), or the HTTP status of a refusal;
 *   `count` is the number of the request from 1, `sample` that of the answer to it from 0
 */
export async function startTeacher(given: Given): Promise<TeacherServer> {
  let count = 0;
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(request);
    if (request.method === 'GET' && request.url?.endsWith('/models')) {
      const models = given.models ?? ['tiny'];
      send(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
      return;
    }
    if (!request.url?.endsWith('/chat/completions')) {
      send(response, 404, { error: { message: 'There is no such address here.' } });
      return;
    }
    count += 1;
    const { status, body, retryAfter } = reply(Request.parse(JSON.parse(text)), count, given);
    setTimeout(() => send(response, status, body, retryAfter), given.delay ?? 0);
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked: () => count,
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function send(response: ServerResponse, status: number, body: object, retryAfter?: number): void {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function reply(request: Request, count: number, { answer }: Given) {
  const prompt = request.messages.at(-1)?.content ?? '';
  const answers = Array.from({ length: request.n }, (_, sample) => answer(prompt, count, sample));
  const texts: string[] = [];
  for (const each of answers) {
    if (typeof each === 'string') texts.push(each);
    else {
      const refusal: Refusal = typeof each === 'number' ? { status: each } : each;
      const body = { error: { message: refusal.message ?? 'Not now.' } };
      return { status: refusal.status, body, retryAfter: refusal.retryAfter };
    }
  }
  return { status: 200, body: completion(request, texts), retryAfter: undefined };
}

/** An answer as the server gives it: ended by a stop sequence, or at the longest length. */
function ended(text: string, request: Request): { content: string; finish_reason: string } {
  const stops = [request.stop ?? []].flat();
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  const content = text.slice(0, Math.min(text.length, ...ends));
  const most = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  return tokensOf(content) > most
    ? { content: content.slice(0, most * charactersPerToken), finish_reason: 'length' }
    : { content, finish_reason: 'stop' };
}

function completion(request: Request, texts: readonly string[]) {
  const choices = texts.map((text, index) => {
    const { content, finish_reason } = ended(text, request);
    return { index, message: { role: 'assistant', content }, finish_reason };
  });
  const prompt = request.messages.reduce((sum, { content }) => sum + tokensOf(content), 0);
  const answered = choices.reduce((sum, { message }) => sum + tokensOf(message.content), 0);
  return {
    id: 'c1',
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices,
    usage: {
      prompt_tokens: prompt,
      completion_tokens: answered,
      total_tokens: prompt + answered,
    },
  };
}
