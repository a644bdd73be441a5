import { describe, expect, it } from 'vitest';
import { measureEngine } from '../../../../electron/model/engines/measure.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';

/** A clock that goes on by this much whenever it is read. */
function ticking(milliseconds: number): () => number {
  let time = 0;
  return () => (time += milliseconds);
}

describe('measuring an engine', () => {
  it('counts two operations per element and step of a product, and takes the median', async () => {
    const figures = await measureEngine(await openEngine(), ticking(1));
    // 1024^3 multiplications and additions in one millisecond.
    expect(figures.gflops).toBeCloseTo((2 * 1024 ** 3) / 1e6, 6);
    expect(figures).toMatchObject({ stepMilliseconds: 1, projected: false, fallbacks: [] });
  });

  it('does less where it is slow, and says so', async () => {
    const figures = await measureEngine(await openEngine(), ticking(1_000));
    expect(figures.gflops).toBeCloseTo((2 * 128 ** 3) / 1e9, 9);
    // One row took a second; the usual batch has sixteen.
    expect(figures).toMatchObject({ stepMilliseconds: 16_000, projected: true });
  });
});
