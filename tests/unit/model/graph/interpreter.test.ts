import { describe, expect, it } from 'vitest';
import { reference, tensor } from '../../../../electron/model/graph/interpreter.ts';

/** The oracle's own results, against numbers worked out by hand. */

const table = tensor([2, 3], [1, 2, 3, 4, 5, 6]);

describe('the float64 interpreter', () => {
  it('stretches axes of size 1 and absent ones', () => {
    const column = tensor([2, 1], [10, 20]);
    expect([...reference.add(table, column).data]).toEqual([11, 12, 13, 24, 25, 26]);
    const row = tensor([3], [1, 0, -1]);
    expect([...reference.multiply(table, row).data]).toEqual([1, 0, -3, 4, 0, -6]);
    expect(reference.subtract(column, row).shape).toEqual([2, 3]);
    expect([...reference.divide(reference.scalar(6), row).data]).toEqual([6, Infinity, -6]);
  });

  it('reduces over any axis', () => {
    expect(reference.sum(table, [0], false)).toEqual(tensor([3], [5, 7, 9]));
    expect(reference.sum(table, [-1], true)).toEqual(tensor([2, 1], [6, 15]));
    expect(reference.sum(table, [0, 1], false)).toEqual(tensor([], [21]));
    expect(reference.mean(table, -1)).toEqual(tensor([2, 1], [2, 5]));
    expect(reference.max(table, -1)).toEqual(tensor([2, 1], [3, 6]));
    expect(reference.argmax(tensor([2, 3], [1, 5, 5, 2, 0, 1]))).toEqual(tensor([2], [1, 0]));
  });

  it('takes softmax without overflow', () => {
    const rows = reference.softmax(tensor([2, 2], [1000, 1000 + Math.log(3), 0, 0]));
    expect(rows.data[0]).toBeCloseTo(0.25, 12);
    expect(rows.data[1]).toBeCloseTo(0.75, 12);
    expect([...rows.data.slice(2)]).toEqual([0.5, 0.5]);
  });

  it('multiplies matrices, batched and transposed', () => {
    const form = { rank: 3, transposeA: false, transposeB: true };
    const a = reference.reshape(table, [1, 2, 3]);
    expect(reference.matmul(a, a, form)).toEqual(tensor([1, 2, 2], [14, 32, 32, 77]));
    const flat = { rank: 2, transposeA: true, transposeB: false };
    const product = reference.matmul(table, tensor([2, 1], [1, -1]), flat);
    expect(product).toEqual(tensor([3, 1], [-3, -3, -3]));
  });

  it('moves, joins and picks', () => {
    expect(reference.transpose(table, [1, 0])).toEqual(tensor([3, 2], [1, 4, 2, 5, 3, 6]));
    expect(reference.reshape(table, [0, -1, 1]).shape).toEqual([2, 3, 1]);
    const joined = reference.concat([table, tensor([2, 1], [7, 8])], 1);
    expect(joined).toEqual(tensor([2, 4], [1, 2, 3, 7, 4, 5, 6, 8]));
    expect(reference.gather(table, tensor([1, 2], [1, 1]))).toEqual(
      tensor([1, 2, 3], [4, 5, 6, 4, 5, 6]),
    );
    expect(() => reference.gather(table, tensor([1], [2]))).toThrow('row 2 of 2');
    expect(reference.pick(table, tensor([2], [2, 0]))).toEqual(tensor([2], [3, 4]));
  });

  it('knows the functions of one value', () => {
    const x = tensor([3], [-1, 0, 4]);
    expect([...reference.relu(x).data]).toEqual([0, 0, 4]);
    expect([...reference.step(x).data]).toEqual([0, 0, 1]);
    expect([...reference.square(x).data]).toEqual([1, 0, 16]);
    expect(reference.sqrt(x).data[2]).toBe(2);
    expect(reference.log(tensor([], [Math.E])).data[0]).toBe(1);
    expect(reference.sigmoid(x).data[0]).toBeCloseTo(1 / (1 + Math.E), 15);
  });
});
