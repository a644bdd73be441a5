import { describe, expect, it } from 'vitest';
import {
  cochransQ,
  fisherExactLess,
  holm,
  mcnemarExact,
} from '../../../../electron/core/comparison/paired-tests.ts';

/** Properties and edges; values of others are in `reference.test.ts`. */

describe("McNemar's exact test", () => {
  it('is 1 where nothing tells them apart', () => {
    expect(mcnemarExact(0, 0)).toBe(1);
    expect(mcnemarExact(7, 7)).toBe(1);
    expect(mcnemarExact(7, 6)).toBe(1);
  });

  it('of one side alone is two tails of coin tosses', () => {
    expect(mcnemarExact(0, 10)).toBeCloseTo(2 / 1024, 15);
    expect(mcnemarExact(10, 0)).toBe(mcnemarExact(0, 10));
  });

  it('stays a probability with huge counts', () => {
    expect(mcnemarExact(1_000_000, 1_000_000)).toBe(1);
    const p = mcnemarExact(501_000, 499_000);
    // The normal approximation: z = 2,000 / √1,000,000 = 2.
    expect(p).toBeGreaterThan(0.045);
    expect(p).toBeLessThan(0.046);
    expect(mcnemarExact(0, 900)).toBeGreaterThan(0);
    expect(mcnemarExact(0, 1_000_000)).toBe(0);
  });

  it.each([
    [-1, 2],
    [1.5, 2],
    [Number.NaN, 2],
  ])('is refused for %d and %d', (a, b) => {
    expect(() => mcnemarExact(a, b)).toThrow(RangeError);
  });
});

describe("Cochran's Q", () => {
  const right = (line: string): Uint8Array => Uint8Array.from(line, Number);

  it('needs three systems and a row', () => {
    expect(cochransQ([right('10'), right('01')])).toBeNull();
    expect(cochransQ([right(''), right(''), right('')])).toBeNull();
    expect(cochransQ([])).toBeNull();
  });

  it('shows nothing where all say the same', () => {
    const same = right('1100');
    expect(cochransQ([same, same, same])).toEqual({ q: 0, degrees: 2, p: 1 });
  });

  it('is refused for other rows', () => {
    expect(() => cochransQ([right('10'), right('10'), right('1')])).toThrow(RangeError);
  });
});

describe("Holm's correction", () => {
  it('leaves one alone, and nothing of nothing', () => {
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });

  it('keeps the order of its input, and ties together', () => {
    expect(holm([0.5, 0.01, 0.01])).toEqual([0.5, 0.03, 0.03]);
  });
});

describe("Fisher's exact test", () => {
  it('is 1 where no fewer could be right by chance, and where nothing is', () => {
    expect(fisherExactLess(10, 10, 50, 100)).toBe(1);
    expect(fisherExactLess(0, 0, 0, 0)).toBe(1);
    expect(fisherExactLess(0, 10, 0, 10)).toBe(1);
  });

  it('of all wrong against all right is one way of all', () => {
    // 1 of C(10, 5) = 252.
    expect(fisherExactLess(0, 5, 5, 5)).toBeCloseTo(1 / 252, 14);
  });

  it('grows with the rows that are right', () => {
    let before = 0;
    for (let right = 0; right <= 30; right++) {
      const p = fisherExactLess(right, 30, 60, 80);
      expect(p).toBeGreaterThanOrEqual(before);
      expect(p).toBeLessThanOrEqual(1);
      before = p;
    }
  });

  it('is refused where more are right than there are', () => {
    expect(() => fisherExactLess(3, 2, 0, 0)).toThrow(RangeError);
    expect(() => fisherExactLess(0, 2, 5, 4)).toThrow(RangeError);
  });
});
