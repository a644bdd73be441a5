import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** What all processors of the machine have done since it started, milliseconds. */
export interface ProcessorTimes {
  readonly idle: number;
  readonly total: number;
}

/** Long enough for a program that computes to be seen, short enough not to be waited for. */
const WATCHED_MILLISECONDS = 400;

/** Busy processors from which on something else is slowed down by them. */
export const NOTICEABLE = 0.7;

/**
 * How many processors other programs and this one keep busy just now: 1 for one that computes without
 * a pause. The load average that systems keep would still count what ended a minute ago, such as an
 * earlier try of the same kind, and Windows has none.
 */
export async function busyProcessors(milliseconds = WATCHED_MILLISECONDS): Promise<number> {
  const before = processorTimes();
  await wait(milliseconds);
  return busyBetween(before, processorTimes(), cpus().length);
}

/** Busy processors between two moments, of so many. */
export function busyBetween(
  before: ProcessorTimes,
  after: ProcessorTimes,
  processors: number,
): number {
  const total = after.total - before.total;
  if (!(total > 0)) return 0;
  return processors * Math.max(0, 1 - (after.idle - before.idle) / total);
}

function processorTimes(): ProcessorTimes {
  const all = cpus().map(({ times }) => times);
  return {
    idle: all.reduce((sum, { idle }) => sum + idle, 0),
    total: all.reduce(
      (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
      0,
    ),
  };
}
