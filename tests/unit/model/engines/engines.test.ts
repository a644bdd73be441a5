import { describe, expect, it } from 'vitest';
import { countCores, physicalCores } from '../../../../electron/model/engines/cores.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { Graph } from '../../../../electron/model/graph/graph.ts';
import { add } from '../../../../electron/model/graph/ops/index.ts';

describe('the count of cores', () => {
  const processor = (id: number, chip: number, core: number): string =>
    `processor\t: ${id}\nphysical id\t: ${chip}\ncore id\t\t: ${core}\n`;

  it('counts two threads of one core once, and equal core numbers of two chips twice', () => {
    const text = [processor(0, 0, 0), processor(1, 0, 0), processor(2, 0, 1), processor(3, 1, 0)];
    expect(countCores(text.join('\n'))).toBe(3);
  });

  it('says so when the text does not tell', () => {
    expect(countCores('processor\t: 0\nBogoMIPS\t: 108.00\n')).toBeNull();
  });

  it('finds at least one here', () => {
    expect(physicalCores()).toBeGreaterThanOrEqual(1);
  });
});

describe('a program', () => {
  const sumGraph = () => {
    const graph = new Graph('small sum');
    const a = graph.input('a', 'float32', ['n']);
    const b = graph.input('b', 'float32', ['n']);
    return emitGraph(graph, { sum: add(a, b) });
  };
  const vector = (...values: number[]) =>
    ({ type: 'float32', shape: [values.length], data: Float32Array.from(values) }) as const;

  it('writes into the tensor it is given, and sees changed contents of a fed one', async () => {
    const program = await (await openEngine()).compile(sumGraph());
    const memory = new Float32Array(10);
    const sum = { type: 'float32', shape: [2], data: memory.subarray(4, 6) } as const;
    const a = vector(1, 2);
    const b = vector(10, 20);
    const results = await program.run({ a, b }, { sum });
    expect(results['sum']).toBe(sum);
    expect([...memory]).toEqual([0, 0, 0, 0, 11, 22, 0, 0, 0, 0]);
    a.data[0] = 5;
    await program.run({ a, b }, { sum });
    expect([...sum.data]).toEqual([15, 22]);
    await program.dispose();
  });

  it('leaves the arithmetic of JavaScript’s smallest numbers alone', async () => {
    const program = await (await openEngine()).compile(sumGraph());
    await program.run({ a: vector(1), b: vector(2) }, { sum: null });
    const [smallest = 0] = Float64Array.of(Number.MIN_VALUE);
    expect(smallest * 3).toBe(1.5e-323);
    await program.dispose();
  });

  it('names the graph and the reason when it cannot run', async () => {
    const program = await (await openEngine()).compile(sumGraph());
    await expect(program.run({ a: vector(1) }, { sum: null })).rejects.toMatchObject({
      code: 'engine-failed',
      message: 'ONNX Runtime failed in the small sum: “b” was not given.',
    });
    const unequal = program.run({ a: vector(1, 2), b: vector(1, 2, 3) }, { sum: null });
    await expect(unequal).rejects.toThrow('ONNX Runtime failed in the small sum');
    await program.dispose();
  });
});
