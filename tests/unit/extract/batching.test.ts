import { describe, expect, it } from 'vitest';
import type { ExtractionSettings, Price } from '../../../electron/contract/entities.ts';
import type { StudioError } from '../../../electron/contract/errors.ts';
import { runBatches } from '../../../electron/stages/extract/batching.ts';
import type { BatchClock } from '../../../electron/stages/extract/batching.ts';
import { createSampleProject } from '../../../electron/stages/import/sample/index.ts';
import type { Store } from '../../../electron/store/store.ts';
import { sendCompletion, sendError, startServer } from '../teacher/http-server.ts';
import { complete, errorLine, outputLine, startBatchServer } from './batch-server.ts';
import type { BatchServer } from './batch-server.ts';
import {
  contextOf,
  extractionAt,
  pause,
  projectWith,
  runExtraction,
  tempStore,
} from './support.ts';
import type { JobRun } from './support.ts';

/** A dollar for a thousand tokens of answer, half of it in a batch. */
const price: Price = { input: 0, output: 1_000, batchShare: 0.5 };
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ input: `Row ${index}`, gold: 'x' }));
const failure = (work: Promise<unknown>): Promise<StudioError> =>
  work.then(
    () => Promise.reject(new Error('a failure was expected')),
    (error: StudioError) => error,
  );

/** A clock whose waits are kept and take no time. */
function clockFrom(now = Date.now()): BatchClock & { waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    wait(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

async function setUp(count: number, settings: Partial<ExtractionSettings> = {}) {
  const store = tempStore();
  const project = projectWith(store, 'text', rows(count));
  const server = await startBatchServer();
  const all = { mode: 'batch' as const, ...settings };
  const { id } = extractionAt(store, project.id, server.baseUrl, all, price);
  return { store, server, id, project };
}

/** One run of the job's batches, as the registry starts it. */
async function run(
  store: Store,
  id: string,
  clock: BatchClock = clockFrom(),
  stop = new AbortController(),
): Promise<JobRun> {
  const result: JobRun = { progress: [], areas: [] };
  const context = contextOf(store, id, stop, result);
  await runBatches(context, store.extractions.get(id), { clock });
  return result;
}

const handedOver = (server: BatchServer): string[] =>
  server.batches.flatMap(({ lines }) => lines.map(({ custom_id }) => custom_id)).sort();

describe('a batch', () => {
  it('is handed over, waited for with growing patience, and collected at half the price', async () => {
    const { store, server, id } = await setUp(30, { samples: 2, temperature: 1, seed: 5 });
    let asked = 0;
    server.onAsked = (batch) => {
      if (++asked === 8) complete(batch);
    };
    const clock = clockFrom();
    const { progress } = await run(store, id, clock);
    expect(server.batches).toHaveLength(1);
    expect(server.batches[0]?.lines).toHaveLength(60);
    expect(server.batches[0]?.lines.slice(0, 2).map(({ body }) => body.seed)).toEqual([5, 6]);
    expect(clock.waits).toEqual([10_000, 15_000, 22_500, 33_750, 50_625, 75_937.5, 113_906.25]);
    const extraction = store.extractions.get(id);
    expect(extraction).toMatchObject({ completed: 60, failed: 0 });
    expect(extraction.spend).toMatchObject({ requests: 60, promptTokens: 420, estimated: false });
    expect(extraction.spend.cost).toBeCloseTo(60 * 0.0025);
    expect(store.extractions.summary(id)).toMatchObject({ rows: 30, parsed: 30, correct: 30 });
    expect(store.extractions.batches(id)).toMatchObject([
      { state: 'completed', collected: true, remoteId: 'batch-0', requests: 60, completed: 60 },
    ]);
    expect(progress.at(-1)).toMatchObject({ done: 60, total: 60 });

    await run(store, id);
    expect(server.batches).toHaveLength(1);
  });

  it('names the address that its requests go to as the server has it', async () => {
    for (const [provider, url] of [
      ['other', '/v1/chat/completions'],
      ['azure', '/chat/completions'],
    ] as const) {
      const { store, server, id } = await setUp(2);
      server.onAsked = (batch) => complete(batch);
      const { teacher } = store.extractions.get(id);
      store.teachers.save({ ...teacher, teacherId: teacher.id, provider });
      await run(store, id);
      expect(server.batches[0]?.lines.map((line) => line.url)).toEqual([url, url]);
    }
  });

  it('may fail in part: failures are saved with their words, missing lines stay open', async () => {
    const { store, server, id } = await setUp(10);
    server.onAsked = (batch) => {
      const { lines } = batch;
      batch.output = lines.slice(0, 6).map((line) => outputLine(line, 'So the answer is x.'));
      batch.errors = lines.slice(6, 8).map((line) => errorLine(line, 'overloaded'));
      batch.status = 'expired';
    };
    const error = await failure(run(store, id));
    expect(error).toMatchObject({
      code: 'batch-failed',
      message: 'The server did not get to 2 of 10 requests of a batch within its time.',
    });
    expect(store.extractions.get(id)).toMatchObject({ completed: 6, failed: 2 });
    expect(store.extractions.failures(id)[0]?.message).toContain('overloaded');
    expect(store.extractions.get(id).spend.requests).toBe(8);

    server.onAsked = (batch) => complete(batch);
    await run(store, id);
    expect(server.batches[1]?.lines).toHaveLength(4);
    expect(store.extractions.get(id)).toMatchObject({ completed: 10, failed: 0 });
  });

  it('that the server refuses says why', async () => {
    const { store, server, id } = await setUp(3);
    server.onAsked = (batch) => {
      batch.status = 'failed';
      batch.refusal = 'Invalid model.';
    };
    expect((await failure(run(store, id))).message).toContain('line 1: Invalid model.');
    expect(store.extractions.batches(id)).toMatchObject([{ state: 'failed', collected: true }]);
    expect(store.extractions.get(id).completed).toBe(0);
  });

  it('that a server knows nothing of leaves nothing behind: single requests go on', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', rows(4));
    const { baseUrl } = await startServer((response, request) => {
      if (request.path.endsWith('/chat/completions'))
        sendCompletion(response, 'So the answer is x.');
      else sendError(response, 404, 'no such route');
    });
    const { id } = extractionAt(store, project.id, baseUrl, { mode: 'batch' });
    expect((await failure(run(store, id))).message).toContain('has no batch API');
    expect(store.extractions.batches(id)).toMatchObject([
      { state: 'failed', collected: true, error: expect.stringContaining('no such route') },
    ]);
    const { settings } = store.extractions.get(id);
    store.extractions.repace(id, { ...settings, mode: 'requests' }, null);
    await runExtraction(store, id);
    expect(store.extractions.get(id).completed).toBe(4);

    const practice = createSampleProject(store, { rows: 50, seed: 1 });
    const [teacher] = store.teachers.list(practice.id);
    const known = store.extractions.create({
      ...{ projectId: practice.id, teacherId: teacher?.id ?? '', templateId: null, price: null },
      ...{ settings: { ...settings, mode: 'batch' }, seed: 0 },
    });
    expect((await failure(run(store, known.id))).message).toContain('has no batch API');
  });

  it('is collected before single requests are sent for the same rows', async () => {
    const { store, server, id } = await setUp(6);
    const stop = new AbortController();
    server.onAsked = () => stop.abort(pause);
    await run(store, id, clockFrom(), stop);
    const extraction = store.extractions.get(id);
    store.extractions.repace(id, { ...extraction.settings, mode: 'requests' }, extraction.price);
    server.onAsked = (batch) => complete(batch);
    await runExtraction(store, id);
    expect(store.extractions.get(id)).toMatchObject({ completed: 6, spend: { requests: 6 } });
    expect(server.requests).not.toContain('POST /chat/completions');
  });

  it('is not given what was answered before, and equal rows go in once', async () => {
    const { store, server, id, project } = await setUp(12);
    server.onAsked = (batch) => complete(batch);
    await run(store, id);
    const settings = { mode: 'batch' as const };
    const again = extractionAt(store, project.id, server.baseUrl, settings, price);
    await run(store, again.id);
    expect(server.batches).toHaveLength(1);
    expect(store.extractions.get(again.id)).toMatchObject({
      ...{ completed: 12, spend: { requests: 0, reused: 12, cost: 0 } },
    });

    const same = projectWith(store, 'text', [...rows(3), ...rows(3)], [], 'Twice');
    const twice = extractionAt(store, same.id, server.baseUrl, settings, price);
    await run(store, twice.id);
    expect(server.batches[1]?.lines).toHaveLength(3);
    expect(store.extractions.get(twice.id)).toMatchObject({
      ...{ completed: 6, spend: { requests: 3, reused: 3 } },
    });
  });
});

describe('a run of batches that was cut off', () => {
  it('while it handed a file over finds the batch and hands nothing over twice', async () => {
    const { store, server, id } = await setUp(20);
    // The server makes the batch; its answer is never received, nor is anything after it.
    server.onCreated = (_batch, response) => response.destroy();
    const list = store.extractions.saveBatch;
    store.extractions.saveBatch = () => {
      throw new Error('killed');
    };
    await failure(run(store, id));
    store.extractions.saveBatch = list;
    expect(store.extractions.batches(id)).toMatchObject([{ state: 'submitting', remoteId: null }]);

    server.onAsked = (batch) => complete(batch);
    await run(store, id);
    expect(handedOver(server)).toHaveLength(20);
    expect(store.extractions.get(id)).toMatchObject({ completed: 20, spend: { requests: 20 } });
  });

  it('before the file reached the server hands it over, once it is sure', async () => {
    const { store, server, id } = await setUp(4);
    const [example] = store.extractions.pending(id);
    const requestHash = new Uint8Array(16);
    store.extractions.createBatch(id, [{ exampleId: example?.id ?? 0, sample: 0, requestHash }]);
    server.onAsked = (batch) => complete(batch);
    const clock = clockFrom();
    await run(store, id, clock);
    // A server may list a batch late: it is looked for half a minute.
    expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(29_000);
    expect(handedOver(server)).toHaveLength(4);
    expect(store.extractions.batches(id)).toMatchObject([
      { state: 'cancelled', collected: true, error: expect.stringContaining('handed over') },
      { state: 'completed', collected: true },
    ]);
  });

  it('while it collected counts nothing twice', async () => {
    const { store, server, id } = await setUp(500);
    server.onAsked = (batch) => {
      complete(batch);
      const last = batch.lines.at(-1);
      if (last !== undefined) batch.output.splice(-1, 1, errorLine(last, 'no'));
    };
    const { saveCompletions } = store.extractions;
    let transactions = 0;
    store.extractions.saveCompletions = (...call) => {
      if (++transactions === 2) throw new Error('killed');
      saveCompletions(...call);
    };
    await failure(run(store, id));
    store.extractions.saveCompletions = saveCompletions;
    expect(store.extractions.get(id).completed).toBe(200);

    server.onAsked = () => undefined;
    await run(store, id, clockFrom(), abortAfterCollecting(store, id));
    const { completed, failed, spend } = store.extractions.get(id);
    expect({ completed, failed }).toEqual({ completed: 499, failed: 1 });
    expect(spend.requests).toBe(500);
    expect(spend.cost).toBeCloseTo(499 * 0.0025);
    expect(server.batches).toHaveLength(1);
  });

  it('by a pause leaves the batch at the server and collects it later', async () => {
    const { store, server, id } = await setUp(5);
    const stop = new AbortController();
    server.onAsked = () => stop.abort(pause);
    await run(store, id, clockFrom(), stop);
    expect(store.extractions.batches(id)).toMatchObject([{ collected: false }]);
    expect(server.requests).not.toContain('POST /batches/batch-0/cancel');

    server.onAsked = (batch) => complete(batch);
    await run(store, id);
    expect(server.batches).toHaveLength(1);
    expect(store.extractions.get(id).completed).toBe(5);
  });

  it('by a cancel cancels the batch and keeps what it brought', async () => {
    const { store, server, id } = await setUp(5);
    const stop = new AbortController();
    server.onAsked = (batch) => {
      if (batch.status === 'in_progress') {
        batch.output = batch.lines.slice(0, 2).map((line) => outputLine(line, 'Answer: x'));
        stop.abort('cancel');
      }
    };
    await run(store, id, clockFrom(), stop);
    expect(server.requests).toContain('POST /batches/batch-0/cancel');
    expect(store.extractions.batches(id)).toMatchObject([{ state: 'cancelled', collected: true }]);
    expect(store.extractions.get(id)).toMatchObject({ completed: 2, spend: { requests: 2 } });
  });
});

describe('the budget of batches', () => {
  it('makes files as large as their worst case allows, and pauses when none fits', async () => {
    // Half a cent at worst, a quarter when it comes.
    const { store, server, id } = await setUp(60, { maxTokens: 10, budget: 0.1 });
    server.onAsked = (batch) => complete(batch);
    const error = await failure(run(store, id));
    expect(error.code).toBe('budget-reached');
    const { completed, spend } = store.extractions.get(id);
    expect(server.batches.map(({ lines }) => lines.length)).toEqual([20, 10, 5, 2, 1, 1]);
    expect(completed).toBe(39);
    expect(spend.cost).toBeLessThanOrEqual(0.1);
    expect(new Set(handedOver(server)).size).toBe(39);
  });

  it('caps the requests', async () => {
    const { store, server, id } = await setUp(60, { maxRequests: 25 });
    server.onAsked = (batch) => complete(batch);
    expect((await failure(run(store, id))).code).toBe('request-cap-reached');
    expect(handedOver(server)).toHaveLength(25);
    expect(store.extractions.get(id)).toMatchObject({ completed: 25, spend: { requests: 25 } });
  });
});

/** Stops a run once all of its answers are in, so that it does not ask for failed rows again. */
function abortAfterCollecting(store: Store, id: string): AbortController {
  const stop = new AbortController();
  const { saveBatch } = store.extractions;
  store.extractions.saveBatch = (batch) => {
    saveBatch(batch);
    if (batch.collected && batch.extractionId === id) stop.abort(pause);
  };
  return stop;
}
