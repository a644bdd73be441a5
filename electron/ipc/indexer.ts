import type { Clock } from '../jobs/clock.ts';
import { systemClock } from '../jobs/clock.ts';
import type { Log } from '../stages/job.ts';
import type { Threads } from '../stages/threads.ts';
import { searchTask } from '../store/search-task.ts';
import type { Store } from '../store/store.ts';

/** Milliseconds from the first poke until rows are indexed: changes that come together go together. */
const patience = 300;

interface IndexerOptions {
  readonly store: Store;
  readonly threads: Threads;
  readonly log: Log;
  /** Rows of these projects can be found that could not be before. */
  readonly onIndexed: (projectIds: readonly string[]) => void;
  readonly clock?: Clock;
}

/**
 * Keeps the full-text index up with the store, in a thread, whenever it is told that rows changed. The
 * index is derived: what goes wrong with it is logged, and made good the next time.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  #timer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #isAsked = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Says that rows may have changed. */
  poke(): void {
    this.#isAsked = true;
    if (this.#timer !== null || this.#running !== null || this.#end.signal.aborted) return;
    this.#timer = this.#clock.after(patience, () => {
      this.#timer = null;
      this.#start();
    });
  }

  /** Indexes what there is to index now; resolves when it is done. Never rejects. */
  async settle(): Promise<void> {
    this.#isAsked = true;
    this.#cancelTimer();
    this.#start();
    while (this.#running !== null) await this.#running;
  }

  async close(): Promise<void> {
    this.#cancelTimer();
    this.#end.abort();
    await this.#running;
  }

  #cancelTimer(): void {
    this.#timer?.();
    this.#timer = null;
  }

  #start(): void {
    if (this.#running !== null || this.#end.signal.aborted) return;
    this.#running = this.#catchUp().finally(() => {
      this.#running = null;
      if (this.#isAsked) this.poke();
    });
  }

  async #catchUp(): Promise<void> {
    this.#isAsked = false;
    const { store, threads, log, onIndexed } = this.#options;
    const projectIds = new Set<string>();
    const anew = store.reviews.searchDamaged();
    if (anew) store.reviews.releaseSearch();
    try {
      await threads.run(
        searchTask,
        { path: store.path, anew },
        {
          signal: this.#end.signal,
          onBatch: async (batch) => {
            for (const projectId of batch.projectIds) projectIds.add(projectId);
            await this.#forget(batch.applied);
          },
        },
      );
    } catch (error) {
      if (!this.#end.signal.aborted) {
        log.warn({ error: String(error) }, 'the search index could not be caught up');
      }
    }
    if (projectIds.size > 0 && !this.#end.signal.aborted) onIndexed([...projectIds]);
  }

  /** Removes changes that the index has taken in from the store, a few at a time. */
  async #forget(applied: number): Promise<void> {
    while (this.#options.store.reviews.indexed(applied)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#end.signal.aborted) return;
    }
  }
}
