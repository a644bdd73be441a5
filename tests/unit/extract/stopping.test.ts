import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { Stopping } from '../../../electron/stages/extract/stopping.ts';
import type { StopReason } from '../../../electron/stages/job.ts';

/** Milliseconds that requests under way may take after a stop, looked at every half second. */
function graceAfter(reason: StopReason): number {
  vi.useFakeTimers();
  const job = new AbortController();
  const stopping = new Stopping(job.signal);
  stopping.sent();
  job.abort(reason);
  expect(stopping.soft.aborted).toBe(true);
  let waited = 0;
  for (; !stopping.hard.aborted; waited += 500) vi.advanceTimersByTime(500);
  stopping.close();
  vi.useRealTimers();
  return waited;
}

describe('Stopping', () => {
  it('gives requests under way the time that the reason allows', () => {
    expect(graceAfter('pause')).toBe(10_000);
    expect(graceAfter('shutdown')).toBe(3_000);
    expect(graceAfter('cancel')).toBe(0);
  });

  it('drops the rest once nothing is under way, after what came could be saved', async () => {
    const job = new AbortController();
    const stopping = new Stopping(job.signal);
    stopping.sent();
    stopping.sent();
    job.abort('pause');
    stopping.ended();
    await nextTurn();
    expect(stopping.hard.aborted).toBe(false);
    stopping.ended();
    expect(stopping.hard.aborted).toBe(false);
    await nextTurn();
    expect(stopping.hard.aborted).toBe(true);
    stopping.close();
  });

  it('keeps the reason when the run ends by itself, and none when it was asked to', () => {
    const own = new Stopping(new AbortController().signal);
    own.stop(new Error('no money'), null);
    expect(() => own.throwIfOwn()).toThrow('no money');
    const asked = new Stopping(AbortSignal.abort('pause'));
    asked.stop(new Error('no money'), null);
    expect(() => asked.throwIfOwn()).not.toThrow();
    expect(asked.hard.aborted).toBe(true);
  });
});
