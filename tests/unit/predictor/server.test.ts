import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { complete, eventsOf } from '../../../electron/predictor/server/completions.ts';
import { refuseForeign } from '../../../electron/predictor/server/gate.ts';
import { HttpError } from '../../../electron/predictor/server/http-error.ts';
import { MicroBatches } from '../../../electron/predictor/server/micro-batches.ts';
import { predict } from '../../../electron/predictor/server/predict.ts';
import { explaining } from '../../support/predictor-folder.ts';
import { shouting } from './made-student.ts';
import type { MadeOptions } from './made-student.ts';

const never = new AbortController().signal;

function asking(options: MadeOptions = {}) {
  const student = shouting(options);
  const batches = new MicroBatches(student, 4);
  return {
    predict: (body: unknown) => predict(body, student, batches, never),
    complete: (body: unknown) =>
      complete(body, student, batches, { signal: never, seconds: 1_700_000_000 }),
  };
}

describe('who may ask', () => {
  const own = { host: '127.0.0.1:8080' };

  it.each([
    [own],
    [{ host: 'LOCALHOST:8080' }],
    [{ ...own, origin: 'http://127.0.0.1:8080' }],
    [{ ...own, 'sec-fetch-site': 'none' }],
  ])('%j may', (headers) => {
    expect(refuseForeign(headers, 8080)).toBeNull();
  });

  it.each([
    [{}],
    [{ host: 'evil.example' }],
    [{ host: '127.0.0.1:8081' }],
    [{ ...own, origin: 'https://evil.example' }],
    [{ ...own, origin: 'null' }],
    [{ ...own, origin: 'http://localhost:8080' }],
    [{ ...own, 'sec-fetch-site': 'cross-site' }],
    [{ ...own, 'sec-fetch-site': 'same-site' }],
  ])('%j may not', (headers) => {
    expect(refuseForeign(headers, 8080)?.status).toBe(403);
  });
});

describe('questions of several clients', () => {
  const question = (input: string) => ({ input, choices: null, teacherRationale: null });

  it('are asked together, at most so many, each answered its own', async () => {
    const asked: MadeOptions['batches'] = [];
    const batches = new MicroBatches(shouting({ batches: asked }), 4);
    const texts = Array.from({ length: 10 }, (_unused, i) => `question ${i}`);
    const answers = await Promise.all(
      texts.map((text) => batches.ask([question(text)], false, never)),
    );
    expect(answers.map(([answer]) => answer?.label)).toEqual(
      texts.map((text) => text.toUpperCase()),
    );
    expect(asked.map((batch) => batch.length)).toEqual([4, 4, 2]);
  });

  it('are asked apart where one wants a rationale and another does not', async () => {
    const asked: MadeOptions['batches'] = [];
    const batches = new MicroBatches(shouting({ batches: asked }), 4);
    const [[why], [what]] = await Promise.all([
      batches.ask([question('why')], true, never),
      batches.ask([question('what')], false, never),
    ]);
    expect([why?.rationale, what?.rationale]).toEqual(['loudly', null]);
    expect(asked).toHaveLength(2);
  });

  it('are left out when their client has gone', async () => {
    const asked: MadeOptions['batches'] = [];
    const batches = new MicroBatches(shouting({ batches: asked }), 4);
    const gone = new AbortController();
    const lost = batches.ask([question('lost')], false, gone.signal);
    gone.abort(new Error('gone'));
    const kept = batches.ask([question('kept')], false, never);
    await expect(lost).rejects.toThrow('gone');
    expect((await kept)[0]?.label).toBe('KEPT');
    expect(asked.flat().map(({ input }) => input)).toEqual(['kept']);
  });

  it('are refused when too many wait, and the others are answered', async () => {
    const batches = new MicroBatches(shouting(), 1024);
    const many = Array.from({ length: 4096 }, () => question('many'));
    const answered = batches.ask(many, false, never);
    await expect(batches.ask([question('one more')], false, never)).rejects.toThrow('waiting');
    expect(await answered).toHaveLength(4096);
  });

  it('share a failure, and those after them do not', async () => {
    let fails = true;
    const before = () => (fails ? Promise.reject(new Error('broken')) : Promise.resolve());
    const batches = new MicroBatches(shouting({ before }), 4);
    await expect(batches.ask([question('a')], false, never)).rejects.toThrow('broken');
    fails = false;
    expect(await batches.ask([question('b')], false, never)).toHaveLength(1);
  });
});

describe('POST /predict', () => {
  it('answers one question, and several in their order', async () => {
    const server = asking({ threshold: 0.5 });
    expect(await server.predict({ input: 'yes', rationale: true })).toEqual({
      ...{ label: 'YES', confidence: 0.75, rationale: 'loudly' },
    });
    expect(await server.predict({ inputs: ['no', { input: ' ' }, { input: 'yes' }] })).toEqual({
      answers: [
        { label: 'NO', confidence: 0.25, ask: 'teacher' },
        { error: 'The question is empty.' },
        { label: 'YES', confidence: 0.75 },
      ],
    });
  });

  it('hands choices over, those of a question before those of all', async () => {
    const batches: NonNullable<MadeOptions['batches']> = [];
    const server = asking({ batches });
    await server.predict({ inputs: ['a', { input: 'b', choices: ['x'] }], choices: ['y', 'z'] });
    expect(batches.flat().map(({ choices }) => choices)).toEqual([['y', 'z'], ['x']]);
  });

  it.each([
    [{}],
    [{ input: 3 }],
    [{ input: 'a', more: 1 }],
    [{ inputs: [] }],
    [{ inputs: Array.from({ length: 257 }, () => 'a') }],
    [{ input: '' }],
    [{ input: 'x'.repeat(20_001) }],
    [null],
  ])('refuses %j', async (body) => {
    await expect(asking().predict(body)).rejects.toMatchObject({ status: 400 });
  });
});

describe('POST /v1/completions', () => {
  it('answers in the form of OpenAI, and counts the student’s tokens', async () => {
    const { completion } = await asking({ threshold: 0.5 }).complete({
      ...{ model: 'student', prompt: ['yes', 'no'], temperature: 0.7, user: 'me' },
    });
    expect(completion).toMatchObject({
      object: 'text_completion',
      created: 1_700_000_000,
      model: 'student',
      choices: [
        { text: 'YES', index: 0, finish_reason: 'stop', logprobs: null },
        { text: 'NO', index: 1, finish_reason: 'stop', stepwise: { ask: 'teacher' } },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 7, total_tokens: 14 },
    });
  });

  it('cuts at the most tokens, and at the first stop sequence', async () => {
    const server = asking();
    const cut = await server.complete({ model: 'student', prompt: 'abcdef', max_tokens: 4 });
    expect(cut.completion.choices[0]).toMatchObject({ text: 'ABCD', finish_reason: 'length' });
    expect(cut.completion.usage.completion_tokens).toBe(4);
    const stopped = await server.complete({
      ...{ model: 'student', prompt: 'abcdef', stop: ['E', 'C'] },
    });
    expect(stopped.completion.choices[0]).toMatchObject({ text: 'AB', finish_reason: 'stop' });
  });

  it('tells the probability of every token that it wrote', async () => {
    const { completion } = await asking().complete({
      ...{ model: 'student', prompt: 'abc', logprobs: 1 },
    });
    const half = Math.log(0.5);
    expect(completion.choices[0]?.logprobs).toEqual({
      tokens: ['A', 'B', 'C'],
      token_logprobs: [half, half, half],
      top_logprobs: [{ A: half }, { B: half }, { C: half }],
      text_offset: [0, 1, 2],
    });
  });

  const Event = z.object({
    choices: z.array(z.object({ text: z.string(), finish_reason: z.string().nullable() })),
    usage: z.unknown().optional(),
  });

  it('streams a text, why it ended, and what it took', async () => {
    const answered = await asking().complete({
      ...{ model: 'student', prompt: ['a', 'b'], stream: true },
      stream_options: { include_usage: true },
    });
    const events = [...eventsOf(answered)];
    expect(events.every((event) => event.startsWith('data: ') && event.endsWith('\n\n'))).toBe(
      true,
    );
    expect(events.pop()).toBe('data: [DONE]\n\n');
    const parsed = events.map((event) => Event.parse(JSON.parse(event.slice(6))));
    expect(parsed.map(({ choices }) => choices.map(({ text }) => text).join(''))).toEqual([
      ...['A', '', 'B', '', ''],
    ]);
    expect(parsed.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      ...[null, 'stop', null, 'stop', undefined],
    ]);
    expect(parsed.at(-1)?.usage).toMatchObject({ total_tokens: 8 });
  });

  it.each([
    [{ n: 2 }, 'n: the student has one answer'],
    [{ echo: true }, 'echo'],
    [{ suffix: 'x' }, 'suffix'],
    [{ logprobs: 5 }, '0 or 1'],
    [{ prompt: [1, 2] }, 'token ids are not read'],
    [{ prompt: '' }, 'empty'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias'],
  ])('refuses %j with a sentence', async (more, said) => {
    const body = { model: 'student', prompt: 'a', ...more };
    await expect(asking().complete(body)).rejects.toThrow(said);
    await expect(asking().complete(body)).rejects.toBeInstanceOf(HttpError);
  });

  it('knows no other model', async () => {
    await expect(asking().complete({ model: 'gpt-4', prompt: 'a' })).rejects.toMatchObject({
      ...{ status: 404, field: 'model' },
    });
  });

  it('tells no probabilities of a label that stands behind a rationale', async () => {
    const manifest = { ...explaining, rationalePrefix: null, answerMark: 'Answer:' };
    const body = { model: 'student', prompt: 'a', logprobs: 0 };
    await expect(asking({ manifest }).complete(body)).rejects.toMatchObject({ field: 'logprobs' });
  });
});
