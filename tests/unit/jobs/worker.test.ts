import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fork } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { RunSettings } from '../../../electron/contract/entities.ts';
import type { PredictTask, TrainTask, WorkerBatch } from '../../../electron/contract/worker.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';
import { runWorkerTask } from '../../../electron/jobs/run-worker-task.ts';
import { collectingLog } from './support.ts';

const workerPath = fileURLToPath(new URL('../../../electron/jobs/worker.ts', import.meta.url));
const host = nodeWorkerHost(workerPath);

const settings: RunSettings = {
  method: 'step-by-step',
  labelSource: 'gold',
  rationales: 'parsed',
  lambda: 1,
  preset: 'micro',
  labelPrefix: 'predict: ',
  rationalePrefix: 'explain: ',
  steps: 12,
  batchSize: 4,
  learningRate: 1e-3,
  weightDecay: 0.01,
  warmupShare: 0,
  clipNorm: 1,
  evaluateEvery: 2,
  validationRows: 4,
  maxInputTokens: 32,
  maxLabelTokens: 4,
  maxRationaleTokens: 16,
  vocabularySize: 300,
  seed: 7,
  ...runSettingsDefaults,
};

const rows = Array.from({ length: 16 }, (_, n) => ({
  input: `Mina has ${n} pens and buys ${n + 2} more. How many pens has she now?`,
  label: `${n} + ${n + 2}`,
  rationales: [`She starts with ${n} and adds ${n + 2}.`],
}));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-worker-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trainTask = (changes: Partial<RunSettings> = {}): TrainTask => ({
  kind: 'train',
  folder: join(folder, 'run'),
  task: 'arithmetic',
  labels: [],
  settings: { ...settings, ...changes },
  train: rows.slice(0, 12),
  validation: rows
    .slice(12)
    .map(({ input, label }) => ({ input, gold: label, choices: null, rationale: null })),
  studentFolder: null,
  tokenizerTexts: null,
  resume: true,
});

const predictTask = (model: string, inputs: string[]): PredictTask => ({
  kind: 'predict',
  folder: model,
  inputs,
  labelPrefix: settings.labelPrefix,
  rationalePrefix: settings.rationalePrefix,
  answerMark: null,
  maxInputTokens: 32,
  maxLabelTokens: 4,
  maxRationaleTokens: 8,
  batchSize: 4,
});

async function perform(
  task: TrainTask | PredictTask,
  onBatch: (batch: WorkerBatch) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<WorkerBatch[]> {
  const batches: WorkerBatch[] = [];
  await runWorkerTask({
    host,
    task,
    onBatch: (batch) => {
      batches.push(batch);
      onBatch(batch);
    },
    signal,
    log: collectingLog().log,
  });
  return batches;
}

const trained = (batches: WorkerBatch[]) =>
  batches.flatMap((batch) => (batch.kind === 'train' ? [batch] : []));
const stepsOf = (batches: WorkerBatch[]) =>
  trained(batches).flatMap((batch) => batch.metrics.map((point) => point.step));

describe('the numeric child process', () => {
  it('stops with a checkpoint when it is paused, goes on from there, and its student answers', async () => {
    const controller = new AbortController();
    const first = await perform(
      trainTask(),
      (batch) => {
        if (batch.kind === 'train' && batch.checkpoint?.step === 2) controller.abort('pause');
      },
      controller.signal,
    );
    const paused = stepsOf(first);
    expect(paused.length).toBeLessThan(settings.steps);
    const second = await perform(trainTask());
    const everyStep = Array.from({ length: settings.steps }, (_, index) => index + 1);
    expect([...paused, ...stepsOf(second)]).toEqual(everyStep);
    expect(trained(second).find((batch) => batch.model)?.model?.engine).toBe('cpu');
    expect(existsSync(join(folder, 'run', 'best', 'model.safetensors'))).toBe(true);

    const answers = await perform(
      predictTask(
        join(folder, 'run', 'best'),
        rows.slice(0, 3).map((row) => row.input),
      ),
    );
    const labels = answers.flatMap((batch) => (batch.kind === 'predict' ? batch.answers : []));
    expect(labels).toHaveLength(3);
    expect(labels.every((answer) => answer.rationale !== null)).toBe(true);
  });

  it('pauses a training that is to be finished, and goes on with it later', async () => {
    const finishing = new AbortController();
    const pausing = new AbortController();
    // Nothing is best yet, so it evaluates first: many rows, of which a young student writes all it may.
    // It has steps enough that the wish comes long before the last.
    const steps = 150;
    const long = trainTask({
      evaluateEvery: steps,
      steps,
      validationRows: 300,
      maxLabelTokens: 64,
    });
    const [row] = long.validation;
    if (row === undefined) throw new Error('no row');
    const task: TrainTask = {
      ...{ ...long, folder: join(folder, 'overruled') },
      validation: Array.from({ length: 300 }, () => row),
    };
    const first: WorkerBatch[] = [];
    await runWorkerTask({
      ...{ host, task, signal: finishing.signal, furtherSignals: [pausing.signal] },
      ...{ log: collectingLog().log, graceMilliseconds: 120_000 },
      onBatch: (batch) => {
        first.push(batch);
        if (batch.kind !== 'train') return;
        if (batch.metrics.length > 0) finishing.abort('finish');
        if (finishing.signal.aborted && batch.phase === 'evaluating') pausing.abort('pause');
      },
    });
    const saved = trained(first).flatMap(({ checkpoint }) => checkpoint ?? []);
    expect(saved.map(({ which }) => which)).toEqual(['last']);
    expect(trained(first).flatMap(({ ended }) => ended ?? [])).toEqual([]);
    // The evaluation that was cut short is made up for, and then it goes on.
    const second = await perform({ ...task, validation: task.validation.slice(0, 4) });
    const [made, ...others] = stepsOf(second);
    expect(made).toBe(saved[0]?.step);
    expect(others.at(-1)).toBe(steps);
    expect(trained(second).flatMap(({ ended }) => ended ?? [])).toEqual(['steps-done']);
  });

  it('reports a failure as an error value, not as a dead process', async () => {
    await expect(perform(predictTask(join(folder, 'nothing-here'), ['x']))).rejects.toMatchObject({
      name: 'StudioError',
      code: 'model-invalid',
    });
  });

  it('ends when the process that started it is gone', async () => {
    const child = fork(workerPath, [], { serialization: 'advanced', execArgv: [] });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.once('message', resolve));
    child.disconnect();
    expect(await exited).toBe(1);
  });
});
