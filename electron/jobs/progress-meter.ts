import type { JobProgress } from '../contract/jobs.ts';
import type { Clock } from './clock.ts';

/** The rate is taken over the reports of this many milliseconds. */
const windowMilliseconds = 5_000;
/** Below this span a rate would be mostly noise. */
const shortestSpan = 500;

interface Sample {
  readonly time: number;
  readonly done: number;
}

/**
 * Works out rate (units per second) and time left from what a job reports. What was done before the
 * first report, by an earlier attempt, does not count as speed.
 */
export class ProgressMeter {
  readonly #clock: Clock;
  #samples: Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  measure(report: Omit<JobProgress, 'unit' | 'rate' | 'secondsLeft'>): Omit<JobProgress, 'unit'> {
    const rate = this.#rate(report.done);
    return { ...report, rate, secondsLeft: secondsLeft(report, rate) };
  }

  #rate(done: number): number | null {
    const now = this.#clock.now();
    const last = this.#samples.at(-1);
    // Counts that fall (a run that goes back to its checkpoint) start a new measurement.
    if (last !== undefined && done < last.done) this.#samples = [];
    this.#samples.push({ time: now, done });
    // The newest sample outside the window stays as the base, so that slow units have a rate too.
    while ((this.#samples[1]?.time ?? now) <= now - windowMilliseconds) this.#samples.shift();
    const base = this.#samples[0];
    if (base === undefined || now - base.time < shortestSpan) return null;
    return ((done - base.done) * 1_000) / (now - base.time);
  }
}

function secondsLeft(
  { done, total }: Pick<JobProgress, 'done' | 'total'>,
  rate: number | null,
): number | null {
  if (total === null || rate === null || rate === 0) return null;
  return Math.max(0, total - done) / rate;
}
