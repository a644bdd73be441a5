import type { Exemplar, ExemplarSelection } from '../contract/teacher.ts';
import { Random } from '../core/random.ts';
import { composeInput, normaliseText } from '../core/text.ts';
import type { PromptRow, Selector } from './prompt.ts';
import { TextVectors, medoids } from './vectors.ts';

/** Texts that are compared to find unlike ones; of larger pools as many are drawn first. */
const comparedAtMost = 1_000;

/**
 * Which exemplars each row is shown (positions, in the order shown). A row is never shown itself,
 * with its own answer, though it may be among the exemplars. Deterministic: equal rows are shown the
 * same, and of equally good exemplars the earlier one is taken.
 *
 * - `random` draws `count` of them once, for all rows.
 * - `diverse` takes one of each of `count` clusters, once for all rows, after Zhang et al. 2022,
 *   "Automatic chain of thought prompting in large language models" (arXiv 2210.03493).
 * - `nearest` takes those most alike, the most alike last, next to the row, after Liu et al. 2022,
 *   "What makes good in-context examples for GPT-3?" (arXiv 2101.06804). Alike means that they have
 *   words and character sequences in common: no embedding model is at hand.
 */
export function selectorFor(
  exemplars: readonly Exemplar[],
  { how, count, seed }: ExemplarSelection,
): Selector {
  const keys = exemplars.map(keyOf);
  if (how === 'nearest') return nearestSelector(exemplars, keys, count);
  const chosen =
    how === 'all' ? exemplars.map((_, position) => position) : draw(exemplars, how, count, seed);
  return (row) => {
    const own = keyOf(row);
    return chosen.filter((position) => keys[position] !== own);
  };
}

/** `count` exemplars of a pool, in the pool's order; all of a smaller pool. */
export function drawExemplars(
  pool: readonly Exemplar[],
  how: 'random' | 'diverse',
  count: number,
  seed: number,
): Exemplar[] {
  return draw(pool, how, count, seed).flatMap((position) => pool[position] ?? []);
}

/** Positions in rising order. */
function draw(
  pool: readonly Exemplar[],
  how: 'random' | 'diverse',
  count: number,
  seed: number,
): number[] {
  const random = new Random(seed);
  const shuffled = random.shuffle(pool.map((_, position) => position));
  if (how === 'random') return inOrder(shuffled.slice(0, count));
  if (pool.length <= count) return inOrder(shuffled);
  const compared = inOrder(shuffled.slice(0, comparedAtMost));
  const texts = compared.map((position) => pool[position]?.input ?? '');
  const first = random.integer(0, compared.length - 1);
  return medoids(new TextVectors(texts).vectors, count, first).map((i) => compared[i] ?? 0);
}

function nearestSelector(
  exemplars: readonly Exemplar[],
  keys: readonly string[],
  count: number,
): Selector {
  const texts = new TextVectors(exemplars.map(({ input }) => input));
  return (row) => {
    const alike = texts.similarities(row.input);
    const own = keyOf(row);
    return exemplars
      .map((_, position) => position)
      .filter((position) => keys[position] !== own)
      .sort((a, b) => (alike[b] ?? 0) - (alike[a] ?? 0) || a - b)
      .slice(0, count)
      .reverse();
  };
}

/** Rows with the same key are the same question. */
function keyOf({ input, choices }: PromptRow): string {
  return normaliseText(composeInput(input, choices));
}

function inOrder(positions: readonly number[]): number[] {
  return positions.toSorted((a, b) => a - b);
}
