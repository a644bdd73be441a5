import { describe, expect, it } from 'vitest';
import { Random } from '../../../electron/core/random.ts';
import {
  narrowBfloat16,
  narrowFloat16,
  widenBfloat16,
  widenFloat16,
} from '../../../electron/model/halves.ts';

const everyHalf = Uint16Array.from({ length: 0x1_0000 }, (_, half) => half);
const isNan = (half: number, exponent: number): boolean => (half & 0x7fff) > exponent;

describe('halves', () => {
  it.each([
    ['bfloat16', widenBfloat16, narrowBfloat16, 0x7f80],
    ['float16', widenFloat16, narrowFloat16, 0x7c00],
  ] as const)('keeps every %s through a float32', (_, widen, narrow, infinity) => {
    const wide = widen(everyHalf);
    const back = narrow(wide);
    everyHalf.forEach((half) => {
      const kept = isNan(half, infinity)
        ? isNan(back[half] ?? 0, infinity) && Number.isNaN(wide[half])
        : back[half] === half;
      if (!kept) throw new Error(`${half} became ${String(back[half])}`);
    });
    expect(wide[infinity]).toBe(Infinity);
  });

  it.each([
    ['bfloat16', widenBfloat16, narrowBfloat16, 0x7f80],
    ['float16', widenFloat16, narrowFloat16, 0x7c00],
  ] as const)('rounds to the nearest %s, ties to the even one', (_, widen, narrow, infinity) => {
    const finite = everyHalf.subarray(0, infinity);
    const wide = widen(finite);
    const between = wide.map((value, i) => (value + (wide[i + 1] ?? value)) / 2);
    const last = finite.length - 1;
    narrow(between).forEach((half, i) => {
      // The midpoint of two neighbours is exact in float32; the even one of them has an even bit pattern.
      if (i < last && half !== (i % 2 === 0 ? i : i + 1)) throw new Error(`${i} became ${half}`);
    });
    const random = new Random(1);
    const sample = Float32Array.from({ length: 2_000 }, () => random.normal() * 10);
    const narrowed = narrow(sample);
    const rounded = widen(narrowed);
    const nextUp = widen(narrowed.map((half) => half + 1));
    const nextDown = widen(narrowed.map((half) => half - 1));
    sample.forEach((value, i) => {
      const distance = Math.abs(value - (rounded[i] ?? NaN));
      expect(distance).toBeLessThanOrEqual(Math.abs(value - (nextUp[i] ?? NaN)));
      expect(distance).toBeLessThanOrEqual(Math.abs(value - (nextDown[i] ?? NaN)));
    });
  });

  it('overflows to infinity and underflows to zero, signs kept', () => {
    const values = Float32Array.of(65_519, 65_520, -1e6, 2 ** -25, 1.01 * 2 ** -25, -1e-30);
    expect([...widenFloat16(narrowFloat16(values))]).toEqual([
      65_504,
      Infinity,
      -Infinity,
      0,
      2 ** -24,
      -0,
    ]);
    expect(widenBfloat16(narrowBfloat16(Float32Array.of(3.4e38)))[0]).toBe(Infinity);
  });
});
