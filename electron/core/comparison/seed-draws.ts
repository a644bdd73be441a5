import type { Interval } from '../../contract/entities.ts';
import { studentT } from '../student-t.ts';
import { seedPart, seedVariance, variance } from '../study-statistics.ts';
import { smallSample, stretched } from './bootstrap.ts';

/** The 97.5% quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** A score of one system (one seed), of what resamples are drawn from, and of each of them. */
export interface Scored {
  readonly value: number;
  /** Differs from the value by the made-up rows. */
  readonly centre: number;
  readonly draws: Float64Array;
}

/** A summand: the mean score over seeds, times a weight. */
export interface ScoredTerm {
  readonly weight: number;
  readonly scores: readonly Scored[];
  /** As of a `Term` of study-statistics. */
  readonly fixed?: boolean;
}

/**
 * A weighted sum of mean scores with its 95% interval over rows and seeds. The bootstrap over rows
 * gives its shape; it is stretched to hold what seeds add, as in `contrast` of study-statistics:
 * what the scores vary by from seed to seed, less what they would by rows alone, which is the mean
 * variance of a seed's draws less the mean covariance of two seeds' draws.
 *
 * @param rows that were drawn from, at least 1; draws have to vary
 */
export function overSeeds(terms: readonly ScoredTerm[], rows: number): Interval {
  const total = (of: 'value' | 'centre'): number =>
    terms.reduce((sum, { weight, scores }) => sum + weight * meanOf(scores, of), 0);
  const [value, centre] = [total('value'), total('centre')];
  const draws = new Float64Array(terms[0]?.scores[0]?.draws.length ?? 0);
  for (const { weight, scores } of terms) {
    for (const [at, own] of meanDraws(scores).entries()) {
      draws[at] = (draws[at] ?? 0) + weight * own;
    }
  }
  const seeds = seedPart(
    terms
      .filter(({ fixed = false }) => !fixed)
      .map(({ weight, scores }) => ({
        ...{ weight, seeds: scores.length, noise: noiseOf(scores) },
        variance: scores.length < 2 ? 0 : variance(scores.map((score) => score.value)),
      })),
  );
  const byRows = variance(draws);
  const added =
    seeds === null ? 0 : (studentT(seeds.degrees) / Z) ** 2 * (seedVariance(seeds) / byRows);
  const factor = Math.sqrt(smallSample(rows + 1) ** 2 + added);
  const { low, high } = stretched(draws, centre, factor);
  const lowest = terms.reduce((sum, { weight }) => sum + Math.min(weight, 0), 0);
  const highest = terms.reduce((sum, { weight }) => sum + Math.max(weight, 0), 0);
  return {
    value,
    low: Math.max(lowest, Math.min(low, value)),
    high: Math.min(highest, Math.max(high, value)),
  };
}

const meanOf = (scores: readonly Scored[], of: 'value' | 'centre'): number =>
  scores.reduce((sum, score) => sum + score[of], 0) / scores.length;

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
