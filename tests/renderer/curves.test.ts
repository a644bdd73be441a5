import { describe, expect, it } from 'vitest';
import { Random } from '../../electron/core/random.ts';
import { aboveZero, align, nearest, smooth, thin, valueAt } from '../../renderer/ui/curves.ts';
import type { Curve } from '../../renderer/ui/curves.ts';

/** A curve of many points with gaps and spikes. */
function long(points: number): Curve {
  const random = new Random(7);
  const x = Array.from({ length: points }, (_, index) => index + 1);
  const y = x.map((_, index) => (index % 97 === 5 ? null : random.next() * 10));
  return { x, y };
}

const least = (values: Curve['y']): number =>
  values.reduce((found: number, value) => Math.min(found, value ?? Infinity), Infinity);
const greatest = (values: Curve['y']): number =>
  values.reduce((found: number, value) => Math.max(found, value ?? -Infinity), -Infinity);

describe('a curve thinned to what pixels show', () => {
  it('keeps few points, each one of the curve, in order', () => {
    const curve = long(50_000);
    const { x, y } = thin(curve, [0, 50_000], 600);
    expect(x.length).toBeLessThanOrEqual(4 * 600);
    expect(x.length).toBeGreaterThan(600);
    expect(x.every((at, index) => index === 0 || at > (x[index - 1] ?? 0))).toBe(true);
    expect(x.every((at, index) => curve.y[at - 1] === y[index])).toBe(true);
  });

  it('keeps the least and the greatest value of every column, and both ends', () => {
    const curve = long(20_000);
    const columns = 100;
    const thinned = thin(curve, [0, 20_000], columns);
    for (let column = 0; column < columns; column += 1) {
      const inside = ({ x, y }: Curve): Curve['y'] =>
        y.filter((_, index) => Math.floor((((x[index] ?? 0) - 0) / 20_000) * columns) === column);
      expect(least(inside(thinned))).toBe(least(inside(curve)));
      expect(greatest(inside(thinned))).toBe(greatest(inside(curve)));
    }
    expect(thinned.x[0]).toBe(1);
    expect(thinned.x.at(-1)).toBe(20_000);
  });

  it('leaves short curves as they are, and keeps gaps', () => {
    const short = long(300);
    expect(thin(short, [0, 300], 600)).toBe(short);
    const gap: Curve = { x: [1, 2, 3, 4, 5], y: [null, null, null, null, null] };
    expect(thin(gap, [0, 5], 1)).toEqual({ x: [1], y: [null] });
  });
});

describe('smoothing', () => {
  it('is the weighted mean of all values so far', () => {
    const values = [3, 1, 4, 1, 5];
    const weight = 0.6;
    const found = smooth(values, weight);
    for (const [at, mean] of found.entries()) {
      const weights = values.slice(0, at + 1).map((_, index) => weight ** (at - index));
      const sum = weights.reduce((total, each) => total + each, 0);
      const wanted = weights.reduce((total, each, i) => total + each * (values[i] ?? 0), 0) / sum;
      expect(mean).toBeCloseTo(wanted, 12);
    }
  });

  it('leaves a constant and gaps as they are, and with weight 0 everything', () => {
    expect(smooth([2, null, 2], 0.9).map((value) => value?.toFixed(9) ?? null)).toEqual([
      ...['2.000000000', null, '2.000000000'],
    ]);
    expect(smooth([5, null, 1], 0)).toEqual([5, null, 1]);
  });
});

describe('curves on one axis', () => {
  it('stand at all places, undefined where they have no point of their own', () => {
    const a: Curve = { x: [1, 3], y: [10, 30] };
    const b: Curve = { x: [2, 3, 4], y: [null, 3, 4] };
    expect(align([a, b])).toEqual({
      x: [1, 2, 3, 4],
      ys: [
        [10, undefined, 30, undefined],
        [undefined, null, 3, 4],
      ],
    });
    expect(align([])).toEqual({ x: [], ys: [] });
  });

  it('are read at the nearest point that has a value', () => {
    const x = [10, 20, 40];
    expect([0, 14, 15, 16, 31, 99].map((at) => nearest(x, at))).toEqual([0, 0, 0, 1, 2, 2]);
    expect(nearest([], 1)).toBeNull();
    expect(valueAt({ x, y: [1, null, 3] }, 21)).toBe(1);
    expect(valueAt({ x, y: [null, null, 3] }, 0)).toBe(3);
    expect(valueAt({ x, y: [null, null, null] }, 0)).toBeNull();
  });

  it('have gaps where a logarithmic axis has no place', () => {
    expect(aboveZero([1, 0, -2, null, 0.5])).toEqual([1, null, null, null, 0.5]);
  });
});
