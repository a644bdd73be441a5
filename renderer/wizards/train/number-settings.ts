import type { SettingKey } from './changes.ts';

/** Settings that are a number in a field of their own, with the limits that the contract sets. */
export const limits = {
  steps: { min: 1, max: 1_000_000, step: 1 },
  batchSize: { min: 1, max: 512, step: 1 },
  accumulate: { min: 1, max: 1_024, step: 1 },
  learningRate: { min: 1e-9, max: 1, step: 'any' },
  warmupShare: { min: 0, max: 1, step: 'any' },
  weightDecay: { min: 0, max: 1, step: 'any' },
  clipNorm: { min: 1e-6, max: 1_000, step: 'any' },
  dropout: { min: 0, max: 0.99, step: 'any' },
  labelSmoothing: { min: 0, max: 0.99, step: 'any' },
  maxInputTokens: { min: 8, max: 4_096, step: 1 },
  maxLabelTokens: { min: 2, max: 1_024, step: 1 },
  maxRationaleTokens: { min: 2, max: 1_024, step: 1 },
  vocabularySize: { min: 300, max: 32_000, step: 1 },
  evaluateEvery: { min: 1, max: 1_000_000, step: 1 },
  validationRows: { min: 1, max: 1_000_000, step: 1 },
  seed: { min: 0, max: 2_147_483_647, step: 1 },
  trainShare: { min: 0.001, max: 1, step: 'any' },
} as const;

export type NumberKey = keyof typeof limits;

/** Settings by the group that they stand in on the screen. */
export const keysOfGroup = {
  learning: ['schedule', 'warmupShare', 'optimizer', 'clipNorm', 'accumulation'],
  overfitting: ['weightDecay', 'dropout', 'labelSmoothing'],
  checking: ['evaluateEvery', 'validationRows', 'earlyStopping', 'keepEvery'],
  lengths: [
    'maxInputTokens',
    'maxLabelTokens',
    'maxRationaleTokens',
    'vocabularySize',
    'tokenizer',
    'trainShare',
  ],
  words: ['labelPrefix', 'rationalePrefix', 'answerMark', 'rationaleMark'],
  machine: ['engine'],
} as const satisfies Record<string, readonly SettingKey[]>;
