import { toErrorValue } from '../contract/errors.ts';
import type { ErrorValue } from '../contract/errors.ts';
import { resumableStates } from '../contract/jobs.ts';
import type { JobProgress, JobRecord, JobState } from '../contract/jobs.ts';
import { PauseJob } from '../stages/job.ts';
import type { JobDefinition } from '../stages/job.ts';
import { Attempt } from './attempt.ts';
import type { BoundDefinition } from './attempt.ts';
import { systemClock, timestamp } from './clock.ts';
import type { Clock } from './clock.ts';
import { contextOf } from './context.ts';
import type { ContextOptions } from './context.ts';
import { Lane } from './lane.ts';
import { LeftQueue, renumber } from './queue.ts';
import { closingStudio, stillBusy, stillStopping, wrongState } from './refusals.ts';

export interface RegistryOptions extends ContextOptions {
  readonly definitions: readonly BoundDefinition[];
  /** Takes keys out of an error before it is saved and shown. */
  readonly redact: (error: ErrorValue) => ErrorValue;
  /** Told of every change of a job. */
  readonly onJob: (record: JobRecord) => void;
  readonly clock?: Clock;
}

type LaneName = JobDefinition<unknown>['lane'];

/** Jobs of one lane wait for each other; the numeric engine uses the whole machine. */
const laneWidths: Readonly<Record<LaneName, number>> = {
  numeric: 1,
  network: 2,
  disk: 1,
  threads: 2,
};
/** The lane whose jobs have places that a person may change, and that wait on over a restart. */
const queueLane: LaneName = 'numeric';
/** Five announcements a second at most for each job. */
const announceEvery = 200;
/** After this long, `close` no longer waits for a job that does not return. */
const closeGrace = 20_000;

/**
 * Every job of the workspace: queues, states, progress. A record is saved before it is announced,
 * and its `seq` rises with each announcement.
 *
 * `queued -> running -> succeeded | failed | cancelled | paused`; what a dead process left queued or
 * running becomes `interrupted`. Numeric jobs form the queue: see `queue.ts` for their places.
 */
export class JobRegistry {
  readonly #options: RegistryOptions;
  readonly #clock: Clock;
  readonly #definitions: ReadonlyMap<string, BoundDefinition>;
  readonly #lanes: Readonly<Record<LaneName, Lane>>;
  /** Queued and running jobs by id. */
  readonly #active = new Map<string, Attempt>();
  /** What of the queue waits since an earlier process. */
  readonly #left: LeftQueue;
  #closing = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#definitions = new Map(options.definitions.map((each) => [each.kind, each]));
    this.#left = new LeftQueue(options.store, (record) => this.#isInQueue(record));
    const lane = (name: LaneName) => new Lane(laneWidths[name], (attempt) => this.#run(attempt));
    this.#lanes = {
      numeric: lane('numeric'),
      network: lane('network'),
      disk: lane('disk'),
      threads: lane('threads'),
    };
  }

  /** Marks what an earlier process left unfinished as interrupted; called once, at start-up. */
  recover(): JobRecord[] {
    return this.#left.recover();
  }

  /**
   * Takes up what trained and what waited in the queue when the studio was closed, in its order and
   * before what was queued since. What works for the same row as a job of now stays where it is.
   * @returns what was taken up, the first one first
   */
  resumeQueue(): JobRecord[] {
    this.#refuseWhenClosing();
    return this.#options.store.transaction(() => {
      const resumed: JobRecord[] = [];
      for (const { id, subjectId } of this.#left.list()) {
        if (this.#busyWith(subjectId) !== null) continue;
        resumed.push(this.#requeue(this.#stored(id), resumed.length));
      }
      return resumed;
    });
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
   * Queues a paused, failed or interrupted job again, with the input it was started with; it is the
   * next of its lane.
   * @throws StudioError not-found, job-conflict
   */
  resume(jobId: string): JobRecord {
    this.#refuseWhenClosing();
    const { record, input } = this.#stored(jobId);
    if (this.#active.has(jobId) || !resumableStates.includes(record.state)) {
      throw wrongState(record, 'resumed');
    }
    this.#refuseBusySubject(record.subjectId);
    return this.#requeue({ record, input }, 0);
  }

  /**
   * Puts a job of the queue at another place, 0 for the next.
   * @returns all that wait, the next one first
   * @throws StudioError not-found, job-conflict when it does not wait in the queue
   */
  move(jobId: string, place: number): JobRecord[] {
    const attempt = this.#activeOrRefuse(jobId, 'moved');
    const queue = this.#lanes[queueLane];
    if (!queue.waiting.includes(attempt)) throw wrongState(attempt.record, 'moved');
    queue.move(attempt, place);
    this.#announce(renumber(queue.waiting));
    return queue.waiting.map(({ record }) => record);
  }

  /**
   * Ends a job that has done enough: it counts as succeeded. One that runs is asked to, and is
   * `running` until it has what it keeps; every other ends at once.
   * @throws StudioError not-found, job-conflict when it is stopping, or has ended already
   */
  finish(jobId: string): JobRecord {
    const attempt = this.#active.get(jobId) ?? this.#dormant(jobId, 'finished', resumableStates);
    if (attempt.record.state !== 'running') this.#settle(attempt, 'succeeded');
    else if (attempt.stopping === null || attempt.stopping === 'finish') attempt.stop('finish');
    else throw stillStopping(attempt.record);
    return attempt.record;
  }

  /**
   * Ends a job for good; what it saved stays. Queued, paused and interrupted jobs end at once.
   * @throws StudioError not-found, job-conflict when it has ended already
   */
  cancel(jobId: string): JobRecord {
    const attempt = this.#active.get(jobId) ?? this.#dormant(jobId, 'cancelled', cancellable);
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
    this.#leaveQueue();
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

  #requeue({ record, input }: { record: JobRecord; input: unknown }, place: number): JobRecord {
    const queued: JobRecord = { ...record, state: 'queued', error: null, endedAt: null };
    return this.#enqueue(queued, this.#definitionOf(record.kind), input, place);
  }

  #enqueue(
    record: JobRecord,
    definition: BoundDefinition,
    input: unknown,
    place?: number,
  ): JobRecord {
    const attempt = this.#attempt(record, definition, input);
    this.#active.set(record.id, attempt);
    this.#lanes[definition.lane].add(attempt, place);
    this.#announce([attempt, ...this.#renumbered(definition.lane)]);
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
    attempt.record = {
      ...attempt.record,
      ...{ state: 'running', place: null, startedAt: timestamp(this.#clock) },
    };
    this.#announce([attempt, ...this.#renumbered(attempt.definition.lane)]);
    const context = contextOf(attempt, this.#options, () => this.#isActive(attempt));
    try {
      await attempt.definition.run(context, attempt.input);
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

  #settle(attempt: Attempt, state: JobState, error: ErrorValue | null = null): void {
    // A job that returns after `close` gave up on it is settled already.
    if (!this.#isActive(attempt)) return;
    const { lane } = attempt.definition;
    this.#active.delete(attempt.record.id);
    this.#lanes[lane].remove(attempt);
    const { done, total, unit, phase, exporting } = attempt.record.progress;
    const progress: JobProgress = {
      ...{ done, total, unit, phase, rate: null, secondsLeft: null },
      ...(exporting && { exporting }),
    };
    // What is interrupted keeps its place for the next process; the one that ran comes first.
    const place =
      state === 'interrupted' && lane === queueLane ? (attempt.record.place ?? 0) : null;
    const endedAt = timestamp(this.#clock);
    attempt.record = { ...attempt.record, state, error, progress, place, endedAt };
    this.#announce([attempt, ...(this.#closing ? [] : this.#renumbered(lane))]);
    attempt.settle(attempt.record);
  }

  /** Gives the queue the places in which the next process finds it: the one that runs comes first. */
  #leaveQueue(): void {
    const { waiting } = this.#lanes[queueLane];
    const running = this.active().filter(
      (record) => record.state === 'running' && this.#isInQueue(record),
    ).length;
    for (const [index, attempt] of waiting.entries()) {
      attempt.record = { ...attempt.record, place: running + index };
    }
    try {
      this.#options.store.transaction(() => {
        this.#left.follow(running + waiting.length);
        this.#announce(waiting);
      });
    } catch (caught) {
      // Nothing of this may keep the jobs from being stopped.
      this.#options.log.error({ error: toErrorValue(caught) }, 'places could not be saved');
    }
  }

  #isInQueue({ kind }: JobRecord): boolean {
    return this.#definitions.get(kind)?.lane === queueLane;
  }

  #renumbered(lane: LaneName): Attempt[] {
    return lane === queueLane ? renumber(this.#lanes[lane].waiting) : [];
  }

  /** Saves what changed together in one transaction, so that no two jobs are ever at one place. */
  #announce(attempts: readonly Attempt[]): void {
    const changed = new Set(attempts);
    const publish = () => {
      for (const attempt of changed) attempt.publisher.now();
    };
    try {
      if (changed.size > 1) this.#options.store.transaction(publish);
      else publish();
    } catch (caught) {
      this.#options.log.error({ error: toErrorValue(caught) }, 'places could not be saved');
      publish();
    }
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

  /** A job that is neither queued nor running, if it is in one of the states from which a wish is granted. */
  #dormant(jobId: string, wish: string, from: readonly JobState[]): Attempt {
    const { record, input } = this.#stored(jobId);
    if (!from.includes(record.state)) throw wrongState(record, wish);
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

  /** The queued or running job that works for a row. */
  #busyWith(subjectId: string | null): JobRecord | null {
    if (subjectId === null) return null;
    return this.active().find((record) => record.subjectId === subjectId) ?? null;
  }

  #refuseBusySubject(subjectId: string | null): void {
    const busy = this.#busyWith(subjectId);
    if (busy !== null) throw stillBusy(busy);
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw closingStudio();
  }
}

/** What waits for the person, and has not ended. */
const cancellable: readonly JobState[] = ['paused', 'interrupted'];

const stackOf = (caught: unknown): string | undefined =>
  caught instanceof Error ? caught.stack : undefined;
