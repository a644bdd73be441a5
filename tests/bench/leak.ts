import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runSettingsDefaults } from '../../electron/contract/entities.ts';
import type { RunSettings } from '../../electron/contract/entities.ts';
import type { TrainTask } from '../../electron/contract/worker.ts';
import { nodeWorkerHost } from '../../electron/jobs/host-node.ts';
import { runWorkerTask } from '../../electron/jobs/run-worker-task.ts';
import { generateSample } from '../../electron/stages/import/sample/index.ts';
import { median, mebibytes, table } from './measure.ts';
import type { Options } from './options.ts';

const worker = fileURLToPath(new URL('./leak-worker.ts', import.meta.url));

const Reading = z.object({
  seconds: z.number(),
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  programs: z.number(),
  tensors: z.number(),
});
type Reading = z.infer<typeof Reading>;

/** The first minutes fill caches and pools; from here on nothing should grow. */
const SETTLED_MINUTES = 5;

/**
 * Trains through the studio's own numeric process for some minutes, with evaluations, watched rows and
 * checkpoints, and shows what the process holds meanwhile.
 */
export async function benchLeak({ engine, minutes: asked }: Options): Promise<string> {
  const minutes = asked ?? 30;
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-leak-'));
  const log = join(folder, 'readings.jsonl');
  process.env['STEPWISE_LEAK_LOG'] = log;
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort('cancel'), minutes * 60_000 + 5_000);
  const seen = { steps: 0, evaluations: 0, checkpoints: 0 };
  try {
    await runWorkerTask({
      host: nodeWorkerHost(worker),
      task: taskIn(folder, engine.id),
      onBatch: (batch) => {
        if (batch.kind !== 'train') return;
        seen.steps = batch.step;
        if (batch.samples) seen.evaluations += 1;
        if (batch.checkpoint) seen.checkpoints += 1;
      },
      signal: stopping.signal,
      log: { info: () => undefined, warn: console.warn, error: console.error },
    });
    const readings = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => Reading.parse(JSON.parse(line)));
    return describe(readings, seen, minutes);
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sample's rows with everything on that a training can hold memory for. */
function taskIn(folder: string, engine: RunSettings['engine']): TrainTask {
  const rows = generateSample({ rows: 700, seed: 1 });
  return {
    kind: 'train',
    folder: join(folder, 'run'),
    task: 'arithmetic',
    labels: [],
    settings: {
      ...runSettingsDefaults,
      method: 'step-by-step',
      labelSource: 'gold',
      rationales: 'parsed',
      lambda: 1,
      preset: 'micro',
      labelPrefix: 'predict: ',
      rationalePrefix: 'explain: ',
      steps: 1_000_000,
      batchSize: 16,
      learningRate: 1e-3,
      weightDecay: 0.01,
      warmupShare: 0.001,
      clipNorm: 1,
      evaluateEvery: 50,
      validationRows: 50,
      maxInputTokens: 96,
      maxLabelTokens: 24,
      maxRationaleTokens: 96,
      vocabularySize: 800,
      seed: 1,
      dropout: 0.1,
      keepEvery: 20,
      engine,
    },
    train: rows.slice(100).map(({ input, label }) => ({
      input,
      label,
      rationales: [`${input} So it is ${label}.`],
    })),
    validation: rows
      .slice(0, 100)
      .map(({ input, label }) => ({ input, gold: label, choices: null, rationale: null })),
    studentFolder: null,
    tokenizerTexts: null,
    resume: false,
  };
}

interface Seen {
  readonly steps: number;
  readonly evaluations: number;
  readonly checkpoints: number;
}

function describe(readings: readonly Reading[], seen: Seen, minutes: number): string {
  const settled = Math.min(SETTLED_MINUTES, minutes - 1);
  const marks = [1, 5, 10, 15, 20, 25, 30, minutes].filter((mark) => mark <= minutes);
  const rows = [...new Set(marks)].map((minute) => {
    const at = around(readings, minute);
    return [
      String(minute),
      mebibytes(at.rss),
      mebibytes(at.heapUsed),
      mebibytes(at.external),
      at.tensors.toFixed(0),
      at.programs.toFixed(0),
    ];
  });
  const [from, to] = [around(readings, settled), around(readings, minutes)];
  const growth = (100 * (to.rss - from.rss)) / from.rss;
  const head = ['minute', 'resident', 'JavaScript', 'external', 'tensors', 'graphs'];
  const note = `The \`micro\` student, batch 16, dropout 0.1, \`step-by-step\`, through the numeric process: ${seen.steps} steps, ${seen.evaluations} evaluations of 50 rows with 8 watched ones, ${seen.checkpoints} checkpoints in ${minutes} minutes. Each line is the median of a minute’s readings, one every ten seconds, memory before garbage was collected and tensors after; a reading falls anywhere within a step or an evaluation.`;
  const result = `From minute ${settled} to ${minutes}: resident memory ${growth >= 0 ? '+' : ''}${growth.toFixed(1)}%, tensors ${from.tensors.toFixed(0)} to ${to.tensors.toFixed(0)}.`;
  return `${note}\n\n${table(head, rows)}\n\n${result}`;
}

/** The readings of the minute that ends here, as one. */
function around(readings: readonly Reading[], minute: number): Reading {
  const near = readings.filter(
    ({ seconds }) => seconds > (minute - 1) * 60 + 5 && seconds <= minute * 60 + 5,
  );
  const of = (pick: (reading: Reading) => number): number => median(near.map(pick));
  return {
    seconds: minute * 60,
    rss: of(({ rss }) => rss),
    heapUsed: of(({ heapUsed }) => heapUsed),
    external: of(({ external }) => external),
    programs: of(({ programs }) => programs),
    tensors: of(({ tensors }) => tensors),
  };
}
