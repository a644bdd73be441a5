import type { RunEnd, RunSettings } from '../contract/entities.ts';
import type { TrainerState } from './checkpoint.ts';

/** When a training is done, and which of its students is the best so far. */

/** The evaluations' part of a trainer's state. */
export type Standing = Pick<TrainerState, 'best' | 'stale'>;

/** One evaluation. */
export interface Judged {
  readonly step: number;
  /** Share of right answers. */
  readonly validation: number;
  /** Whether the loss is running away: such a student is the best only where there is no other. */
  readonly doubtful: boolean;
}

/**
 * Takes one evaluation into account. The best is the one with the highest validation, the later one
 * among equals, since it has learned longer; but patience counts only those that are better.
 */
export function judge(
  { best, stale }: Standing,
  { step, validation, doubtful }: Judged,
): Standing & { readonly isBest: boolean } {
  if (best === null) return { best: { step, validation }, stale: 0, isBest: true };
  const isBest = !doubtful && validation >= best.validation;
  const isBetter = isBest && validation > best.validation;
  return { best: isBest ? { step, validation } : best, stale: isBetter ? 0 : stale + 1, isBest };
}

/** Whether a step is followed by an evaluation: every n-th is, and the last. */
export const isEvaluated = (
  step: number,
  { steps, evaluateEvery }: Pick<RunSettings, 'steps' | 'evaluateEvery'>,
): boolean => step === steps || step % evaluateEvery === 0;

/** Whether the student of this evaluation is kept beside the best and the newest. */
export const isKept = (
  step: number,
  { evaluateEvery, keepEvery }: Pick<RunSettings, 'evaluateEvery' | 'keepEvery'>,
): boolean => keepEvery !== null && step % (evaluateEvery * keepEvery) === 0;

/** Why nothing is left to train; null while there is. An evaluation that is due comes first. */
export function endOf(
  { step, stale, unevaluated }: Pick<TrainerState, 'step' | 'stale' | 'unevaluated'>,
  { steps, earlyStopping }: Pick<RunSettings, 'steps' | 'earlyStopping'>,
): Extract<RunEnd['reason'], 'steps-done' | 'early-stopping'> | null {
  if (unevaluated !== null) return null;
  if (step >= steps) return 'steps-done';
  return earlyStopping !== null && stale >= earlyStopping.patience ? 'early-stopping' : null;
}
