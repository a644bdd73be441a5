import { describe, expect, it } from 'vitest';
import type { WorkerBatch } from '../../../electron/contract/worker.ts';
import { BatchWindow } from '../../../electron/jobs/batch-window.ts';

const batch: WorkerBatch = { kind: 'predict', offset: 0, answers: [] };

/** Lets every promise that can go on do so. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function open(limit: number) {
  const sent: number[] = [];
  return { sent, window: new BatchWindow((seq) => sent.push(seq), limit) };
}

describe('BatchWindow', () => {
  it('numbers batches from 1', async () => {
    const { sent, window } = open(8);
    for (let n = 0; n < 3; n++) await window.push(batch);
    expect(sent).toEqual([1, 2, 3]);
  });

  it('waits at the limit and goes on by as many as are acknowledged', async () => {
    const { sent, window } = open(2);
    const pushes = Promise.all([1, 2, 3, 4, 5].map(() => window.push(batch)));
    await turn();
    expect(sent).toEqual([1, 2]);
    window.acknowledge(1);
    await turn();
    expect(sent).toEqual([1, 2, 3]);
    window.acknowledge(3);
    await turn();
    expect(sent).toEqual([1, 2, 3, 4, 5]);
    await pushes;
  });

  it('ignores acknowledgements of what was not sent, and old ones', async () => {
    const { sent, window } = open(1);
    window.acknowledge(100);
    const pushes = Promise.all([window.push(batch), window.push(batch), window.push(batch)]);
    await turn();
    expect(sent).toEqual([1]);
    window.acknowledge(1);
    await turn();
    window.acknowledge(1);
    await turn();
    expect(sent).toEqual([1, 2]);
    window.acknowledge(2);
    await pushes;
    expect(sent).toEqual([1, 2, 3]);
  });

  it('is drained when everything sent is acknowledged', async () => {
    const { window } = open(8);
    await window.push(batch);
    await window.push(batch);
    let drained = false;
    const waiting = window.drained().then(() => (drained = true));
    window.acknowledge(1);
    await turn();
    expect(drained).toBe(false);
    window.acknowledge(2);
    await waiting;
    expect(drained).toBe(true);
  });
});
