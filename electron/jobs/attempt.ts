import type { ZodType } from 'zod';
import { StudioError } from '../contract/errors.ts';
import type { JobKind, JobProgress, JobRecord, JobState } from '../contract/jobs.ts';
import { PauseJob } from '../stages/job.ts';
import type { JobContext, JobDefinition, StopReason } from '../stages/job.ts';
import type { Clock } from './clock.ts';
import { ProgressMeter } from './progress-meter.ts';
import { Throttle } from './throttle.ts';

/** A definition whose input is checked when it runs, so that definitions of all inputs fit one list. */
export interface BoundDefinition {
  readonly kind: JobKind;
  readonly unit: JobProgress['unit'];
  readonly lane: JobDefinition<unknown>['lane'];
  readonly input: ZodType;
  run(context: JobContext, input: unknown): Promise<void>;
}

/** Closes over a definition's input type: what was saved as JSON is parsed before it runs. */
export function bind<Input>(definition: JobDefinition<Input>): BoundDefinition {
  const { kind, unit, lane, input } = definition;
  return {
    kind,
    unit,
    lane,
    input,
    run: async (context, saved) => definition.run(context, input.parse(saved)),
  };
}

/** One try at a job, from the queue to the moment it settles. A resumed job is a new attempt. */
export class Attempt {
  record: JobRecord;
  readonly definition: BoundDefinition;
  readonly input: unknown;
  readonly meter: ProgressMeter;
  /** Saves and announces the record, a few times a second at most. */
  readonly publisher: Throttle;
  /** Resolves with the record as it was settled. */
  readonly settled: Promise<JobRecord>;
  readonly settle: (record: JobRecord) => void;
  readonly #controller = new AbortController();
  readonly #overruling = new AbortController();
  #stop: StopReason | null = null;

  constructor(options: {
    record: JobRecord;
    definition: BoundDefinition;
    input: unknown;
    clock: Clock;
    /** Shortest time between two announcements of progress, milliseconds. */
    interval: number;
    publish: (attempt: Attempt) => void;
  }) {
    this.record = options.record;
    this.definition = options.definition;
    this.input = options.input;
    this.meter = new ProgressMeter(options.clock);
    this.publisher = new Throttle(options.clock, options.interval, () => options.publish(this));
    const { promise, resolve } = Promise.withResolvers<JobRecord>();
    this.settled = promise;
    this.settle = resolve;
  }

  /** Aborted at the first stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborted when a stop outranks the one that is under way. */
  get overruling(): AbortSignal {
    return this.#overruling.signal;
  }

  /** Why it is stopping; null while it is not asked to. */
  get stopping(): StopReason | null {
    return this.#stop;
  }

  /**
   * Asks the job to stop. Stops outrank each other: a cancel everything, a pause or the end of the
   * studio a finish, which may take as long as an evaluation.
   */
  stop(reason: StopReason): void {
    if (this.#stop === null) {
      this.#stop = reason;
      this.#controller.abort(reason);
    } else if (ranks[reason] > ranks[this.#stop]) {
      // Interrupted, it could go on by itself at the next start, though it was told to end.
      this.#stop = reason === 'shutdown' ? 'pause' : reason;
      this.#overruling.abort(reason);
    }
  }

  /** The state a job lands in when its `run` returns. */
  get returned(): JobState {
    return this.#stop === null ? 'succeeded' : stoppedStates[this.#stop];
  }

  /** The state a job lands in when its `run` throws: a stop may come back as an error. */
  threw(caught: unknown): JobState {
    if (this.#stop === null) return caught instanceof PauseJob ? 'paused' : 'failed';
    const isStop = this.#stop === 'cancel' || isAbort(caught, this.signal);
    return isStop ? stoppedStates[this.#stop] : 'failed';
  }
}

const stoppedStates: Readonly<Record<StopReason, JobState>> = {
  pause: 'paused',
  cancel: 'cancelled',
  shutdown: 'interrupted',
  finish: 'succeeded',
};

const ranks: Readonly<Record<StopReason, number>> = { finish: 0, pause: 1, shutdown: 1, cancel: 2 };

/** Whether something caught after a stop only says that it was stopped. */
function isAbort(caught: unknown, signal: AbortSignal): boolean {
  if (caught === signal.reason) return true;
  if (caught instanceof StudioError) {
    return caught.code === 'job-cancelled' || caught.code === 'job-interrupted';
  }
  return caught instanceof Error && /Abort/.test(caught.name + caught.constructor.name);
}
