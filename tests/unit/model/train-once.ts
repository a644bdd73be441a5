/**
 * Trains a `micro` student on generated rows in a process of its own, or goes on with it, and prints a
 * line of JSON for every step with its loss, then one with the end and a hash of the trained weights:
 * `node train-once.ts '{"folder": …}'`, see {@link Asked}.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineId, RunSettings } from '../../../electron/contract/entities.ts';
import type { TrainRow } from '../../../electron/contract/worker.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { hashFile } from '../../../electron/model/files.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { runSettings } from './support.ts';

const Asked = z.strictObject({
  folder: z.string(),
  engine: EngineId.default('cpu'),
  threads: z.number().default(1),
  resume: z.boolean().default(false),
  /** Generated rows, and how many of them also validate. */
  rows: z.number().default(200),
  validation: z.number().default(10),
  /** Some of a run's settings; the others are a test's usual ones. */
  settings: z.record(z.string(), z.unknown()).default({}),
});

const asked = Asked.parse(JSON.parse(process.argv[2] ?? '{}'));
const train: TrainRow[] = generateSample({ rows: asked.rows, seed: 1 }).map(({ input, label }) => ({
  input,
  label,
  rationales: [`${input} So it is ${label}.`, `That makes ${label}.`, `It is ${label}.`],
}));
const settings = RunSettings.parse({
  ...runSettings({ method: 'step-by-step', batchSize: 16 }),
  maxInputTokens: 64,
  maxRationaleTokens: 64,
  engine: asked.engine,
  ...asked.settings,
});
/** Runs ahead, so that checkpoints are due every few steps. */
let time = 0;
let ended: string | null = null;
const print = (line: object): number => writeSync(1, `${JSON.stringify(line)}\n`);

await trainStudent(
  {
    kind: 'train',
    folder: asked.folder,
    task: 'arithmetic',
    labels: [],
    settings,
    train,
    validation: train
      .slice(0, asked.validation)
      .map(({ input, label }) => ({ input, gold: label, choices: null, rationale: null })),
    studentFolder: null,
    tokenizerTexts: null,
    resume: asked.resume,
  },
  {
    engine: await openEngine(
      asked.engine === 'webgpu'
        ? { id: asked.engine }
        : { id: asked.engine, threads: asked.threads },
    ),
    signal: new AbortController().signal,
    report: (batch) => {
      for (const { step, loss } of batch.metrics) print({ step, loss });
      ended = batch.ended ?? ended;
    },
    score: () => false,
    now: () => (time += 3_000),
    memoryBytes: () => null,
  },
);
print({ ended, weights: await hashFile(join(asked.folder, 'last', 'model.safetensors')) });
// A software adapter keeps its threads.
process.exit(0);
