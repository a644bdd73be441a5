import { describe, expect, it } from 'vitest';
import type { RunSettings } from '../../../electron/contract/entities.ts';
import { PreflightBatch } from '../../../electron/contract/worker.ts';
import type { PreflightTask } from '../../../electron/contract/worker.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { peakMemory, tryTraining } from '../../../electron/model/preflight.ts';
import { availableOf, systemMemory } from '../../../electron/model/system-memory.ts';
import { runSettings } from './support.ts';

const MB = 1e6;
const words = ['red', 'green', 'blue', 'grey', 'brown', 'white', 'black', 'pink'];
const rows = words.map((word) => ({
  ...{ input: `What is ${word}?`, label: 'a colour' },
  rationales: [`${word} is seen with the eyes. So it is a colour.`],
}));

/** What trying a training tells; memory grows with each look at it by `growth` bytes. */
async function tried(
  changes: Partial<RunSettings>,
  about: Partial<PreflightTask> = {},
  growth = 0,
): Promise<PreflightBatch[]> {
  const told: PreflightBatch[] = [];
  let [time, looks] = [0, 0];
  await tryTraining(
    {
      ...{ kind: 'preflight', settings: runSettings(changes), train: rows, studentFolder: null },
      validation: rows.map(({ input, label }) => ({
        ...{ input, gold: label, choices: null, rationale: null },
      })),
      ...{ tokenizerTexts: null, memoryLimit: 1e12, largest: null, timedSteps: 3, ...about },
    },
    {
      ...{ engine: await openEngine({ threads: 1 }), device: 'here' },
      report: (batch) => void told.push(structuredClone(batch)),
      now: () => (time += 10),
      peakBytes: () => 100 * MB + growth * looks++,
    },
  );
  return told;
}

const last = (batches: readonly PreflightBatch[]): PreflightBatch => {
  const batch = batches.at(-1);
  if (batch === undefined) throw new Error('nothing was told');
  return batch;
};

describe('trying a training', () => {
  it.each(['finetune', 'step-by-step', 'rationale-input', 'single-task'] as const)(
    '%s: doubles the rows up to those of a step, then times steps and an evaluation',
    async (method) => {
      const told = await tried({ method, batchSize: 3, accumulate: 2 });
      expect(told.map(({ batch }) => batch.tried.length)).toEqual([1, 2, 3, 4, 4]);
      const batch = last(told);
      expect(PreflightBatch.parse(batch)).toEqual(batch);
      expect(batch.batch).toMatchObject({ wanted: 6, size: 6, accumulate: 1 });
      expect(batch.batch.tried.map((each) => each.rows)).toEqual([1, 2, 4, 6]);
      expect(batch.stepMilliseconds).toBeGreaterThan(0);
      expect(batch.evaluationMilliseconds).toBeGreaterThan(0);
      expect(batch.trainable).toBe(batch.parameters);
      expect(told.slice(0, -1).every(({ stepMilliseconds }) => stepMilliseconds === 0)).toBe(true);
    },
  );

  it('stops where the next size would not fit, and accumulates the rest', async () => {
    // Each try is looked at twice: 20 MB more from one to the next.
    const told = await tried({ batchSize: 8 }, { memoryLimit: 145 * MB }, 10 * MB);
    const { batch } = last(told);
    expect(batch.tried.at(-1)).toMatchObject({ fits: false });
    expect(batch.tried.slice(0, -1).every(({ fits }) => fits)).toBe(true);
    expect(batch.size).toBeLessThan(8);
    expect(batch.accumulate).toBe(Math.ceil(8 / batch.size));
    expect(last(told).stepMilliseconds).toBeGreaterThan(0);
  });

  it('suggests equal parts, so that a step has the rows that were asked for', async () => {
    const { batch } = last(await tried({ batchSize: 3, accumulate: 2 }, { largest: 4 }));
    expect(batch).toMatchObject({ wanted: 6, size: 3, accumulate: 2 });
    expect(batch.tried.map((each) => each.rows)).toEqual([1, 2, 4]);
  });

  it('takes one row where even that is too much, and says so', async () => {
    const { batch } = last(await tried({ batchSize: 4 }, { memoryLimit: 1 * MB }));
    expect(batch).toMatchObject({ size: 1, accumulate: 4 });
    expect(batch.tried).toEqual([{ rows: 1, bytes: 100 * MB, fits: false }]);
  });

  it('tries no more rows than it is allowed to', async () => {
    const { batch } = last(await tried({ batchSize: 8 }, { largest: 2 }));
    expect(batch.tried.map((each) => each.rows)).toEqual([1, 2]);
    expect(batch).toMatchObject({ wanted: 8, size: 2, accumulate: 4 });
  });

  it('counts adapters alone as trained', async () => {
    const { parameters, trainable } = last(await tried({ lora: { rank: 2, alpha: 4 } }));
    expect(trainable).toBeGreaterThan(0);
    expect(trainable).toBeLessThan(parameters / 4);
  });

  it('counts rows whose texts are cut', async () => {
    const none = last(await tried({ method: 'step-by-step', maxRationaleTokens: 60 }));
    expect(none.cut).toEqual({ rows: 8, inputs: 0, labels: 0, rationales: 0 });
    const { cut } = last(await tried({ method: 'step-by-step', maxRationaleTokens: 5 }));
    expect(cut).toEqual({ rows: 8, inputs: 0, labels: 0, rationales: 8 });
    const read = last(await tried({ method: 'finetune', maxInputTokens: 8, maxLabelTokens: 2 }));
    expect(read.cut).toMatchObject({ labels: 8, rationales: 0 });
    const short = { method: 'rationale-input', maxLabelTokens: 2 } as const;
    const given = last(await tried({ ...short, maxInputTokens: 64, maxRationaleTokens: 60 }));
    expect(given.cut).toEqual({ rows: 8, inputs: 0, labels: 8, rationales: 0 });
  });
});

describe('memory', () => {
  it('of this process and of the machine are told in bytes', () => {
    expect(peakMemory()).toBeGreaterThan(10 * MB);
    const { available, total } = systemMemory();
    expect(available).toBeGreaterThan(0);
    expect(available).toBeLessThanOrEqual(total);
  });

  it('that is available is read from what Linux says', () => {
    expect(availableOf('MemTotal:  16 kB\nMemAvailable:    12 kB\n')).toBe(12 * 1024);
    expect(availableOf('MemTotal:  16 kB\n')).toBeNull();
  });
});
