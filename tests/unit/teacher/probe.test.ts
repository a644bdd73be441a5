import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { Capabilities } from '../../../electron/contract/entities.ts';
import type { Provider } from '../../../electron/contract/teacher.ts';
import { isRecord } from '../../../electron/core/json.ts';
import { TeacherClient } from '../../../electron/teacher/client.ts';
import { practiceBaseUrl, practiceFetch } from '../../../electron/teacher/practice/server.ts';
import { mostAsked } from '../../../electron/teacher/probed-server.ts';
import { listModels, probeTeacher } from '../../../electron/teacher/probe.ts';
import { deadAddress, sendChoices, sendError, sendJson, startServer } from './http-server.ts';
import type { ReceivedRequest } from './http-server.ts';

const key = 'sk-secret-0123456789';
const clock = { now: () => Date.UTC(2026, 0, 2) };
const options = (baseUrl: string, provider: Provider = 'other', model = 'some-model') => ({
  baseUrl,
  provider,
  model,
  apiVersion: null,
  key,
  timeoutSeconds: 5,
  retries: 0,
  capabilities: null,
});

/** What a server pays regard to; the rest it takes in silence. */
interface Manners {
  honours: readonly string[];
  /** Answers a request that has this with an error. */
  refuses?: (body: Record<string, unknown>) => { status: number; error: object } | null;
  models?: readonly string[] | null;
  fingerprint?: boolean;
  batches?: boolean;
}

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

/** A model that counts, begins as its system message says, and ends where it is told to. */
function count(body: Record<string, unknown>, honours: readonly string[]): string {
  const messages = Array.isArray(body['messages']) ? body['messages'].filter(isRecord) : [];
  const system = messages.some(({ role }) => role === 'system') && honours.includes('system');
  const stop = Array.isArray(body['stop']) && honours.includes('stop');
  const count = stop ? numbers.slice(0, numbers.indexOf('six')) : numbers;
  return `${system ? 'READY ' : ''}${count.join(' ')}${stop ? ' ' : '.'}`;
}

function answerChat(
  response: ServerResponse,
  body: Record<string, unknown>,
  { honours, refuses, fingerprint }: Manners,
): void {
  const refusal = refuses?.(body) ?? null;
  if (refusal !== null) return sendJson(response, refusal.status, { error: refusal.error });
  const schema = 'response_format' in body && honours.includes('response_format');
  const text = schema ? '{"mood": "fine"}' : count(body, honours);
  const choices = honours.includes('n') && typeof body['n'] === 'number' ? body['n'] : 1;
  const logprobs = body['logprobs'] === true && honours.includes('logprobs');
  sendChoices(
    response,
    Array.from({ length: choices }, () => ({
      text,
      more: { logprobs: logprobs ? { content: [] } : null },
    })),
    {
      ...(fingerprint ? { system_fingerprint: 'fp_1' } : {}),
      ...(honours.includes('usage') ? {} : { usage: null }),
    },
  );
}

const serve = (manners: Manners) =>
  startServer((response, { path, body }: ReceivedRequest) => {
    if (path === '/v1/models' && manners.models) {
      const data = manners.models.map((id) => ({ id, object: 'model' }));
      return sendJson(response, 200, { object: 'list', data });
    }
    if (path.startsWith('/v1/batches') && manners.batches) {
      return sendJson(response, 200, { object: 'list', data: [] });
    }
    if (path !== '/v1/chat/completions') return sendError(response, 404, 'not found');
    return answerChat(response, body, manners);
  });

const everything = ['system', 'stop', 'n', 'logprobs', 'usage', 'response_format'];
const unsupported = (param: string) => ({
  status: 400,
  error: {
    message: `Unsupported parameter: '${param}' is not supported with this model.`,
    code: 'unsupported_parameter',
    param,
  },
});

describe('the probe', () => {
  it('finds everything in a server that honours everything, with two questions', async () => {
    const { baseUrl, requests } = await serve({
      honours: everything,
      models: ['b', 'a', 'some-model'],
      fingerprint: true,
      batches: true,
    });
    const probe = await probeTeacher(options(baseUrl, 'openai'), clock);
    expect(Capabilities.parse(probe.capabilities)).toEqual({
      probedAt: '2026-01-02T00:00:00.000Z',
      model: 'some-model',
      models: ['a', 'b', 'some-model'],
      systemRole: 'yes',
      temperature: 'yes',
      stop: 'yes',
      several: 'yes',
      seed: 'yes',
      logprobs: 'yes',
      usage: 'yes',
      jsonSchema: 'yes',
      batches: 'yes',
      lengthLimit: 'max_tokens',
      milliseconds: expect.any(Number) as number,
    });
    expect(probe.text).toBe('READY one two three four five');
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/models',
      'POST /v1/chat/completions',
      'POST /v1/chat/completions',
      'GET /v1/batches?limit=1',
    ]);
    expect(probe.requests).toBe(4);
  });

  it('leaves out what a reasoning model refuses, one after the other', async () => {
    const { baseUrl } = await serve({
      honours: ['system', 'n', 'usage', 'response_format'],
      models: [],
      refuses: (body) => {
        if ('max_tokens' in body) {
          const message =
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
          return { status: 400, error: { message, param: 'max_tokens' } };
        }
        if ('temperature' in body) {
          const message =
            "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.";
          return { status: 400, error: { message, code: 'unsupported_value' } };
        }
        for (const parameter of ['stop', 'logprobs']) {
          if (parameter in body) return unsupported(parameter);
        }
        return null;
      },
    });
    const { capabilities, requests } = await probeTeacher(options(baseUrl), clock);
    expect(capabilities).toMatchObject({
      lengthLimit: 'max_completion_tokens',
      temperature: 'no',
      stop: 'no',
      logprobs: 'no',
      seed: 'unknown',
      several: 'yes',
      systemRole: 'yes',
      jsonSchema: 'yes',
      batches: 'no',
    });
    expect(requests).toBeLessThanOrEqual(8);
  });

  it('sees what a server takes in silence and pays no regard to', async () => {
    const { baseUrl } = await serve({
      honours: ['system', 'stop', 'usage'],
      models: ['llama3.2:latest'],
      fingerprint: true,
    });
    expect((await probeTeacher(options(baseUrl, 'ollama'), clock)).capabilities).toMatchObject({
      stop: 'yes',
      several: 'no',
      logprobs: 'no',
      seed: 'yes',
      jsonSchema: 'no',
      usage: 'yes',
      batches: 'no',
    });
    const deaf = await serve({ honours: [], models: null });
    expect((await probeTeacher(options(deaf.baseUrl), clock)).capabilities).toMatchObject({
      models: null,
      systemRole: 'no',
      stop: 'no',
      usage: 'no',
      seed: 'unknown',
    });
  });

  it('understands a refusal of several completions with a status of its own', async () => {
    const { baseUrl } = await serve({
      honours: everything,
      models: ['some-model'],
      refuses: (body) =>
        'n' in body
          ? { status: 500, error: { message: 'Only one completion choice is allowed' } }
          : null,
    });
    expect((await probeTeacher(options(baseUrl, 'llamacpp'), clock)).capabilities).toMatchObject({
      several: 'no',
      stop: 'yes',
      logprobs: 'yes',
    });
  });

  it('tries a server that refuses without a reason, and calls unknown what it left out', async () => {
    const { baseUrl } = await serve({
      honours: everything,
      models: null,
      refuses: (body) =>
        'logprobs' in body || 'seed' in body ? { status: 400, error: { message: 'Bad' } } : null,
    });
    expect((await probeTeacher(options(baseUrl), clock)).capabilities).toMatchObject({
      logprobs: 'unknown',
      several: 'unknown',
      seed: 'unknown',
      stop: 'unknown',
      temperature: 'yes',
      systemRole: 'yes',
      models: null,
    });
  });

  it('goes on without a system role, and the client then puts the system message elsewhere', async () => {
    const { baseUrl, requests } = await serve({
      honours: everything,
      models: null,
      refuses: ({ messages }) =>
        JSON.stringify(messages).includes('"system"')
          ? { status: 400, error: { message: 'System role not supported' } }
          : null,
    });
    const { capabilities } = await probeTeacher(options(baseUrl), clock);
    expect(capabilities.systemRole).toBe('no');
    const client = new TeacherClient({ ...options(baseUrl), capabilities });
    await client.complete(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      { temperature: 0, maxTokens: 5, stop: [], seed: null, count: 1, schema: null },
    );
    expect(requests.at(-1)?.body['messages']).toEqual([
      { role: 'user', content: 'Be brief.\n\nHello' },
    ]);
  });

  it('gives a model that thinks more room, without stop words', async () => {
    const { baseUrl, requests } = await startServer((response, { path, body }) => {
      if (path !== '/v1/chat/completions') return sendError(response, 404, 'no');
      const thinking = '<think>They want one, two, three, four, five, six.</think>';
      if ('stop' in body) {
        return sendChoices(response, [{ text: thinking.split('six')[0] ?? '', finish: 'stop' }]);
      }
      return sendChoices(response, [{ text: `${thinking}\n\nREADY one two three` }]);
    });
    const { capabilities, text } = await probeTeacher(options(baseUrl), clock);
    expect(capabilities).toMatchObject({ systemRole: 'yes', stop: 'unknown', temperature: 'yes' });
    expect(text).toBe('READY one two three');
    expect(requests.filter(({ path }) => path.endsWith('completions'))).toHaveLength(3);
  });

  it('never asks for ever', async () => {
    let refused = 0;
    const { baseUrl, requests } = await startServer((response, { path }) => {
      refused += 1;
      if (path !== '/v1/chat/completions') return sendError(response, 404, 'no');
      return sendError(response, 400, `No ${refused}`);
    });
    await expect(probeTeacher(options(baseUrl), clock)).rejects.toMatchObject({
      code: 'teacher-failed',
    });
    expect(requests.length).toBeLessThanOrEqual(mostAsked + 2);
  });

  it.each([
    [
      'a web page',
      (response: ServerResponse) => response.end('<html>Router login</html>'),
      'teacher-bad-response',
      'Router login',
    ],
    [
      '404 everywhere',
      (response: ServerResponse) => sendError(response, 404, 'nothing here'),
      'teacher-failed',
      'nothing here',
    ],
    [
      'a refused key',
      (response: ServerResponse) => sendError(response, 401, `no ${key}`),
      'teacher-unauthorized',
      'no [key]',
    ],
  ])('says so of %s', async (_name, respond, code, words) => {
    const { baseUrl } = await startServer((response) => void respond(response));
    const caught: unknown = await probeTeacher(options(baseUrl), clock).catch((it: unknown) => it);
    expect(caught).toMatchObject({ code, message: expect.stringContaining(words) as string });
    expect(JSON.stringify(caught)).not.toContain(key);
  });

  it('wants a model, and a server', async () => {
    const { baseUrl } = await serve({ honours: everything, models: ['one-model'] });
    await expect(probeTeacher(options(baseUrl, 'other', ''), clock)).rejects.toMatchObject({
      code: 'teacher-model-missing',
    });
    expect(await listModels(options(baseUrl, 'other', ''))).toEqual(['one-model']);
    const nowhere = options(await deadAddress());
    await expect(probeTeacher(nowhere, clock)).rejects.toMatchObject({
      code: 'teacher-unreachable',
    });
    await expect(listModels(nowhere)).rejects.toMatchObject({ code: 'teacher-unreachable' });
  });

  it('keeps 500 models, asks Azure for none, and reads the practice teacher', async () => {
    const models = Array.from({ length: 700 }, (_, index) => `m${index}`);
    const { baseUrl, requests } = await serve({ honours: everything, models });
    expect(await listModels(options(baseUrl))).toHaveLength(500);
    expect(await listModels(options(baseUrl, 'azure'))).toBeNull();
    expect(requests).toHaveLength(1);
    const practice = { ...options(practiceBaseUrl), fetch: practiceFetch };
    const { capabilities } = await probeTeacher(practice, clock);
    expect(capabilities).toMatchObject({ usage: 'yes', several: 'yes', models: null });
  });

  it('ends with the reason when it is given up', async () => {
    const { baseUrl } = await startServer(() => undefined);
    const gone = new AbortController();
    const probe = probeTeacher(options(baseUrl), clock, gone.signal);
    setTimeout(() => gone.abort(new Error('gone')), 50);
    await expect(probe).rejects.toThrow('gone');
  });
});
