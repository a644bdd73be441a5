import type { Run } from '../contract/entities.ts';
import type { PredictTask } from '../contract/worker.ts';

/** Rows decoded at once; answers do not depend on it. */
const batchSize = 32;

/** The worker task that asks a run's student, in `folder`, for the answers to `inputs`. */
export function predictTaskFor(run: Run, folder: string, inputs: string[]): PredictTask {
  const { settings } = run;
  return {
    kind: 'predict',
    folder,
    inputs,
    labelPrefix: settings.labelPrefix,
    rationalePrefix: settings.method === 'step-by-step' ? settings.rationalePrefix : null,
    maxInputTokens: settings.maxInputTokens,
    maxLabelTokens: settings.maxLabelTokens,
    maxRationaleTokens: settings.maxRationaleTokens,
    batchSize,
  };
}
