import { extractionSettingsDefaults } from '../../electron/contract/extraction.ts';
import type {
  Capabilities,
  Estimate,
  Extraction,
  ExtractionSettings,
  LiveExtraction,
  Spend,
  Teacher,
  TeacherReport,
} from '../../electron/contract/entities.ts';
import { createdAt } from './rows.ts';

export const capabilities = (more: Partial<Capabilities> = {}): Capabilities => ({
  probedAt: createdAt,
  model: 'm',
  models: ['m'],
  systemRole: 'yes',
  temperature: 'yes',
  stop: 'yes',
  several: 'yes',
  seed: 'yes',
  logprobs: 'no',
  usage: 'yes',
  jsonSchema: 'no',
  batches: 'no',
  lengthLimit: 'max_tokens',
  milliseconds: 700,
  ...more,
});

export const teacher = (more: Partial<Teacher> = {}): Teacher => ({
  id: 't1',
  projectId: 'p1',
  kind: 'openai-compatible',
  provider: 'openai',
  name: 'Local',
  baseUrl: 'https://models.example/v1',
  model: 'm',
  apiVersion: null,
  contextTokens: null,
  capabilities: null,
  keyKept: 'none',
  createdAt,
  ...more,
});

export const settings = (more: Partial<ExtractionSettings> = {}): ExtractionSettings => ({
  ...extractionSettingsDefaults,
  concurrency: 8,
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 60,
  retries: 4,
  limit: null,
  ...more,
});

export const spend = (more: Partial<Spend> = {}): Spend => ({
  requests: 20,
  promptTokens: 4_000,
  completionTokens: 1_000,
  cost: 0.4,
  reused: 0,
  estimated: false,
  ...more,
});

export const extraction = (more: Partial<Extraction> = {}): Extraction => ({
  id: 'x1',
  projectId: 'p1',
  teacher: teacher(),
  templateId: null,
  settings: settings(),
  price: { input: 1, output: 4, batchShare: 0.5 },
  parse: null,
  wanted: 100,
  completed: 20,
  failed: 0,
  spend: spend(),
  createdAt,
  ...more,
});

export const estimate = (more: Partial<Estimate> = {}): Estimate => ({
  answers: 80,
  basis: 20,
  promptTokens: { low: 15_000, likely: 16_000, high: 17_000 },
  completionTokens: { low: 3_500, likely: 4_000, high: 4_500 },
  cost: { low: 1.4, likely: 1.6, high: 1.83 },
  batchCost: null,
  seconds: { low: 50, likely: 60, high: 70 },
  atMost: 9,
  price: { input: 1, output: 4, batchShare: 0.5 },
  spend: spend(),
  ...more,
});

export const liveRow = (
  exampleId: number,
  more: Partial<LiveExtraction['newest'][number]> = {},
): LiveExtraction['newest'][number] => ({
  exampleId,
  externalId: `r${exampleId}`,
  sample: 0,
  input: `What colour is thing ${exampleId}?`,
  rationale: 'It looks red.',
  label: 'red',
  correct: true,
  failure: null,
  reused: false,
  promptTokens: 200,
  completionTokens: 50,
  milliseconds: 820,
  savedAt: createdAt,
  ...more,
});

export const live = (more: Partial<LiveExtraction> = {}): LiveExtraction => ({
  extraction: extraction(),
  latency: { p5: 500, p50: 820, p95: 1_900 },
  failures: [],
  newest: [liveRow(2), liveRow(1)],
  ...more,
});

export const teacherReport = (more: Partial<TeacherReport> = {}): TeacherReport => ({
  extractionId: 'x1',
  rows: 20,
  parsed: 18,
  unparsed: 2,
  failed: 1,
  score: { correct: 15, rows: 20, accuracy: 0.75, low: 0.531, high: 0.888 },
  labels: [
    { label: 'red', teacher: 12, gold: 10 },
    { label: 'blue', teacher: 6, gold: 10 },
  ],
  moreLabels: 0,
  confusion: {
    labels: ['red', 'blue'],
    counts: [
      [9, 0],
      [3, 6],
    ],
    other: [0, 0],
    unparsed: [1, 1],
  },
  agreement: null,
  rationaleWords: { p5: 4, p50: 9, p95: 21 },
  rationaleLengths: [
    { from: 0, to: 9, rows: 11 },
    { from: 10, to: 19, rows: 7 },
  ],
  latency: { p5: 500, p50: 820, p95: 1_900 },
  finishReasons: [
    { reason: 'stop', rows: 19 },
    { reason: 'length', rows: 1 },
  ],
  failures: [{ code: 'teacher-failed', message: 'Out of memory.', rows: 1 }],
  spend: spend(),
  ...more,
});
