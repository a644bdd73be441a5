import { z } from 'zod';
import type { RunSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';

/**
 * Tells a training that has run away from one that is merely noisy.
 *
 * The loss is smoothed over about a hundred steps. It has run away when, after the warm-up, this mean
 * stands for {@link STRETCH} steps in a row above twice the loss that the training began with, or
 * above three times its lowest mean, and by at least {@link MARGIN} nats. Spikes that a training
 * recovers from are shorter. Noise stays far below: of losses as widely spread as their own mean, the
 * smoothed mean strays by a tenth, and would have to stray by seven tenths.
 *
 * A heuristic of this project; numbers that are no numbers are found elsewhere, at once.
 */

const Count = z.number().int().nonnegative();

/** What is remembered from step to step. Saved in checkpoints, so that a resumed run ends at the same step. */
export const LossWatch = z.strictObject({
  /** Losses seen. */
  seen: Count,
  /** Mean of the first {@link FIRST_LOSSES}, nats. */
  start: z.number(),
  smoothed: z.number(),
  /** The lowest smoothed loss so far. */
  lowest: z.strictObject({ step: Count, loss: z.number() }),
  /** Steps in a row that the smoothed loss has been too high. */
  above: Count,
});
export type LossWatch = z.infer<typeof LossWatch>;

/** Before the first step. */
export const freshWatch: LossWatch = {
  seen: 0,
  start: 0,
  smoothed: 0,
  lowest: { step: 0, loss: 0 },
  above: 0,
};

const FIRST_LOSSES = 20;
/** Weight of the newest loss in the mean. */
const NEWEST = 0.02;
const TIMES_START = 2;
const TIMES_LOWEST = 3;
const MARGIN = 1;
const STRETCH = 100;

/**
 * Takes one step's loss into account.
 *
 * @param loss nats, finite
 * @param warmup updates before the learning rate's peak, in which nothing is judged
 */
export function watchLoss(
  watch: LossWatch,
  { step, loss }: { readonly step: number; readonly loss: number },
  warmup: number,
): LossWatch {
  const seen = watch.seen + 1;
  if (seen <= FIRST_LOSSES) {
    const mean = watch.start + (loss - watch.start) / seen;
    return { seen, start: mean, smoothed: mean, lowest: { step, loss: mean }, above: 0 };
  }
  const smoothed = watch.smoothed + NEWEST * (loss - watch.smoothed);
  const lowest = smoothed < watch.lowest.loss ? { step, loss: smoothed } : watch.lowest;
  const tooHigh = step > warmup && isTooHigh(smoothed, watch.start, lowest.loss);
  return { ...watch, seen, smoothed, lowest, above: tooHigh ? watch.above + 1 : 0 };
}

/** Whether the newest weights may be bad: they must not take the place of good ones. */
export const isSuspect = (watch: LossWatch): boolean => watch.above > 0;

export const hasRunAway = (watch: LossWatch): boolean => watch.above >= STRETCH;

const isTooHigh = (smoothed: number, start: number, lowest: number): boolean =>
  smoothed > Math.max(TIMES_START * start, start + MARGIN) ||
  smoothed > Math.max(TIMES_LOWEST * lowest, lowest + MARGIN);

interface Place {
  readonly step: number;
  readonly settings: Pick<RunSettings, 'steps'>;
}

/** Why a training whose loss or gradient is no longer finite was stopped. */
export const noNumber = ({ step, settings }: Place): string =>
  `The loss, or its gradient, stopped being a number at step ${step} of ${settings.steps}.`;

/** Why a training that has run away was stopped. */
export function ranAway({ step, settings, watch }: Place & { readonly watch: LossWatch }): string {
  const { smoothed, start, lowest } = watch;
  const began = `${start.toFixed(2)} at the start`;
  const least = `${lowest.loss.toFixed(2)} at its lowest (step ${lowest.step})`;
  return `The loss ran away: its mean over about a hundred steps was ${smoothed.toFixed(2)} at step ${step} of ${settings.steps}, after ${began} and ${least}.`;
}

/** Steps whose checkpoints are kept. */
export interface KeptSteps {
  /** 0: none. */
  readonly last: number;
  readonly best: number | null;
}

/** The error for a person: why it was stopped, what there still is, and what to try. */
export function divergence(
  reason: string,
  { learningRate }: Pick<RunSettings, 'learningRate'>,
  kept: KeptSteps,
): StudioError {
  const lower = Number((learningRate / 3).toPrecision(2));
  return new StudioError(
    'training-diverged',
    reason,
    `Train again with a lower learning rate, for example ${lower} in place of ${learningRate}. ${whatIsKept(kept)}`,
  );
}

function whatIsKept({ last, best }: KeptSteps): string {
  if (best !== null) return `The best student so far, of step ${best}, is kept.`;
  if (last > 0) return `The last good checkpoint, of step ${last}, is kept.`;
  return 'No checkpoint had been saved yet.';
}
