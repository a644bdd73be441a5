import type { JobRecord } from '../contract/jobs.ts';
import type { Store } from '../store/store.ts';
import type { Attempt } from './attempt.ts';

/**
 * Places in the queue of numeric jobs. Those that wait have the places 0, 1, 2 and so on. When the
 * process ends, the job that ran is put before them, and all keep their places while they are
 * `interrupted`: that is the queue that the next process can take up.
 */

/** Gives those that wait the places in which they stand; answers those whose place changed. */
export function renumber(waiting: readonly Attempt[]): Attempt[] {
  const moved = waiting.filter(({ record }, place) => record.place !== place);
  for (const [place, attempt] of waiting.entries()) {
    if (attempt.record.place !== place) attempt.record = { ...attempt.record, place };
  }
  return moved;
}

/** The queue that earlier processes left, as far as nobody has taken it up. */
export class LeftQueue {
  readonly #store: Store;
  readonly #isInQueue: (record: JobRecord) => boolean;

  constructor(store: Store, isInQueue: (record: JobRecord) => boolean) {
    this.#store = store;
    this.#isInQueue = isInQueue;
  }

  /** The next one first. */
  list(): JobRecord[] {
    const left = this.#store.jobs
      .list(null)
      .filter(({ state, place }) => state === 'interrupted' && place !== null);
    return byPlace(left.filter(this.#isInQueue));
  }

  /**
   * Marks what a process that was killed left running or queued as interrupted. What of it belongs to
   * the queue comes before what was there already, and the job that ran before those that waited.
   * @returns all that was interrupted, of whatever kind
   */
  recover(): JobRecord[] {
    const { jobs } = this.#store;
    return this.#store.transaction(() => {
      const earlier = this.list();
      const interrupted = jobs.interruptRunning();
      const queue = byPlace(interrupted.filter(this.#isInQueue));
      const changed = new Map(
        placed([...queue, ...earlier], 0).map((record) => [record.id, record]),
      );
      for (const record of changed.values()) jobs.save(record);
      return interrupted.map((record) => changed.get(record.id) ?? record);
    });
  }

  /** Makes room before it: its first job gets this place. */
  follow(place: number): void {
    for (const record of placed(this.list(), place)) this.#store.jobs.save(record);
  }
}

/** A job that ran has no place, and comes first. */
const byPlace = (records: readonly JobRecord[]): JobRecord[] =>
  records.toSorted((a, b) => (a.place ?? -1) - (b.place ?? -1));

/** The records of a queue with their places counted from `first`; only those that change. */
const placed = (queue: readonly JobRecord[], first: number): JobRecord[] =>
  queue
    .map((record, index) => ({ record, place: first + index }))
    .filter(({ record, place }) => record.place !== place)
    .map(({ record, place }) => ({ ...record, place, seq: record.seq + 1 }));
