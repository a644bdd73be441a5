import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Price } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { PauseJob } from '../../../electron/stages/job.ts';
import type { StopReason } from '../../../electron/stages/job.ts';
import { sendError, sendJson, startServer } from '../teacher/http-server.ts';
import { extractionAt, projectWith, runExtraction, severalAtOnce, tempStore } from './support.ts';

/** A dollar for a thousand tokens of either kind. */
const price: Price = { input: 1_000, output: 1_000, batchShare: 0.5 };
const maxTokens = 12;

/** What the server knows: it is the one that sends the bill. */
class Ledger {
  requests = 0;
  promptTokens = 0;
  completionTokens = 0;

  readonly #tells: boolean;

  /** @param tells whether its answers say how many tokens they are charged for */
  constructor(tells: boolean) {
    this.#tells = tells;
  }

  bill(response: ServerResponse, random: Random, n: number): void {
    // Fewer choices than were asked for, and empty ones, now and then.
    const choices = Array.from(
      { length: random.next() < 0.2 ? Math.max(1, n - 1) : n },
      (_, index) => ({
        ...{ index, finish_reason: 'stop' },
        message: { content: random.next() < 0.1 ? '' : `So the answer is ${'abc'[index % 3]}.` },
      }),
    );
    const usage = { prompt_tokens: random.integer(5, 30), completion_tokens: 0 };
    usage.completion_tokens = random.integer(choices.length, choices.length * maxTokens);
    this.promptTokens += usage.prompt_tokens;
    this.completionTokens += usage.completion_tokens;
    sendJson(response, 200, { choices, ...(this.#tells ? { usage } : {}) });
  }
}

const fault = (response: ServerResponse, random: Random): void => {
  const kind = random.integer(0, 4);
  if (kind === 0)
    sendError(response, 429, 'slow', { 'retry-after-ms': `${random.integer(0, 20)}` });
  else if (kind === 1) sendError(response, 429, 'slow', { 'retry-after': '0' });
  else if (kind === 2) sendError(response, 500, 'oh');
  else if (kind === 3) sendError(response, 503, 'busy', { 'retry-after': '0' });
  else response.socket?.resetAndDestroy();
};

async function manyRuns(seed: number) {
  const random = new Random(seed);
  const store = tempStore();
  const rows = Array.from({ length: 25 }, (_, index) => ({
    input: `Row ${index % 20}`,
    gold: 'a',
  }));
  const project = projectWith(store, 'text', rows);
  const ledger = new Ledger(seed % 3 !== 0);
  let current = new AbortController();
  const { baseUrl } = await startServer((response, { body }) => {
    ledger.requests += 1;
    if (random.next() < 0.04) {
      const reasons: StopReason[] = ['pause', 'shutdown'];
      current.abort(reasons[random.integer(0, 1)]);
    }
    const n = Number(body['n'] ?? 1);
    const faulty = random.next() < 0.3;
    setTimeout(
      () => (faulty ? fault(response, random) : ledger.bill(response, random, n)),
      random.integer(0, 8),
    );
  });
  const settings = {
    ...{ samples: random.integer(1, 5), temperature: random.next() < 0.2 ? 0 : 1, maxTokens },
    ...{ concurrency: random.integer(1, 24), retries: random.integer(0, 2), budget: 0.3 },
  };
  const { id, teacher } = extractionAt(store, project.id, baseUrl, settings, price);
  if (random.next() < 0.5) store.teachers.setCapabilities(teacher.id, severalAtOnce);
  let budget = 0.3;
  let runs = 0;
  for (; runs < 60; runs++) {
    current = new AbortController();
    // Raised, and lowered below what is spent.
    budget = random.next() < 0.3 ? Math.max(0.01, budget * random.next()) : budget + 1.5;
    const spentBefore = store.extractions.get(id).spend.cost ?? 0;
    const { settings: before, completed, wanted } = store.extractions.get(id);
    if (completed === wanted) break;
    store.extractions.repace(id, { ...before, budget }, price);
    const requestsBefore = ledger.requests;
    try {
      const { progress } = await runExtraction(store, id, current);
      expect(progress.at(-1)?.network?.inFlight).toBe(0);
    } catch (caught) {
      if (caught instanceof PauseJob) expect(caught.code).toBe('budget-reached');
    }
    const { spend } = store.extractions.get(id);
    expect(spend.cost).toBeLessThanOrEqual(Math.max(budget, spentBefore) + 1e-9);
    if (spentBefore >= budget) expect(ledger.requests).toBe(requestsBefore);
  }
  return { store, id, project, ledger, runs };
}

describe('runs that are stopped, fail and go on, with random faults and budgets', () => {
  for (let seed = 1; seed <= 6; seed++) {
    it(`keep to the budget, count every request once, and end whole (seed ${seed})`, async () => {
      const { store, id, ledger, runs } = await manyRuns(seed);
      const { spend, completed, wanted, failed } = store.extractions.get(id);
      expect(runs).toBeLessThan(60);
      expect({ completed, failed }).toEqual({ completed: wanted, failed: 0 });
      // A request that never got to the server (reset before it was read) is counted all the same.
      expect(spend.requests).toBe(ledger.requests);
      expect(spend.estimated).toBe(seed % 3 === 0);
      if (spend.estimated) return;
      expect({ prompt: spend.promptTokens, completion: spend.completionTokens }).toEqual({
        prompt: ledger.promptTokens,
        completion: ledger.completionTokens,
      });
      expect(spend.cost).toBeCloseTo((ledger.promptTokens + ledger.completionTokens) / 1_000, 6);
    });
  }
});
