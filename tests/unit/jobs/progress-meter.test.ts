import { describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../../electron/jobs/progress-meter.ts';
import { Throttle } from '../../../electron/jobs/throttle.ts';
import { FakeClock } from './support.ts';

function meter(start = 0) {
  const clock = new FakeClock();
  const progress = new ProgressMeter(clock);
  const report = (done: number, total: number | null = 100) =>
    progress.measure({ done, total, phase: 'working' });
  report(start);
  const after = (milliseconds: number, done: number, total: number | null = 100) => {
    clock.advance(milliseconds);
    return report(done, total);
  };
  return { report, after };
}

describe('ProgressMeter', () => {
  it('has no rate at first', () => {
    const { report } = meter();
    expect(report(1)).toMatchObject({ rate: null, secondsLeft: null });
  });

  it('gives units per second and the seconds left', () => {
    const { after } = meter();
    expect(after(2_000, 20)).toMatchObject({ done: 20, rate: 10, secondsLeft: 8 });
  });

  it('does not count what an earlier attempt did as speed', () => {
    const { after } = meter(80);
    expect(after(1_000, 81)).toMatchObject({ rate: 1, secondsLeft: 19 });
  });

  it('follows a change of speed within a few seconds', () => {
    const { after } = meter();
    for (let second = 1; second <= 10; second++) after(1_000, second * 5);
    let last = after(1_000, 51);
    for (let second = 2; second <= 6; second++) last = after(1_000, 50 + second);
    expect(last).toMatchObject({ done: 56, rate: 1, secondsLeft: 44 });
  });

  it('has a rate for units that take longer than the window', () => {
    const { after } = meter();
    expect(after(20_000, 1)).toMatchObject({ rate: 0.05 });
    expect(after(40_000, 2)).toMatchObject({ rate: 0.025 });
  });

  it('starts anew when the count falls', () => {
    const { after } = meter(50);
    expect(after(1_000, 40)).toMatchObject({ rate: null, secondsLeft: null });
    expect(after(1_000, 42)).toMatchObject({ rate: 2 });
  });

  it('leaves the time open where the total is unknown or nothing moves', () => {
    const { after } = meter();
    expect(after(1_000, 10, null)).toMatchObject({ rate: 10, secondsLeft: null });
    const still = meter();
    expect(still.after(1_000, 0)).toMatchObject({ rate: 0, secondsLeft: null });
  });
});

describe('Throttle', () => {
  it('calls at once, then merges, and always honours the last request', () => {
    const clock = new FakeClock();
    const calls: number[] = [];
    const start = clock.now();
    const throttle = new Throttle(clock, 200, () => calls.push(clock.now() - start));
    throttle.request();
    for (let n = 0; n < 9; n++) {
      clock.advance(10);
      throttle.request();
    }
    expect(calls).toEqual([0]);
    clock.advance(1_000);
    expect(calls).toEqual([0, 200]);
    throttle.request();
    expect(calls).toEqual([0, 200, 1_090]);
  });

  it('covers a waiting call when it is called now, and forgets one that is dropped', () => {
    const clock = new FakeClock();
    let calls = 0;
    const throttle = new Throttle(clock, 200, () => (calls += 1));
    throttle.request();
    throttle.request();
    throttle.now();
    clock.advance(1_000);
    expect(calls).toBe(2);
    throttle.request();
    throttle.request();
    throttle.drop();
    clock.advance(1_000);
    expect(calls).toBe(3);
  });
});
