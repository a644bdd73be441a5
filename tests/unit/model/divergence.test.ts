import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import {
  divergence,
  freshWatch,
  hasRunAway,
  isSuspect,
  ranAway,
  watchLoss,
} from '../../../electron/model/divergence.ts';
import type { LossWatch } from '../../../electron/model/divergence.ts';

/** The step at which a course of losses is found to have run away; null when it is not. */
function runsAwayAt(lossAt: (step: number) => number, steps: number, warmup = 1): number | null {
  let watch = freshWatch;
  for (let step = 1; step <= steps; step++) {
    watch = watchLoss(watch, { step, loss: lossAt(step) }, warmup);
    if (hasRunAway(watch)) return step;
  }
  return null;
}

/** As widely spread as its own mean, as the losses of single rows are. */
function noisy(seed: number): (mean: number) => number {
  const random = new Random(seed);
  return (mean) => -mean * Math.log(1 - random.next());
}

const falling = (step: number): number => 0.05 + 7 * Math.exp(-step / 300);

describe('a loss that runs away', () => {
  it('is found a hundred steps after its mean is too high, above its start', () => {
    const at = runsAwayAt((step) => (step <= 200 ? 2 : 9), 1_000);
    // The mean passes 4 within 17 steps of the jump.
    expect(at).toBe(200 + 17 + 99);
  });

  it('is found when it is far above its lowest, though below its start', () => {
    const at = runsAwayAt((step) => (step <= 1_500 ? falling(step) : 5), 3_000);
    expect(at).toBeGreaterThan(1_600);
    expect(at).toBeLessThan(1_700);
  });

  it('is found in noise', () => {
    const draw = noisy(3);
    const at = runsAwayAt((step) => draw(step <= 500 ? 1 : 6), 2_000);
    expect(at).toBeGreaterThan(600);
    expect(at).toBeLessThan(700);
  });

  it('is not looked for in the warm-up', () => {
    expect(runsAwayAt((step) => (step < 30 ? 1 : 9), 500, 500)).toBeNull();
    expect(runsAwayAt((step) => (step < 30 ? 1 : 9), 500, 250)).toBe(350);
  });
});

describe('an ordinary loss', () => {
  it.each([1, 2, 3, 4, 5, 6])('does not run away, however noisy (seed %i)', (seed) => {
    const draw = noisy(seed);
    expect(runsAwayAt(() => draw(0.02), 20_000)).toBeNull();
    expect(runsAwayAt(() => draw(2.5), 20_000)).toBeNull();
    expect(runsAwayAt((step) => draw(falling(step)), 20_000)).toBeNull();
  });

  it('may have spikes that it recovers from', () => {
    const spiky = (step: number): number => falling(step) + (step % 400 < 3 ? 20 : 0);
    expect(runsAwayAt(spiky, 10_000)).toBeNull();
  });

  it('may rise a little when it has been almost nothing', () => {
    const rising = (step: number): number => (step < 1_000 ? 0.001 : 0.6);
    expect(runsAwayAt(rising, 3_000)).toBeNull();
  });
});

describe('what is told of it', () => {
  it('doubts the weights from the first step that is too high', () => {
    let watch: LossWatch = freshWatch;
    const doubted: number[] = [];
    for (let step = 1; step <= 60; step++) {
      watch = watchLoss(watch, { step, loss: step <= 20 ? 1 : 40 }, 1);
      if (isSuspect(watch)) doubted.push(step);
    }
    expect(doubted[0]).toBe(22);
    expect(doubted.at(-1)).toBe(60);
  });

  it('names steps and losses, what is kept, and a lower rate', () => {
    const watch = {
      ...freshWatch,
      smoothed: 9.127,
      start: 4,
      lowest: { step: 120, loss: 2.5 },
      above: 100,
    };
    const reason = ranAway({ step: 340, settings: { steps: 2_000 }, watch });
    const about = { learningRate: 1e-3 };
    const error = divergence(reason, about, { last: 150, best: 100 });
    expect(error.code).toBe('training-diverged');
    expect(error.message).toBe(
      'The loss ran away: its mean over about a hundred steps was 9.13 at step 340 of 2000, after 4.00 at the start and 2.50 at its lowest (step 120).',
    );
    expect(error.hint).toBe(
      'Train again with a lower learning rate, for example 0.00033 in place of 0.001. The best student so far, of step 100, is kept.',
    );
    expect(divergence(reason, about, { last: 150, best: null }).hint).toMatch(
      /The last good checkpoint, of step 150, is kept\.$/,
    );
    expect(divergence(reason, about, { last: 0, best: null }).hint).toMatch(
      /No checkpoint had been saved yet\.$/,
    );
  });
});
