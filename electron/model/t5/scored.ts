import type { TrainingBatch } from './batch.ts';
import { LABEL_TASK, RATIONALE_TASK } from './batch.ts';

/**
 * How micro-batches add up to one step. Both are one update from several runs of the graph.
 *
 * - `token-weighted`: exactly the step of one batch with all their rows. Each task's term is the mean
 *   over its own target tokens in all micro-batches together.
 * - `mean-of-means`: the mean of the losses that the micro-batches have on their own, so that a token
 *   in a short micro-batch counts more; what Hugging Face's Trainer did before version 4.46.
 */
export type Accumulation = 'token-weighted' | 'mean-of-means';

/** Losses in nats, before the update. With label smoothing all are smoothed, so that they still add up. */
export interface StepLosses {
  /** The weighted sum that was differentiated. */
  readonly loss: number;
  /** Mean cross-entropy per label token of the whole step, unweighted; null without label rows. */
  readonly labelLoss: number | null;
  /** Mean cross-entropy per rationale token of the whole step, unweighted; null without such rows. */
  readonly rationaleLoss: number | null;
  /** Mean of the mutual-information term over the pairs of the step, unweighted; null without any. */
  readonly mutualInformation: number | null;
}

/** The target tokens of one micro-batch in packed order, each with its weight in the loss. */
export interface ScoredTokens {
  readonly labels: Int32Array;
  /** Their weighted losses, summed over all micro-batches of a step, are the step's loss. */
  readonly weights: Float32Array;
  /** Task of each token. */
  readonly tasks: Uint8Array;
}

/** The target tokens of every micro-batch of one step. A task's weight is shared equally by its tokens. */
export function scoreTokens(
  batches: readonly TrainingBatch[],
  accumulation: Accumulation,
): ScoredTokens[] {
  const counts = batches.map(countTokens);
  const whole = [LABEL_TASK, RATIONALE_TASK].map((task) =>
    counts.reduce((sum, count) => sum + (count[task] ?? 0), 0),
  );
  return batches.map((batch, index) => {
    const { label, rationale } = batch.weights;
    const own = (counts[index] ?? []).map((count) => count * batches.length);
    const sharers = accumulation === 'token-weighted' ? whole : own;
    const share = (task: number, weight: number): number => weight / (sharers[task] ?? 1);
    return tokensOf(batch, [share(LABEL_TASK, label), share(RATIONALE_TASK, rationale)]);
  });
}

/** What one micro-batch gave. */
export interface ScoredPart {
  readonly losses: Float32Array;
  readonly tokens: ScoredTokens;
  /** Of the mutual-information term, per pair; empty without it. */
  readonly pairLosses: Float32Array;
  /** Of each pair in the step's loss. */
  readonly pairWeight: number;
}

/** The losses of a step from every micro-batch's per-token and per-pair losses. */
export function summarize(parts: readonly ScoredPart[]): StepLosses {
  let loss = 0;
  const sums = [0, 0];
  const counts = [0, 0];
  let [shared, pairs] = [0, 0];
  for (const { losses, tokens, pairLosses, pairWeight } of parts) {
    for (const value of pairLosses) {
      loss += value * pairWeight;
      shared += value;
    }
    pairs += pairLosses.length;
    losses.forEach((value, token) => {
      const task = tokens.tasks[token] ?? LABEL_TASK;
      loss += value * (tokens.weights[token] ?? 0);
      sums[task] = (sums[task] ?? 0) + value;
      counts[task] = (counts[task] ?? 0) + 1;
    });
  }
  const mean = (task: number): number | null =>
    counts[task] ? (sums[task] ?? 0) / counts[task] : null;
  return {
    loss,
    labelLoss: mean(LABEL_TASK),
    rationaleLoss: mean(RATIONALE_TASK),
    mutualInformation: pairs > 0 ? shared / pairs : null,
  };
}

/** Target tokens of each task. */
function countTokens({ targets, task }: TrainingBatch): number[] {
  const counts = [0, 0];
  targets.forEach((target, row) => {
    counts[task[row] ?? 0] = (counts[task[row] ?? 0] ?? 0) + target.length;
  });
  return counts;
}

function tokensOf({ targets, task }: TrainingBatch, weights: readonly number[]): ScoredTokens {
  const size = targets.reduce((total, target) => total + target.length, 0);
  const tokens = {
    labels: new Int32Array(size),
    weights: new Float32Array(size),
    tasks: new Uint8Array(size),
  };
  let first = 0;
  targets.forEach((target, row) => {
    const end = first + target.length;
    const which = task[row] ?? LABEL_TASK;
    tokens.labels.set(target, first);
    tokens.weights.fill(weights[which] ?? 0, first, end);
    tokens.tasks.fill(which, first, end);
    first = end;
  });
  return tokens;
}
