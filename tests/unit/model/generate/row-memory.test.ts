import { describe, expect, it } from 'vitest';
import { fillGaps, RowMemory } from '../../../../electron/model/generate/row-memory.ts';
import { placeTokens } from '../../../../electron/model/t5/packing.ts';

const dataOf = (memory: RowMemory, name: string): number[] => [
  ...(memory.tensors[name]?.data ?? []),
];

describe('rows that leave', () => {
  it('are replaced by the last ones, one move for each', () => {
    const order = (stays: string): number[] => fillGaps([...stays].map((letter) => letter === 'x'));
    expect(order('xxxx')).toEqual([0, 1, 2, 3]);
    expect(order('xx..')).toEqual([0, 1]);
    expect(order('.xxx')).toEqual([3, 1, 2]);
    expect(order('.x.xx')).toEqual([4, 1, 3]);
    expect(order('....')).toEqual([]);
    expect(order('')).toEqual([]);
  });

  it('take their memory with them', () => {
    const memory = RowMemory.of({
      a: { type: 'float32', shape: [4, 2], data: Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31) },
      b: { type: 'float32', shape: [4, 2], data: Float32Array.of(5, 5, 6, 6, 7, 7, 8, 8) },
    });
    const before = memory.tensors;
    memory.keep([0, 1, 2, 3]);
    expect(memory.tensors).toBe(before);
    memory.keep(fillGaps([false, true, true, true]));
    expect(memory.tensors['a']?.shape).toEqual([3, 2]);
    expect(dataOf(memory, 'a')).toEqual([30, 31, 10, 11, 20, 21]);
    expect(dataOf(memory, 'b')).toEqual([8, 8, 6, 6, 7, 7]);
    memory.copy(2, 0);
    expect(dataOf(memory, 'a')).toEqual([20, 21, 10, 11, 20, 21]);
  });

  it('leave the others where their input finds them', () => {
    const { slots, places } = placeTokens([1, 1, 1], [0, 1, 0], 2);
    // Input 0 has rows 0 and 2, input 1 row 1 and a place that nothing reads.
    expect(slots.shape).toEqual([2, 2, 2]);
    expect([...slots.data]).toEqual([0, 4, 1, 5, 2, 0, 3, 0]);
    expect(places.shape).toEqual([3, 2]);
    expect([...places.data]).toEqual([0, 2, 4, 6, 1, 3]);
  });
});
