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
    return last.map(({ text }, row) => {
      const logits = data.subarray(row * vocabulary, (row + 1) * vocabulary);
      return drawToken(logits, { temperature, topP }, randoms[text]?.next() ?? 0);
    });
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
  const greatest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  if (temperature === 0) return logits.indexOf(greatest);
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - greatest) / temperature));
  const total = sum(weights);
  const tokens = topP < 1 ? nucleus(weights, topP * total) : [...weights.keys()];
  const kept = topP < 1 ? sum(tokens.map((token) => weights[token] ?? 0)) : total;
  let left = uniform * kept;
  for (const token of tokens) {
    left -= weights[token] ?? 0;
    if (left < 0) return token;
  }
  return tokens.at(-1) ?? 0;
}

/** The heaviest tokens, heaviest first, that together weigh at least `wanted`; never none. */
function nucleus(weights: Float64Array, wanted: number): number[] {
  const weightOf = (token: number): number => weights[token] ?? 0;
  // Tokens lighter than this weigh too little all together to be needed: most need not be sorted.
  const least = (sum(weights) - wanted) / weights.length;
  const heavy = [...weights.keys()].filter((token) => weightOf(token) >= least);
  heavy.sort((a, b) => weightOf(b) - weightOf(a) || a - b);
  let weight = 0;
  const enough = heavy.findIndex((token) => (weight += weightOf(token)) >= wanted);
  return enough === -1 ? heavy : heavy.slice(0, enough + 1);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
