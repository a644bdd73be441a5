import { runSettingsDefaults } from '../../electron/contract/entities.ts';
import type {
  CurvePoint,
  Run,
  RunSamples,
  RunSettings,
  Study,
} from '../../electron/contract/entities.ts';
import { createdAt } from './rows.ts';

export const settings = (more: Partial<RunSettings> = {}): RunSettings => ({
  ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
  ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ', steps: 100 },
  ...{ batchSize: 16, learningRate: 1e-3, weightDecay: 0, warmupShare: 0.05, clipNorm: 1 },
  ...{ evaluateEvery: 25, validationRows: 20, maxInputTokens: 32, maxLabelTokens: 8 },
  ...{ maxRationaleTokens: 32, vocabularySize: 400, seed: 1 },
  ...runSettingsDefaults,
  ...more,
});

export const run = (more: Partial<Run> = {}): Run => ({
  ...{ id: 'r1', projectId: 'p1', splitId: 's1', extractionId: 'x1', name: 'first' },
  ...{ settings: settings(), settingsHash: 'abcdef0123456789', jobId: 'j1', studyId: null },
  ...{ parentId: null, trainRows: 160, rationaleRows: 150, parameters: 1_000_000 },
  ...{ engine: 'cpu', bestStep: 50, bestValidation: 0.4, ended: null, imported: false, createdAt },
  ...more,
});

export const point = (step: number, more: Partial<CurvePoint> = {}): CurvePoint => ({
  ...{ step, labelLoss: 4 / step, rationaleLoss: 6 / step, loss: 10 / step, learningRate: 1e-3 },
  ...{ gradientNorm: 2, tokensPerSecond: 1_000, validation: null, interval: null },
  ...{ memoryBytes: null, mutualInformation: null, balance: null },
  ...more,
});

/** A step that ended with an evaluation. */
export const evaluated = (step: number, correct: number, more: Partial<CurvePoint> = {}) =>
  point(step, {
    validation: { correct, rows: 20 },
    interval: { low: Math.max(0, correct / 20 - 0.2), high: Math.min(1, correct / 20 + 0.2) },
    ...more,
  });

export const study = (more: Partial<Study> = {}): Study => ({
  ...{ id: 'd1', projectId: 'p1', splitId: 's1', extractionId: 'x1', name: 'Two methods' },
  plan: {
    ...{ kind: 'bake-off', seeds: [1, 2], settings: settings(), part: 'test', margin: 0.02 },
    arms: [{ method: 'finetune', labelSource: 'gold' }],
  },
  ...{ jobId: 'jd', runs: { planned: 2, ended: 0 }, currentRunId: null, createdAt },
  ...more,
});

export const samples = (): RunSamples => ({
  rows: [
    { input: 'Ann has 2 apples and buys 3.', gold: '2 + 3', rationale: 'Add what she buys.' },
    { input: 'Bo has 9 pens and loses 4.', gold: '9 - 4', rationale: null },
  ],
  evaluations: [
    {
      step: 25,
      answers: [
        { label: '2', rationale: 'Add add add.', correct: false },
        { label: '9 - 4', rationale: 'Take away.', correct: true },
      ],
    },
    {
      step: 50,
      answers: [
        { label: '2 + 3', rationale: 'Add what comes.', correct: true },
        { label: '9 + 4', rationale: 'Take away.', correct: false },
      ],
    },
  ],
});
