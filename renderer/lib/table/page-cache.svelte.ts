import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { toFailure } from '../failure.ts';
import type { StudioFailure } from '../failure.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Rows there are in all. */
  readonly total: number;
}
export type FetchPage<Row> = (offset: number, limit: number) => Promise<Page<Row>>;

interface Options {
  /** Rows asked for at a time. */
  readonly pageSize?: number;
  /** Pages kept; those that were looked at longest ago go first. */
  readonly keep?: number;
  /** Called in the same step in which rows took their places: nobody sees them in between. */
  readonly onplaced?: () => void;
}

/** Questions that may be under way at a time: one for what is looked at, one for what comes next. */
const atOnce = 2;
/** Pages asked for ahead of the rows in view. */
const ahead = 2;

/**
 * The rows of a long table, asked for page by page as they come into view. What is in view is asked
 * for first, then what lies in the direction of the movement; a question that is no longer of
 * interest when its turn comes is not asked. When rows are read anew, those in view change all at
 * once: never does a new page stand beside an old one that it does not fit.
 */
export class PageCache<Row> {
  /** Null before the first answer. */
  total = $state<number | null>(null);
  failure = $state.raw<StudioFailure | null>(null);
  readonly #pages = new SvelteMap<number, readonly Row[]>();
  /** Pages in the order of use, the one looked at longest ago first. */
  #used: readonly number[] = [];
  /** Pages whose rows may be out of date: shown until the newer ones are there. */
  readonly #stale = new SvelteSet<number>();
  readonly #asked = new SvelteMap<number, Promise<void>>();
  readonly #fetch: FetchPage<Row>;
  readonly #pageSize: number;
  readonly #keep: number;
  readonly #onplaced: () => void;
  #wanted: readonly number[] = [0];
  #inView: readonly number[] = [0];
  /** Pages that must all be read anew before any takes its place; empty while none are. */
  #together: readonly number[] = [];
  /** Pages that were read anew and wait for the others. */
  readonly #held = new SvelteMap<number, readonly Row[]>();
  #heldTotal = 0;
  #first = 0;
  /** Rises whenever answers that are under way lose their meaning. */
  #turn = 0;

  constructor(fetch: FetchPage<Row>, { pageSize = 100, keep = 50, onplaced }: Options = {}) {
    this.#fetch = fetch;
    this.#pageSize = pageSize;
    this.#keep = keep;
    this.#onplaced = onplaced ?? (() => undefined);
  }

  /** The row at a place, or undefined while it is not there. */
  row(index: number): Row | undefined {
    return this.#pages.get(this.#pageOf(index))?.[index % this.#pageSize];
  }

  /** The place of a row among those that are loaded and up to date; of several the one nearest to `near`. */
  find(matches: (row: Row) => boolean, near = 0): number | null {
    let best: number | null = null;
    for (const [page, rows] of this.#pages) {
      if (this.#stale.has(page)) continue;
      rows.forEach((row, at) => {
        const index = page * this.#pageSize + at;
        if (matches(row) && (best === null || Math.abs(index - near) < Math.abs(best - near)))
          best = index;
      });
    }
    return best;
  }

  /** Says which rows are in view: from the first to before the last. */
  show(from: number, to: number): void {
    const first = this.#pageOf(Math.max(0, from));
    const last = this.#pageOf(Math.max(0, from, to - 1));
    const down = first >= this.#first;
    this.#first = first;
    const inView = range(first, last);
    this.#inView = inView;
    const next = down ? range(last + 1, last + ahead) : range(first - ahead, first - 1).reverse();
    const before = down ? [first - 1] : [last + 1];
    this.#wanted = [...inView, ...next, ...before].filter((page) => this.#exists(page));
    this.#used = [...this.#used.filter((page) => !inView.includes(page)), ...inView];
    this.#ask();
  }

  /** Rows from a place to before another, asked for where they are not there. @throws StudioFailure */
  async range(from: number, to: number): Promise<Row[]> {
    const end = Math.min(to, this.total ?? to);
    const found: Row[] = [];
    for (const page of range(this.#pageOf(from), this.#pageOf(Math.max(from, end - 1)))) {
      const start = page * this.#pageSize;
      const rows =
        (this.#stale.has(page) ? undefined : this.#pages.get(page)) ??
        (await this.#fetch(start, this.#pageSize)).rows;
      found.push(...rows.slice(Math.max(0, from - start), end - start));
    }
    return found;
  }

  /**
   * Asks again for what is in view and for the page of the row at `also`; all of it stays as it is
   * until the answers are there, and then changes in one step.
   */
  async refresh(also: number | null = null): Promise<void> {
    this.#turn += 1;
    this.#asked.clear();
    this.#held.clear();
    for (const page of this.#pages.keys()) this.#stale.add(page);
    const shown = this.#inView.filter((page) => this.#pages.has(page));
    this.#together = also === null ? shown : [...shown, this.#pageOf(also)];
    const turn = this.#turn;
    this.#ask();
    while (turn === this.#turn && this.#asked.size > 0) await Promise.race(this.#asked.values());
  }

  /** Forgets everything, as when the question itself has changed, and asks from the beginning. */
  reset(): Promise<void> {
    this.#pages.clear();
    this.#stale.clear();
    this.#used = [];
    this.#wanted = [0];
    this.#inView = [0];
    this.#first = 0;
    this.total = null;
    this.failure = null;
    return this.refresh();
  }

  #pageOf(index: number): number {
    return Math.floor(index / this.#pageSize);
  }

  #exists(page: number): boolean {
    return page >= 0 && (this.total === null || page * this.#pageSize < Math.max(1, this.total));
  }

  #missing(page: number): boolean {
    if (this.#asked.has(page) || this.#held.has(page)) return false;
    return !this.#pages.has(page) || this.#stale.has(page);
  }

  #ask(): void {
    while (this.#asked.size < atOnce) {
      const wanted = [...this.#together, ...this.#wanted];
      const page = wanted.find((each) => this.#exists(each) && this.#missing(each));
      if (page === undefined) return;
      this.#asked.set(page, this.#load(page, this.#turn));
    }
  }

  async #load(page: number, turn: number): Promise<void> {
    try {
      const { rows, total } = await this.#fetch(page * this.#pageSize, this.#pageSize);
      if (turn !== this.#turn) return;
      this.#take(page, rows, total);
    } catch (caught) {
      if (turn !== this.#turn) return;
      this.failure = toFailure(caught);
      // It is asked again when the person moves or asks for it, not over and over by itself.
      this.#wanted = this.#wanted.filter((each) => each !== page);
      this.#together = this.#together.filter((each) => each !== page);
      this.#settle();
    }
    this.#asked.delete(page);
    this.#ask();
  }

  #take(page: number, rows: readonly Row[], total: number): void {
    this.failure = null;
    this.#held.set(page, rows);
    this.#heldTotal = total;
    this.#settle();
  }

  /** Puts what was read in its place, once all that changes together is there. */
  #settle(): void {
    const total = this.#heldTotal;
    const ended = (page: number): boolean => page > 0 && page * this.#pageSize >= total;
    const lacks = this.#together.some((page) => !this.#held.has(page) && !ended(page));
    if (lacks || this.#held.size === 0) return;
    this.total = total;
    for (const [page, rows] of this.#held) this.#place(page, rows);
    this.#held.clear();
    this.#together = [];
    for (const each of this.#used) {
      const spare = this.#pages.size > this.#keep && !this.#wanted.includes(each);
      if (spare || !this.#exists(each)) this.#drop(each);
    }
    this.#onplaced();
  }

  #place(page: number, rows: readonly Row[]): void {
    this.#pages.set(page, rows);
    this.#stale.delete(page);
    this.#used = [...this.#used.filter((each) => each !== page), page];
  }

  #drop(page: number): void {
    this.#pages.delete(page);
    this.#stale.delete(page);
    this.#used = this.#used.filter((each) => each !== page);
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
