import type { JobKind, JobRecord } from '../../../electron/contract/jobs.ts';

/** Work that uses the whole machine and therefore waits for each other. */
const computing: readonly JobKind[] = ['train', 'study', 'evaluate', 'export'];

export interface Queue {
  /** What computes now. */
  readonly now: JobRecord | null;
  /** What waits, the next one first. */
  readonly waiting: readonly JobRecord[];
  /** What trained or waited when the studio was closed, in its order. */
  readonly left: readonly JobRecord[];
}

const byPlace = (a: JobRecord, b: JobRecord): number =>
  (a.place ?? -1) - (b.place ?? -1) || (a.createdAt < b.createdAt ? -1 : 1);

/** The queue of trainings, as far as the jobs that are known tell. */
export function queueOf(jobs: readonly JobRecord[]): Queue {
  const mine = jobs.filter(({ kind }) => computing.includes(kind));
  return {
    now: mine.find(({ state }) => state === 'running') ?? null,
    waiting: mine.filter(({ state }) => state === 'queued').sort(byPlace),
    left: mine
      .filter(({ state, place }) => state === 'interrupted' && place !== null)
      .sort(byPlace),
  };
}

/** The place of a job after a key with Alt was pressed on it; null for other keys and at the ends. */
export function keyedPlace(key: string, place: number, count: number): number | null {
  const by = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0;
  const to = place + by;
  return by === 0 || to < 0 || to >= count ? null : to;
}
