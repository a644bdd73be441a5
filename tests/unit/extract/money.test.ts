import { describe, expect, it } from 'vitest';
import type { ExtractionSettings, Price } from '../../../electron/contract/entities.ts';
import type { StudioError } from '../../../electron/contract/errors.ts';
import { extractJob } from '../../../electron/stages/extract/index.ts';
import { PauseJob } from '../../../electron/stages/job.ts';
import type { Store } from '../../../electron/store/store.ts';
import {
  questionOf,
  sendCompletion,
  sendError,
  sendJson,
  startServer,
} from '../teacher/http-server.ts';
import {
  contextOf,
  extractionAt,
  pause,
  projectWith,
  runExtraction,
  severalAtOnce,
  tempStore,
} from './support.ts';

/** A dollar for a thousand tokens of answer. */
const price: Price = { input: 0, output: 1_000, batchShare: 0.5 };
const questions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ input: `What is ${index} + 1?`, gold: 'x' }));
const failure = (work: Promise<unknown>): Promise<StudioError> =>
  work.then(
    () => Promise.reject(new Error('a failure was expected')),
    (error: StudioError) => error,
  );
/** Settings of a saved extraction, some of them changed. */
function repace(store: Store, id: string, change: Partial<ExtractionSettings>): void {
  const { settings, price: before } = store.extractions.get(id);
  store.extractions.repace(id, { ...settings, ...change }, before);
}

describe('money', () => {
  it('pauses before the budget is crossed, and goes on when it is raised', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(60));
    const { baseUrl, requests } = await startServer((response) =>
      setTimeout(() => sendCompletion(response, 'So the answer is x.'), 3),
    );
    // An answer costs half a cent and may cost one.
    const settings = { concurrency: 16, maxTokens: 10, budget: 0.1 };
    const { id } = extractionAt(store, project.id, baseUrl, settings, price);
    const stopped = await failure(runExtraction(store, id));
    expect(stopped).toBeInstanceOf(PauseJob);
    expect(stopped.code).toBe('budget-reached');
    expect(stopped.message).toContain('$0.10');
    const first = store.extractions.get(id);
    expect(first.spend.cost).toBeCloseTo(0.005 * requests.length);
    expect(first.spend.cost).toBeLessThanOrEqual(0.1 + 1e-9);
    // Nothing that may still fit is left out: 19 answers, and the money for the worst of one is gone.
    expect(first).toMatchObject({ completed: 19, failed: 0, spend: { requests: 19 } });

    repace(store, id, { budget: 1 });
    await runExtraction(store, id);
    expect(requests).toHaveLength(60);
    const { completed, spend } = store.extractions.get(id);
    expect({ completed, requests: spend.requests }).toEqual({ completed: 60, requests: 60 });
    expect(spend.cost).toBeCloseTo(0.3);
  });

  it('is passed by what is under way at most when the server ignores the limit of length', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(200));
    let [now, most] = [0, 0];
    const { baseUrl } = await startServer((response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        // Twenty times the tokens that are allowed: $0.20 in place of $0.01.
        sendJson(response, 200, {
          choices: [{ message: { content: 'So the answer is x.' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 200 },
        });
      }, 150);
    });
    const settings = { concurrency: 64, maxTokens: 10, budget: 1 };
    const { id } = extractionAt(store, project.id, baseUrl, settings, price);
    const { code } = await failure(runExtraction(store, id));
    const spent = store.extractions.get(id).spend.cost ?? 0;
    process.stdout.write(
      `budget $1, each answer 20 times its limit: $${spent.toFixed(2)} spent, ${most} at a time\n`,
    );
    expect(code).toBe('budget-reached');
    expect(spent).toBeGreaterThan(1);
    expect(spent).toBeLessThanOrEqual(1 + 64 * 0.2);
  });

  it('is put down at the most for an answer that broke off, and not at all for a refusal', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(2));
    const { baseUrl } = await startServer((response, request) => {
      if (questionOf(request).includes('0 + 1')) sendError(response, 500, 'oh');
      else {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"choices":', () => response.socket?.resetAndDestroy());
      }
    });
    const settings = { maxTokens: 10, budget: 1, retries: 0 };
    const { id } = extractionAt(store, project.id, baseUrl, settings, price);
    await failure(runExtraction(store, id));
    const { spend } = store.extractions.get(id);
    expect(spend).toMatchObject({ requests: 2, completionTokens: 10, estimated: true });
    expect(spend.cost).toBeCloseTo(0.01);
  });

  it('is not risked without a price', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(3));
    const { baseUrl, requests } = await startServer((response) => sendCompletion(response, 'x'));
    const { id } = extractionAt(store, project.id, baseUrl, { budget: 5 });
    expect((await failure(runExtraction(store, id))).code).toBe('price-missing');
    expect(requests).toHaveLength(0);
  });

  it('counts tokens itself where the server does not', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(5));
    const { baseUrl } = await startServer((response) =>
      sendJson(response, 200, {
        choices: [{ message: { content: 'So the answer is x.' }, finish_reason: 'stop' }],
      }),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { budget: 5 }, price);
    await runExtraction(store, id);
    const { spend } = store.extractions.get(id);
    expect(spend).toMatchObject({ requests: 5, estimated: true, completionTokens: 5 * 6 });
    expect(spend.promptTokens).toBeGreaterThan(5 * 20);
    expect(spend.cost).toBeCloseTo((5 * 6) / 1_000);
    expect(store.extractions.usage(id, 1)[0]?.completionTokens).toBe(6);
  });
});

describe('money that is put aside', () => {
  it('is not waited for by the very call that it is put aside for', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(1));
    // One answer in place of three, and not a word of tokens.
    const { baseUrl, requests } = await startServer((response) =>
      sendJson(response, 200, {
        choices: [{ message: { content: 'So the answer is x.' }, finish_reason: 'stop' }],
      }),
    );
    const settings = { samples: 3, temperature: 1, maxTokens: 10, budget: 0.03 };
    const { id, teacher } = extractionAt(store, project.id, baseUrl, settings, price);
    store.teachers.setCapabilities(teacher.id, severalAtOnce);
    const { code } = await failure(runExtraction(store, id));
    expect(code).toBe('budget-reached');
    expect(requests).toHaveLength(1);
    const { completed, spend } = store.extractions.get(id);
    expect({ completed, requests: spend.requests }).toEqual({ completed: 1, requests: 1 });
    expect(spend.cost).toBeLessThanOrEqual(0.03 + 1e-9);
  });

  it('keeps requests from being shown as under way', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(6));
    const { baseUrl } = await startServer((response) =>
      setTimeout(() => sendCompletion(response, 'So the answer is x.'), 250),
    );
    // Enough for two answers at a time.
    const settings = { concurrency: 6, maxTokens: 10, budget: 0.024 };
    const { id } = extractionAt(store, project.id, baseUrl, settings, price);
    const context = contextOf(store, id);
    const shown: number[] = [];
    const progress: typeof context.progress = ({ network }) => shown.push(network?.inFlight ?? 0);
    const work = extractJob.run({ ...context, progress }, { extractionId: id });
    expect((await failure(work)).code).toBe('budget-reached');
    expect(Math.max(...shown)).toBe(2);
  });
});

describe('what is spent', () => {
  it('is put down also when the answers can not be saved', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(3));
    const { baseUrl, requests } = await startServer((response) =>
      sendCompletion(response, 'So the answer is x.'),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 3 }, price);
    const { saveCompletions } = store.extractions;
    store.extractions.saveCompletions = (extractionId, rows, options) => {
      if (rows.length > 0) throw new Error('no space');
      saveCompletions(extractionId, rows, options);
    };
    await expect(runExtraction(store, id)).rejects.toThrow('no space');
    const { completed, spend } = store.extractions.get(id);
    expect({ completed, requests: spend.requests }).toEqual({
      completed: 0,
      requests: requests.length,
    });
    expect(spend.cost).toBeGreaterThan(0);
  });

  it('is put down before anything comes of it', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(2));
    const stop = new AbortController();
    const { baseUrl, requests } = await startServer((response) =>
      sendError(response, 429, 'later', { 'retry-after': '120' }),
    );
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 2, retries: 5 });
    const work = runExtraction(store, id, stop);
    // As a process that is killed now would leave it.
    await expect.poll(() => store.extractions.get(id).spend.requests).toBeGreaterThan(0);
    expect(store.extractions.get(id).spend.requests).toBe(requests.length);
    stop.abort(pause);
    await work;
    expect(store.extractions.get(id).spend.requests).toBe(requests.length);
  });

  it('has a price to the end when the price table loses it', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(4));
    const { baseUrl } = await startServer((response) => sendCompletion(response, 'x'));
    const { id } = extractionAt(store, project.id, baseUrl, { limit: 2 }, price);
    await runExtraction(store, id);
    const { settings } = store.extractions.get(id);
    store.extractions.repace(id, { ...settings, limit: null }, null);
    await runExtraction(store, id);
    const { completed, spend } = store.extractions.get(id);
    expect(completed).toBe(4);
    expect(spend.cost).toBeCloseTo(4 * 0.005);
  });
});

describe('the cap on requests', () => {
  it('counts repeated requests too, and pauses', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(40));
    const seen = new Set<string>();
    const { baseUrl, requests } = await startServer((response, request) => {
      const question = questionOf(request);
      if (seen.has(question)) sendCompletion(response, 'So the answer is x.');
      else sendError(response, 429, 'slow down', { 'retry-after-ms': '1' });
      seen.add(question);
    });
    const settings = { concurrency: 4, retries: 2, maxRequests: 13 };
    const { id } = extractionAt(store, project.id, baseUrl, settings);
    const { code, message } = await failure(runExtraction(store, id));
    expect({ code, message }).toEqual({
      code: 'request-cap-reached',
      message: 'The limit of 13 requests is reached.',
    });
    expect(requests).toHaveLength(13);
    const { spend, failed, completed } = store.extractions.get(id);
    expect({ requests: spend.requests, failed }).toEqual({ requests: 13, failed: 0 });
    expect(completed).toBeLessThan(10);
  });
});

describe('a pause', () => {
  it('keeps what is under way, sends nothing new, and tells how much it is', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(50));
    const stop = new AbortController();
    const { baseUrl, requests } = await startServer((response, _request, count) => {
      setTimeout(() => sendCompletion(response, 'So the answer is x.'), 300);
      if (count === 8) setTimeout(() => stop.abort(pause), 50);
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 8 });
    const { progress } = await runExtraction(store, id, stop);
    expect(requests).toHaveLength(8);
    expect(store.extractions.get(id)).toMatchObject({ completed: 8, spend: { requests: 8 } });
    expect(Math.max(...progress.map(({ network }) => network?.inFlight ?? 0))).toBe(8);
    expect(progress.at(-1)?.network?.inFlight).toBe(0);
  });

  it('does not wait for waits: a request that is to be repeated is left to the next run', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(4));
    const stop = new AbortController();
    const { baseUrl, requests } = await startServer((response) => {
      sendError(response, 429, 'later', { 'retry-after': '120' });
      setTimeout(() => stop.abort(pause), 20);
    });
    const { id } = extractionAt(store, project.id, baseUrl, { concurrency: 2, retries: 5 });
    await runExtraction(store, id, stop);
    expect(requests.length).toBeLessThanOrEqual(2);
    expect(store.extractions.get(id)).toMatchObject({ completed: 0, failed: 0 });
  });

  it('drops what is under way when the job is cancelled', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', questions(4));
    const stop = new AbortController();
    const { baseUrl } = await startServer(() => setTimeout(() => stop.abort('cancel'), 20));
    const { id } = extractionAt(store, project.id, baseUrl, { timeoutSeconds: 3_600 });
    await runExtraction(store, id, stop);
    expect(store.extractions.get(id)).toMatchObject({ completed: 0, failed: 0 });
  });
});
