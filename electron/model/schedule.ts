/**
 * The learning rate of one update: a linear rise over the warm-up, then a linear fall that reaches
 * zero one step after the last.
 *
 * @param step 1 for the first update
 */
export function learningRateAt(
  step: number,
  settings: { learningRate: number; steps: number; warmupShare: number },
): number {
  const warmup = Math.max(1, settings.warmupShare * settings.steps);
  const share =
    step < warmup ? step / warmup : (settings.steps - step + 1) / (settings.steps - warmup + 1);
  return settings.learningRate * share;
}
