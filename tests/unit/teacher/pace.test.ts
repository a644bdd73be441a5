import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import type { AttemptOutcome } from '../../../electron/teacher/gate.ts';
import { Pace } from '../../../electron/teacher/pace.ts';
import type { PaceClock } from '../../../electron/teacher/pace.ts';

/** Time that passes when a test says so. */
class FakeClock implements PaceClock {
  #now = 0;
  #timers: { at: number; work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.#now + milliseconds, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Runs what is due until then, in order, and lets promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    for (;;) {
      await settle();
      const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > until) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
    }
    this.#now = until;
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const answered = (milliseconds = 0): AttemptOutcome => ({
  kind: 'answered',
  promptTokens: null,
  completionTokens: null,
  milliseconds,
});
const failed = (milliseconds = 0): AttemptOutcome => ({
  kind: 'failed',
  promptTokens: null,
  completionTokens: null,
  milliseconds,
  mayCost: false,
});
const limited = (retryAfter: number | null = null, milliseconds = 0): AttemptOutcome => ({
  kind: 'limited',
  retryAfter,
  milliseconds,
});

function open(limit: number, seed = 1) {
  const clock = new FakeClock();
  const random = new Random(seed);
  const pace = new Pace({ limit, clock, random: () => random.next() });
  /** Numbers of those that were let in, and when. */
  const started: { who: number; at: number }[] = [];
  const enter = (who: number, signal?: AbortSignal) =>
    pace.enter(signal).then(() => void started.push({ who, at: clock.now() }));
  return { clock, pace, started, enter };
}

describe('a pace', () => {
  it('lets in as many as its limit, and the others in the order in which they came', async () => {
    const { clock, pace, started, enter } = open(3);
    for (let who = 0; who < 8; who++) void enter(who);
    await clock.advance(10);
    expect(started.map(({ who }) => who)).toEqual([0, 1, 2]);
    expect(pace.inFlight).toBe(3);
    for (let ended = 0; ended < 5; ended++) pace.leave(ended % 2 === 0 ? answered() : failed());
    await settle();
    expect(started.map(({ who }) => who)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(pace.slots).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('halves once for a burst of refusals, and again for requests sent after that', async () => {
    const { clock, pace, enter } = open(64);
    for (let who = 0; who < 64; who++) void enter(who);
    await clock.advance(100);
    for (let refused = 0; refused < 20; refused++) pace.leave(limited(null, 100));
    expect(pace.slots).toBe(32);
    await clock.advance(50);
    for (let refused = 0; refused < 44; refused++) pace.leave(limited(null, 150));
    expect(pace.slots).toBe(32);
    void enter(64);
    await clock.advance(30);
    pace.leave(limited(null, 30));
    expect(pace.slots).toBe(16);
    expect(pace.inFlight).toBe(0);
  });

  it('keeps one slot, however often it is refused', async () => {
    const { clock, pace, enter } = open(10);
    for (let round = 0; round < 12; round++) {
      void enter(round);
      await clock.advance(10);
      pace.leave(limited(null, 5));
    }
    expect(pace.slots).toBe(1);
    void enter(99);
    await settle();
    expect(pace.inFlight).toBe(1);
  });

  it('grows by one slot for as many answers as there are slots, up to its limit', async () => {
    const { clock, pace, enter } = open(8);
    void enter(0);
    await clock.advance(10);
    pace.leave(limited(null, 5));
    expect(pace.slots).toBe(4);
    const answer = async (times: number) => {
      for (let time = 0; time < times; time++) {
        void enter(time);
        await clock.advance(10);
        pace.leave(answered(5));
      }
    };
    await answer(3);
    expect(pace.slots).toBe(4);
    await answer(1);
    expect(pace.slots).toBe(5);
    await answer(5 + 6 + 7);
    expect(pace.slots).toBe(8);
    await answer(100);
    expect(pace.slots).toBe(8);
  });

  it('does not grow from answers that were sent before it halved, nor from failures', async () => {
    const { clock, pace, enter } = open(8);
    for (let who = 0; who < 8; who++) void enter(who);
    await clock.advance(100);
    pace.leave(limited(null, 100));
    for (let who = 0; who < 7; who++) pace.leave(answered(100));
    expect(pace.slots).toBe(4);
    for (let who = 0; who < 8; who++) {
      void enter(who);
      await clock.advance(10);
      pace.leave(failed(5));
    }
    expect(pace.slots).toBe(4);
  });
});

describe('a server that asks to be left alone', () => {
  it('is left alone by everybody, the longest time counting', async () => {
    const { clock, pace, started, enter } = open(4);
    for (let who = 0; who < 4; who++) void enter(who);
    await clock.advance(10);
    pace.leave(limited(2_000, 10));
    pace.leave(limited(5_000, 10));
    pace.leave(limited(1_000, 10));
    pace.leave(answered(10));
    expect(pace.waitingUntil).toEqual(new Date(5_010));
    for (let who = 4; who < 8; who++) void enter(who);
    await clock.advance(4_999);
    expect(started).toHaveLength(4);
    await clock.advance(2_000);
    expect(pace.waitingUntil).toBeNull();
    expect(started.length).toBeGreaterThan(4);
    expect(started[4]?.at).toBeGreaterThanOrEqual(5_010);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])(
    'meets no crowd afterwards, and nobody out of turn (%i)',
    async (seed) => {
      const { clock, pace, started, enter } = open(512, seed);
      void enter(0);
      await clock.advance(1);
      pace.leave(limited(1_000, 1));
      for (let who = 1; who <= 300; who++) void enter(who);
      await clock.advance(10_000);
      const later = started.slice(1);
      expect(later).toHaveLength(256);
      expect(later.map(({ who }) => who)).toEqual(later.map((_, index) => index + 1));
      expect(later.every(({ at }) => at > 1_001)).toBe(true);
      expect(new Set(later.map(({ at }) => at)).size).toBe(later.length);
      const [first, last] = [later[0]?.at ?? 0, later.at(-1)?.at ?? 0];
      expect(last - first).toBeGreaterThan(500);
      expect(last - first).toBeLessThan(2_000);
    },
  );
});

describe('a wait', () => {
  it('ends with the reason when it is given up, and leaves no timer behind', async () => {
    const { clock, pace, started, enter } = open(1);
    void enter(0);
    await settle();
    const stop = new AbortController();
    const waits = [1, 2, 3].map((who) => enter(who, stop.signal).catch((it: unknown) => it));
    void enter(4);
    stop.abort('pause');
    expect(await Promise.all(waits)).toEqual(['pause', 'pause', 'pause']);
    expect(await pace.enter(stop.signal).catch((it: unknown) => it)).toBe('pause');
    pace.leave(answered());
    await settle();
    expect(started.map(({ who }) => who)).toEqual([0, 4]);

    pace.leave(limited(60_000));
    const patient = new AbortController();
    const wait = enter(5, patient.signal).catch((it: unknown) => it);
    expect(clock.pending).toBe(1);
    patient.abort('pause');
    expect(await wait).toBe('pause');
    expect(clock.pending).toBe(0);
    expect(pace.inFlight).toBe(0);
  });
});

describe('any course of events', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'keeps to slots, turns, waits and timers (%i)',
    async (seed) => {
      const limit = 1 + (seed % 9);
      const { clock, pace, started, enter } = open(limit, seed);
      const random = new Random(seed + 1_000);
      const sentAt: number[] = [];
      const givenUp = new Set<number>();
      let [next, seen, closedUntil, ended] = [0, 0, 0, 0];
      const look = (): void => {
        for (; seen < started.length; seen++) {
          const at = started[seen]?.at ?? 0;
          expect(at).toBeGreaterThanOrEqual(closedUntil);
          sentAt.push(at);
        }
        expect(pace.slots).toBeGreaterThanOrEqual(1);
        expect(pace.slots).toBeLessThanOrEqual(limit);
        expect(pace.inFlight).toBe(sentAt.length);
      };
      const leave = (): void => {
        const at = sentAt.splice(random.integer(0, sentAt.length - 1), 1)[0] ?? 0;
        const took = clock.now() - at;
        const luck = random.next();
        ended += 1;
        if (luck < 0.7) return pace.leave(answered(took));
        if (luck < 0.8) return pace.leave(failed(took));
        const wait = luck < 0.9 ? null : random.integer(0, 300);
        if (wait !== null) closedUntil = Math.max(closedUntil, clock.now() + wait);
        pace.leave(limited(wait, took));
      };
      for (let step = 0; step < 400; step++) {
        const before = pace.slots;
        if (random.next() < 0.5) {
          const who = next++;
          const stop = new AbortController();
          enter(who, stop.signal).catch(() => givenUp.add(who));
          if (random.next() < 0.2) void clock.after(random.integer(0, 50), () => stop.abort());
        } else if (sentAt.length > 0) leave();
        expect(pace.slots).toBeGreaterThanOrEqual(Math.max(1, Math.floor(before / 2)));
        await clock.advance(random.integer(0, 20));
        look();
      }
      while (started.length + givenUp.size < next || sentAt.length > 0) {
        if (sentAt.length > 0) leave();
        await clock.advance(500);
        look();
      }
      expect(started.map(({ who }) => who)).toEqual(
        Array.from({ length: next }, (_, who) => who).filter((who) => !givenUp.has(who)),
      );
      expect(started).toHaveLength(ended);
      expect(pace.inFlight).toBe(0);
      expect(clock.pending).toBe(0);
    },
  );
});
