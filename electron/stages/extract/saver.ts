import type { NewCompletion, NewRationale } from '../../store/store.ts';

export interface Answered {
  completion: NewCompletion;
  rationale: NewRationale | null;
}

/** Rows in one transaction at most. */
const batchRows = 50;
/** An answer waits at most this long for its transaction, milliseconds. */
const batchWait = 200;

/**
 * Gathers answers as they arrive and saves them in small transactions. Each answer may have been
 * paid for, so none waits long; a transaction of its own for each would be slow.
 */
export class BatchSaver {
  readonly #save: (rows: readonly Answered[]) => void;
  #rows: Answered[] = [];
  #timer: NodeJS.Timeout | null = null;
  #failures: unknown[] = [];

  /** @param save commits the rows in one transaction */
  constructor(save: (rows: readonly Answered[]) => void) {
    this.#save = save;
  }

  /** @throws what an earlier transaction failed with, so that no more answers are bought for nothing */
  add(row: Answered): void {
    this.#rows.push(row);
    if (this.#failures.length > 0) throw this.#failures[0];
    if (this.#rows.length >= batchRows) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushInBackground(), batchWait);
  }

  /** Saves what has gathered, now. Rows whose transaction fails stay gathered. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#rows.length === 0) return;
    this.#save(this.#rows);
    this.#rows = [];
  }

  #flushInBackground(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failures.push(error);
    }
  }
}
