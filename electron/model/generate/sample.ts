import { StudioError } from '../../contract/errors.ts';
import { seedFrom } from '../../core/hash.ts';
import { Random } from '../../core/random.ts';
import { tokensOf, type Choose } from './texts.ts';

export interface SampleOptions {
  /** Logits are divided by it: below 1 likelier tokens, at 0 the most likely one. Default 1. */
  readonly temperature?: number;
  /**
   * Of every step only the most likely tokens that together have this probability are drawn from;
   * at 0 the most likely one alone. Default 1: all.
   */
  readonly topP?: number;
  readonly seed: number;
  /** At most this many tokens are written per text. */
  readonly maxTokens: number;
  /** Texts per input. Default 1. */
  readonly count?: number;
}

/**
 * Draws the next token of every row. A text's draws depend on the seed, its input and its number
 * among that input's texts, and on nothing else in the batch.
 *
 * @throws StudioError `invalid-input` when an option is out of range.
 */
export function drawing(inputs: readonly Int32Array[], options: SampleOptions): Choose {
  const { temperature = 1, topP = 1, seed, count = 1 } = options;
  if (!(temperature >= 0 && topP >= 0 && topP <= 1 && count >= 1)) {
    throw new StudioError(
      'invalid-input',
      `Texts cannot be sampled with temperature ${temperature}, top-p ${topP} and ${count} texts per input.`,
      'The temperature is 0 or more, top-p is from 0 to 1, and at least one text is asked for.',
    );
  }
  const randoms = inputs.flatMap((ids) =>
    Array.from({ length: count }, (_unused, index) => {
      return new Random(seedFrom(`sample ${seed} ${index} ${ids.join()}`));
    }),
  );
  return async (rows, last) => {
    const { data, shape } = await rows.logits(tokensOf(last));
    const [, vocabulary = 0] = shape;
    const tokens = last.map(({ text }, row) => {
      const logits = data.subarray(row * vocabulary, (row + 1) * vocabulary);
      return drawToken(logits, { temperature, topP }, randoms[text]?.next() ?? 0);
    });
    return { tokens, probabilities: null };
  };
}

/**
 * A token from softmax(logits / temperature), of which only the nucleus is left (Holtzman et al.
 * 2020, section 3.1): the smallest set of likeliest tokens with a probability of at least `topP`.
 *
 * @param uniform in [0, 1)
 */
export function drawToken(
  logits: Float32Array,
  { temperature, topP }: { readonly temperature: number; readonly topP: number },
  uniform: number,
): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  }
  if (temperature === 0 || topP === 0) return best;
  const greatest = logits[best] ?? 0;
  const weights = new Float64Array(logits.length);
  for (let token = 0; token < logits.length; token++) {
    weights[token] = Math.exp(((logits[token] ?? 0) - greatest) / temperature);
  }
  if (topP === 1) return drawIndex(weights, uniform);
  const tokens = nucleus(weights, topP);
  const chosen = drawIndex(
    Float64Array.from(tokens, (token) => weights[token] ?? 0),
    uniform,
  );
  return tokens[chosen] ?? best;
}

/** An index, with a probability in proportion to its weight. */
function drawIndex(weights: ArrayLike<number>, uniform: number): number {
  let left = uniform * sum(weights);
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index] ?? 0;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

/** The heaviest tokens, heaviest first, that together have at least this share of all weight. */
function nucleus(weights: Float64Array, share: number): number[] {
  const weightOf = (token: number): number => weights[token] ?? 0;
  const total = sum(weights);
  // Tokens lighter than this have less than the rest even all together: most need not be sorted.
  const least = ((1 - share) * total) / weights.length;
  const heavy: number[] = [];
  for (let token = 0; token < weights.length; token++) {
    if (weightOf(token) >= least) heavy.push(token);
  }
  heavy.sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  let weight = 0;
  const enough = heavy.findIndex((token) => (weight += weightOf(token)) >= share * total);
  return enough === -1 ? heavy : heavy.slice(0, enough + 1);
}

/** Quicker than `reduce`, which matters over a vocabulary. */
function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
