import { describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import { createMemory } from '../../../../electron/model/optimizer/wasm.ts';
import {
  multipliesSmall,
  multiplySmall,
} from '../../../../electron/model/portable/small-products.ts';

interface Sizes {
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeB: boolean;
}

/** The products by plain loops in float64. */
function expected(a: Float32Array, b: Float32Array, sizes: Sizes): number[] {
  const { count, rows, inner, columns, transposeB } = sizes;
  const size = rows * columns;
  return Array.from({ length: count * size }, (_unused, index) => {
    const matrix = Math.floor(index / size);
    const [row, column] = [Math.floor((index % size) / columns), index % columns];
    let sum = 0;
    for (let at = 0; at < inner; at++) {
      const place = transposeB ? column * inner + at : at * columns + column;
      sum +=
        (a[(matrix * rows + row) * inner + at] ?? 0) * (b[matrix * inner * columns + place] ?? 0);
    }
    return sum;
  });
}

describe('small products', () => {
  const random = new Random(21);
  const vector = (): number => 4 * random.integer(1, 12);
  for (const transposeB of [false, true]) {
    it(`are those of plain loops, ${transposeB ? 'turned' : 'plain'}`, () => {
      const memory = createMemory(8);
      for (let round = 0; round < 60; round++) {
        const odd = random.integer(1, 40);
        const sizes: Sizes = {
          ...{ count: random.integer(1, 9), rows: random.integer(1, 5), transposeB },
          inner: transposeB ? vector() : odd,
          columns: transposeB ? odd : vector(),
        };
        const { count, rows, inner, columns } = sizes;
        const take = (offset: number, length: number): Float32Array =>
          new Float32Array(memory.buffer, offset, length);
        const a = take(64, count * rows * inner);
        const b = take(64 + a.byteLength, count * inner * columns);
        const out = take(b.byteOffset + b.byteLength, count * rows * columns);
        const behind = take(out.byteOffset + out.byteLength, 4).fill(7);
        for (const values of [a, b]) values.forEach((_v, at) => (values[at] = random.next() - 0.5));
        out.fill(Number.NaN);

        const places = { a: a.byteOffset, b: b.byteOffset, out: out.byteOffset };
        expect(multipliesSmall(sizes)).toBe(true);
        multiplySmall(memory, { ...sizes, ...places });

        expected(a, b, sizes).forEach((value, at) => expect(out[at]).toBeCloseTo(value, 5));
        expect([...behind]).toEqual([7, 7, 7, 7]);
      }
    });
  }

  it('leave out matrices whose rows are no whole vectors', () => {
    expect(multipliesSmall({ inner: 6, columns: 8, transposeB: true })).toBe(false);
    expect(multipliesSmall({ inner: 8, columns: 6, transposeB: false })).toBe(false);
  });
});
