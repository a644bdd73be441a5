import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { answerProblem } from '../../electron/teacher/practice/answer.ts';
import { bringsCompletion, drawFault, faults, sendAnswer, sendJson } from './faults.ts';

export interface FaultServerOptions {
  readonly seed: number;
  /** Of requests that meet a fault; 0: a server that works. */
  readonly share?: number;
  /** Before each answer; milliseconds. */
  readonly delay?: number;
  /** What rate limits with `Retry-After` ask for. */
  readonly retryAfterSeconds?: number;
}

const LogEntry = z.object({
  /** What the prompt ends with, and the request's seed where it has one. */
  question: z.string(),
  /** 1 when it is asked for the first time. */
  asked: z.number(),
  fault: z.enum(faults).nullable(),
  /** Whether what was sent holds a completion. */
  completion: z.boolean(),
  /**
   * `received`: sent to its end, and the next request came over the same connection, or it was still
   * open 250 ms later. `lost`: the connection went first. `pending`: neither yet.
   */
  delivery: z.enum(['pending', 'received', 'lost']),
  promptTokens: z.number(),
  completionTokens: z.number(),
  /** Milliseconds since the server started: when the request was there, and when its answer was sent. */
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
});
/** One request, in the order in which they came. */
export type LogEntry = z.infer<typeof LogEntry>;

export interface FaultServer {
  readonly baseUrl: string;
  /** A copy, once no delivery is pending. */
  log(): Promise<LogEntry[]>;
  close(): Promise<void>;
}

/** Requests for what had been answered, and the answer received, before they were sent. */
export function paidTwice(log: readonly LogEntry[]): LogEntry[] {
  const answeredAt = new Map<string, number>();
  for (const { question, completion, delivery, finishedAt } of log) {
    if (!completion || delivery !== 'received' || finishedAt === null) continue;
    answeredAt.set(question, Math.min(finishedAt, answeredAt.get(question) ?? Infinity));
  }
  return log.filter(
    ({ question, startedAt }) => startedAt > (answeredAt.get(question) ?? Infinity),
  );
}

const ChatRequest = z.object({
  model: z.string().default('model'),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  n: z.number().int().min(1).max(20).default(1),
  seed: z.number().nullish(),
});
type ChatRequest = z.infer<typeof ChatRequest>;

/**
 * So long after an answer was sent its connection must still be open, milliseconds: a busy process
 * may take a while until it reads what lies in its socket.
 */
const grace = 250;

/**
 * A chat-completions server over real HTTP that goes wrong in seeded ways: the fault depends on the
 * seed, the question and how often it was asked, so that runs repeat, and an unlucky request may
 * succeed the next time. Answers are the practice teacher's.
 */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { seed, share = 0.3, delay = 0, retryAfterSeconds = 1 } = options;
  const entries: LogEntry[] = [];
  const asked = new Map<string, number>();
  const started = performance.now();
  const now = (): number => performance.now() - started;

  const answerChat = async (request: ChatRequest, response: ServerResponse): Promise<void> => {
    const problem = questionOf(request);
    const question =
      typeof request.seed !== 'number' ? problem : `${problem} (seed ${request.seed})`;
    const times = (asked.get(question) ?? 0) + 1;
    asked.set(question, times);
    const fault = drawFault(seed, question, times, share);
    const answer = answerTo(request, problem);
    const entry: LogEntry = {
      question,
      asked: times,
      fault,
      completion: bringsCompletion(fault),
      delivery: 'pending',
      promptTokens: answer.usage.prompt_tokens,
      completionTokens: answer.usage.completion_tokens,
      startedAt: now(),
      finishedAt: null,
    };
    entries.push(entry);
    watch(response, entry, now);
    if (delay > 0) await sleep(delay);
    sendAnswer(response, fault, answer, retryAfterSeconds);
  };

  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      if (incoming.url === '/log') return sendJson(response, 200, entries);
      if (incoming.url === '/v1/models') {
        return sendJson(response, 200, {
          object: 'list',
          data: [{ id: 'model', object: 'model' }],
        });
      }
      if (incoming.url !== '/v1/chat/completions') return sendJson(response, 404, {});
      return answerChat(ChatRequest.parse(JSON.parse(body)), response);
    });
  });
  // Connections that lie idle between requests of a test are not cut.
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    log: () => settled(() => Promise.resolve(structuredClone(entries))),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The same in a process of its own, so that it outlives one under test and takes none of its time. */
export async function spawnFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { seed, share = 0.3, delay = 0, retryAfterSeconds = 1 } = options;
  const script = fileURLToPath(import.meta.url);
  const values = [seed, share, delay, retryAfterSeconds].map(String);
  const names = ['--seed', '--share', '--delay', '--retry-after'];
  const parameters = names.flatMap((name, index) => [name, values[index] ?? '']);
  const child = spawn(process.execPath, [script, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [port] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('the fault server ended'))),
  ]);
  const origin = `http://127.0.0.1:${String(port)}`;
  return {
    baseUrl: `${origin}/v1`,
    log: () =>
      settled(async () => {
        const response = await fetch(`${origin}/log`);
        return z.array(LogEntry).parse(await response.json());
      }),
    close: async () => {
      child.kill();
      await ended;
    },
  };
}

async function settled(read: () => Promise<LogEntry[]>): Promise<LogEntry[]> {
  for (;;) {
    const entries = await read();
    if (entries.every(({ delivery }) => delivery !== 'pending')) return entries;
    await sleep(grace);
  }
}

/** The last answer on each connection: who sends another request over it has read that one. */
const latest = new WeakMap<Socket, LogEntry>();

/** Finds out whether an answer was received. */
function watch(response: ServerResponse, entry: LogEntry, now: () => number): void {
  const { socket } = response;
  if (socket === null) throw new Error('a request without a connection');
  const before = latest.get(socket);
  if (before?.delivery === 'pending') before.delivery = 'received';
  latest.set(socket, entry);
  response.on('finish', () => {
    entry.finishedAt = now();
    setTimeout(() => {
      if (entry.delivery === 'pending') entry.delivery = socket.destroyed ? 'lost' : 'received';
    }, grace);
  });
  response.on('close', () => {
    if (entry.finishedAt === null) entry.delivery = 'lost';
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(incoming, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

/** What a prompt ends with: its last paragraph, without the names before question and answer (`Q: …\nA:`). */
export function questionOf({ messages }: Pick<ChatRequest, 'messages'>): string {
  const content = (messages.at(-1)?.content ?? '').replace(/\n\p{L}+:\s*$/u, '').trim();
  const paragraph = content.slice(content.lastIndexOf('\n\n') + 1).trim();
  return paragraph.replace(/^\p{L}+:\s*/u, '');
}

function answerTo({ model, messages, n }: ChatRequest, problem: string) {
  const { text } = answerProblem(problem);
  const prompt_tokens = words(messages.map(({ content }) => content).join(' '));
  const completion_tokens = words(text) * n;
  return {
    model,
    texts: Array.from({ length: n }, () => text),
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

const words = (text: string): number => text.match(/\S+/g)?.length ?? 0;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      share: { type: 'string', default: '0.3' },
      delay: { type: 'string', default: '0' },
      'retry-after': { type: 'string', default: '1' },
    },
  });
  const server = await startFaultServer({
    seed: Number(values.seed),
    share: Number(values.share),
    delay: Number(values.delay),
    retryAfterSeconds: Number(values['retry-after']),
  });
  console.log(new URL(server.baseUrl).port);
}
