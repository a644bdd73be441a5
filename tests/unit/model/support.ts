import { runSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { RunSettings } from '../../../electron/contract/entities.ts';

/** Settings of a run small enough for a test. */
export function runSettings(changes: Partial<RunSettings> = {}): RunSettings {
  return {
    method: 'finetune',
    labelSource: 'gold',
    rationales: 'parsed',
    lambda: 1,
    preset: 'micro',
    labelPrefix: 'predict: ',
    rationalePrefix: 'explain: ',
    steps: 12,
    batchSize: 4,
    learningRate: 1e-3,
    weightDecay: 0.01,
    warmupShare: 0.1,
    clipNorm: 1,
    evaluateEvery: 100,
    validationRows: 10,
    maxInputTokens: 32,
    maxLabelTokens: 16,
    maxRationaleTokens: 24,
    vocabularySize: 300,
    seed: 1,
    ...runSettingsDefaults,
    ...changes,
  };
}
