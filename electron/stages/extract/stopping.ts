import { setMaxListeners } from 'node:events';
import { StudioError } from '../../contract/errors.ts';
import type { StopReason } from '../job.ts';

/**
 * How long requests under way may still take after the job was asked to stop, milliseconds. Their
 * answers are paid for, so a pause waits for them, as long as a person waits without wondering;
 * most answers take less. Closing the app waits shorter, and who cancels wants it to end.
 */
const graces: Readonly<Record<StopReason, number>> = {
  pause: 10_000,
  finish: 10_000,
  shutdown: 3_000,
  cancel: 0,
};

/** The same when the job gives up by itself, because no further request can succeed. */
export const giveUpGrace = 10_000;

/** What requests are refused or dropped with once the run is to end; why it ends is told by the run itself. */
export class Stopped extends StudioError {
  constructor() {
    super(
      'job-interrupted',
      'The extraction was stopped before the teacher answered this.',
      'Start it again: only what has no answer is asked.',
    );
  }
}

/**
 * Stops an extraction in two steps: first nothing new is sent while requests under way may end, then
 * they are dropped. The second step comes when the time for it is over, or as soon as nothing is
 * under way, so that no one waits for mere waits.
 */
export class Stopping {
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();
  readonly #unlisten: () => void;
  #timer: NodeJS.Timeout | null = null;
  #underWay = 0;
  /** Why the run ends, when it ends by itself. */
  #ownReason: unknown = null;

  /** @param signal the job's own; its reason is a {@link StopReason} */
  constructor(signal: AbortSignal) {
    // Every request that waits listens to them.
    setMaxListeners(0, this.#soft.signal, this.#hard.signal);
    const asked = (): void => this.#end(graceFor(signal.reason));
    signal.addEventListener('abort', asked, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', asked);
    if (signal.aborted) asked();
  }

  /** Aborted: nothing new is sent. */
  get soft(): AbortSignal {
    return this.#soft.signal;
  }

  /** Aborted: what is under way is dropped. */
  get hard(): AbortSignal {
    return this.#hard.signal;
  }

  get asked(): boolean {
    return this.#soft.signal.aborted;
  }

  /**
   * Nothing new is sent from now on; the run ends with this reason.
   *
   * @param grace milliseconds that requests under way may still take; null: as long as they take
   */
  stop(reason: unknown, grace: number | null): void {
    if (!this.asked) this.#ownReason = reason;
    this.#end(grace);
  }

  /** @throws the reason for which the run ended by itself */
  throwIfOwn(): void {
    if (this.#ownReason !== null) throw this.#ownReason;
  }

  /** Requests that were sent and have not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  /** A request was sent. */
  sent(): void {
    this.#underWay += 1;
  }

  /** It ended. */
  ended(): void {
    this.#underWay -= 1;
    if (!this.asked || this.#underWay > 0) return;
    // What it brought is on its way through promises; an abort before they are done would drop it.
    setImmediate(() => {
      if (this.#underWay === 0) this.#hard.abort(new Stopped());
    });
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#unlisten();
  }

  #end(grace: number | null): void {
    this.#soft.abort(new Stopped());
    if (grace === 0 || this.#underWay === 0) this.#hard.abort(new Stopped());
    else if (grace !== null)
      this.#timer ??= setTimeout(() => this.#hard.abort(new Stopped()), grace);
  }
}

function graceFor(reason: unknown): number {
  return reason === 'pause' || reason === 'shutdown' ? graces[reason] : graces.cancel;
}
