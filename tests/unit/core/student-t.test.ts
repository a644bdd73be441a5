import { describe, expect, it } from 'vitest';
import { studentT } from '../../../electron/core/student-t.ts';

describe('the t quantile', () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [5, 2.57058],
    [9, 2.26216],
    [11, 2.20099],
    [12, 2.17881],
    [19, 2.09302],
    [60, 2.0003],
    [1_000, 1.96234],
  ])('for %i degrees of freedom is the one of the tables', (degrees, tabled) => {
    expect(Math.abs(studentT(degrees) / tabled - 1)).toBeLessThan(1e-5);
  });

  it('falls between whole degrees of freedom, and has no step where the method changes', () => {
    const degrees = [1, 1.2, 1.7, 2, 2.5, 3, 6.4, 11.99, 12.01, 40, 500];
    const quantiles = degrees.map(studentT);
    expect(quantiles.toSorted((a, b) => b - a)).toEqual(quantiles);
    expect(studentT(11.999_999) - studentT(12)).toBeLessThan(1e-5);
    // Of the regularized incomplete beta function, worked out elsewhere.
    expect(Math.abs(studentT(1.5) / 6.016_663_1 - 1)).toBeLessThan(1e-4);
  });

  it('needs a degree of freedom', () => {
    expect(() => studentT(0.5)).toThrow(RangeError);
    expect(() => studentT(Number.NaN)).toThrow(RangeError);
  });
});
