import type { Interval } from '../../contract/entities.ts';
import { studentT } from '../student-t.ts';
import { seedPart, variance } from '../study-statistics.ts';
import { smallSample, stretched } from './bootstrap.ts';

/** The 97.5% quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** A score of one system (one seed), and the same of each resample of the rows. */
export interface Scored {
  readonly value: number;
  readonly draws: Float64Array;
}

/** A summand: the mean score over seeds, times a weight. */
export interface ScoredTerm {
  readonly weight: number;
  readonly scores: readonly Scored[];
}

/**
 * A weighted sum of mean scores with its 95% interval over rows and seeds. The bootstrap over rows
 * gives its shape; it is stretched to hold what seeds add, as in `contrast` of study-statistics:
 * what the scores vary by from seed to seed, less what they would by rows alone, which is the mean
 * variance of a seed's draws less the mean covariance of two seeds' draws.
 *
 * @param rows that were drawn from
 */
export function overSeeds(terms: readonly ScoredTerm[], rows: number): Interval {
  const value = terms.reduce((sum, { weight, scores }) => sum + weight * meanOf(scores), 0);
  const draws = new Float64Array(terms[0]?.scores[0]?.draws.length ?? 0);
  for (const { weight, scores } of terms) {
    for (const [at, own] of meanDraws(scores).entries()) {
      draws[at] = (draws[at] ?? 0) + weight * own;
    }
  }
  const seeds = seedPart(
    terms.map(({ weight, scores }) => ({
      ...{ weight, seeds: scores.length, noise: noiseOf(scores) },
      variance: scores.length < 2 ? 0 : variance(scores.map((score) => score.value)),
    })),
  );
  const byRows = variance(draws);
  if (rows < 2 || byRows === 0) return { value, low: value, high: value };
  const added = seeds === null ? 0 : (studentT(seeds.degrees) / Z) ** 2 * (seeds.variance / byRows);
  return stretched(draws, value, Math.sqrt(smallSample(rows) ** 2 + added));
}

const meanOf = (scores: readonly Scored[]): number =>
  scores.reduce((sum, { value }) => sum + value, 0) / scores.length;

function meanDraws(scores: readonly Scored[]): Float64Array {
  const means = new Float64Array(scores[0]?.draws.length ?? 0);
  for (const { draws } of scores) {
    for (let at = 0; at < means.length; at++) {
      means[at] = (means[at] ?? 0) + (draws[at] ?? 0) / scores.length;
    }
  }
  return means;
}

/** Mean variance of one seed's draws less the mean covariance of two: (D - V) · S / (S - 1). */
function noiseOf(scores: readonly Scored[]): number {
  const seeds = scores.length;
  if (seeds < 2) return 0;
  const single = scores.reduce((sum, { draws }) => sum + variance(draws), 0) / seeds;
  return ((single - variance(meanDraws(scores))) * seeds) / (seeds - 1);
}
