import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
});

export interface TeacherServer {
  /** Base URL, as a person types it. */
  readonly url: string;
  /** Requests that came so far. */
  readonly asked: () => number;
  close(): Promise<void>;
}

/**
 * A server with the one OpenAI-compatible call the app uses, on this machine only.
 *
 * @param given.answer the completion for a prompt, or the HTTP status of a refusal; `count` is the
 *   number of the request, from 1
 * @param given.delay milliseconds before each answer
 */
export async function startTeacher(given: {
  answer: (prompt: string, count: number) => string | number;
  delay?: number;
}): Promise<TeacherServer> {
  let count = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      count += 1;
      const { model, messages } = Request.parse(JSON.parse(Buffer.concat(pieces).toString()));
      const answer = given.answer(messages.at(-1)?.content ?? '', count);
      const [status, body] =
        typeof answer === 'number'
          ? [answer, { error: { message: 'Not now.' } }]
          : [200, completion(model, answer)];
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }, given.delay ?? 0);
    });
  });
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

const completion = (model: string, content: string) => ({
  id: 'c1',
  object: 'chat.completion',
  created: 0,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 },
});
