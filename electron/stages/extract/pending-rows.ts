import type { PendingExample, Store } from '../../store/store.ts';

/** Rows read at a time. */
const pageRows = 200;

/**
 * The rows of an extraction that lack an answer, in import order, each given out once. Only a page of
 * them is in memory: a project may have a million.
 */
export class PendingRows {
  readonly #store: Store;
  readonly #extractionId: string;
  #page: PendingExample[] = [];
  #next = 0;
  #after = 0;
  #ended = false;

  constructor(store: Store, extractionId: string) {
    this.#store = store;
    this.#extractionId = extractionId;
  }

  /** Null when there is none left. */
  next(): PendingExample | null {
    if (this.#next >= this.#page.length) this.#readPage();
    const row = this.#page[this.#next];
    this.#next += 1;
    return row ?? null;
  }

  #readPage(): void {
    if (this.#ended) return;
    this.#page = this.#store.extractions.pendingPage(this.#extractionId, this.#after, pageRows);
    this.#next = 0;
    this.#after = this.#page.at(-1)?.id ?? this.#after;
    this.#ended = this.#page.length < pageRows;
  }
}
