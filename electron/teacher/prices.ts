import type { Price, PriceEntry, Teacher } from '../contract/teacher.ts';

/** What decides the price of a teacher's requests. */
export type PricedTeacher = Pick<Teacher, 'kind' | 'baseUrl' | 'model' | 'provider'>;

/**
 * Prices as OpenAI's public pricing page (platform.openai.com/docs/pricing) gave them for standard
 * processing at the end of August 2025; the batch API took half. They have been changed since and
 * will be again, so screens show the date, and what a person enters goes first.
 */
const asOf = '2025-08-31';
const batchShare = 0.5;

/** Model, then US dollars for a million tokens of input and of output. */
const openai: readonly (readonly [model: string, input: number, output: number])[] = [
  ['gpt-4o', 2.5, 10],
  ['gpt-4o-2024-05-13', 5, 15],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4.1', 2, 8],
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1-nano', 0.1, 0.4],
  ['o3', 2, 8],
  ['o4-mini', 1.1, 4.4],
  ['gpt-5', 1.25, 10],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5-nano', 0.05, 0.4],
];

/** The built-in price table, in the order of the models' names. */
export const builtInPrices: readonly PriceEntry[] = openai
  .map(([model, input, output]): PriceEntry => ({
    model,
    price: { input, output, batchShare },
    origin: 'built-in',
    asOf,
  }))
  .sort((a, b) => (a.model < b.model ? -1 : 1));

const free: Price = { input: 0, output: 0, batchShare: 1 };

/**
 * The price that requests to a teacher are reckoned with, or null when nobody knows it.
 *
 * 1. The practice and the recorded teacher cost nothing.
 * 2. A price that a person entered for the model holds for every server: one on this machine may
 *    well pass requests on to one that costs.
 * 3. Other servers on this machine cost nothing.
 * 4. The built-in table holds for OpenAI itself, for a model and for its dated snapshots
 *    (`gpt-4o-mini-2024-07-18`); others charge their own prices for models of the same name.
 */
export function priceOf(teacher: PricedTeacher, entered: readonly PriceEntry[]): PriceEntry | null {
  if (teacher.kind !== 'openai-compatible') return costless(teacher.model);
  const own = entryFor(teacher.model, entered);
  if (own !== null) return own;
  if (isLoopback(teacher.baseUrl)) return costless(teacher.model);
  if (teacher.provider !== 'openai') return null;
  const family = teacher.model.replace(/-20\d\d-\d\d-\d\d$/, '');
  return entryFor(teacher.model, builtInPrices) ?? entryFor(family, builtInPrices);
}

/** US dollars for so many tokens. */
export function costOf(
  price: Price,
  promptTokens: number,
  completionTokens: number,
  batch = false,
): number {
  const full = (promptTokens * price.input + completionTokens * price.output) / 1_000_000;
  return batch ? full * price.batchShare : full;
}

/** The entry with the model's very name, else the one with the longest beginning of it before a `*`. */
function entryFor(model: string, entries: readonly PriceEntry[]): PriceEntry | null {
  const exact = entries.find((entry) => entry.model === model);
  if (exact !== undefined) return exact;
  const [longest] = entries
    .filter((entry) => entry.model.endsWith('*') && model.startsWith(entry.model.slice(0, -1)))
    .sort((a, b) => b.model.length - a.model.length);
  return longest ?? null;
}

function costless(model: string): PriceEntry {
  return { model: model || '*', price: free, origin: 'built-in', asOf };
}

/** Whether an address is this machine's own. */
function isLoopback(baseUrl: string | null): boolean {
  if (baseUrl === null || !URL.canParse(baseUrl)) return false;
  const { hostname } = new URL(baseUrl);
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
