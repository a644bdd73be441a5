import type { AttemptOutcome, Gate } from './gate.ts';

/** Time, passed in so that tests decide when it passes. */
export interface PaceClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `work` after so many milliseconds; the returned function takes it back. */
  after(milliseconds: number, work: () => void): () => void;
}

/** The machine's time. A pending wait keeps the process alive: somebody's rows depend on it. */
export const wallClock: PaceClock = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface PaceOptions {
  /** Requests at a time at most. */
  readonly limit: number;
  readonly clock: PaceClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface Waiting {
  readonly start: () => void;
  /** Takes back what waits for the signal. */
  readonly forget: () => void;
}

/** After a pause requests start one by one at least for so long; milliseconds. */
const reopening = 1_000;
/** Between two of them on average at most; milliseconds. */
const spacing = 15;

/**
 * How many requests may be under way. It starts with `limit`, halves when the server says that they
 * are too many, and grows by one after as many answers as there are slots: additive increase,
 * multiplicative decrease, as TCP does it (Chiu and Jain 1989). While the server asks to be left
 * alone (`Retry-After`) nobody starts; those who waited then start one by one, at random moments
 * and in the order in which they came.
 */
export class Pace implements Gate {
  readonly #options: PaceOptions;
  readonly #waiting: Waiting[] = [];
  #slots: number;
  #inFlight = 0;
  /** Answers since the number of slots last changed. */
  #answers = 0;
  #halvedAt = Number.NEGATIVE_INFINITY;
  #closedUntil = Number.NEGATIVE_INFINITY;
  /** Whether starts are spread out: none before `nextStart`. */
  #reopening = false;
  #nextStart = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#slots = options.limit;
  }

  /** Requests that may be under way at present; at least 1. */
  get slots(): number {
    return this.#slots;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Until when the server asked to be left alone; null when it did not. */
  get waitingUntil(): Date | null {
    const until = this.#closedUntil;
    return until > this.#options.clock.now() ? new Date(until) : null;
  }

  /**
   * Resolves when a request may start.
   *
   * @throws the signal's reason when it is aborted before
   */
  enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#admit();
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        start: resolve,
        forget: () => signal?.removeEventListener('abort', abort),
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  leave(outcome: AttemptOutcome): void {
    this.#inFlight -= 1;
    const now = this.#options.clock.now();
    /** Requests sent before the last halving say nothing about what it brought. */
    const current = now - outcome.milliseconds > this.#halvedAt;
    if (outcome.kind === 'limited') {
      if (current) this.#halve(now);
      if (outcome.retryAfter !== null) this.#close(now + outcome.retryAfter);
    } else if (outcome.kind === 'answered' && current) {
      this.#grow();
    }
    this.#admit();
  }

  #halve(now: number): void {
    this.#slots = Math.max(1, Math.floor(this.#slots / 2));
    this.#answers = 0;
    this.#halvedAt = now;
  }

  #grow(): void {
    this.#answers += 1;
    if (this.#answers < this.#slots || this.#slots >= this.#options.limit) return;
    this.#slots += 1;
    this.#answers = 0;
  }

  #close(until: number): void {
    if (until <= this.#closedUntil) return;
    this.#closedUntil = until;
    this.#reopening = true;
    this.#nextStart = until + this.#gap();
  }

  /** Starts those whose turn it is, and sets the clock for the next. */
  #admit(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const now = this.#options.clock.now();
    while (this.#inFlight < this.#slots) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      const wait = this.#reopening ? this.#nextStart - now : 0;
      if (wait > 0) {
        this.#cancelTimer = this.#options.clock.after(wait, () => this.#admit());
        return;
      }
      this.#waiting.shift();
      this.#inFlight += 1;
      if (this.#reopening) this.#nextStart = now + this.#gap();
      next.forget();
      next.start();
    }
    // All who waited have started, or as many as may.
    if (now >= this.#closedUntil + reopening) this.#reopening = false;
  }

  /** Milliseconds between two starts after a pause: at least 1, so that no two come at once. */
  #gap(): number {
    const mean = Math.min(spacing, reopening / this.#slots);
    return 1 + Math.floor(this.#options.random() * 2 * mean);
  }
}
