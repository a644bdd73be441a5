/**
 * The learning rate of one update: a linear rise over the warm-up, then a linear fall that reaches
 * zero one step after the last.
 *
 * Without a warm-up these are the rates of Hugging Face's `get_linear_schedule_with_warmup`, as in
 * the published recipe. With a warm-up of W steps that schedule gives the first update no rate at all
 * and has its peak at step W + 1; here the first step already learns, and the peak is at step W.
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
