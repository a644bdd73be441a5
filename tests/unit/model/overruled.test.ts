import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { StopReason, TrainBatch, TrainTask } from '../../../electron/contract/worker.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { trainStudent } from '../../../electron/model/trainer.ts';
import { runSettings } from './support.ts';

const train = Array.from({ length: 8 }, (_unused, i) => ({
  ...{ input: `add ${i} and 3`, label: `${i} + 3`, rationales: [`the sum of ${i} and 3`] },
}));

/** A training in a folder of its own, that is told to finish before its first evaluation. */
async function training() {
  const folder = await mkdtemp(join(tmpdir(), 'overruled-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const engine = await openEngine({ threads: 1 });
  const task: TrainTask = {
    ...{ kind: 'train', folder, task: 'arithmetic', labels: [], train, resume: true },
    ...{ studentFolder: null, tokenizerTexts: null },
    validation: train.map(({ input, label }) => ({
      ...{ input, gold: label, choices: null, rationale: null },
    })),
    settings: runSettings({ steps: 8, evaluateEvery: 100 }),
  };
  return async (overruledWith: StopReason | null) => {
    const told: TrainBatch[] = [];
    const [stopping, overruling] = [new AbortController(), new AbortController()];
    const { stopped } = await trainStudent(task, {
      engine,
      ...{ signal: stopping.signal, overruling: overruling.signal },
      report: (batch) => {
        told.push(batch);
        if (overruledWith === null) return;
        if (batch.metrics.some(({ step }) => step === 3)) stopping.abort('finish');
        if (batch.phase === 'evaluating') overruling.abort(overruledWith);
      },
      score: (predicted, row) => predicted === row.gold,
      now: () => told.length * 250,
      memoryBytes: () => null,
    });
    return {
      stopped,
      losses: told.flatMap(({ metrics }) => metrics.map(({ step, loss }) => [step, loss] as const)),
      saved: told.flatMap(({ checkpoint }) => (checkpoint ? [checkpoint.which] : [])),
      ended: told.flatMap(({ ended }) => ended ?? []),
    };
  };
}

it('a pause in the middle of a finish leaves a run that goes on as if there had been neither', async () => {
  const undisturbed = await (await training())(null);
  const run = await training();
  const first = await run('pause');
  expect(first).toMatchObject({ stopped: 'pause', saved: ['last'], ended: [] });
  const second = await run(null);
  expect(second).toMatchObject({ stopped: null, ended: ['steps-done'] });
  const losses = new Map([...first.losses, ...second.losses]);
  expect([...losses]).toEqual(undisturbed.losses);
});

it('a cancel in the middle of a finish saves nothing more', async () => {
  const run = await training();
  expect(await run('cancel')).toMatchObject({ stopped: 'cancel', saved: [], ended: [] });
});
