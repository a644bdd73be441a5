import type { JobRecord } from '../contract/jobs.ts';
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

/** Of all saved jobs, those of the queue that an earlier process left and nobody has taken up. */
export const leftQueue = (records: readonly JobRecord[]): JobRecord[] =>
  records
    .filter(({ state, place }) => state === 'interrupted' && place !== null)
    .sort((a, b) => placeOf(a) - placeOf(b));

/** After a kill: the job that ran has no place, and comes first. */
export const byPlace = (records: readonly JobRecord[]): JobRecord[] =>
  records.toSorted((a, b) => placeOf(a) - placeOf(b));

const placeOf = ({ place }: JobRecord): number => place ?? -1;

/** The records of a queue with their places counted from `first`; only those that change. */
export const placed = (queue: readonly JobRecord[], first = 0): JobRecord[] =>
  queue
    .map((record, index) => ({ record, place: first + index }))
    .filter(({ record, place }) => record.place !== place)
    .map(({ record, place }) => ({ ...record, place, seq: record.seq + 1 }));
