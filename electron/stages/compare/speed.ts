import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Run, Speed } from '../../contract/entities.ts';
import type { SavedSpeed, Store } from '../../store/store.ts';

/** Newest answers of a teacher that its latency is read from. */
const teacherAnswers = 1_000;

/**
 * How fast a teacher answered, from its saved answers: milliseconds from sending a request to its
 * whole answer, rationale included. Recorded answers, those of batches, and those taken over from
 * another extraction have no time of their own; null where all are such.
 */
export function speedOfTeacher(store: Store, extractionId: string): Speed | null {
  const times = store.extractions
    .usage(extractionId, teacherAnswers)
    .flatMap(({ milliseconds }) => milliseconds ?? []);
  if (times.length === 0) return null;
  return {
    ...latencyOf(times),
    ...{ throughput: null, memoryBytes: null, engine: null, threads: null, device: null },
    ...{ measuredAt: null, busy: false },
  };
}

/**
 * How fast a student answered when it was measured. Of students that differ by their seed alone the
 * timings are taken together, as far as they were measured as the newest one was: on the same device,
 * with the same engine and threads. Throughput is their mean, memory the most that one needed.
 * @returns null where none was measured
 */
export function speedOfStudents(store: Store, runIds: readonly string[]): Speed | null {
  const saved = runIds.flatMap((runId) => savedSpeed(store, runId) ?? []);
  const newest = saved.toSorted((a, b) => b.measuredAt.localeCompare(a.measuredAt))[0];
  if (newest === undefined) return null;
  const alike = saved.filter((each) => isMeasuredAlike(each, newest));
  const timings = alike.flatMap((each) => each.timings);
  if (timings.length === 0) return null;
  const { engine, threads, device, measuredAt } = newest;
  return {
    ...latencyOf(timings),
    throughput: rateOf(alike.flatMap(({ throughput }) => throughput ?? [])),
    memoryBytes: largest(alike.map(({ memoryBytes }) => memoryBytes)),
    ...{ engine, threads, device, measuredAt },
    busy: alike.some(({ busy }) => busy),
  };
}

/** Parameters, and bytes of all files in the folder of the best checkpoint; of several, the most. */
export function sizeOfStudents(
  store: Store,
  runs: readonly Pick<Run, 'id' | 'parameters'>[],
): { parameters: number | null; fileBytes: number | null } {
  return {
    parameters: largest(runs.map(({ parameters }) => parameters)),
    fileBytes: largest(
      runs.map(({ id }) => {
        const best = store.runs.checkpoint(id, 'best');
        return best === null ? null : bytesIn(best.folder);
      }),
    ),
  };
}

function savedSpeed(store: Store, runId: string): SavedSpeed | null {
  const best = store.runs.checkpoint(runId, 'best');
  return best === null ? null : store.evaluations.speed(runId, best.step);
}

const isMeasuredAlike = (a: SavedSpeed, b: SavedSpeed): boolean =>
  a.engine === b.engine && a.threads === b.threads && a.device === b.device;

function latencyOf(timings: readonly number[]): Pick<Speed, 'p50' | 'p95' | 'timed'> {
  const rising = [...timings].sort((a, b) => a - b);
  return { p50: nearestRank(rising, 0.5), p95: nearestRank(rising, 0.95), timed: rising.length };
}

/** The value at that share of the way through the sorted ones (nearest rank). */
const nearestRank = (rising: readonly number[], share: number): number =>
  rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? 0;

/** Rows a second of several, each given as many rows: their harmonic mean, since times add up. */
const rateOf = (rates: readonly number[]): number | null =>
  rates.length === 0 ? null : rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0);

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Null where the folder is gone. */
function bytesIn(folder: string): number | null {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return null;
  }
}
