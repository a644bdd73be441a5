/** Settings shown as numbers under Advanced, with the limits that the contract sets. */
export const numberSettings = [
  { key: 'batchSize', min: 1, max: 512, step: 1 },
  { key: 'learningRate', min: 1e-9, max: 1, step: 'any' },
  { key: 'weightDecay', min: 0, max: 1, step: 'any' },
  { key: 'warmupShare', min: 0, max: 1, step: 'any' },
  { key: 'clipNorm', min: 1e-6, max: 1000, step: 'any' },
  { key: 'evaluateEvery', min: 1, max: 1_000_000, step: 1 },
  { key: 'validationRows', min: 1, max: 1_000_000, step: 1 },
  { key: 'maxInputTokens', min: 8, max: 4096, step: 1 },
  { key: 'maxLabelTokens', min: 2, max: 1024, step: 1 },
  { key: 'maxRationaleTokens', min: 2, max: 1024, step: 1 },
  { key: 'vocabularySize', min: 300, max: 32_000, step: 1 },
] as const;
