import { untrack } from 'svelte';
import { toFailure } from './failure.ts';
import type { StudioFailure } from './failure.ts';

/** Something asked of main: its last answer, whether a newer one is on its way, why it failed. */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<StudioFailure | null>(null);
  loading = $state(false);
  readonly #fetch: () => Promise<T>;
  #turn = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Asks again. Answers that were overtaken by a later question are dropped. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const answer = this.#fetch();
    untrack(() => (this.loading = true));
    try {
      const value = await answer;
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = null;
    } catch (caught) {
      if (turn !== this.#turn) return;
      this.failure = toFailure(caught);
    }
    this.loading = false;
  }

  /** Forgets the answer, as when its subject has changed. */
  clear(): void {
    this.#turn += 1;
    this.value = null;
    this.failure = null;
    this.loading = false;
  }
}

/** One thing a person started with a button: whether it is under way, and why it failed. */
export class Action {
  busy = $state(false);
  failure = $state.raw<StudioFailure | null>(null);

  /** Runs `work` unless it is running already; true when it succeeded. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await work();
      return true;
    } catch (caught) {
      this.failure = toFailure(caught);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
