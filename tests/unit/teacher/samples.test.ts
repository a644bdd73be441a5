import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { Capabilities, Teacher } from '../../../electron/contract/teacher.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { TeacherError } from '../../../electron/teacher/errors.ts';
import { openBatches, openTeacher, teacherOptions } from '../../../electron/teacher/open.ts';
import { answerProblem } from '../../../electron/teacher/practice/answer.ts';
import {
  practiceBaseUrl,
  practiceCapabilities,
  practiceFetch,
} from '../../../electron/teacher/practice/server.ts';
import { probeTeacher } from '../../../electron/teacher/probe.ts';
import { OpenGate, able, client, messages, options } from './asking.ts';
import { sendChoices, sendCompletion, sendError, startServer } from './http-server.ts';

const five = { ...options, temperature: 0.7, count: 5, seed: 40 };
const texts = (completions: readonly object[]) =>
  completions.map((it) => ('text' in it ? it.text : it));

const practice: Teacher = {
  id: 't',
  projectId: 'p',
  kind: 'practice',
  provider: 'other',
  name: 'Practice',
  baseUrl: null,
  model: 'practice',
  apiVersion: null,
  contextTokens: null,
  capabilities: null,
  keyKept: 'none',
  createdAt: '2026-01-01T00:00:00.000Z',
};

describe('a saved teacher', () => {
  const limits = { timeoutSeconds: 5, retries: 0 };
  const saved: Teacher = {
    ...practice,
    kind: 'openai-compatible',
    baseUrl: 'http://127.0.0.1:9/v1',
    model: able.model,
    capabilities: able,
  };

  it('is opened with what was found of its model, and of no other', () => {
    expect(openTeacher(saved, null, limits).answersTogether).toBe(true);
    expect(openTeacher({ ...saved, model: 'other' }, null, limits).answersTogether).toBe(false);
    expect(openBatches(saved, null).url).toBe('/v1/chat/completions');
  });

  it('without an address can not be asked', () => {
    for (const teacher of [
      { ...saved, baseUrl: null },
      { ...practice, kind: 'recorded' as const },
    ]) {
      expect(() => openTeacher(teacher, null, limits)).toThrow('has no address');
    }
  });
});

describe('several completions', () => {
  it('come in one answer where the server honours it', async () => {
    const { baseUrl, requests } = await startServer((response, { body }) =>
      sendChoices(
        response,
        Array.from({ length: Number(body['n']) }, (_, index) => ({ text: `answer ${index}` })),
      ),
    );
    const teacher = client(baseUrl, { capabilities: able });
    expect(teacher.answersTogether).toBe(true);
    const answer = await teacher.complete(messages, five);
    expect(texts(answer.completions)).toEqual([0, 1, 2, 3, 4].map((it) => `answer ${it}`));
    expect(answer).toMatchObject({ promptTokens: 7, completionTokens: 5 });
    expect(requests.map(({ body }) => [body['n'], body['seed']])).toEqual([[5, 40]]);
  });

  it('are requests of their own elsewhere, each with a seed of its own and through the gate', async () => {
    const { baseUrl, requests } = await startServer((response, { body }) =>
      sendCompletion(response, `seed ${String(body['seed'])}`),
    );
    const gate = new OpenGate();
    const teacher = client(baseUrl);
    expect(teacher.answersTogether).toBe(false);
    const answer = await teacher.complete(messages, { ...five, gate });
    expect(texts(answer.completions)).toEqual([40, 41, 42, 43, 44].map((it) => `seed ${it}`));
    expect(answer).toMatchObject({ promptTokens: 35, completionTokens: 25 });
    expect(requests.every(({ body }) => !('n' in body))).toBe(true);
    expect(gate.told).toEqual(
      Array.from({ length: 5 }, () => ({ kind: 'answered', promptTokens: 7, completionTokens: 5 })),
    );
  });

  it('are completed one by one when fewer come, or one of them is empty', async () => {
    const { baseUrl, requests } = await startServer((response, { body }) => {
      if ('n' in body) sendChoices(response, [{ text: 'a' }, { text: '' }, { text: 'c' }]);
      else sendCompletion(response, `seed ${String(body['seed'])}`);
    });
    const answer = await client(baseUrl, { capabilities: able }).complete(messages, five);
    expect(texts(answer.completions)).toEqual(['a', 'seed 41', 'c', 'seed 43', 'seed 44']);
    expect(requests).toHaveLength(4);
    expect(answer.promptTokens).toBe(28);
  });

  it('keep the reason of one that failed beside those that came', async () => {
    const { baseUrl } = await startServer((response, { body }) => {
      if (body['seed'] === 42) sendCompletion(response, 'x', 'content_filter');
      else sendCompletion(response, 'fine');
    });
    const { completions } = await client(baseUrl).complete(messages, five);
    expect(completions[2]).toBeInstanceOf(TeacherError);
    expect(completions.filter((it) => !(it instanceof TeacherError))).toHaveLength(4);
  });

  it('fail together when none came', async () => {
    const { baseUrl } = await startServer((response) => sendError(response, 401, 'no'));
    await expect(client(baseUrl).complete(messages, five)).rejects.toMatchObject({
      code: 'teacher-unauthorized',
    });
  });

  it('that came are not lost when the gate closes or the person stops', async () => {
    const { baseUrl } = await startServer((response) => sendCompletion(response, 'fine'));
    const gate = new OpenGate(3);
    const { completions } = await client(baseUrl).complete(messages, { ...five, gate });
    expect(texts(completions.slice(0, 2))).toEqual(['fine', 'fine']);
    expect(completions.slice(2)).toMatchObject(
      Array.from({ length: 3 }, () => ({ code: 'job-interrupted' })),
    );
    const closed = new OpenGate(1);
    await expect(client(baseUrl).complete(messages, { ...five, gate: closed })).rejects.toThrow(
      'the budget is used up',
    );
    expect(closed.told).toEqual([]);
  });
});

describe('a gate', () => {
  it('stands around every attempt, and its own errors are not tried again', async () => {
    const { baseUrl, requests } = await startServer((response, _request, count) => {
      if (count < 3) sendError(response, 500, 'oh');
      else sendCompletion(response, 'fine');
    });
    const gate = new OpenGate();
    await client(baseUrl).complete(messages, { ...options, gate });
    expect(gate.told.map((it) => ('kind' in it ? it.kind : ''))).toEqual([
      'failed',
      'failed',
      'answered',
    ]);
    const shut = new OpenGate(1);
    const refused = client(baseUrl).complete(messages, { ...options, gate: shut });
    await expect(refused).rejects.not.toBeInstanceOf(StudioError);
    expect(shut.entered).toBe(1);
    expect(requests).toHaveLength(3);
  });

  it('is left when the person stops', async () => {
    const { baseUrl } = await startServer(() => undefined);
    const gate = new OpenGate();
    const stop = new AbortController();
    const asked = client(baseUrl).complete(messages, { ...options, gate, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('pause')), 50);
    await expect(asked).rejects.toThrow('pause');
    expect(gate.told).toEqual([
      { kind: 'failed', promptTokens: null, completionTokens: null, mayCost: true },
    ]);
  });
});

describe('what the probe found', () => {
  it('decides what is sent, from the first request on', async () => {
    const { baseUrl, requests } = await startServer((response) => sendCompletion(response, 'x'));
    const schema = { type: 'object', properties: {} };
    const all = { ...options, stop: ['\n'], seed: 1, count: 2, schema };
    const poor = {
      ...able,
      lengthLimit: 'max_completion_tokens',
      temperature: 'no',
      stop: 'no',
      seed: 'no',
      several: 'unknown',
      jsonSchema: 'no',
    } as const;
    await client(baseUrl, { capabilities: poor }).complete(messages, all);
    expect(requests.map(({ body }) => body)).toEqual(
      Array.from({ length: 2 }, () => ({
        model: 'some-model',
        messages,
        max_completion_tokens: 32,
      })),
    );
    expect(client(baseUrl, { capabilities: able }).body(messages, all)).toEqual({
      model: 'some-model',
      messages,
      max_tokens: 32,
      temperature: 0,
      stop: ['\n'],
      seed: 1,
      n: 2,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', strict: true, schema },
      },
    });
  });

  it('does not hold for ever: a refusal teaches more', async () => {
    const { baseUrl, requests } = await startServer((response, { body }) => {
      if ('response_format' in body) sendError(response, 400, 'response_format is not supported');
      else if ('n' in body) sendError(response, 422, "Extra inputs are not permitted: 'n'");
      else sendCompletion(response, 'fine');
    });
    const teacher = client(baseUrl, { capabilities: able });
    const answer = await teacher.complete(messages, { ...five, schema: { type: 'object' } });
    expect(answer.completions).toHaveLength(5);
    expect(requests).toHaveLength(7);
    expect(teacher.answersTogether).toBe(false);
  });

  it('is not what a refusal of a value says', async () => {
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 400, 'temperature must be between 0 and 1'),
    );
    await expect(client(baseUrl).complete(messages, options)).rejects.toThrow('between 0 and 1');
    expect(requests).toHaveLength(1);
  });
});

describe('the practice teacher', () => {
  const fetched = { baseUrl: practiceBaseUrl, fetch: practiceFetch };
  const problem = generateSample({ rows: 50, seed: 3 })[0]?.input ?? '';
  const asked = [{ role: 'user', content: `Q: ${problem}\nA:` }] as const;
  const samples = async (capabilities: Capabilities | null, temperature: number) => {
    const wanted = { ...five, temperature };
    return (await client('', { ...fetched, capabilities }).complete(asked, wanted)).completions;
  };

  it('samples like a model does: alike at temperature 0, else as the seed has it', async () => {
    const apart = await samples(null, 0.7);
    expect(texts(apart)).toEqual(
      [40, 41, 42, 43, 44].map((seed) => answerProblem(problem, seed).text),
    );
    expect(new Set(texts(apart)).size).toBeGreaterThan(1);
    expect(await samples(practiceCapabilities, 0.7)).toEqual(apart);
    expect(new Set(texts(await samples(practiceCapabilities, 0)))).toEqual(
      new Set([answerProblem(problem).text]),
    );
  });

  it('is what its probe finds', async () => {
    const { capabilities } = await probeTeacher(
      { ...teacherOptions(practice, null, { timeoutSeconds: 5, retries: 0 }) },
      { now: () => 0 },
    );
    expect(capabilities).toEqual({
      ...practiceCapabilities,
      milliseconds: capabilities.milliseconds,
    });
  });
});
