import { runSettingsDefaults } from '../../electron/contract/entities.ts';
import type {
  Preflight,
  Run,
  RunSettings,
  Split,
  Student,
  StudentReport,
  TrainingRows,
} from '../../electron/contract/entities.ts';
import { createdAt } from './rows.ts';

export const runSettings = (more: Partial<RunSettings> = {}): RunSettings => ({
  ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
  ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ', steps: 300 },
  ...{ batchSize: 16, learningRate: 1e-3, weightDecay: 0, warmupShare: 0, clipNorm: 1 },
  ...{ evaluateEvery: 100, validationRows: 100, maxInputTokens: 32, maxLabelTokens: 8 },
  ...{ maxRationaleTokens: 32, vocabularySize: 400, seed: 1 },
  ...runSettingsDefaults,
  ...more,
});

export const split: Split = {
  ...{ id: 's1', projectId: 'p1', name: 'Split 1', settingsHash: 'h', leaks: null, looks: 0 },
  settings: {
    ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false, groupByMaskedText: true },
    ...{ seed: 1, maskNames: false, groupColumn: null, timeColumn: null, fold: null, move: null },
  },
  ...{ counts: { train: 840, validation: 80, test: 80 }, frozenAt: createdAt },
};

export const trainingRows: TrainingRows = {
  ...{ examples: 850, labels: 840, rationales: 840, explained: 840 },
  ...{ withoutLabel: 10, dropped: 0, reasons: [] },
};

export const run = (more: Partial<Run> = {}): Run => ({
  ...{ id: 'r1', projectId: 'p1', splitId: 's1', extractionId: 'x1', name: 'step-by-step 1' },
  ...{ settings: runSettings(), settingsHash: 'h', jobId: 'j1', studyId: null, parentId: null },
  ...{ trainRows: 840, rationaleRows: 840, parameters: 1_000, engine: 'cpu', bestStep: 300 },
  ...{ bestValidation: 0.9, ended: null, imported: false, createdAt },
  ...more,
});

export const preflight = (more: Partial<Preflight> = {}): Preflight => ({
  ...{ engine: 'cpu', device: 'A processor', threads: 2, parameters: 1_000, trainable: 1_000 },
  batch: {
    ...{ wanted: 16, size: 16, accumulate: 1 },
    tried: [{ rows: 16, bytes: 300_000_000, fits: true }],
  },
  memory: { needed: 300_000_000, available: 8_000_000_000, total: 16_000_000_000 },
  time: {
    ...{ step: 0.1, timedSteps: 5, evaluation: 1, total: 90, epochs: 5.714, busy: false },
  },
  disk: { folder: '/w/runs', bytes: 30_000_000, free: 9_000_000_000 },
  cut: { rows: 0, inputs: 0, labels: 0, rationales: 0 },
  ...more,
});

export const studentReport = (more: Partial<StudentReport> = {}): StudentReport => ({
  ...{ folder: '/models/flan-t5-small', usable: true, findings: [], family: 'T5 v1.1' },
  ...{ parameters: 76_961_152, layers: { encoder: 8, decoder: 8, width: 512, heads: 6 } },
  ...{ vocabulary: 32_128, tokenizerTokens: 32_100, storedAs: 'float32' },
  ...{ fileBytes: 307_000_000, trainingBytes: { full: 1_300_000_000, lora: 500_000_000 } },
  ...{ memoryBytes: { available: 8_000_000_000, total: 16_000_000_000 }, sha256: 'abc' },
  ...more,
});

export const student = (more: Partial<Student> = {}): Student => ({
  ...{ id: 'st1', name: 'flan-t5-small', folder: '/models/flan-t5-small' },
  ...{ report: studentReport(), addedAt: createdAt },
  ...more,
});
