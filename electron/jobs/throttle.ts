import type { Clock } from './clock.ts';

/**
 * Calls `work` at most once per interval: at once where the last call is long enough ago, else when
 * the interval is over. The last request is always honoured.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #work: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #cancelPending: (() => void) | null = null;

  /** @param interval milliseconds between calls */
  constructor(clock: Clock, interval: number, work: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#work = work;
  }

  /** Asks for a call. */
  request(): void {
    if (this.#cancelPending !== null) return;
    const wait = this.#last + this.#interval - this.#clock.now();
    if (wait <= 0) this.now();
    else this.#cancelPending = this.#clock.after(wait, () => this.now());
  }

  /** Calls at once; a call that was waiting is covered by it. */
  now(): void {
    this.drop();
    this.#last = this.#clock.now();
    this.#work();
  }

  /** Takes a waiting call back. */
  drop(): void {
    this.#cancelPending?.();
    this.#cancelPending = null;
  }
}
