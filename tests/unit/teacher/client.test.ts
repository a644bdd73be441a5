import { describe, expect, it } from 'vitest';
import { TeacherClient } from '../../../electron/teacher/client.ts';
import type {
  CompletionOptions,
  TeacherAnswer,
  TeacherOptions,
} from '../../../electron/teacher/client.ts';
import { TeacherError } from '../../../electron/teacher/errors.ts';
import { deadAddress, sendCompletion, sendError, sendJson, startServer } from './http-server.ts';

const key = 'sk-secret-0123456789';
const messages = [{ role: 'user', content: 'Q: 1 + 1?\nA:' }] as const;
const options: CompletionOptions = {
  temperature: 0,
  maxTokens: 32,
  stop: ['\nQ:'],
  seed: null,
  count: 1,
  schema: null,
};

const client = (baseUrl: string, more: Partial<TeacherOptions> = {}) =>
  new TeacherClient({
    baseUrl,
    provider: 'other',
    model: 'some-model',
    apiVersion: null,
    key,
    capabilities: null,
    timeoutSeconds: 5,
    retries: 2,
    backoff: { min: 1, max: 4 },
    ...more,
  });

/** Of an answer's only completion. */
async function textOf(work: Promise<TeacherAnswer>): Promise<string> {
  const [completion] = (await work).completions;
  if (completion === undefined || completion instanceof TeacherError) throw new Error('no text');
  return completion.text;
}

async function failureOf(work: Promise<unknown>): Promise<TeacherError> {
  const caught: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(caught instanceof TeacherError)) throw new Error('a TeacherError was expected');
  expect(JSON.stringify([caught.message, caught.hint, caught.stack])).not.toContain(key);
  expect(caught.hint).not.toBe('');
  return caught;
}

describe('a completion', () => {
  it('is asked for with key, model and settings, and comes with its counts', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, 'Two. So the answer is 2.'),
    );
    const answer = await client(baseUrl).complete(messages, options);
    expect(answer).toMatchObject({
      completions: [{ text: 'Two. So the answer is 2.', finishReason: 'stop' }],
      promptTokens: 7,
      completionTokens: 5,
    });
    expect(answer.milliseconds).toBeGreaterThan(0);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.path).toBe('/v1/chat/completions');
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(requests[0]?.body).toEqual({
      model: 'some-model',
      messages,
      max_tokens: 32,
      temperature: 0,
      stop: ['\nQ:'],
    });
  });

  it('is asked for without a key where none is kept', async () => {
    const { baseUrl, requests } = await startServer((response) => sendCompletion(response, 'x'));
    await client(baseUrl, { key: null }).complete(messages, options);
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it('is read although the server does not say that it is JSON', async () => {
    const { baseUrl } = await startServer((response) => {
      response.end(JSON.stringify({ choices: [{ message: { content: 'fine' } }] }));
    });
    expect(await client(baseUrl).complete(messages, options)).toMatchObject({
      completions: [{ text: 'fine', finishReason: null }],
      promptTokens: null,
    });
  });

  it('is asked for in the way that a newer model demands, from then on', async () => {
    const { baseUrl, requests } = await startServer((response, { body }) => {
      if ('max_tokens' in body) {
        sendJson(response, 400, {
          error: {
            message: "'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
            code: 'unsupported_parameter',
            param: 'max_tokens',
          },
        });
      } else if ('temperature' in body) {
        sendJson(response, 400, {
          error: {
            message: "'temperature' does not support 0 with this model.",
            code: 'unsupported_value',
            param: 'temperature',
          },
        });
      } else if ('stop' in body) {
        sendError(response, 400, "Unsupported parameter: 'stop'");
      } else sendCompletion(response, 'fine');
    });
    const teacher = client(baseUrl, { retries: 0 });
    await teacher.complete(messages, options);
    await teacher.complete(messages, options);
    expect(requests).toHaveLength(5);
    // Requests that were on their way together are each refused for the same.
    const fresh = client(baseUrl, { retries: 0 });
    const together = Array.from({ length: 8 }, () => fresh.complete(messages, options));
    expect(await Promise.all(together)).toHaveLength(8);
    expect(Object.keys(requests.at(-1)?.body ?? {}).sort()).toEqual([
      'max_completion_tokens',
      'messages',
      'model',
    ]);
  });
});

describe('trouble that passes', () => {
  it('is waited for as long as the server asks', async () => {
    // The client's own waits are a few milliseconds: without the server's second all attempts fail.
    let first: number | null = null;
    const { baseUrl, requests } = await startServer((response) => {
      first ??= Date.now();
      if (Date.now() - first < 900) sendError(response, 429, 'slow down', { 'retry-after': '1' });
      else sendCompletion(response, 'fine');
    });
    expect(await textOf(client(baseUrl).complete(messages, options))).toBe('fine');
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['a server error', (response) => sendError(response, 503, 'overloaded')],
    ['a cut connection', (response) => response.destroy()],
    [
      'a body that breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"choices": [{"mess');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    [
      'a packed body that is damaged',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end('no gzip');
      },
    ],
    [
      'JSON that is not closed',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"choices": [{"message"');
      },
    ],
    ['no choices', (response) => sendJson(response, 200, { choices: [] })],
    ['an empty completion', (response) => sendCompletion(response, '  ')],
    ['an empty body', (response) => response.end()],
  ] satisfies [string, (response: Parameters<typeof sendCompletion>[0]) => unknown][])(
    'is tried again after %s',
    async (_name, fail) => {
      const { baseUrl, requests } = await startServer((response, _request, count) => {
        if (count === 1) fail(response);
        else sendCompletion(response, 'fine');
      });
      expect(await textOf(client(baseUrl).complete(messages, options))).toBe('fine');
      expect(requests).toHaveLength(2);
    },
  );

  it('is tried again after an attempt that takes too long', async () => {
    const { baseUrl, requests } = await startServer((response, _request, count) => {
      if (count > 1) sendCompletion(response, 'fine');
    });
    const teacher = client(baseUrl, { timeoutSeconds: 1 });
    expect(await textOf(teacher.complete(messages, options))).toBe('fine');
    expect(requests).toHaveLength(2);
  });
});

describe('trouble that stays', () => {
  it('has the code and the words of a server error after three attempts', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 500, `the disk of ${key} is full`),
    );
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-failed');
    expect(error.message).toContain('(500): the disk of [key] is full.');
    expect(requests).toHaveLength(3);
  });

  it('is unreachable where nothing listens', async () => {
    const baseUrl = await deadAddress();
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-unreachable');
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ can't be reached: nothing answers/);
  });

  it('is unreachable where no answer comes in time', async () => {
    const { baseUrl } = await startServer(() => undefined);
    const teacher = client(baseUrl, { timeoutSeconds: 1, retries: 0 });
    const error = await failureOf(teacher.complete(messages, options));
    expect(error.code).toBe('teacher-unreachable');
    expect(error.message).toContain('within 1 s.');
  });

  it.each([401, 403])('is a refused key after %i, asked once', async (status) => {
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, status, `Incorrect API key provided: ${key}.`),
    );
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-unauthorized');
    expect(error.message).toContain('Incorrect API key provided: [key].');
    expect(error.consequence.everyRequest).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('is a rate limit after every attempt was too many', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 429, 'slow down', { 'retry-after': '0' }),
    );
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-rate-limited');
    expect(requests).toHaveLength(3);
  });

  it('is not waited for when the server asks for an hour, or the account is empty', async () => {
    const patient = await startServer((response) =>
      sendError(response, 429, 'daily limit', { 'retry-after': '3600' }),
    );
    const wait = await failureOf(client(patient.baseUrl).complete(messages, options));
    expect(wait.message).toContain('in 60 minutes');
    expect(patient.requests).toHaveLength(1);

    const empty = await startServer((response) =>
      sendJson(response, 429, {
        error: { message: 'You exceeded your quota', code: 'insufficient_quota' },
      }),
    );
    const credit = await failureOf(client(empty.baseUrl).complete(messages, options));
    expect(credit.message).toContain('no credit left');
    expect(empty.requests).toHaveLength(1);
  });

  it('is a wrong kind of server when a web page comes, told without its markup', async () => {
    const { baseUrl } = await startServer((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        `<html><script>var x</script><h1>Welcome ${key}</h1>${'word '.repeat(500)}</html>`,
      );
    });
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-bad-response');
    expect(error.message).toContain('"Welcome [key] word');
    expect(error.message.length).toBeLessThan(420);
  });

  it('is an empty completion', async () => {
    const { baseUrl, requests } = await startServer((response) => sendCompletion(response, ''));
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.code).toBe('teacher-bad-response');
    expect(error.message).toContain('empty completion');
    expect(requests).toHaveLength(3);
  });

  it('is not asked again when the tokens were used up on thoughts', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, null, 'length'),
    );
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error.message).toContain('used up its 32 tokens');
    expect(requests).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])(
    'is another address after %i, to which neither rows nor key follow',
    async (status) => {
      const elsewhere = await startServer((response) => sendCompletion(response, 'stolen'));
      const { baseUrl, requests } = await startServer((response) =>
        sendJson(response, status, {}, { location: `${elsewhere.baseUrl}/chat?k=${key}` }),
      );
      const failure = await failureOf(client(baseUrl).complete(messages, options));
      expect(failure.code).toBe('teacher-failed');
      expect(failure.message).toContain(`${elsewhere.baseUrl}/chat (${status})`);
      expect(failure.consequence).toMatchObject({ retryable: false, everyRequest: true });
      expect(requests).toHaveLength(1);
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it('is an answer without an end, cut off before it fills the memory', async () => {
    let sent = 0;
    const { baseUrl, requests } = await startServer((response) => {
      const more = (): void => {
        if (response.destroyed) return;
        sent += 1;
        response.write(' '.repeat(1024 ** 2), more);
      };
      more();
    });
    const failure = await failureOf(client(baseUrl).complete(messages, options));
    expect(failure.code).toBe('teacher-bad-response');
    expect(failure.message).toContain('more than 8 MB');
    expect(requests).toHaveLength(1);
    expect(sent).toBeLessThan(64);
  });

  it('is a wrong address or model after 404', async () => {
    const { baseUrl } = await startServer((response) => sendError(response, 404, 'no such model'));
    const error = await failureOf(client(baseUrl).complete(messages, options));
    expect(error).toMatchObject({ code: 'teacher-failed', consequence: { everyRequest: true } });
    expect(error.message).toContain('"some-model"');
  });
});

describe('an interrupted request', () => {
  it('ends with the reason, also while it waits for the next attempt', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 429, 'slow down', { 'retry-after': '60' }),
    );
    const controller = new AbortController();
    const asked = client(baseUrl).complete(messages, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort('pause'), 100);
    await expect(asked).rejects.toBe('pause');
    expect(requests).toHaveLength(1);
  });
});

describe('a key', () => {
  it('with a line break inside is refused without being repeated', () => {
    const open = () => client('http://127.0.0.1:9/v1', { key: 'sk-one\nsk-two' });
    expect(open).toThrow(expect.objectContaining({ code: 'teacher-unauthorized' }));
    expect(open).not.toThrow(/sk-one|sk-two/);
  });
});
