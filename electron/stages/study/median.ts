/** The evaluations of one trial, by rising step. */
export type TrialCurve = readonly { readonly step: number; readonly accuracy: number }[];

/** Fewer earlier trials are too few to tell a poor one. */
const leastTrials = 3;

/**
 * The median stopping rule: whether a trial is to be stopped at its newest evaluation, because its
 * best accuracy so far is below the median of the running means that earlier trials had up to the
 * same step.
 *
 * Source: Golovin et al., "Google Vizier: A Service for Black-Box Optimization" (KDD 2017), section
 * 3.2.2. Trials are compared from the third completed one on.
 *
 * @param earlier trials that came to their end, not those that were stopped
 */
export function isBelowMedian(trial: TrialCurve, earlier: readonly TrialCurve[]): boolean {
  const step = trial.at(-1)?.step;
  if (step === undefined) return false;
  const means = earlier.flatMap((curve) => {
    const until = curve.filter((point) => point.step <= step);
    return until.length === 0
      ? []
      : [until.reduce((sum, point) => sum + point.accuracy, 0) / until.length];
  });
  if (means.length < leastTrials) return false;
  return Math.max(...trial.map(({ accuracy }) => accuracy)) < median(means);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}
