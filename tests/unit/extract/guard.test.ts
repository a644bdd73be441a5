import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import { PauseJob } from '../../../electron/stages/job.ts';
import { Guard } from '../../../electron/stages/extract/guard.ts';
import type { GuardOptions, Reservation, Usage } from '../../../electron/stages/extract/guard.ts';

const price = { input: 2, output: 8, batchShare: 0.5 };
const unspent = { requests: 0, cost: null };
const guardOf = (options: Partial<GuardOptions>): Guard =>
  new Guard({ price, budget: null, maxRequests: null, spent: unspent, ...options });
const refusalOf = (work: Promise<unknown>): Promise<PauseJob> =>
  work.then(
    () => Promise.reject(new Error('a refusal was expected')),
    (error: PauseJob) => error,
  );
/** A thousand tokens of output: $0.008. */
const thousand: Usage = { promptTokens: 0, completionTokens: 1_000 };

/** Some workers that ask with random worst cases, and are answered in random order. */
async function interleave(
  seed: number,
  options: Partial<GuardOptions>,
  overrun: number,
): Promise<{ cost: number; most: number; requests: number; refusal: PauseJob | null }> {
  const random = new Random(seed);
  const guard = guardOf(options);
  const underWay: { reservation: Reservation; worst: Usage }[] = [];
  let [cost, most, requests, waiting] = [options.spent?.cost ?? 0, 0, 0, 0];
  let refusal: PauseJob | null = null;
  const worker = async (): Promise<void> => {
    while (refusal === null) {
      const worst = {
        promptTokens: random.integer(10, 3_000),
        completionTokens: random.integer(1, 500),
      };
      waiting += 1;
      try {
        underWay.push({ reservation: await guard.reserve(worst), worst });
        requests += 1;
      } catch (caught) {
        if (!(caught instanceof PauseJob)) throw caught;
        refusal = caught;
      }
      waiting -= 1;
    }
  };
  const workers = Array.from({ length: 16 }, worker);
  while (refusal === null || underWay.length > 0) {
    await Promise.resolve();
    most = Math.max(most, guard.committed);
    if (underWay.length === 0 || (waiting < 16 - underWay.length && random.next() < 0.5)) continue;
    const [ended] = underWay.splice(random.integer(0, underWay.length - 1), 1);
    if (ended === undefined) continue;
    const share = random.next() * overrun;
    const usage = {
      promptTokens: Math.floor(ended.worst.promptTokens * share),
      completionTokens: Math.floor(ended.worst.completionTokens * share),
    };
    const kind = random.integer(0, 9);
    if (kind === 0) guard.settle(ended.reservation, null);
    else {
      cost += guard.costOf(usage);
      guard.settle(ended.reservation, usage);
    }
  }
  await Promise.all(workers);
  return { cost, most, requests, refusal };
}

describe('a budget', () => {
  it('is never passed, in whatever order requests come and end', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const budget = 0.02 + (seed % 7) * 0.05;
      const spent = { requests: 3, cost: (seed % 3) * 0.005 };
      const { cost, most, refusal } = await interleave(seed, { budget, spent }, 1);
      expect(cost).toBeLessThanOrEqual(budget * (1 + 1e-6));
      expect(most).toBeLessThanOrEqual(budget * (1 + 1e-6));
      expect(refusal?.code).toBe('budget-reached');
      // It is used up to less than one request's worst case, too: waiting ones take what is left over.
      expect(cost).toBeGreaterThan(budget - 0.0101);
    }
  });

  it('is passed by no more than what is under way when answers cost more than they may', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const budget = 0.3;
      const { cost } = await interleave(seed, { budget }, 2);
      // 16 requests, each at most $0.01 over the $0.01 put aside for it.
      expect(cost).toBeLessThanOrEqual(budget + 16 * 0.01);
    }
  });

  it('lets a request wait that fits only when another one costs less than it might', async () => {
    const guard = guardOf({ budget: 0.01 });
    const first = await guard.reserve(thousand);
    let second: Reservation | null = null;
    const waiting = guard.reserve(thousand).then((it) => (second = it));
    await Promise.resolve();
    expect(second).toBeNull();
    guard.settle(first, { promptTokens: 0, completionTokens: 100 });
    await waiting;
    expect(second).not.toBeNull();
    expect(guard.underWay).toBe(1);
  });

  it('says what is spent, what the next request may cost, and what to do', async () => {
    const guard = guardOf({ budget: 0.01, spent: { requests: 9, cost: 0.0034 } });
    const refusal = await refusalOf(guard.reserve(thousand));
    expect(refusal).toBeInstanceOf(PauseJob);
    expect(refusal.message).toBe(
      'The budget of $0.01 is reached: $0.0034 is spent, and the next request may cost up to $0.008.',
    );
    expect(refusal.hint).toContain('Raise the budget');
    expect(guard.closed).toBe(refusal);
    // Closed is closed, also for a smaller one.
    expect(await refusalOf(guard.reserve({ promptTokens: 1, completionTokens: 1 }))).toBe(refusal);
  });

  it('holds nothing back without a price', async () => {
    const guard = guardOf({ price: null, budget: 0.01 });
    for (let i = 0; i < 100; i++) await guard.reserve(thousand);
    expect(guard.underWay).toBe(100);
    expect(guard.watchesMoney).toBe(false);
  });

  it('lets one that waits go when the run is stopped', async () => {
    const guard = guardOf({ budget: 0.01 });
    await guard.reserve(thousand);
    const stop = new AbortController();
    const waiting = guard.reserve(thousand, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });
});

describe('a cap on requests', () => {
  it('counts every request, those of earlier runs and failed ones too', async () => {
    const guard = guardOf({ maxRequests: 5, spent: { requests: 2, cost: 0 } });
    const reservations = [await guard.reserve(thousand), await guard.reserve(thousand)];
    for (const reservation of reservations) guard.settle(reservation, null);
    await guard.reserve(thousand);
    const refusal = await refusalOf(guard.reserve(thousand));
    expect(refusal).toMatchObject({
      code: 'request-cap-reached',
      message: 'The limit of 5 requests is reached.',
    });
  });

  it('does not count one that was not sent after all', async () => {
    const guard = guardOf({ maxRequests: 1 });
    guard.release(await guard.reserve(thousand));
    await guard.reserve(thousand);
    expect(guard.underWay).toBe(1);
  });
});

describe('what was used up', () => {
  it('is handed out once, to be saved with what it brought', async () => {
    const guard = guardOf({});
    expect(guard.takeDelta()).toBeNull();
    const [one, two] = [await guard.reserve(thousand), await guard.reserve(thousand)];
    guard.settle(one, { promptTokens: 500_000, completionTokens: 250_000 });
    guard.settle(two, null);
    guard.countReused(3);
    const delta = guard.takeDelta();
    const expected = {
      ...{ requests: 2, promptTokens: 500_000, completionTokens: 250_000, cost: 3 },
      ...{ reused: 3, estimated: false },
    };
    expect(delta).toEqual(expected);
    expect(guard.takeDelta()).toBeNull();
    if (delta !== null) guard.returnDelta(delta);
    guard.settle(await guard.reserve(thousand), thousand, true);
    expect(guard.takeDelta()).toMatchObject({ requests: 3, cost: 3.008, estimated: true });
  });

  it('has no cost without a price', async () => {
    const guard = guardOf({ price: null });
    guard.settle(await guard.reserve(thousand), thousand);
    expect(guard.takeDelta()).toMatchObject({ completionTokens: 1_000, cost: null });
  });
});
