import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpeedBatch } from '../../../electron/contract/worker.ts';
import type { SpeedTask } from '../../../electron/contract/worker.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { speedTask } from '../../../electron/model/speed.ts';
import type { SpeedHost } from '../../../electron/model/speed.ts';
import { sums, writeStudentFolder } from './student-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-speed-'));
  await writeStudentFolder(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const taskOf = (rows: number): SpeedTask => ({
  ...{ kind: 'speed', folder, batchSize: 4, maxInputTokens: 40 },
  ...{ labelPrefix: 'predict: ', rationalePrefix: 'explain: ', answerMark: null },
  ...{ maxLabelTokens: 3, maxRationaleTokens: 5 },
  inputs: Array.from({ length: rows }, (_, row) => sums[row % sums.length]?.input ?? ''),
});

/** A clock on which every question takes a hundredth of a second. */
async function measured(task: SpeedTask, more: Partial<SpeedHost> = {}): Promise<SpeedBatch[]> {
  const told: SpeedBatch[] = [];
  let time = 0;
  await speedTask(task, {
    engine: await openEngine(),
    signal: new AbortController().signal,
    now: () => (time += 5),
    device: 'A processor',
    memoryBytes: () => 1_000,
    busyProcessors: () => Promise.resolve(0.1),
    report: (batch) => void told.push(SpeedBatch.parse(batch)),
    ...more,
  });
  return told;
}

describe('the speed of a student', () => {
  it('is timed one question at a time, then many together', async () => {
    const [batch, ...others] = await measured(taskOf(60));
    expect(others).toEqual([]);
    expect(batch).toMatchObject({ memoryBytes: 1_000, engine: 'cpu', device: 'A processor' });
    expect(batch).toMatchObject({ busy: false });
    expect(batch?.timings).toHaveLength(50);
    expect(batch?.timings.every((each) => each > 0)).toBe(true);
    // By this clock together costs as little as one: 60 questions in a few of its ticks.
    expect(batch?.throughput).toBeGreaterThan(1_000 / Math.max(...(batch?.timings ?? [])));
  });

  it('says when something else computes, before it or after', async () => {
    for (const loads of [
      [1.5, 0],
      [0, 1.5],
    ]) {
      const busyProcessors = () => Promise.resolve(loads.shift() ?? 0);
      expect(await measured(taskOf(3), { busyProcessors })).toMatchObject([{ busy: true }]);
    }
  });

  it('is not told of a measurement that was stopped', async () => {
    const stop = new AbortController();
    let ticks = 0;
    const now = () => {
      if (++ticks === 40) stop.abort('cancel');
      return ticks;
    };
    expect(await measured(taskOf(60), { now, signal: stop.signal })).toEqual([]);
  });

  it('is found from a few questions where each takes long', async () => {
    let time = 0;
    const [batch] = await measured(taskOf(60), { now: () => (time += 3_000) });
    expect(batch?.timings.length).toBeGreaterThanOrEqual(5);
    expect(batch?.timings.length).toBeLessThan(50);
  });
});
