import { describe, expect, it } from 'vitest';
import type { Comparing } from '../../../electron/contract/entities.ts';
import { KeptResults } from '../../../electron/ipc/kept-results.ts';

const comparing = (part: Comparing['part'], ...systems: string[]): Comparing => ({
  ...{ projectId: 'p', splitId: 's', part, systems },
});

/** Results that say how often one was worked out; the answers behind them change with `stamp`. */
function keeper() {
  const state = { stamp: 'first', worked: 0, fails: false };
  const kept = new KeptResults(
    () => state.stamp,
    async ({ systems }) => {
      state.worked += 1;
      await Promise.resolve();
      if (state.fails) throw new Error('It broke.');
      return `${systems.join(' ')} ${state.worked}`;
    },
  );
  return { state, kept };
}

describe('results that are kept', () => {
  it('are worked out once, also when asked for twice at the same time', async () => {
    const { state, kept } = keeper();
    const asked = comparing('test', 'run:a');
    expect(await Promise.all([kept.of(asked), kept.of(asked)])).toEqual(['run:a 1', 'run:a 1']);
    // Whatever else stands in the question has no part in it.
    expect(await kept.of({ ...asked, margin: 0.1 } as Comparing)).toBe('run:a 1');
    expect(state.worked).toBe(1);
  });

  it('are worked out anew once answers have changed, and for others', async () => {
    const { state, kept } = keeper();
    await kept.of(comparing('test', 'run:a'));
    expect(await kept.of(comparing('test', 'run:b'))).toBe('run:b 2');
    expect(await kept.of(comparing('validation', 'run:a'))).toBe('run:a 3');
    state.stamp = 'second';
    expect(await kept.of(comparing('test', 'run:a'))).toBe('run:a 4');
    expect(await kept.of(comparing('test', 'run:a'))).toBe('run:a 4');
  });

  it('are not kept where they failed', async () => {
    const { state, kept } = keeper();
    state.fails = true;
    await expect(kept.of(comparing('test', 'run:a'))).rejects.toThrow('It broke.');
    state.fails = false;
    expect(await kept.of(comparing('test', 'run:a'))).toBe('run:a 2');
  });

  it('are dropped when others were asked for since', async () => {
    const { kept } = keeper();
    const first = comparing('test', 'run:0');
    await kept.of(first);
    for (let other = 1; other < 8; other++) await kept.of(comparing('test', `run:${other}`));
    expect(await kept.of(first)).toBe('run:0 1');
    for (let other = 8; other < 16; other++) await kept.of(comparing('test', `run:${other}`));
    expect(await kept.of(first)).toBe('run:0 17');
  });
});
