import { setImmediate } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Attempt } from './attempt.ts';

/**
 * Jobs that wait for each other. A free slot takes whoever is first at that moment, so that the order
 * may change up to the last one.
 */
export class Lane {
  readonly #slots: PQueue;
  readonly #run: (attempt: Attempt) => Promise<void>;
  readonly #waiting: Attempt[] = [];

  /** @param width jobs that run at a time */
  constructor(width: number, run: (attempt: Attempt) => Promise<void>) {
    this.#slots = new PQueue({ concurrency: width });
    this.#run = run;
  }

  /** Who waits, the next one first. */
  get waiting(): readonly Attempt[] {
    return this.#waiting;
  }

  /** Lets a job wait at a place, 0 for the next; behind all others where it is left out. */
  add(attempt: Attempt, place = this.#waiting.length): void {
    this.#waiting.splice(place, 0, attempt);
    void this.#slots.add(() => this.#next());
  }

  /** Puts a job that waits at another place; one past the end is the end. */
  move(attempt: Attempt, place: number): void {
    if (this.remove(attempt)) this.#waiting.splice(place, 0, attempt);
  }

  /** Lets a job wait no longer. Its slot finds someone else, or nobody. */
  remove(attempt: Attempt): boolean {
    const index = this.#waiting.indexOf(attempt);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }

  async #next(): Promise<void> {
    // Whoever queued a job finishes its own turn first: it may still have rows to save.
    await setImmediate();
    const attempt = this.#waiting.shift();
    if (attempt) await this.#run(attempt);
  }
}
