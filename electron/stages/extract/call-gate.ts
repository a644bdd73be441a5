import type { AttemptOutcome, Gate } from '../../teacher/client.ts';
import type { Pace } from '../../teacher/pace.ts';
import type { Guard, Reservation, Usage } from './guard.ts';
import type { Stopping } from './stopping.ts';

/** A request that was not sent after all, as the pace is told of it: it says nothing about the server. */
const notSent: AttemptOutcome = {
  ...{ kind: 'failed', promptTokens: null, completionTokens: null },
  milliseconds: 0,
  mayCost: false,
};

/**
 * The gate of one call to the teacher: each of its requests waits for its turn and for leave to spend
 * money. The tokens of an answer that the server did not count are not known here; its reservation
 * stays open until {@link countHere}.
 */
export class CallGate implements Gate {
  readonly #pace: Pace;
  readonly #guard: Guard;
  readonly #stopping: Stopping;
  readonly #worst: Usage;
  readonly #sent: Reservation[] = [];
  readonly #uncounted: Reservation[] = [];
  #answered = 0;
  /** Requests of this call that wait for leave. */
  #entering = 0;

  /** @param worst tokens of one request at most */
  constructor(parts: { pace: Pace; guard: Guard; stopping: Stopping; worst: Usage }) {
    this.#pace = parts.pace;
    this.#guard = parts.guard;
    this.#stopping = parts.stopping;
    this.#worst = parts.worst;
  }

  /** Requests that were answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Those of them whose tokens the server did not count, and nobody has since. */
  get uncounted(): number {
    return this.#uncounted.length;
  }

  async enter(): Promise<void> {
    const { soft } = this.#stopping;
    this.#entering += 1;
    this.#letOthersIn();
    try {
      await this.#pace.enter(soft);
      try {
        this.#sent.push(await this.#reserve());
      } catch (refusal) {
        this.#pace.leave(notSent);
        throw refusal;
      }
    } finally {
      this.#entering -= 1;
    }
    this.#stopping.sent();
  }

  leave(outcome: AttemptOutcome): void {
    const reservation = this.#sent.pop();
    if (reservation === undefined) return;
    this.#settle(reservation, outcome);
    this.#letOthersIn();
    this.#pace.leave(outcome);
    this.#stopping.ended();
  }

  /** The call is over: what the server did not count is put down as it was counted here. */
  countHere(usage: Usage): void {
    const none: Usage = { promptTokens: 0, completionTokens: 0 };
    for (const [index, reservation] of this.#uncounted.splice(0).entries()) {
      this.#guard.settle(reservation, index === 0 ? usage : none, true);
    }
  }

  /** @throws also when the run was stopped just after leave was given: nothing is sent then */
  async #reserve(): Promise<Reservation> {
    const { soft } = this.#stopping;
    const reservation = await this.#guard.reserve(this.#worst, soft);
    if (!soft.aborted) return reservation;
    this.#guard.release(reservation);
    throw soft.reason;
  }

  /**
   * What is not counted yet is counted when the call is over, and the call is not over before its
   * other requests are: under a budget they may wait for the very money that is put aside for it. So
   * it is put down at the most that it can have cost.
   */
  #letOthersIn(): void {
    if (this.#entering === 0 || !this.#guard.watchesMoney) return;
    for (const reservation of this.#uncounted.splice(0)) {
      this.#guard.settle(reservation, this.#worst, true);
    }
  }

  #settle(reservation: Reservation, outcome: AttemptOutcome): void {
    if (outcome.kind === 'answered') this.#answered += 1;
    if (outcome.kind === 'limited') {
      this.#guard.settle(reservation, null);
      return;
    }
    const { promptTokens, completionTokens } = outcome;
    if (promptTokens !== null && completionTokens !== null) {
      this.#guard.settle(reservation, { promptTokens, completionTokens });
    } else if (outcome.kind === 'answered') {
      this.#uncounted.push(reservation);
    } else if (outcome.mayCost && this.#guard.watchesMoney) {
      // A budget is a promise about the most that can be asked for.
      this.#guard.settle(reservation, this.#worst, true);
    } else {
      this.#guard.settle(reservation, null);
    }
  }
}
