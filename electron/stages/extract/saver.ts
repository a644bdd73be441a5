import type { NewCompletion, NewRationale } from '../../store/store.ts';

export interface Answered {
  completion: NewCompletion;
  rationale: NewRationale | null;
}

/** Rows in one transaction at most. */
const batchRows = 50;
/** Milliseconds between transactions: one a busy stream of answers shares, a lone answer never waits for. */
const batchWait = 20;

/**
 * Saves answers as they arrive. Each may have been paid for, so one that comes alone is on the disk
 * at once; where they come thick and fast, those of a few milliseconds share a transaction.
 */
export class BatchSaver {
  readonly #save: (rows: readonly Answered[]) => void;
  #rows: Answered[] = [];
  #timer: NodeJS.Timeout | null = null;
  #failures: unknown[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;

  /** @param save commits the rows in one transaction */
  constructor(save: (rows: readonly Answered[]) => void) {
    this.#save = save;
  }

  /** @throws what an earlier transaction failed with, so that no more answers are bought for nothing */
  add(row: Answered): void {
    this.#rows.push(row);
    if (this.#failures.length > 0) throw this.#failures[0];
    const wait = this.#flushedAt + batchWait - performance.now();
    if (wait <= 0 || this.#rows.length >= batchRows) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushInBackground(), wait);
  }

  /** Saves what has gathered, now. Rows whose transaction fails stay gathered. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#rows.length === 0) return;
    this.#save(this.#rows);
    this.#rows = [];
    this.#flushedAt = performance.now();
  }

  #flushInBackground(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failures.push(error);
    }
  }
}
