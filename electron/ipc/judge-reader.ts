import { judgedRows, pairOf } from '../stages/compare/judging.ts';
import type { Judged, JudgedRows } from '../stages/compare/judging.ts';
import { judgingTask } from '../stages/compare/judging-task.ts';
import type { Threads } from '../stages/threads.ts';
import type { Store } from '../store/store.ts';

/** Rows of a part that are read where they are asked for: in less time than asking a thread takes. */
const rowsReadHere = 2_000;

/** Pairs whose rows are kept. */
const pairsKept = 4;

/** Finds out once which rows of two systems there are to judge, until their answers may have changed. */
export class JudgeReader {
  readonly #store: Store;
  readonly #threads: Threads;
  readonly #kept = new Map<string, { readonly stamp: string; readonly rows: JudgedRows }>();

  constructor(store: Store, threads: Threads) {
    this.#store = store;
    this.#threads = threads;
  }

  /** @throws StudioError invalid-input for a system beside itself, not-found as `judgedRows` */
  async get(judged: Judged): Promise<JudgedRows> {
    const pair = pairOf(judged);
    const key = JSON.stringify([judged.projectId, pair]);
    const stamp = this.#store.answers.stamp(pair.splitId, pair.part, [pair.a, pair.b]);
    const kept = this.#kept.get(key);
    if (kept?.stamp === stamp) return kept.rows;
    const rows = await this.#read(judged);
    this.#kept.delete(key);
    this.#kept.set(key, { stamp, rows });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= pairsKept) break;
      this.#kept.delete(oldest);
    }
    return rows;
  }

  #read(judged: Judged): Promise<JudgedRows> {
    const { splitId, part } = judged;
    return this.#store.splits.counts(splitId)[part] <= rowsReadHere
      ? Promise.resolve(judgedRows(this.#store, judged))
      : this.#threads.run(judgingTask, { database: this.#store.path, judged });
  }
}
