import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work in one go: short enough that nobody notices. */
const longestWork = 8;

/** Lets long loops breathe: after a few milliseconds of work the event loop gets its turn. */
export class Breath {
  #since = performance.now();

  /** To be awaited between two pieces of work. */
  take(): Promise<void> | undefined {
    return performance.now() - this.#since < longestWork ? undefined : this.#turn();
  }

  async #turn(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
