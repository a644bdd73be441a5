import type { Estimate, Range, Spend } from '../contract/extraction.ts';
import type { Price } from '../contract/teacher.ts';
import { studentT } from '../core/student-t.ts';
import { costOf } from './prices.ts';

/** What one answer took; null where the server does not say. */
export interface AnswerUsage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly milliseconds: number | null;
}

export interface EstimateInput {
  /** Answers still to be asked for. */
  readonly answers: number;
  /** Answers that were asked for and came, the pilot's. */
  readonly usage: readonly AnswerUsage[];
  readonly price: Price | null;
  /** Whether the server has a batch API. */
  readonly batches: boolean;
  /** Requests at a time. */
  readonly concurrency: number;
  /** Answers that one request brings (`n`): they come at the same time. */
  readonly answersPerRequest: number;
  /** Counted tokens of all prompts that will be sent; null when they were not counted. */
  readonly promptTokens: number | null;
  /** Tokens that one answer may have. */
  readonly maxTokens: number;
  readonly spend: Spend | null;
}

/**
 * What the rest of an extraction will take, from the answers there are.
 *
 * Tokens and money are 95% prediction intervals ({@link totalOf}); money is reckoned per answer, so
 * that long prompts with long answers count together. Time is the total of the answers' latencies
 * divided by the requests at a time: it holds while the server answers as fast as it did, and a
 * batch is answered within a day instead. `atMost` is the price of the counted prompts and of
 * answers that are all as long as they may be.
 */
export function estimate(input: EstimateInput): Estimate {
  const { answers, usage, price, batches, spend } = input;
  const counted = usage.flatMap(({ promptTokens, completionTokens }) =>
    promptTokens === null || completionTokens === null ? [] : [{ promptTokens, completionTokens }],
  );
  const dollars = (batch: boolean): Range | null =>
    price === null
      ? null
      : totalOf(
          counted.map((one) => costOf(price, one.promptTokens, one.completionTokens, batch)),
          answers,
        );
  return {
    answers,
    basis: counted.length,
    promptTokens: totalOf(
      counted.map(({ promptTokens }) => promptTokens),
      answers,
    ),
    completionTokens: totalOf(
      counted.map(({ completionTokens }) => completionTokens),
      answers,
    ),
    cost: dollars(false),
    batchCost: batches ? dollars(true) : null,
    seconds: secondsOf(input),
    atMost: atMost(input),
    price,
    spend,
  };
}

/**
 * The 95% prediction interval for the sum of N further values, from n known ones with mean m and
 * standard deviation s:
 *
 *     N m ± t(n - 1) s N √(1/n + 1/N)
 *
 * 1/n is what is not known of the mean, 1/N the spread of the sum itself. Exact for normal values;
 * lengths are skewed, and with 20 answers it still covers 9 of 10 totals or more (tested). Null for
 * fewer than two values, which say nothing of their spread.
 *
 * Source: Hahn and Meeker, "Statistical Intervals" (1991), section 4.8, the interval for the mean of
 * m future observations, times m.
 */
export function totalOf(values: readonly number[], further: number): Range | null {
  const n = values.length;
  if (n < 2) return null;
  if (further === 0) return { low: 0, likely: 0, high: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (n - 1));
  const likely = further * mean;
  const half = studentT(n - 1) * deviation * further * Math.sqrt(1 / n + 1 / further);
  return { low: Math.max(0, likely - half), likely, high: likely + half };
}

function secondsOf({
  usage,
  answers,
  answersPerRequest,
  concurrency,
}: EstimateInput): Range | null {
  const seconds = usage.flatMap(({ milliseconds }) =>
    milliseconds === null ? [] : [milliseconds / 1_000],
  );
  const requests = Math.ceil(answers / answersPerRequest);
  const total = totalOf(seconds, requests);
  if (total === null) return null;
  // No more requests at a time than there are.
  const lanes = Math.max(1, Math.min(concurrency, requests));
  return { low: total.low / lanes, likely: total.likely / lanes, high: total.high / lanes };
}

function atMost({ price, promptTokens, answers, maxTokens }: EstimateInput): number | null {
  if (price === null || promptTokens === null) return null;
  return costOf(price, promptTokens, answers * maxTokens);
}
