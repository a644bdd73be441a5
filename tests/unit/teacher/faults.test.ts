import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { TeacherClient } from '../../../electron/teacher/client.ts';
import { TeacherError } from '../../../electron/teacher/errors.ts';
import type { AttemptOutcome, Gate } from '../../../electron/teacher/gate.ts';
import { Pace, wallClock } from '../../../electron/teacher/pace.ts';
import { paidTwice, spawnFaultServer, startFaultServer } from '../../support/fault-server.ts';
import { drawFault, faults } from '../../support/faults.ts';

const questions = generateSample({ rows: 300, seed: 5 }).map(({ input }) => input);
const settings = {
  temperature: 0,
  maxTokens: 256,
  stop: ['\nQ:'],
  seed: null,
  count: 1,
  schema: null,
};
const prompt = (question: string) => [{ role: 'user', content: `Q: ${question}\nA:` }] as const;
const client = (baseUrl: string) =>
  new TeacherClient({
    baseUrl,
    provider: 'other',
    model: 'model',
    apiVersion: null,
    key: null,
    timeoutSeconds: 1,
    retries: 4,
    capabilities: null,
    backoff: { min: 5, max: 20 },
  });

describe('faults', () => {
  it('come as often as was asked for, every kind of them, and the same again', () => {
    const numbers = Array.from({ length: 20_000 }, (_, index) => `question ${index}`);
    const drawn = numbers.map((question) => drawFault(1, question, 1, 0.3));
    expect(drawn.filter((fault) => fault !== null).length / drawn.length).toBeCloseTo(0.3, 1);
    expect(new Set(drawn)).toEqual(new Set([null, ...faults]));
    expect(numbers.map((question) => drawFault(1, question, 1, 0.3))).toEqual(drawn);
    expect(numbers.map((question) => drawFault(2, question, 1, 0.3))).not.toEqual(drawn);
  });

  it('leave every question with an answer or a reason, and none is paid for twice', async () => {
    const server = await startFaultServer({ seed: 7, retryAfterSeconds: 0 });
    const random = new Random(1);
    const pace = new Pace({ limit: 32, clock: wallClock, random: () => random.next() });
    const outcomes: AttemptOutcome[] = [];
    const gate: Gate = {
      enter: (signal) => pace.enter(signal),
      leave: (outcome) => {
        outcomes.push(outcome);
        pace.leave(outcome);
      },
    };
    const teacher = client(server.baseUrl);
    const settled = await Promise.allSettled(
      questions.map((question) => teacher.complete(prompt(question), { ...settings, gate })),
    );
    const log = await server.log();
    await server.close();

    const failures = settled.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []));
    expect(failures.every((failure) => failure instanceof TeacherError)).toBe(true);
    expect(settled.length - failures.length).toBeGreaterThan(questions.length * 0.85);
    expect(new Set(log.map(({ fault }) => fault))).toEqual(new Set([null, ...faults]));
    expect(paidTwice(log)).toEqual([]);
    expect(outcomes).toHaveLength(log.length);
    expect(pace.inFlight).toBe(0);
    const answered = outcomes.filter(({ kind }) => kind === 'answered');
    expect(answered).toHaveLength(log.filter(({ completion }) => completion).length);
    expect(settled.length - failures.length).toBe(answered.length);

    // What the server counted for answers without a use is heard of all the same.
    const costly = new Set(['length-empty', 'filtered', 'no-choices']);
    const counted = log.filter(({ fault, completion }) => completion || costly.has(fault ?? ''));
    const tokens = outcomes.map((it) => ('promptTokens' in it ? (it.promptTokens ?? 0) : 0));
    expect(tokens.reduce((sum, count) => sum + count)).toBe(
      counted.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    );
  });
});

describe('the server in a process of its own', () => {
  it('answers and shows its log', async () => {
    const server = await spawnFaultServer({ seed: 1, share: 0 });
    const [question = ''] = questions;
    await client(server.baseUrl).complete(prompt(question), settings);
    expect(await server.log()).toMatchObject([
      { question, asked: 1, fault: null, completion: true, delivery: 'received' },
    ]);
    await server.close();
  });

  it('tells an answer that was received from one that went into a dying connection', async () => {
    const server = await startFaultServer({ seed: 1, share: 0, delay: 400 });
    const [question = ''] = questions;
    const gone = new AbortController();
    const asked = client(server.baseUrl).complete(prompt(question), {
      ...settings,
      signal: gone.signal,
    });
    setTimeout(() => gone.abort(new Error('gone')), 150);
    await expect(asked).rejects.toThrow('gone');
    await client(server.baseUrl).complete(prompt(question), settings);
    const log = await server.log();
    expect(log.map(({ delivery }) => delivery)).toEqual(['lost', 'received']);
    expect(paidTwice(log)).toEqual([]);
    await client(server.baseUrl).complete(prompt(question), settings);
    expect(paidTwice(await server.log())).toMatchObject([{ asked: 3 }]);
    await server.close();
  });
});
