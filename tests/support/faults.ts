import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Ways in which a server of the fault suite goes wrong. */
export const faults = [
  /** 429 with `Retry-After` in seconds, as a date, and without it. */
  'limited-seconds',
  'limited-date',
  'limited',
  'error-500',
  'error-503',
  /** The connection is reset in the middle of the body. */
  'reset',
  /** A byte now and then, without an end. */
  'slow',
  /** A web page with status 200. */
  'html',
  'no-choices',
  /** `finish_reason: length` without and with text. The latter is an answer. */
  'length-empty',
  'length-text',
  'filtered',
  /** A whole answer that says that it is plain text. Clients that read it have an answer. */
  'content-type',
  /** 10 MB. */
  'too-large',
] as const;
export type Fault = (typeof faults)[number];

/** Faults that lie in the question: it meets them however often it is asked. */
const lasting: readonly Fault[] = ['length-empty', 'filtered'];
const passing = faults.filter((fault) => !lasting.includes(fault));

/** Whether a completion comes all the same. */
export const bringsCompletion = (fault: Fault | null): boolean =>
  fault === null || fault === 'length-text' || fault === 'content-type';

/**
 * What happens to a question: the same for the same seed, question and number of times it was asked
 * before.
 *
 * @param share of requests that meet a fault
 */
export function drawFault(
  seed: number,
  question: string,
  asked: number,
  share: number,
): Fault | null {
  const forGood = (share * lasting.length) / faults.length;
  const [fate, which] = draws(`${seed}\n${question}`);
  if (fate < forGood) return pick(lasting, which);
  const [luck, kind] = draws(`${seed}\n${question}\n${asked}`);
  return luck < (share - forGood) / (1 - forGood) ? pick(passing, kind) : null;
}

/** Two uniform numbers in [0, 1) that depend on the text alone. */
function draws(text: string): [number, number] {
  const digest = createHash('sha256').update(text).digest();
  return [digest.readUInt32LE(0) / 2 ** 32, digest.readUInt32LE(4) / 2 ** 32];
}

function pick<T>(items: readonly T[], at: number): T {
  const item = items[Math.floor(at * items.length)];
  if (item === undefined) throw new RangeError('pick from an empty list');
  return item;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** What a server would say without a fault. */
export interface Answer {
  readonly model: string;
  /** One for each completion asked for. */
  readonly texts: readonly string[];
  readonly usage: Usage;
}

/** Answers with a fault, or without one. */
export function sendAnswer(
  response: ServerResponse,
  fault: Fault | null,
  answer: Answer,
  retryAfterSeconds: number,
): void {
  const whole = completion(answer);
  switch (fault) {
    case null:
      return sendJson(response, 200, whole);
    case 'limited-seconds':
      return sendLimit(response, { 'retry-after': String(retryAfterSeconds) });
    case 'limited-date': {
      const until = new Date(Date.now() + retryAfterSeconds * 1_000);
      return sendLimit(response, { 'retry-after': until.toUTCString() });
    }
    case 'limited':
      return sendLimit(response, {});
    case 'error-500':
      return sendJson(response, 500, { error: { message: 'The model stumbled.' } });
    case 'error-503':
      return sendJson(response, 503, { error: { message: 'The model is loading.' } });
    case 'reset':
      return sendHalf(response, JSON.stringify(whole));
    case 'slow':
      return dribble(response);
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body><h1>Sign in</h1><p>to use this network.</p></body></html>');
      return;
    case 'no-choices':
      return sendJson(response, 200, { ...whole, choices: [] });
    case 'length-empty':
      return sendJson(response, 200, completion(answer, '', 'length'));
    case 'length-text':
      return sendJson(response, 200, completion(answer, undefined, 'length'));
    case 'filtered':
      return sendJson(response, 200, completion(answer, '', 'content_filter'));
    case 'content-type':
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(JSON.stringify(whole));
      return;
    case 'too-large':
      return sendJson(response, 200, completion(answer, 'x'.repeat(10 * 1024 ** 2)));
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** A chat completion as servers send it; `text` in place of the answer's own. */
function completion({ model, texts, usage }: Answer, text?: string, finish = 'stop') {
  return {
    id: 'chatcmpl-test',
    object: 'chat.completion',
    created: 0,
    model,
    choices: texts.map((own, index) => ({
      index,
      finish_reason: finish,
      message: { role: 'assistant', content: text ?? own },
    })),
    usage,
  };
}

function sendLimit(response: ServerResponse, headers: Record<string, string>): void {
  sendJson(response, 429, { error: { message: 'Too many requests.' } }, headers);
}

function sendHalf(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, text.length / 2), () => response.socket?.resetAndDestroy());
}

function dribble(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 200);
  response.on('close', () => clearInterval(timer));
}
