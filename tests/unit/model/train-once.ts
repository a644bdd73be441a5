/**
 * Trains a `micro` student on generated rows in a process of its own and prints every step's loss
 * and a hash of the trained weights: `node train-once.ts FOLDER THREADS STEPS`.
 */
import { join } from 'node:path';
import type { TrainRow } from '../../../electron/contract/worker.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { hashFile } from '../../../electron/model/files.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { runSettings } from './support.ts';

const [folder = '', threads = '1', steps = '20'] = process.argv.slice(2);

const train: TrainRow[] = generateSample({ rows: 200, seed: 1 }).map(({ input, label }) => ({
  input,
  label,
  rationales: [`${input} So it is ${label}.`],
}));
const losses: number[] = [];
await trainStudent(
  {
    kind: 'train',
    folder,
    task: 'arithmetic',
    labels: [],
    settings: runSettings({
      method: 'step-by-step',
      steps: Number(steps),
      batchSize: 16,
      maxInputTokens: 64,
      maxRationaleTokens: 64,
    }),
    train,
    validation: [],
    resume: false,
  },
  {
    engine: await openEngine({ threads: Number(threads) }),
    signal: new AbortController().signal,
    report: ({ metrics }) => {
      losses.push(...metrics.map((point) => point.loss));
    },
    score: () => false,
    now: () => performance.now(),
  },
);
const weights = await hashFile(join(folder, 'last', 'model.safetensors'));
console.log(JSON.stringify({ losses, weights }));
