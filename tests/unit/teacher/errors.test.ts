import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { TeacherError } from '../../../electron/teacher/errors.ts';
import { OpenGate, client, key, messages, options } from './asking.ts';
import { sendChoices, sendCompletion, sendError, sendJson, startServer } from './http-server.ts';

type Respond = (response: ServerResponse) => unknown;

/** One attempt at a server that answers in this way: what came of it, and what the gate heard. */
async function attempt(respond: Respond) {
  const { baseUrl, requests } = await startServer((response) => void respond(response));
  const gate = new OpenGate();
  const result = await client(baseUrl, { retries: 1, timeoutSeconds: 1 })
    .complete(messages, { ...options, gate })
    .catch((caught: unknown) => caught);
  return { result, requests: requests.length, told: gate.told };
}

async function failure(respond: Respond) {
  const { result, ...rest } = await attempt(respond);
  if (!(result instanceof TeacherError)) throw new Error('a TeacherError was expected');
  expect(result.hint).not.toBe('');
  expect(`${result.message}${result.hint}`).not.toContain(key);
  return { ...rest, error: result, retryable: result.consequence.retryable };
}

const counted = { kind: 'failed', promptTokens: 7, completionTokens: 5, mayCost: true };
/** Failures without counted tokens: one that the server refused costs nothing. */
const uncounted = (mayCost: boolean) => ({
  ...{ kind: 'failed', promptTokens: null, completionTokens: null },
  mayCost,
});

describe('an answer without a use', () => {
  it.each<[string, Respond, string, number]>([
    [
      'is withheld by a filter',
      (response) => sendCompletion(response, null, 'content_filter'),
      'withheld its answer by its content filter.',
      1,
    ],
    [
      'is cut short by a filter, with what there was of it',
      (response) => sendCompletion(response, 'The knife', 'content_filter'),
      'withheld its answer by its content filter: "The knife"',
      1,
    ],
    [
      'is withheld by Azure for a reason that it names',
      (response) =>
        sendChoices(response, [
          {
            text: '',
            finish: 'content_filter',
            more: {
              content_filter_results: { hate: { filtered: false }, violence: { filtered: true } },
            },
          },
        ]),
      'by its content filter for violence.',
      1,
    ],
    [
      'is a refusal of the model',
      (response) => sendChoices(response, [{ text: null, message: { refusal: `No, ${key}` } }]),
      'refused to answer: "No, [key]"',
      1,
    ],
    [
      'is all thoughts, in a field of their own',
      (response) =>
        sendChoices(response, [
          { text: '', finish: 'length', message: { reasoning_content: 'Hm.' } },
        ]),
      'used up its 32 tokens on thoughts, without an answer',
      1,
    ],
    [
      'is all thoughts, as Ollama calls them',
      (response) => sendChoices(response, [{ text: '', message: { reasoning: 'Hm.' } }]),
      'sent thoughts without an answer',
      1,
    ],
    [
      'is a thought that was closed',
      (response) => sendCompletion(response, '<think>Hm.</think>\n'),
      'sent thoughts without an answer',
      1,
    ],
    [
      'is a thought that was not closed',
      (response) => sendCompletion(response, '<think>Hm, one and one', 'length'),
      'used up its 32 tokens on thoughts',
      1,
    ],
    ['is empty', (response) => sendCompletion(response, ' '), 'sent an empty completion', 2],
    [
      'has no choices',
      (response) => sendChoices(response, []),
      'an answer without a completion in it',
      2,
    ],
  ])('%s', async (_name, respond, words, requests) => {
    const found = await failure(respond);
    expect(found.error.code).toBe('teacher-bad-response');
    expect(found.error.message).toContain(words);
    expect(found.requests).toBe(requests);
    // The server counted its tokens: they cost money.
    expect(found.told).toEqual(Array.from({ length: requests }, () => counted));
  });

  it.each<[string, Respond, string, number]>([
    [
      'a web page',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<h1>Sign in</h1>');
      },
      'sent a page, not a completion: "Sign in"',
      2,
    ],
    [
      'a stream that nobody asked for',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('data: {"choices":[{"delta":{"content":"Two."}}]}\n\ndata: [DONE]\n\n');
      },
      'sends its answer in pieces, as a stream',
      1,
    ],
    [
      'a body that never ends',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
      },
      'did not answer within 1 s',
      2,
    ],
    [
      '10 MB',
      (response) => sendCompletion(response, 'x'.repeat(10 * 1024 ** 2)),
      'sent more than 8 MB',
      1,
    ],
    [
      '10 MB in a few bytes',
      (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(10 * 1024 ** 2)));
      },
      'sent more than 8 MB',
      1,
    ],
    [
      'a reset in mid-body',
      (response) => {
        response.writeHead(200, { 'content-length': 500 });
        response.write('{"choices":', () => response.socket?.resetAndDestroy());
      },
      'sent an answer that breaks off',
      2,
    ],
    ['another kind of JSON', (response) => sendJson(response, 200, [1]), 'one of another kind', 2],
    ['500', (response) => sendError(response, 500, 'oh'), '(500): oh.', 2],
    ['503', (response) => sendError(response, 503, 'busy'), '(503): busy.', 2],
    ['413', (response) => sendError(response, 413, 'long'), '(413): long.', 1],
  ])('is %s', async (name, respond, words, requests) => {
    const found = await failure(respond);
    expect(found.error.message).toContain(words);
    expect(found.requests).toBe(requests);
    expect(found.retryable).toBe(requests > 1);
    const told = uncounted(!/^\d+$/.test(name));
    expect(found.told).toEqual(Array.from({ length: requests }, () => told));
  });
});

describe('an address with the wrong protocol', () => {
  it('says so at once: no other request would do better', async () => {
    const { baseUrl, requests } = await startServer((response) => sendCompletion(response, 'Two.'));
    const secure = client(baseUrl.replace('http:', 'https:'), { retries: 3 });
    const error = await secure.complete(messages, options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'teacher-unreachable',
      message: expect.stringContaining('it does not speak https'),
      hint: expect.stringContaining('http://'),
      consequence: { retryable: false, everyRequest: true },
    });
    expect(requests).toHaveLength(0);
  });
});

describe('a limit', () => {
  it.each<[string, number, Record<string, string>, number | null]>([
    ['429 without a time', 429, {}, null],
    ['429 with seconds', 429, { 'retry-after': '0.02' }, 20],
    ['429 with milliseconds', 429, { 'retry-after-ms': '30' }, 30],
    ['429 with a date that has passed', 429, { 'retry-after': new Date(0).toUTCString() }, 0],
    ['503 with seconds', 503, { 'retry-after': '0.01' }, 10],
  ])('is %s', async (_name, status, headers, retryAfter) => {
    const found = await failure((response) => sendError(response, status, 'slow down', headers));
    expect(found.error.code).toBe('teacher-rate-limited');
    expect(found.error.message).toContain(`(${status}): slow down.`);
    expect(found.told).toEqual(Array.from({ length: 2 }, () => ({ kind: 'limited', retryAfter })));
  });

  it('is none when no wait would help', async () => {
    const found = await failure((response) =>
      sendError(response, 503, 'closed', { 'retry-after': '86400' }),
    );
    expect(found.error.consequence.everyRequest).toBe(true);
    expect(found.requests).toBe(1);
    expect(found.told).toEqual([uncounted(false)]);
  });
});

describe('an answer with a use', () => {
  it.each<[string, Respond, string, string | null]>([
    [
      'was cut off by its length',
      (response) => sendCompletion(response, 'Two. So', 'length'),
      'Two. So',
      'length',
    ],
    [
      'comes after thoughts, which stay as they came',
      (response) => sendCompletion(response, '<think>Hm.</think>Two.'),
      '<think>Hm.</think>Two.',
      'stop',
    ],
    [
      'comes beside thoughts in a field of their own',
      (response) =>
        sendChoices(response, [{ text: 'Two.', message: { reasoning_content: 'Hm.' } }]),
      'Two.',
      'stop',
    ],
    [
      'comes in parts',
      (response) =>
        sendJson(response, 200, {
          choices: [{ message: { content: [{ type: 'text', text: 'Two' }, { text: '.' }] } }],
        }),
      'Two.',
      null,
    ],
    [
      'is packed',
      (response) => {
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        });
        response.end(gzipSync('{"choices":[{"message":{"content":"Two."}}]}'));
      },
      'Two.',
      null,
    ],
    [
      'counts and ends in a fashion of its own',
      (response) =>
        sendJson(response, 200, {
          usage: 'many',
          choices: [{ finish_reason: 7, message: { content: 'Two.', reasoning: ['Hm.'] } }],
        }),
      'Two.',
      null,
    ],
    [
      'says that it is plain text',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end('{"choices":[{"message":{"content":"Two."}}]}');
      },
      'Two.',
      null,
    ],
  ])('%s', async (_name, respond, text, finishReason) => {
    const { result, requests, told } = await attempt(respond);
    expect(result).toMatchObject({ completions: [{ text, finishReason }] });
    expect(requests).toBe(1);
    expect(told).toMatchObject([{ kind: 'answered' }]);
  });
});
