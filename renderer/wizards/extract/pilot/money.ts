import type { Estimate, Price, Range, Spend } from '../../../../electron/contract/entities.ts';

/** Whether a price is known, and is nothing: a server on the person's own machine. */
export const costsNothing = (price: Price | null): boolean =>
  price !== null && price.input === 0 && price.output === 0;

/** What is still to come in the way that was chosen; null without a price or a basis. */
export const costOf = (estimate: Estimate, mode: 'requests' | 'batch'): Range | null =>
  mode === 'batch' ? (estimate.batchCost ?? estimate.cost) : estimate.cost;

/** An amount as one types it: rounded up to two significant digits. */
export function roundUp(dollars: number): number {
  if (dollars <= 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(dollars)) - 1);
  return Number((Math.ceil(dollars / step - 1e-9) * step).toPrecision(2));
}

/**
 * What must be left of a budget for all that is to come, US dollars: its most likely high end, and
 * room for the longest answers, since a request starts only when the most it may cost is left. Null
 * without a price.
 */
export function needed(estimate: Estimate, mode: 'requests' | 'batch'): number | null {
  const cost = costOf(estimate, mode);
  const { atMost, answers } = estimate;
  if (cost === null) return atMost;
  const longest = atMost === null || answers === 0 ? 0 : atMost / answers;
  return cost.high + roomFor * longest;
}

/** The longest answers there must be room for: one, with a prompt longer than most. */
const roomFor = 2;

/** A budget with which the rest will likely come to its end; above the old one in any case. */
export function enoughFor(estimate: Estimate | null, spent: number, budget: number): number {
  const rest = estimate && needed(estimate, 'requests');
  return roundUp(Math.max(rest === null ? 2 * budget : spent + rest, budget * 1.05));
}

/** The smallest budget that can be set, in US dollars: above what is spent. */
export const leastBudget = (spend: Spend | null): number =>
  Math.max(0.001, roundUp((spend?.cost ?? 0) * 1.001));

/** The smallest limit of requests that can be set: more than are sent. */
export const leastRequests = (spend: Spend | null): number => (spend?.requests ?? 0) + 1;
