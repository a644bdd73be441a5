import { StudioError } from '../contract/errors.ts';
import type { Indexer } from './indexer.ts';
import type { RowsSeen, Store, Window } from '../store/store.ts';
import { listTask } from '../store/list-task.ts';
import { isEveryRow } from '../store/row-lists.ts';
import type { Threads } from '../stages/threads.ts';

/** Projects with more rows are listed in a thread: fewer are listed in less time than asking one takes. */
const rowsListedHere = 20_000;

/** Rows of a search that are listed first, before somebody goes further down. */
const rowsFirst = 50_000;

/** How often a list is made again that was out of date when it came; then main makes it itself. */
const tries = 3;

/** Sees to it that main never goes through a million rows to answer for a page of them. */
export class RowReader {
  readonly #store: Store;
  readonly #threads: Threads;
  readonly #indexer: Pick<Indexer, 'settle'>;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(store: Store, threads: Threads, indexer: Pick<Indexer, 'settle'>) {
    this.#store = store;
    this.#threads = threads;
    this.#indexer = indexer;
  }

  /**
   * Resolves once these rows are listed, those that were saved a moment ago among them: for what is
   * done to all of them. Waits until they can be found by their words, where words are asked for.
   * @throws StudioError job-conflict when they can't, as on a full disk: some would be left out
   */
  async complete(seen: RowsSeen): Promise<void> {
    const isByWords = seen.query.text.trim() !== '';
    for (let attempt = 0; isByWords && !this.#store.reviews.searchReady(seen); attempt++) {
      if (attempt === tries) throw notSearchable();
      // Rows may be saved while those before them are indexed.
      await this.#indexer.settle();
    }
    await this.list(seen);
  }

  /** Resolves once `page`, `ids` and `rows` of these rows answer without going through all of them. */
  async list(seen: RowsSeen): Promise<void> {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (!this.#isWorthAsking(seen)) return;
      await this.#ask(seen, null);
    }
  }

  /**
   * The same for one page, which nobody waits for where it can be read as it stands: one of all rows.
   * Those are listed meanwhile, for pages far down.
   */
  async listForPage(seen: RowsSeen, window: Window): Promise<void> {
    if (isEveryRow(seen)) {
      // A list that could not be made is asked for again with the next page.
      if (this.#isWorthAsking(seen)) void this.#ask(seen, null).catch(() => undefined);
      return;
    }
    const isNear = window.offset + window.limit <= rowsFirst;
    for (let attempt = 0; attempt < tries; attempt++) {
      if (!this.#isWorthAsking(seen, window)) return;
      await this.#ask(seen, isNear ? rowsFirst : null);
    }
  }

  #isWorthAsking(seen: RowsSeen, window?: Window): boolean {
    const { reviews, data } = this.#store;
    if (reviews.isListed(seen, window)) return false;
    return data.count(seen.projectId).examples > rowsListedHere;
  }

  /** Equal questions at the same time are asked once. */
  #ask(seen: RowsSeen, most: number | null): Promise<void> {
    const key = JSON.stringify([seen, most]);
    const asked = this.#underWay.get(key);
    if (asked) return asked;
    const answer = this.#threads
      .run(listTask, { path: this.#store.path, seen, most })
      .then((list) => this.#store.reviews.keepList(seen, list))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, answer);
    return answer;
  }
}

const notSearchable = (): StudioError =>
  new StudioError(
    'job-conflict',
    'Rows that were saved just now are not yet found by their words.',
    'Try again in some seconds, or choose the rows without the words you search for.',
  );
