import type { ExtractionSettings, Price, Spend } from '../../contract/entities.ts';
import type { PauseJob } from '../job.ts';
import { costOf } from '../../teacher/prices.ts';
import { budgetReached, requestCapReached } from './guard.ts';
import type { Usage } from './guard.ts';

/** What a file of requests can come to at most. */
export interface Load {
  readonly requests: number;
  /** US dollars. */
  readonly worst: number;
}

/**
 * Budget and cap of an extraction that hands files over: a file goes out only when what is spent,
 * the worst of all files that are out, and its own worst stay within both together.
 */
export class BatchBudget {
  readonly #price: Price | null;
  readonly #budget: ExtractionSettings['budget'];
  readonly #maxRequests: ExtractionSettings['maxRequests'];
  readonly #out = new Map<string, Load>();
  #spent: { requests: number; cost: number };

  constructor(
    { budget, maxRequests }: Pick<ExtractionSettings, 'budget' | 'maxRequests'>,
    price: Price | null,
    spent: Pick<Spend, 'requests' | 'cost'>,
  ) {
    this.#budget = budget;
    this.#maxRequests = maxRequests;
    this.#price = price;
    this.#spent = { requests: spent.requests, cost: spent.cost ?? 0 };
  }

  /** Whether something is limited, so that it matters what a file can come to. */
  get limits(): boolean {
    return this.watchesMoney || this.#maxRequests !== null;
  }

  get watchesMoney(): boolean {
    return this.#budget !== null && this.#price !== null;
  }

  /** What so many tokens cost in a batch, US dollars; 0 without a price. */
  costOf({ promptTokens, completionTokens }: Usage): number {
    return this.#price === null ? 0 : costOf(this.#price, promptTokens, completionTokens, true);
  }

  /** Why a file of this load may not go out now; null when it may. */
  refusal({ requests, worst }: Load): PauseJob | null {
    const out = [...this.#out.values()];
    const allRequests = out.reduce((sum, load) => sum + load.requests, this.#spent.requests);
    const committed = out.reduce((sum, load) => sum + load.worst, this.#spent.cost);
    if (this.#maxRequests !== null && allRequests + requests > this.#maxRequests) {
      return requestCapReached(this.#maxRequests);
    }
    if (this.#budget === null || committed + worst <= this.#budget * (1 + 1e-9)) return null;
    return budgetReached(this.#budget, this.#spent.cost, worst);
  }

  /** A file goes out. */
  hold(batchId: string, load: Load): void {
    this.#out.set(batchId, load);
  }

  /** Its answers are in, and paid for. @param spent by the extraction in all */
  settle(batchId: string, spent: Pick<Spend, 'requests' | 'cost'>): void {
    this.#out.delete(batchId);
    this.#spent = { requests: spent.requests, cost: spent.cost ?? 0 };
  }
}
