import { RunSettings, StudyPlan } from '../../../electron/contract/entities.ts';
import type { Arm } from '../../../electron/contract/entities.ts';

/** Settings of a run of four steps. */
export const settings = (more: Partial<RunSettings> = {}): RunSettings =>
  RunSettings.parse({
    ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
    ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ' },
    ...{ steps: 4, batchSize: 4, learningRate: 1e-3, weightDecay: 0.01, warmupShare: 0 },
    ...{ clipNorm: 1, evaluateEvery: 2, validationRows: 4, maxInputTokens: 32 },
    ...{ maxLabelTokens: 4, maxRationaleTokens: 16, vocabularySize: 300, seed: 7 },
    ...more,
  });

export const finetune: Arm = { method: 'finetune', labelSource: 'gold' };
export const distill: Arm = { method: 'distill', labelSource: 'teacher' };
export const stepByStep: Arm = { method: 'step-by-step', labelSource: 'gold' };

export const bakeOff = (more: object = {}): StudyPlan =>
  StudyPlan.parse({
    ...{ kind: 'bake-off', arms: [finetune, stepByStep], seeds: [1, 2], settings: settings() },
    ...more,
  });

export const dataSize = (more: object = {}): StudyPlan =>
  StudyPlan.parse({
    ...{ kind: 'data-size', arms: [finetune, stepByStep], seeds: [1, 2] },
    ...{ shares: [1, 0.25, 0.5], settings: settings() },
    ...more,
  });

export const sweep = (more: object = {}): StudyPlan =>
  StudyPlan.parse({
    ...{ kind: 'sweep', arm: stepByStep, settings: settings(), medianRule: false },
    axes: [{ kind: 'list', key: 'learningRate', values: [1e-3, 1e-4] }],
    search: { kind: 'grid' },
    ...more,
  });
