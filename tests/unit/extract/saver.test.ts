import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { AnswerSaver } from '../../../electron/stages/extract/saver.ts';
import type { Answered } from '../../../electron/stages/extract/saver.ts';

const answer = (exampleId: number): Answered => ({
  completion: {
    ...{ exampleId, sample: 0, text: 'So the answer is 3.', failure: null, finishReason: 'stop' },
    ...{ promptTokens: null, completionTokens: null, milliseconds: null },
    ...{ requestHash: null, reused: false },
  },
  rationale: null,
});

/** A saver whose transactions and flushes are kept. */
function saverOf() {
  const state = { failing: false, transactions: [] as number[][], flushes: 0 };
  const saver = new AnswerSaver({
    save: (rows) => {
      if (state.failing) throw new Error('no space');
      state.transactions.push(rows.map((row) => row.completion.exampleId));
    },
    flush: () => (state.flushes += 1),
  });
  return { saver, state };
}

describe('AnswerSaver', () => {
  it('commits what came in one turn of the event loop before the next, together', async () => {
    const { saver, state } = saverOf();
    saver.add(answer(1));
    saver.add(answer(2));
    expect(state.transactions).toEqual([]);
    await nextTurn();
    expect(state.transactions).toEqual([[1, 2]]);
    saver.add(answer(3));
    await nextTurn();
    expect(state.transactions).toEqual([[1, 2], [3]]);
    saver.close();
    expect(state).toMatchObject({ transactions: [[1, 2], [3]], flushes: 1 });
  });

  it('flushes a few times a second while answers come, and not while none do', () => {
    vi.useFakeTimers();
    const { saver, state } = saverOf();
    for (let id = 1; id <= 10; id++) {
      saver.add(answer(id));
      saver.commit();
      vi.advanceTimersByTime(100);
    }
    expect(state.flushes).toBe(3);
    vi.advanceTimersByTime(10_000);
    expect(state.flushes).toBe(4);
    saver.close();
    expect(state.flushes).toBe(4);
    vi.useRealTimers();
  });

  it('says that it can not save, keeps the rows, and saves them when it can', async () => {
    const { saver, state } = saverOf();
    state.failing = true;
    saver.add(answer(1));
    await nextTurn();
    expect(() => saver.add(answer(2))).toThrow('no space');
    state.failing = false;
    saver.close();
    expect(state.transactions).toEqual([[1, 2]]);
  });
});
