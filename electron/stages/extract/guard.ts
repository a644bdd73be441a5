import type { ExtractionSettings, Price, Spend } from '../../contract/entities.ts';
import type { SpendDelta } from '../../store/store.ts';
import { costOf } from '../../teacher/prices.ts';
import { PauseJob } from '../job.ts';
import { dollars } from '../../core/money.ts';

/** Tokens of one request. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface GuardOptions {
  /** Null where the model has no price: nothing is reckoned, and a budget can't be kept. */
  readonly price: Price | null;
  /** US dollars that all requests together may cost. */
  readonly budget: ExtractionSettings['budget'];
  /** Requests that may be sent in all. */
  readonly maxRequests: ExtractionSettings['maxRequests'];
  /** What earlier runs of the extraction have used up; counts towards both. */
  readonly spent: Pick<Spend, 'requests' | 'cost'>;
}

/** Leave for one request, with the money put aside for it. Given back exactly once. */
export interface Reservation {
  /** The most that it is expected to cost, US dollars. */
  readonly worst: number;
  /** The same as it was asked for, without regard to what others cost. */
  readonly asked: number;
}

interface Waiting {
  readonly worst: number;
  readonly admit: (reservation: Reservation) => void;
  readonly refuse: (reason: unknown) => void;
}

/** Sums of a million roundings may be off by this share; far below what anyone pays with. */
const roundingShare = 1e-9;

/**
 * Keeps a budget and a cap on requests, both hard. A request starts only when what is spent, what is
 * put aside for those under way, and the most that it can cost itself stay within the budget
 * together. One that does not fit waits for the others: what they leave over may be enough. When
 * none is under way and it still does not fit, the guard is closed, for this request and all later
 * ones. So the budget can be passed only by answers that cost more than the most they could (a
 * server that counts other tokens or ignores the limit of length), and only by those under way:
 * after the first of them, as much more is put aside for the next.
 *
 * Every request counts, repeated and failed ones too. Money is counted as the server counts tokens.
 * Of a request that failed without counts nobody can say what it cost: under a budget, one that the
 * server had begun to work on (its answer broke off, or came too late) is put down at the most that
 * it can have cost; every other counts for nothing.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #waiting: Waiting[] = [];
  #requests: number;
  /** Of all requests that ended, US dollars. */
  #cost: number;
  /** Put aside for requests under way, US dollars. */
  #reserved = 0;
  #underWay = 0;
  /** How many times its worst case an answer has cost at most; later ones are reckoned with it. */
  #overrun = 1;
  #closed: PauseJob | null = null;
  #delta: SpendDelta;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#requests = options.spent.requests;
    this.#cost = options.spent.cost ?? 0;
    this.#delta = this.#nothing();
  }

  /** Why no further request may start; null while they may. */
  get closed(): PauseJob | null {
    return this.#closed;
  }

  /** Whether the worst case of a request matters: only then need its tokens be counted before it. */
  get watchesMoney(): boolean {
    return this.#options.budget !== null && this.#options.price !== null;
  }

  /** Requests that have leave at present. */
  get underWay(): number {
    return this.#underWay;
  }

  /** US dollars spent and put aside so far. */
  get committed(): number {
    return this.#cost + this.#reserved;
  }

  /** What so many tokens cost, US dollars; 0 without a price. */
  costOf({ promptTokens, completionTokens }: Usage): number {
    const { price } = this.#options;
    return price === null ? 0 : costOf(price, promptTokens, completionTokens);
  }

  /**
   * Leave for one request that needs `worst` tokens at most.
   *
   * @throws PauseJob budget-reached or request-cap-reached
   * @throws the signal's reason when it is aborted while it waits
   */
  reserve(worst: Usage, signal?: AbortSignal): Promise<Reservation> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal?.reason);
        this.#admit();
      };
      const waiting: Waiting = {
        worst: this.costOf(worst),
        admit(reservation) {
          signal?.removeEventListener('abort', abort);
          resolve(reservation);
        },
        refuse(reason) {
          signal?.removeEventListener('abort', abort);
          reject(reason);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  /**
   * A request ended.
   *
   * @param usage null when it brought nothing and nobody counted
   * @param estimated whether the tokens were counted here
   */
  settle(reservation: Reservation, usage: Usage | null, estimated = false): void {
    const delta = this.#delta;
    const { promptTokens, completionTokens } = usage ?? { promptTokens: 0, completionTokens: 0 };
    const cost = this.costOf({ promptTokens, completionTokens });
    this.#cost += cost;
    if (reservation.asked > 0) this.#overrun = Math.max(this.#overrun, cost / reservation.asked);
    this.#delta = {
      ...delta,
      requests: delta.requests + 1,
      promptTokens: delta.promptTokens + promptTokens,
      completionTokens: delta.completionTokens + completionTokens,
      cost: delta.cost === null ? null : delta.cost + cost,
      estimated: delta.estimated || estimated,
    };
    this.#free(reservation);
  }

  /** A request was not sent after all. */
  release(reservation: Reservation): void {
    this.#requests -= 1;
    this.#free(reservation);
  }

  /** Counts answers that were taken from earlier extractions. */
  countReused(answers: number): void {
    this.#delta = { ...this.#delta, reused: this.#delta.reused + answers };
  }

  /** What was used up since it was last asked, to be saved with what it brought; null when nothing was. */
  takeDelta(): SpendDelta | null {
    const delta = this.#delta;
    if (delta.requests === 0 && delta.reused === 0) return null;
    this.#delta = this.#nothing();
    return delta;
  }

  /** Takes a delta back that could not be saved. */
  returnDelta(unsaved: SpendDelta): void {
    const now = this.#delta;
    this.#delta = {
      requests: now.requests + unsaved.requests,
      promptTokens: now.promptTokens + unsaved.promptTokens,
      completionTokens: now.completionTokens + unsaved.completionTokens,
      cost: now.cost === null ? null : now.cost + (unsaved.cost ?? 0),
      reused: now.reused + unsaved.reused,
      estimated: now.estimated || unsaved.estimated,
    };
  }

  #free(reservation: Reservation): void {
    this.#underWay -= 1;
    // A sum that starts anew can't drift.
    this.#reserved = this.#underWay === 0 ? 0 : this.#reserved - reservation.worst;
    this.#admit();
  }

  /** Lets those start that may, in the order in which they came. */
  #admit(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined) return;
      const worst = next.worst * this.#overrun;
      this.#closed ??= this.#refusal(worst);
      if (this.#closed !== null) {
        for (const waiting of this.#waiting.splice(0)) waiting.refuse(this.#closed);
        return;
      }
      if (!this.#fits(worst)) return;
      this.#waiting.shift();
      this.#requests += 1;
      this.#underWay += 1;
      this.#reserved += worst;
      next.admit({ worst, asked: next.worst });
    }
  }

  #fits(worst: number): boolean {
    const { budget, price } = this.#options;
    if (budget === null || price === null) return true;
    return this.committed + worst <= budget * (1 + roundingShare);
  }

  /** Why the next request may not start, and waiting will not change it; null when it may or might. */
  #refusal(worst: number): PauseJob | null {
    const { budget, maxRequests } = this.#options;
    if (maxRequests !== null && this.#requests >= maxRequests)
      return requestCapReached(maxRequests);
    if (budget === null || this.#underWay > 0 || this.#fits(worst)) return null;
    return budgetReached(budget, this.#cost, worst);
  }

  #nothing(): SpendDelta {
    return {
      ...{ requests: 0, promptTokens: 0, completionTokens: 0, reused: 0, estimated: false },
      cost: this.#options.price === null ? null : 0,
    };
  }
}

/** @param what the next step is called: a request, or a whole batch */
export function budgetReached(
  budget: number,
  spent: number,
  worst: number,
  what = 'the next request',
): PauseJob {
  return new PauseJob(
    'budget-reached',
    `The budget of ${dollars(budget)} is reached: ${dollars(spent)} is spent, and ${what} may cost up to ${dollars(worst)}.`,
    'Everything that came is saved. Raise the budget and go on: only what has no answer is asked.',
  );
}

export function requestCapReached(maxRequests: number): PauseJob {
  return new PauseJob(
    'request-cap-reached',
    `The limit of ${maxRequests} ${maxRequests === 1 ? 'request' : 'requests'} is reached.`,
    'Everything that came is saved. Raise the limit of requests and go on: only what has no answer is asked.',
  );
}
