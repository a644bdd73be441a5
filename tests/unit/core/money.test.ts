import { describe, expect, it } from 'vitest';
import { dollars } from '../../../electron/core/money.ts';

describe('dollars', () => {
  it.each([
    [0, '$0'],
    [1234.5, '$1234.50'],
    [12.3, '$12.30'],
    [1, '$1.00'],
    [0.5, '$0.50'],
    [0.1, '$0.10'],
    [0.109, '$0.109'],
    [0.0319, '$0.0319'],
    [0.00145, '$0.00145'],
    [0.0000002, '$0.0000002'],
  ])('writes %f as %s', (amount, written) => {
    expect(dollars(amount)).toBe(written);
  });
});
