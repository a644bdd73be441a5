import { runSettingsDefaults } from '../../electron/contract/entities.ts';
import type {
  Accuracy,
  Arm,
  Interval,
  RunSettings,
  Study,
  StudyCell,
  StudyComparison,
  StudyGrowth,
  StudyPlan,
  StudyResult,
  SweepTrial,
  Verdict,
} from '../../electron/contract/entities.ts';
import { createdAt } from './rows.ts';

export type Comparison = Extract<StudyResult, { kind: 'comparison' }>;
export type Sweep = Extract<StudyResult, { kind: 'sweep' }>;

export const runSettings: RunSettings = {
  ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
  ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ', steps: 300 },
  ...{ batchSize: 16, learningRate: 1e-3, weightDecay: 0, warmupShare: 0, clipNorm: 1 },
  ...{ evaluateEvery: 100, validationRows: 100, maxInputTokens: 32, maxLabelTokens: 8 },
  ...{ maxRationaleTokens: 32, vocabularySize: 400, seed: 1 },
  ...runSettingsDefaults,
};

export const stepByStep: Arm = { method: 'step-by-step', labelSource: 'gold' };
export const finetune: Arm = { method: 'finetune', labelSource: 'gold' };
export const rationaleInput: Arm = { method: 'rationale-input', labelSource: 'gold' };

export const interval = (value: number, low: number, high: number): Interval => ({
  value,
  low,
  high,
});

export const accuracy = (value: number, rows = 200): Accuracy => ({
  ...{ correct: Math.round(value * rows), rows, accuracy: value },
  ...{ low: Math.max(0, value - 0.06), high: Math.min(1, value + 0.06) },
});

/** A cell with a score for each seed, the mean and an interval of six points to each side. */
export const cell = (
  arm: Arm,
  scores: readonly (number | null)[],
  more: Partial<StudyCell> = {},
): StudyCell => {
  const done = scores.filter((score) => score !== null);
  const mean = done.reduce((sum, score) => sum + score, 0) / done.length;
  return {
    ...{ arm, share: 1, rows: 1_600, seconds: 95 },
    scores: scores.map((score, index) => ({
      runId: score === null ? null : `${arm.method}-${arm.labelSource}-${index + 1}`,
      seed: index + 1,
      score: score === null ? null : accuracy(score),
    })),
    mean: done.length === 0 ? null : interval(mean, mean - 0.06, mean + 0.06),
    ...more,
  };
};

export const pair = (
  a: Arm,
  b: Arm,
  difference: Interval,
  verdict: Verdict,
  shares: readonly [number, number] = [1, 1],
): StudyComparison => ({
  a: { arm: a, share: shares[0] },
  b: { arm: b, share: shares[1] },
  difference,
  verdict,
});

export const comparison = (more: Partial<Comparison> = {}): Comparison => ({
  ...{ kind: 'comparison', studyId: 'st1', complete: true, part: 'test', rows: 200 },
  ...{ margin: 0.02, looks: 2, teacher: { name: 'Practice', score: accuracy(0.9) } },
  cells: [cell(stepByStep, [0.9, 0.92, 0.91]), cell(finetune, [0.84, 0.86, 0.85])],
  comparisons: [pair(stepByStep, finetune, interval(0.06, 0.011, 0.109), 'better')],
  ...{ matches: [], growth: [] },
  ...more,
});

export const growth = (more: Partial<StudyGrowth> = {}): StudyGrowth => ({
  arm: stepByStep,
  last: { fromRows: 800, toRows: 1_600, gain: interval(0.05, 0.01, 0.09) },
  perDoubling: interval(0.04, 0.02, 0.06),
  costPerRationale: 0.001,
  advice: 'more',
  ...more,
});

export const trial = (
  runId: string,
  values: SweepTrial['values'],
  score: number | null,
  ended: SweepTrial['ended'] = 'steps-done',
): SweepTrial => ({
  ...{ runId, values, ended, step: ended === 'median-rule' ? 100 : 300 },
  validation: score === null ? null : accuracy(score),
});

export const sweep = (more: Partial<Sweep> = {}): Sweep => ({
  ...{ kind: 'sweep', studyId: 'st1', complete: true, rows: 200, bestRunId: 'r2' },
  trials: [
    trial('r1', [{ key: 'learningRate', value: 0.0003 }], 0.7),
    trial('r2', [{ key: 'learningRate', value: 0.001 }], 0.9),
    trial('r3', [{ key: 'learningRate', value: 0.003 }], 0.4, 'median-rule'),
    trial('r4', [{ key: 'learningRate', value: 0.01 }], null, 'diverged'),
  ],
  lead: { difference: interval(0.2, 0.12, 0.28), verdict: 'better' },
  ...more,
});

export const bakeOff: StudyPlan = {
  ...{ kind: 'bake-off', arms: [stepByStep, finetune], seeds: [1, 2, 3] },
  ...{ settings: runSettings, part: 'test', margin: 0.02 },
};

export const study = (more: Partial<Study> = {}): Study => ({
  ...{ id: 'st1', projectId: 'p1', splitId: 's1', extractionId: 'e1', name: 'Bake-off 1' },
  ...{ plan: bakeOff, jobId: 'j1', runs: { planned: 6, ended: 6 }, currentRunId: null, createdAt },
  ...more,
});
