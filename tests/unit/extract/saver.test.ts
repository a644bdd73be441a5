import { describe, expect, it, vi } from 'vitest';
import { BatchSaver } from '../../../electron/stages/extract/saver.ts';
import type { Answered } from '../../../electron/stages/extract/saver.ts';

const answer = (exampleId: number): Answered => ({
  completion: {
    exampleId,
    text: 'So the answer is 3.',
    failure: null,
    finishReason: 'stop',
    promptTokens: null,
    completionTokens: null,
    milliseconds: null,
  },
  rationale: null,
});

/** A saver whose transactions are kept, under a clock that the test turns. */
function saverOf(failing = false) {
  const transactions: number[][] = [];
  const saver = new BatchSaver((rows) => {
    if (failing) throw new Error('no space');
    transactions.push(rows.map((row) => row.completion.exampleId));
  });
  return { saver, transactions };
}

describe('BatchSaver', () => {
  it('saves an answer that comes alone at once', () => {
    vi.useFakeTimers();
    const { saver, transactions } = saverOf();
    saver.add(answer(1));
    expect(transactions).toEqual([[1]]);
    vi.advanceTimersByTime(1_000);
    saver.add(answer(2));
    expect(transactions).toEqual([[1], [2]]);
    vi.useRealTimers();
  });

  it('lets answers that come close together share a transaction, and keeps none waiting', () => {
    vi.useFakeTimers();
    const { saver, transactions } = saverOf();
    for (let id = 1; id <= 4; id++) saver.add(answer(id));
    expect(transactions).toEqual([[1]]);
    vi.advanceTimersByTime(20);
    expect(transactions).toEqual([[1], [2, 3, 4]]);
    vi.useRealTimers();
  });

  it('saves fifty at once without waiting, and the rest when it is flushed', () => {
    vi.useFakeTimers();
    const { saver, transactions } = saverOf();
    for (let id = 1; id <= 60; id++) saver.add(answer(id));
    saver.flush();
    expect(transactions.map((rows) => rows.length)).toEqual([1, 50, 9]);
    vi.useRealTimers();
  });

  it('says that it can not save, and keeps the rows', () => {
    const { saver } = saverOf(true);
    expect(() => saver.add(answer(1))).toThrow('no space');
    expect(() => saver.flush()).toThrow('no space');
  });
});
