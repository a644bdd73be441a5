import { describe, expect, it } from 'vitest';
import { learningRateAt, type ScheduleSettings } from '../../../electron/model/schedule.ts';

type Schedule = NonNullable<ScheduleSettings['schedule']>;
const schedules: Schedule[] = ['linear', 'constant', 'cosine'];
const learningRate = 2e-3;

const rates = (schedule: Schedule, steps: number, warmupShare: number): number[] =>
  Array.from({ length: steps }, (_unused, index) =>
    learningRateAt(index + 1, { learningRate, steps, warmupShare, schedule }),
  );

/** Hugging Face's lambdas, as documented: `done` updates before, W of `steps` warming up. */
function documented(schedule: Schedule, done: number, steps: number, warmup: number): number {
  if (done < warmup) return done / Math.max(1, warmup);
  const progress = (done - warmup) / Math.max(1, steps - warmup);
  if (schedule === 'constant') return 1;
  return schedule === 'linear' ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress));
}

describe('the learning rate', () => {
  it.each(schedules)('without a warm-up is Hugging Face’s: %s', (schedule) => {
    rates(schedule, 7, 0).forEach((rate, done) => {
      expect(rate).toBeCloseTo(learningRate * documented(schedule, done, 7, 0), 15);
    });
  });

  it.each(schedules)('with a warm-up is Hugging Face’s one step earlier: %s', (schedule) => {
    // One more step there, since the first of them has no rate at all.
    const warmup = 4;
    rates(schedule, 20, warmup / 20).forEach((rate, index) => {
      expect(rate).toBeCloseTo(learningRate * documented(schedule, index + 1, 21, warmup), 15);
    });
  });

  it.each(schedules)('learns from the first step to the last, and never above the top: %s', (s) => {
    for (const [steps, share] of [
      [1, 0],
      [1, 1],
      [10, 0.25],
      [10, 1],
      [300, 0.05],
    ] as const) {
      const all = rates(s, steps, share);
      expect(all.every((rate) => rate > 0 && rate <= learningRate)).toBe(true);
      expect(Math.max(...all)).toBeGreaterThan(0.9 * learningRate);
    }
  });

  it('is linear unless said otherwise', () => {
    const settings = { learningRate, steps: 9, warmupShare: 0.3 };
    for (let step = 1; step <= 9; step++) {
      const linear = learningRateAt(step, { ...settings, schedule: 'linear' });
      expect(learningRateAt(step, settings)).toBe(linear);
    }
  });
});
