import { ExportFormat, ExportProof } from '../../electron/contract/entities.ts';
import type { ExportOptions, ExportRecord } from '../../electron/contract/entities.ts';
import type { Answers } from './fakes.ts';
import { run, settings } from './run-rows.ts';
import { createdAt } from './rows.ts';

/** What main says can be had of a student of 40 MB. */
export const options = (more: Partial<ExportOptions> = {}): ExportOptions => ({
  checkpoints: [
    { choice: { which: 'best' }, step: 50, validation: 0.4 },
    { choice: { which: 'last' }, step: 100, validation: null },
    { choice: { which: 'step', step: 25 }, step: 25, validation: 0.25 },
  ],
  formats: ExportFormat.options.map((format) => ({
    format,
    bytes: format.endsWith('int8') ? 10_000_000 : 40_000_000,
    refused: null,
  })),
  ...{ folder: '/w/exports', freeBytes: 5_000_000_000, name: 'colours-first' },
  validationRows: 120,
  ...more,
});

export const proof = (more: Partial<ExportProof> = {}): ExportProof =>
  ExportProof.parse({
    ...{ rows: 120, equal: 120, part: 'validation', exact: true, trainedWith: 'cpu' },
    ...{ openedWith: 'ONNX Runtime 1.30.0 (WebAssembly)', accuracy: null },
    ...more,
  });

export const record = (more: Partial<ExportRecord> = {}): ExportRecord => ({
  ...{ id: 'x1', projectId: 'p1', runId: 'a', format: 'huggingface', step: 50, createdAt },
  folder: '/w/exports/colours-first',
  files: [
    { name: 'README.md', bytes: 2_000, sha256: 'b'.repeat(64) },
    { name: 'model.safetensors', bytes: 40_000_000, sha256: 'a'.repeat(64) },
  ],
  proof: proof(),
  ...more,
});

/** Two students, of which the better needs the teacher when it is used. */
export const students = [
  run({
    ...{ id: 'h', name: 'helped', bestValidation: 0.9 },
    settings: settings({ method: 'rationale-input' }),
  }),
  run({ id: 'a', name: 'alone', bestValidation: 0.4 }),
  run({ id: 'b', name: 'better', bestValidation: 0.6 }),
  run({ id: 'n', name: 'not yet', bestStep: null, bestValidation: null }),
];

const noSystems = { rows: 120, withGold: 120, looks: 0, systems: [] };

/** What main answers on the Export screen. */
export const answers = (records: ExportRecord[] = []): Answers => ({
  'runs.list': () => students,
  'exports.list': () => records,
  'exports.options': () => options(),
  'exports.snippets': () => [
    { language: 'python', title: 'Python', code: 'from transformers import pipeline' },
    { language: 'shell', title: 'curl', code: 'curl http://127.0.0.1:8000/predict' },
  ],
  'compare.systems': () => noSystems,
  'examples.page': () => ({ rows: [], total: 0 }),
});
