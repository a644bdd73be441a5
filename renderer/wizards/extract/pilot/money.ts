import type { Estimate, Price, Range } from '../../../../electron/contract/entities.ts';

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

/** A budget with which the rest will likely end: what is spent, and the most that the rest may cost. */
export function enoughFor(estimate: Estimate | null, spent: number, budget: number): number {
  const rest = estimate?.cost?.high ?? estimate?.atMost ?? null;
  return roundUp(Math.max(rest === null ? 2 * budget : spent + rest, budget * 1.05));
}
