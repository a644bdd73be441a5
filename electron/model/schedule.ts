import type { RunSettings } from '../contract/entities.ts';

/** What decides the learning rate of every step of a run. */
export interface ScheduleSettings extends Pick<
  RunSettings,
  'learningRate' | 'steps' | 'warmupShare'
> {
  /** Default `linear`. */
  readonly schedule?: RunSettings['schedule'];
}

/** The share of the highest rate that is left, by the share of the way after the warm-up that is done. */
const courses: Readonly<Record<RunSettings['schedule'], (progress: number) => number>> = {
  linear: (progress) => 1 - progress,
  constant: () => 1,
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
};

/** Updates until the learning rate is at its highest. */
export const warmupSteps = ({
  steps,
  warmupShare,
}: Pick<ScheduleSettings, 'steps' | 'warmupShare'>): number => Math.max(1, warmupShare * steps);

/**
 * The learning rate of one update: a linear rise over the warm-up, then a course that reaches its end
 * one step after the last: a straight fall to zero, half a cosine wave to zero, or no fall at all.
 *
 * Without a warm-up these are the rates of Hugging Face's `get_linear_schedule_with_warmup` (as in the
 * published recipe), `get_constant_schedule_with_warmup` and `get_cosine_schedule_with_warmup` (with
 * its default of half a wave). With a warm-up of W steps those give the first update no rate at all
 * and have their peak at step W + 1; here the first step already learns, and the peak is at step W.
 *
 * @param step 1 for the first update
 */
export function learningRateAt(step: number, settings: ScheduleSettings): number {
  const { learningRate, steps, schedule = 'linear' } = settings;
  const warmup = warmupSteps(settings);
  const share =
    step < warmup ? step / warmup : courses[schedule]((step - warmup) / (steps - warmup + 1));
  return learningRate * share;
}
