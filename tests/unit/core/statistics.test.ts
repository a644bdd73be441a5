import { describe, expect, it } from 'vitest';
import { wilson } from '../../../electron/core/statistics.ts';

describe('wilson', () => {
  it('gives the interval worked out by hand for 8 of 10', () => {
    // p = 0.8, z² = 3.8414588: centre (0.8 + z²/20) / (1 + z²/10), and so on.
    const { accuracy, low, high } = wilson(8, 10);
    expect(accuracy).toBe(0.8);
    expect(low).toBeCloseTo(0.4901625, 6);
    expect(high).toBeCloseTo(0.9433178, 6);
  });

  it('solves the equation that defines the score interval', () => {
    // Both bounds b satisfy |p - b| = z sqrt(b (1 - b) / n).
    for (const [correct, rows] of [
      [1, 3],
      [37, 50],
      [148, 200],
      [7234, 9741],
    ] as const) {
      const { accuracy, low, high } = wilson(correct, rows);
      for (const bound of [low, high]) {
        const distance = 1.959963984540054 * Math.sqrt((bound * (1 - bound)) / rows);
        expect(Math.abs(accuracy - bound)).toBeCloseTo(distance, 12);
      }
      expect(low).toBeLessThan(accuracy);
      expect(high).toBeGreaterThan(accuracy);
    }
  });

  it('is exact at the ends and knows nothing without rows', () => {
    expect(wilson(0, 20).low).toBe(0);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611252, 6);
    expect(wilson(20, 20).high).toBe(1);
    expect(wilson(20, 20).low).toBeCloseTo(0.8388748, 6);
    expect(wilson(0, 0)).toEqual({ correct: 0, rows: 0, accuracy: 0, low: 0, high: 1 });
  });

  it.each([
    [2, 1],
    [-1, 5],
    [0.5, 5],
    [0, -1],
  ])('refuses %d of %d', (correct, rows) => {
    expect(() => wilson(correct, rows)).toThrow(RangeError);
  });
});
