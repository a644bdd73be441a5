import { describe, expect, it } from 'vitest';
import { isBelowMedian } from '../../../electron/stages/study/median.ts';

const curve = (...accuracies: number[]) =>
  accuracies.map((accuracy, index) => ({ step: 10 * (index + 1), accuracy }));

describe('the median rule', () => {
  // Running means after two evaluations: 0.3, 0.4, 0.5.
  const earlier = [curve(0.2, 0.4, 0.9), curve(0.4, 0.4, 0.9), curve(0.5, 0.5, 0.9)];

  it('stops a trial whose best so far is below the median of the running means', () => {
    expect(isBelowMedian(curve(0.1, 0.39), earlier)).toBe(true);
    expect(isBelowMedian(curve(0.1, 0.4), earlier)).toBe(false);
    expect(isBelowMedian(curve(0.45, 0.1), earlier)).toBe(false);
  });

  it('looks at the same step, not at what earlier trials came to later', () => {
    // After one evaluation the means are 0.2, 0.4, 0.5.
    expect(isBelowMedian(curve(0.41), earlier)).toBe(false);
    expect(isBelowMedian(curve(0.39), earlier)).toBe(true);
  });

  it('takes the mean of the two in the middle of an even number', () => {
    const four = [...earlier, curve(0.9, 0.9)];
    expect(isBelowMedian(curve(0, 0.46), four)).toBe(false);
    expect(isBelowMedian(curve(0, 0.44), four)).toBe(true);
  });

  it('says nothing before the third trial, or before an evaluation', () => {
    expect(isBelowMedian(curve(0), earlier.slice(0, 2))).toBe(false);
    expect(isBelowMedian([], earlier)).toBe(false);
    const late = earlier.map((points) => points.slice(2));
    expect(isBelowMedian(curve(0), late)).toBe(false);
  });
});
