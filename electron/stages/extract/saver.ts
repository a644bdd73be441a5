import type { NewCompletion, NewRationale } from '../../store/store.ts';

/** An answer as it is saved: what came, and its parse. */
export interface Answered {
  completion: NewCompletion;
  rationale: NewRationale | null;
}

export interface SaverOptions {
  /** Commits the rows in one transaction that survives the end of the process. */
  readonly save: (rows: readonly Answered[]) => void;
  /** Brings what was committed to the disk, so that it survives a power cut too. */
  readonly flush: () => void;
}

/** Milliseconds between two flushes. */
const flushWait = 250;

/**
 * Saves answers as they arrive. Each may have been paid for, so all that came in one turn of the
 * event loop are committed before the next, in one transaction; a few times a second everything
 * committed is brought to the disk.
 */
export class AnswerSaver {
  readonly #options: SaverOptions;
  #rows: Answered[] = [];
  #turn: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failures: unknown[] = [];

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  /** @throws what an earlier transaction failed with, so that no more answers are bought for nothing */
  add(row: Answered): void {
    this.#rows.push(row);
    if (this.#failures.length > 0) throw this.#failures[0];
    this.#turn ??= setImmediate(() => this.#guarded(() => this.commit()));
  }

  /** Commits what has gathered, now. Rows whose transaction fails stay gathered. */
  commit(): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
    if (this.#rows.length === 0) return;
    this.#options.save(this.#rows);
    this.#rows = [];
    this.#timer ??= setTimeout(() => this.#guarded(() => this.#flush()), flushWait);
  }

  /** Commits what has gathered and brings all of it to the disk. */
  close(): void {
    this.commit();
    this.#flush();
  }

  #flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#options.flush();
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failures.push(error);
    }
  }
}
