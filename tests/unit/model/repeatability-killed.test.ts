import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineId, RunSettings } from '../../../electron/contract/entities.ts';
import { seedFrom } from '../../../electron/core/hash.ts';
import { Random } from '../../../electron/core/random.ts';
import { describeTensorFlow } from '../../../electron/model/engines/tensorflow.ts';
import { adapterTitle, softwareAdapter } from '../../support/webgpu.ts';
import { trainInProcess } from './training-process.ts';

/** A training process that is killed at some step goes on as if nothing had been. */

let parent = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'killed-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
});

interface Case {
  readonly title: string;
  readonly engine?: EngineId;
  readonly threads?: number;
  readonly rows?: number;
  readonly validation?: number;
  readonly env?: Record<string, string>;
  readonly settings: Partial<RunSettings>;
  /** Where the training ends by itself. */
  readonly lastStep: number;
  readonly ended?: string;
  readonly killAt: number;
}

/** Trains once to the end, and once more with a kill in between; both must tell the same story. */
async function expectSameTrajectory(given: Case): Promise<void> {
  const { title, env = {}, settings, lastStep, ended = 'steps-done', killAt } = given;
  const { engine = 'cpu', threads = 1, rows = 60, validation = 10 } = given;
  const train = (name: string, more: { resume?: boolean; killAt?: number }) =>
    trainInProcess(
      {
        folder: join(parent, title, name),
        engine,
        threads,
        rows,
        validation,
        settings,
        resume: more.resume ?? false,
      },
      { env, ...(more.killAt === undefined ? {} : { killAt: more.killAt }) },
    );
  const whole = await train('whole', {});
  const killed = await train('parted', { killAt });
  const resumed = await train('parted', { resume: true });

  expect(killed.end).toBeNull();
  expect(whole.end).toMatchObject({ ended });
  expect([...whole.losses.keys()].at(-1)).toBe(lastStep);
  // Goes on from a checkpoint, neither from the start nor with a gap.
  const [goesOnAt = 0] = resumed.losses.keys();
  expect(goesOnAt).toBeGreaterThan(1);
  expect(goesOnAt).toBeLessThanOrEqual(Math.max(...killed.losses.keys()) + 1);
  const merged = new Map([...killed.losses, ...resumed.losses]);
  const differences = [...whole.losses].map(([step, loss]) =>
    Math.max(
      ...[killed.losses.get(step) ?? loss, merged.get(step) ?? Number.NaN].map((other) =>
        Math.abs(other / loss - 1),
      ),
    ),
  );
  const largest = Math.max(...differences);
  console.log(
    `${title}: killed at step ${killAt} of ${lastStep}, went on with ${goesOnAt}, largest relative difference ${largest}`,
  );
  expect(largest).toBeLessThanOrEqual(1e-6);
  expect(resumed.end?.ended).toBe(ended);
  if (engine === 'cpu') expect(resumed.end).toEqual(whole.end);
}

const steps = 14;
/** A step that is drawn from the title, the same one each time. */
const drawn = (title: string): number => new Random(seedFrom(title)).integer(4, steps - 2);

const small: Partial<RunSettings> = { steps, batchSize: 4, evaluateEvery: 5 };
const variants: readonly (readonly [string, Partial<RunSettings>])[] = [
  ['plain', {}],
  ['dropout', { dropout: 0.2 }],
  [
    'rationale-dropout and drawn rationales',
    { rationaleDropout: 0.4, rationalesPerRow: 'sampled' },
  ],
  ['adapters', { lora: { rank: 2, alpha: 4 }, dropout: 0.1, learningRate: 3e-3 }],
  ['micro-batches with adafactor', { accumulate: 2, optimizer: 'adafactor', lossForm: 'alpha' }],
  ['students kept on the way', { keepEvery: 1, labelSmoothing: 0.1, schedule: 'cosine' }],
  ['one text for both', { method: 'single-task' }],
];

describe('a training that is killed', { timeout: 120_000 }, () => {
  it.each(variants)('goes on as if it had not been: %s', async (title, changes) => {
    const settings = { ...small, ...changes };
    await expectSameTrajectory({ title, settings, lastStep: steps, killAt: drawn(title) });
  });

  it('stops early at the same step', async () => {
    const title = 'early stopping';
    const settings = { ...small, steps: 200, evaluateEvery: 3, earlyStopping: { patience: 4 } };
    // No answer is right: the first evaluation is the best, and four more are no better.
    const expected = { lastStep: 15, ended: 'early-stopping' };
    await expectSameTrajectory({ title, settings, ...expected, killAt: drawn(title) });
  });

  it('goes on from any step', async () => {
    const killAt = randomInt(4, steps - 1);
    const settings = { ...small, dropout: 0.1 };
    const title = `really drawn ${killAt}`;
    await expectSameTrajectory({ title, settings, threads: 2, lastStep: steps, killAt });
  });
});

const { installed } = describeTensorFlow();
const adapter = softwareAdapter();
const engines = [
  {
    engine: 'tensorflow' as const,
    title: installed
      ? 'tensorflow'
      : 'tensorflow (skipped: its library is absent; npm run tensorflow-cpu)',
    present: installed,
    env: {},
    validation: 10,
  },
  {
    engine: 'webgpu' as const,
    title: adapterTitle('webgpu'),
    present: adapter !== null,
    env: adapter ?? {},
    // In software, decoding some rows takes longer than all of the training.
    validation: 0,
  },
];

for (const { engine, title, present, env, validation } of engines) {
  describe.skipIf(!present)(`a training that is killed, on ${title}`, { timeout: 400_000 }, () => {
    it('goes on as if it had not been', async () => {
      const short = { maxInputTokens: 24, maxRationaleTokens: 12, batchSize: 2 };
      const settings = { ...small, ...short, steps: 6, evaluateEvery: 3, dropout: 0.1 };
      await expectSameTrajectory({
        ...{ title: engine, engine, env, settings, validation },
        ...{ rows: 20, lastStep: 6, killAt: randomInt(4, 6) },
      });
    });
  });
}
