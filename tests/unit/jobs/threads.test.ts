import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ThreadPool } from '../../../electron/jobs/threads.ts';
import {
  counting,
  endless,
  exiting,
  failing,
  greedy,
  lingering,
} from '../../fixtures/thread-scripts.ts';

const path = fileURLToPath(new URL('../../fixtures/scripted-thread.ts', import.meta.url));
let pool: ThreadPool | null = null;
const open = (): ThreadPool => (pool = new ThreadPool(path, { heapMegabytes: 64 }));

afterEach(async () => {
  await pool?.close();
  pool = null;
});

describe('a thread', () => {
  it('hands its batches over in order, and its answer after them', async () => {
    const seen: number[] = [];
    const answer = await open().run(counting, 50, { onBatch: (batch) => void seen.push(batch) });
    expect(answer).toBe(50);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('waits for a slow taker: a batch is taken when the one before it is', async () => {
    let under = 0;
    let most = 0;
    const answer = await open().run(counting, 20, {
      onBatch: async () => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under -= 1;
      },
    });
    expect(answer).toBe(20);
    expect(most).toBe(1);
  });

  it('does one task after another, and several at a time in threads of their own', async () => {
    const threads = open();
    expect(await threads.run(counting, 1)).toBe(1);
    expect(await threads.run(counting, 2)).toBe(2);
    const answers = await Promise.all([3, 4, 5].map((count) => threads.run(counting, count)));
    expect(answers).toEqual([3, 4, 5]);
  });

  it('tells what the task threw as it was', async () => {
    await expect(open().run(failing, null)).rejects.toMatchObject({
      code: 'file-syntax',
      message: 'It is broken.',
      hint: 'Mend it.',
    });
  });

  it('ends the task when what takes its batches fails', async () => {
    const threads = open();
    const full = new Error('the disk is full');
    const run = threads.run(counting, 1_000_000, { onBatch: () => Promise.reject(full) });
    await expect(run).rejects.toBe(full);
    expect(await threads.run(counting, 2)).toBe(2);
  });

  it('fails with the last batch, also when it was told to be done before that was taken', async () => {
    const full = new Error('the disk is full');
    const run = open().run(counting, 3, {
      onBatch: async (number) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        if (number === 3) throw full;
      },
    });
    await expect(run).rejects.toBe(full);
  });

  it('hands over nothing any more once it has ended', async () => {
    const controller = new AbortController();
    const taken: number[] = [];
    const run = open().run(counting, 100, {
      signal: controller.signal,
      onBatch: async (number) => {
        taken.push(number);
        await new Promise((resolve) => setTimeout(resolve, 30));
        if (number === 2) controller.abort('cancel');
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'job-cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(taken).toEqual([1, 2]);
  });

  it('stops at once, even one that never looks up', async () => {
    const controller = new AbortController();
    const run = open().run(endless, null, { signal: controller.signal });
    controller.abort('cancel');
    await expect(run).rejects.toMatchObject({ code: 'job-cancelled' });
  });

  it('says so when a thread ends without a word or lacks memory, and goes on with another', async () => {
    const threads = open();
    await expect(threads.run(exiting, null)).rejects.toMatchObject({ code: 'worker-died' });
    await expect(threads.run(greedy, null)).rejects.toMatchObject({
      code: 'worker-died',
      message: expect.stringContaining('memory'),
    });
    expect(await threads.run(counting, 1)).toBe(1);
  });

  it('that fails when nobody asks it anything ends alone', async () => {
    const threads = open();
    expect(await threads.run(lingering, null)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await threads.run(counting, 1)).toBe(1);
  });

  it('ends with its pool, and none starts afterwards', async () => {
    const threads = open();
    const run = threads.run(endless, null);
    const ended = expect(run).rejects.toMatchObject({ code: 'job-cancelled' });
    await threads.close();
    await ended;
    await expect(threads.run(counting, 1)).rejects.toMatchObject({ code: 'job-cancelled' });
  });
});
