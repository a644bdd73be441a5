import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Extraction, Teacher } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { PauseJob } from '../job.ts';
import type { JobContext } from '../job.ts';
import type { BatchClient, RemoteBatch } from '../../teacher/batches.ts';
import { TeacherError } from '../../teacher/errors.ts';
import { openBatches } from '../../teacher/open.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import { BatchBudget } from './batch-budget.ts';
import { BatchCollector, stateOf } from './batch-collecting.ts';
import { BatchDrafts } from './batch-drafts.ts';
import type { Draft } from './batch-drafts.ts';
import { missingPrice } from './continuing.ts';
import { PromptMeter } from './prompt-meter.ts';
import { Questions } from './questions.ts';
import { decideFor, readerFor, templateOf } from './reading.ts';
import { Tally } from './tally.ts';

/** Time, passed in so that tests decide when it passes. */
export interface BatchClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @throws when the signal is aborted before */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const wallClock: BatchClock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/** Waits between two questions how far a batch is, growing from the first to the last; milliseconds. */
const polling = { first: 10_000, growth: 1.5, last: 300_000 } as const;
/** A batch that was handed over may be listed this much later; milliseconds. */
const listedWithin = 30_000;
/** How long a cancelled job waits for its batches to end; what ends later is collected by the next run. */
const cancelling = { wait: 2_000, times: 5 } as const;

const ended: readonly Batch['state'][] = ['completed', 'failed', 'expired', 'cancelled'];

/**
 * Gets the answers that an extraction lacks through the server's batch API: hands files of requests
 * over, waits for them, and collects what came. Every step is saved before and after it is taken, so
 * that a run that was cut off is taken up again without asking for anything twice. A pause stops only
 * the waiting; a cancelled job cancels its batches and collects what they brought.
 *
 * @param options.handOver false: only what is out is collected
 * @throws PauseJob when budget or cap allow no further file
 * @throws StudioError batch-failed when the server did not do a batch; price-missing; invalid-input for
 * a server without a batch API
 * @throws TeacherError when the server refuses or can't be reached
 */
export async function runBatches(
  context: JobContext,
  extraction: Extraction,
  { clock = wallClock, handOver = true }: { clock?: BatchClock; handOver?: boolean } = {},
): Promise<void> {
  const { settings, price, teacher } = extraction;
  const refusal = missingPrice(settings, price, teacher.model);
  if (refusal !== null) throw refusal;
  if (handOver) refuseWithoutBatches(teacher);
  const meter = new PromptMeter(await tokenCounter());
  await new Batching(context, extraction, clock, meter).run(handOver);
}

/** Whether batches of an extraction are out at the server, or may be. */
export function hasOpenBatches({ store }: JobContext, { id }: Extraction): boolean {
  return store.extractions.batches(id).some(({ collected }) => !collected);
}

class Batching {
  readonly #context: JobContext;
  readonly #extraction: Extraction;
  readonly #clock: BatchClock;
  readonly #server: BatchClient;
  readonly #budget: BatchBudget;
  readonly #collector: BatchCollector;
  readonly #drafts: BatchDrafts;
  readonly #tally = new Tally(Number.POSITIVE_INFINITY);
  /** Handed over and not yet collected, by our ids. */
  readonly #out = new Map<string, Batch>();
  /** Those of them that earlier runs handed over. */
  readonly #earlier = new Set<string>();
  /** Why batches of this run brought less than they should. */
  readonly #troubles: StudioError[] = [];

  constructor(context: JobContext, extraction: Extraction, clock: BatchClock, meter: PromptMeter) {
    const { store } = context;
    const { settings, teacher, price, spend } = extraction;
    const project = store.projects.get(extraction.projectId);
    const template = templateOf(store, extraction, project);
    const key = context.teacherKey(teacher.id);
    const questions = new Questions({ teacher, template, project, settings });
    const read = readerFor(store, extraction);
    const decide = decideFor(store, extraction);
    this.#context = context;
    this.#extraction = extraction;
    this.#clock = clock;
    this.#server = openBatches(teacher, key);
    this.#budget = new BatchBudget(settings, price, spend);
    this.#collector = new BatchCollector({
      ...{ store, extraction, questions, read, decide, meter },
      ...{ batches: this.#server, tally: this.#tally },
    });
    this.#drafts = new BatchDrafts({
      ...{ store, extraction, questions, read, decide, meter, key },
      ...{ budget: this.#budget, batches: this.#server },
    });
  }

  async run(handOver: boolean): Promise<void> {
    const { signal } = this.#context;
    try {
      await this.#takeUp();
      // What the files that are out may cost is known no more: limits hold when they are in.
      if (this.#budget.limits) await this.#collectAll();
      let blocked = handOver ? await this.#handOver() : null;
      while (this.#out.size > 0) {
        await this.#collectAll();
        // Now the answers are there that equal requests were waiting for, and money is free again.
        if (handOver) blocked = await this.#handOver();
      }
      if (blocked !== null) throw blocked;
    } catch (caught) {
      if (!signal.aborted) throw caught;
      if (signal.reason === 'cancel') await this.#cancelAll();
      return;
    } finally {
      this.#report();
    }
    const [trouble] = this.#troubles;
    if (trouble !== undefined) throw trouble;
    this.#tally.throwIfAllFailed();
  }

  /** Finds what an earlier run left at the server. */
  async #takeUp(): Promise<void> {
    const { store } = this.#context;
    for (const batch of store.extractions.batches(this.#extraction.id)) {
      if (batch.collected) continue;
      const known = batch.remoteId === null ? await this.#find(batch) : batch;
      if (known === null) {
        const error = 'The studio was closed before it was handed over.';
        store.extractions.saveBatch({ ...batch, state: 'cancelled', collected: true, error });
        continue;
      }
      this.#drafts.passOver(store.extractions.batchRequests(batch.id).values());
      this.#out.set(batch.id, known);
      this.#earlier.add(batch.id);
    }
  }

  /** A batch that was being handed over when a run was cut off, if the server has it. */
  async #find(batch: Batch): Promise<Batch | null> {
    const { signal, store } = this.#context;
    for (;;) {
      const remote = await this.#server.find(batch.id, signal);
      if (remote !== null) {
        const found = { ...batch, ...stateOf(remote) };
        store.extractions.saveBatch(found);
        return found;
      }
      const left = Date.parse(batch.createdAt) + listedWithin - this.#clock.now();
      if (left <= 0) return null;
      await this.#clock.wait(Math.min(left, polling.first), signal);
    }
  }

  /**
   * Hands over all that lacks an answer and is not out yet, as far as the limits allow.
   *
   * @returns why no more may go out; null when all is out
   */
  async #handOver(): Promise<PauseJob | null> {
    for await (const draft of this.#drafts.files(this.#context.signal)) {
      if ('refusal' in draft) return draft.refusal;
      await this.#submit(draft);
    }
    return null;
  }

  async #submit(draft: Draft): Promise<void> {
    const { store, signal } = this.#context;
    signal.throwIfAborted();
    const batch = store.extractions.createBatch(this.#extraction.id, draft.requests);
    this.#budget.hold(batch.id, draft.load);
    try {
      const remote = await this.#server.submit(this.#drafts.lines(draft), batch.id);
      this.#note(batch, remote);
    } catch (caught) {
      // Unless it refused, the server may have taken it all the same: if that can't be seen now, the
      // next run looks for it.
      const refused = isRefusal(caught);
      const remote = refused ? null : await this.#server.find(batch.id);
      if (remote !== null) {
        this.#note(batch, remote);
        return;
      }
      if (!refused) throw caught;
      const error = caught instanceof Error ? caught.message : String(caught);
      store.extractions.saveBatch({ ...batch, state: 'failed', collected: true, error });
      throw caught;
    }
  }

  /** Waits until everything that is out has ended, and collects it. */
  async #collectAll(): Promise<void> {
    const { signal } = this.#context;
    let wait: number = polling.first;
    for (;;) {
      for (const batch of [...this.#out.values()]) {
        signal.throwIfAborted();
        await this.#look(batch, await this.#server.status(batch.remoteId ?? '', signal));
      }
      this.#report();
      if (this.#out.size === 0) return;
      await this.#clock.wait(wait, signal);
      wait = Math.min(wait * polling.growth, polling.last);
    }
  }

  /** Takes in how far a batch is; collects it when it has ended. */
  async #look(batch: Batch, remote: RemoteBatch, signal?: AbortSignal): Promise<void> {
    this.#note(batch, remote);
    if (!ended.includes(remote.state)) return;
    const { store } = this.#context;
    await this.#collector.collect(batch, remote, signal ?? this.#context.signal, () => {
      this.#report();
    });
    this.#out.delete(batch.id);
    this.#budget.settle(batch.id, store.extractions.get(this.#extraction.id).spend);
    if (this.#earlier.has(batch.id)) {
      // What an earlier run did not get is asked for again by this one, as with single requests.
      this.#drafts.allow(store.extractions.batchRequests(batch.id).values());
      return;
    }
    const trouble = troubleOf(remote);
    if (trouble !== null) this.#troubles.push(trouble);
  }

  #note(batch: Batch, remote: RemoteBatch): void {
    const noted = { ...batch, ...stateOf(remote) };
    this.#context.store.extractions.saveBatch(noted);
    this.#out.set(batch.id, noted);
  }

  /** Ends what is out at the server, and collects what ends soon; the rest stays to be collected. */
  async #cancelAll(): Promise<void> {
    for (const batch of [...this.#out.values()]) {
      if (batch.remoteId !== null) this.#note(batch, await this.#server.cancel(batch.remoteId));
    }
    for (let time = 0; time < cancelling.times && this.#out.size > 0; time++) {
      for (const batch of [...this.#out.values()]) {
        const quick = AbortSignal.timeout(60_000);
        await this.#look(batch, await this.#server.status(batch.remoteId ?? '', quick), quick);
      }
      if (this.#out.size > 0) await this.#clock.wait(cancelling.wait);
    }
  }

  #report(): void {
    const { completed, failed, wanted } = this.#context.store.extractions.get(this.#extraction.id);
    const atServer = [...this.#out.values()].reduce((sum, batch) => sum + batch.completed, 0);
    const done = completed + Math.min(failed, this.#tally.failures) + atServer;
    this.#context.progress({ done: Math.min(done, wanted), total: wanted, phase: 'working' });
    this.#context.saved('rationales');
  }
}

/** Whether a server said no: it made no batch then. */
function isRefusal(caught: unknown): boolean {
  if (!(caught instanceof StudioError)) return false;
  if (!(caught instanceof TeacherError)) return true;
  const { code, consequence } = caught;
  return (
    !consequence.retryable && code !== 'teacher-unreachable' && code !== 'teacher-bad-response'
  );
}

/** @throws StudioError invalid-input when the server is known to take no batches */
function refuseWithoutBatches({ kind, name, model, capabilities }: Teacher): void {
  const known = capabilities?.model === model ? capabilities.batches : 'unknown';
  if (kind === 'openai-compatible' && known !== 'no') return;
  throw new StudioError(
    'invalid-input',
    `The server of “${name}” has no batch API.`,
    'Send single requests instead.',
  );
}

/** Why a batch that has ended did not do what it should; null when it did. */
function troubleOf({ state, error, requests, completed, failed }: RemoteBatch): StudioError | null {
  const again = 'Start the extraction again: only rows without an answer are handed over.';
  if (state === 'failed') {
    const words = error === null ? 'without a reason' : `and says: "${error}"`;
    return new StudioError('batch-failed', `The server refused a batch, ${words}.`, again);
  }
  if (state === 'expired') {
    const open = requests - completed - failed;
    return new StudioError(
      'batch-failed',
      `The server did not get to ${open} of ${requests} requests of a batch within its time.`,
      again,
    );
  }
  if (state !== 'cancelled') return null;
  return new StudioError('batch-failed', 'A batch was cancelled at the server.', again);
}
