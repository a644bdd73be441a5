import { setImmediate } from 'node:timers/promises';
import PQueue from 'p-queue';
import { StudioError, toErrorValue } from '../contract/errors.ts';
import type { ErrorValue } from '../contract/errors.ts';
import { resumableStates } from '../contract/jobs.ts';
import type { JobProgress, JobRecord, JobState } from '../contract/jobs.ts';
import { PauseJob } from '../stages/job.ts';
import type { JobContext, JobDefinition, Log, WorkspaceFolders } from '../stages/job.ts';
import type { Threads } from '../stages/threads.ts';
import type { Store } from '../store/store.ts';
import { Attempt } from './attempt.ts';
import type { BoundDefinition } from './attempt.ts';
import { systemClock, timestamp } from './clock.ts';
import type { Clock } from './clock.ts';
import type { WorkerHost } from './host.ts';
import { runWorkerTask } from './run-worker-task.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly definitions: readonly BoundDefinition[];
  readonly host: WorkerHost;
  readonly threads: Threads;
  readonly folders: WorkspaceFolders;
  readonly log: Log;
  readonly teacherKey: (teacherId: string) => string | null;
  /** Takes keys out of an error before it is saved and shown. */
  readonly redact: (error: ErrorValue) => ErrorValue;
  /** Told of every change of a job. */
  readonly onJob: (record: JobRecord) => void;
  readonly onSaved: (projectId: string, area: Parameters<JobContext['saved']>[0]) => void;
  readonly clock?: Clock;
  /** How long a numeric child may take to stop before it is killed, milliseconds. */
  readonly workerGrace?: number;
}

/** Jobs of one lane wait for each other; the numeric engine uses the whole machine. */
const laneWidths: Readonly<Record<JobDefinition<unknown>['lane'], number>> = {
  numeric: 1,
  network: 2,
  disk: 1,
  threads: 2,
};
/** Five announcements a second at most for each job. */
const announceEvery = 200;
/** After this long, `close` no longer waits for a job that does not return. */
const closeGrace = 20_000;

/**
 * Every job of the workspace: queues, states, progress. A record is saved before it is announced,
 * and its `seq` rises with each announcement.
 *
 * `queued -> running -> succeeded | failed | cancelled | paused`; what a dead process left queued or
 * running becomes `interrupted`.
 */
export class JobRegistry {
  readonly #options: RegistryOptions;
  readonly #clock: Clock;
  readonly #definitions: ReadonlyMap<string, BoundDefinition>;
  readonly #lanes: Readonly<Record<keyof typeof laneWidths, PQueue>>;
  /** Queued and running jobs by id. */
  readonly #active = new Map<string, Attempt>();
  #closing = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#definitions = new Map(options.definitions.map((each) => [each.kind, each]));
    this.#lanes = {
      numeric: new PQueue({ concurrency: laneWidths.numeric }),
      network: new PQueue({ concurrency: laneWidths.network }),
      disk: new PQueue({ concurrency: laneWidths.disk }),
      threads: new PQueue({ concurrency: laneWidths.threads }),
    };
  }

  /** Marks what an earlier process left unfinished as interrupted; called once, at start-up. */
  recover(): JobRecord[] {
    return this.#options.store.jobs.interruptRunning();
  }

  /**
   * Saves a job and queues it; it starts after the caller's present turn.
   * @throws StudioError job-conflict when the subject has a job that is not settled
   */
  start<Input>(
    definition: JobDefinition<Input>,
    job: { projectId: string; subjectId: string | null; title: string; input: Input },
  ): JobRecord {
    const { store } = this.#options;
    this.#refuseWhenClosing();
    this.#refuseBusySubject(job.subjectId);
    const bound = this.#definitionOf(definition.kind);
    const { input, ...record } = store.jobs.create({ ...job, kind: bound.kind, unit: bound.unit });
    return this.#enqueue(record, bound, input);
  }

  /**
   * Stops a job so that it can be resumed. A running job is `paused` once it has saved what it has;
   * until then the answer still says `running`.
   * @throws StudioError not-found, job-conflict when it is settled
   */
  pause(jobId: string): JobRecord {
    const attempt = this.#activeOrRefuse(jobId, 'paused');
    if (attempt.record.state === 'queued') this.#settle(attempt, 'paused');
    else attempt.stop('pause');
    return attempt.record;
  }

  /**
   * Queues a paused, failed or interrupted job again, with the input it was started with.
   * @throws StudioError not-found, job-conflict
   */
  resume(jobId: string): JobRecord {
    this.#refuseWhenClosing();
    const { record, input } = this.#stored(jobId);
    if (this.#active.has(jobId) || !resumableStates.includes(record.state)) {
      throw wrongState(record, 'resumed');
    }
    this.#refuseBusySubject(record.subjectId);
    const queued: JobRecord = { ...record, state: 'queued', error: null, endedAt: null };
    return this.#enqueue(queued, this.#definitionOf(record.kind), input);
  }

  /**
   * Ends a job for good; what it saved stays. Queued, paused and interrupted jobs end at once.
   * @throws StudioError not-found, job-conflict when it has ended already
   */
  cancel(jobId: string): JobRecord {
    const attempt = this.#active.get(jobId) ?? this.#dormant(jobId);
    if (attempt.record.state === 'running') attempt.stop('cancel');
    else this.#settle(attempt, 'cancelled');
    return attempt.record;
  }

  list(projectId: string | null): JobRecord[] {
    // The memory of an active job is ahead of its saved row by up to one announcement.
    return this.#options.store.jobs
      .list(projectId)
      .map((record) => this.#active.get(record.id)?.record ?? record);
  }

  /** Jobs that are queued or running, of one project or of all. */
  active(projectId: string | null = null): JobRecord[] {
    return [...this.#active.values()]
      .map((attempt) => attempt.record)
      .filter((record) => projectId === null || record.projectId === projectId);
  }

  /** Resolves with the job's record once it is settled; at once when it is. */
  async settled(jobId: string): Promise<JobRecord> {
    const attempt = this.#active.get(jobId);
    if (attempt) return attempt.settled;
    return this.#stored(jobId).record;
  }

  /** Asks every job to save what it has, waits for that, and leaves them `interrupted`. */
  async close(): Promise<void> {
    this.#closing = true;
    const attempts = [...this.#active.values()];
    for (const attempt of attempts) {
      if (attempt.record.state === 'queued') this.#settle(attempt, 'interrupted');
      else attempt.stop('shutdown');
    }
    const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
    const withdraw = this.#clock.after(closeGrace, () => resolve(undefined));
    await Promise.race([Promise.all(attempts.map((attempt) => attempt.settled)), timeout]);
    withdraw();
    for (const attempt of this.#active.values()) {
      this.#options.log.warn({ jobId: attempt.record.id }, 'job did not stop in time');
      this.#settle(attempt, 'interrupted');
    }
  }

  #enqueue(record: JobRecord, definition: BoundDefinition, input: unknown): JobRecord {
    const attempt = this.#attempt(record, definition, input);
    this.#active.set(record.id, attempt);
    attempt.publisher.now();
    void this.#lanes[definition.lane].add(() => this.#run(attempt));
    return attempt.record;
  }

  #attempt(record: JobRecord, definition: BoundDefinition, input: unknown): Attempt {
    return new Attempt({
      record,
      definition,
      input,
      clock: this.#clock,
      interval: announceEvery,
      publish: (attempt) => this.#publish(attempt),
    });
  }

  async #run(attempt: Attempt): Promise<void> {
    // Whoever queued the job finishes its own turn first: it may still have rows to save.
    await setImmediate();
    if (this.#active.get(attempt.record.id) !== attempt) return;
    this.#change(attempt, { state: 'running', startedAt: timestamp(this.#clock) });
    try {
      await attempt.definition.run(this.#contextOf(attempt), attempt.input);
      this.#settle(attempt, attempt.returned);
    } catch (caught) {
      const state = attempt.threw(caught);
      const error = this.#options.redact(toErrorValue(caught));
      this.#options.log.error(
        { jobId: attempt.record.id, state, error, stack: stackOf(caught) },
        'job ended with an error',
      );
      const tells = state === 'failed' || caught instanceof PauseJob;
      this.#settle(attempt, state, tells ? error : null);
    }
  }

  #contextOf(attempt: Attempt): JobContext {
    const { store, folders, threads, log, teacherKey, host, workerGrace } = this.#options;
    return {
      get job() {
        return attempt.record;
      },
      store,
      folders,
      threads,
      log,
      teacherKey,
      signal: attempt.signal,
      progress: (report) => {
        const progress = { ...attempt.meter.measure(report), unit: attempt.definition.unit };
        attempt.record = { ...attempt.record, progress };
        if (this.#isActive(attempt)) attempt.publisher.request();
      },
      saved: (area) => this.#options.onSaved(attempt.record.projectId, area),
      runWorker: (task, onBatch) =>
        runWorkerTask({
          host,
          task,
          onBatch,
          signal: attempt.signal,
          log,
          ...(workerGrace === undefined ? {} : { graceMilliseconds: workerGrace }),
        }),
    };
  }

  #settle(attempt: Attempt, state: JobState, error: ErrorValue | null = null): void {
    // A job that returns after `close` gave up on it is settled already.
    if (!this.#isActive(attempt)) return;
    this.#active.delete(attempt.record.id);
    const { done, total, unit, phase } = attempt.record.progress;
    const progress: JobProgress = { done, total, unit, phase, rate: null, secondsLeft: null };
    this.#change(attempt, { state, error, progress, endedAt: timestamp(this.#clock) });
    attempt.settle(attempt.record);
  }

  #change(attempt: Attempt, change: Partial<JobRecord>): void {
    attempt.record = { ...attempt.record, ...change };
    attempt.publisher.now();
  }

  /** Saves, then announces. A record that can't be saved is still announced: the screen must not lag behind. */
  #publish(attempt: Attempt): void {
    attempt.record = { ...attempt.record, seq: attempt.record.seq + 1 };
    try {
      this.#options.store.jobs.save(attempt.record);
    } catch (caught) {
      this.#options.log.error({ error: toErrorValue(caught) }, 'a job record could not be saved');
    }
    this.#options.onJob(attempt.record);
  }

  #isActive(attempt: Attempt): boolean {
    return this.#active.get(attempt.record.id) === attempt;
  }

  #activeOrRefuse(jobId: string, wish: string): Attempt {
    const attempt = this.#active.get(jobId);
    if (attempt) return attempt;
    throw wrongState(this.#options.store.jobs.get(jobId), wish);
  }

  /** A job that waits for the person: paused or interrupted. */
  #dormant(jobId: string): Attempt {
    const { record, input } = this.#stored(jobId);
    if (record.state !== 'paused' && record.state !== 'interrupted') {
      throw wrongState(record, 'cancelled');
    }
    const attempt = this.#attempt(record, this.#definitionOf(record.kind), input);
    this.#active.set(jobId, attempt);
    return attempt;
  }

  /** @throws StudioError not-found */
  #stored(jobId: string): { record: JobRecord; input: unknown } {
    const { input, ...record } = this.#options.store.jobs.get(jobId);
    return { record, input };
  }

  #definitionOf(kind: string): BoundDefinition {
    const definition = this.#definitions.get(kind);
    if (definition === undefined) throw new Error(`no job of kind ${kind} is registered`);
    return definition;
  }

  #refuseBusySubject(subjectId: string | null): void {
    const busy = this.active().find((record) => record.subjectId === subjectId);
    if (subjectId === null || busy === undefined) return;
    throw new StudioError(
      'job-conflict',
      `“${busy.title}” is still ${busy.state}.`,
      'Wait until it ends, or cancel it first.',
    );
  }

  #refuseWhenClosing(): void {
    if (!this.#closing) return;
    throw new StudioError(
      'job-interrupted',
      'The studio is closing.',
      'Open the studio again and start the step there: everything saved is still there.',
    );
  }
}

function wrongState(record: JobRecord, wish: string): StudioError {
  return new StudioError(
    'job-conflict',
    `“${record.title}” is ${record.state}; it can't be ${wish}.`,
    'Look at the list of jobs for what it can do now.',
  );
}

const stackOf = (caught: unknown): string | undefined =>
  caught instanceof Error ? caught.stack : undefined;
