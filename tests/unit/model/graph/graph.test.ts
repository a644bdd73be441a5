import { describe, expect, it } from 'vitest';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { Graph } from '../../../../electron/model/graph/graph.ts';
import {
  add,
  argmax,
  largestProbability,
  concat,
  gather,
  linear,
  matmul,
  reshape,
  scale,
  sum,
} from '../../../../electron/model/graph/ops/index.ts';
import { evaluate, floats, integers, named } from './run.ts';

describe('shape rules', () => {
  it('say which operation, which shapes and where', () => {
    const graph = new Graph('training step');
    const x = graph.input('x', 'float32', ['tokens', 128]);
    const weight = graph.input('weight', 'float32', [64, 512]);
    const build = () => graph.scope('encoder.block.0', () => linear(x, weight));
    expect(build).toThrow(
      'matmul([tokens, 128], [64, 512]) in training step, encoder.block.0: the inner sizes 128 and 512 differ',
    );
  });

  it('keep sizes that only a run knows', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', ['batch', 3, 'length']);
    const y = graph.input('y', 'float32', ['length']);
    expect(add(x, y).shape).toEqual(['batch', 3, 'length']);
    expect(sum(x, [-1], true).shape).toEqual(['batch', 3, 1]);
    expect(reshape(x, ['batch', 'rest']).shape).toEqual(['batch', 'rest']);
  });

  it('refuse what does not fit', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2, 3]);
    const y = graph.input('y', 'float32', [4]);
    const wide = graph.input('wide', 'float32', ['a', 'b']);
    expect(() => add(x, y)).toThrow('3 and 4 do not broadcast');
    expect(() => reshape(x, [4, 2])).toThrow('6 elements cannot become 8');
    expect(() => reshape(wide, ['c', 'd'])).toThrow('more than one size is unknown');
    expect(() => sum(x, [2], false)).toThrow('[2, 3] has no axis 2');
    expect(() => concat(x, wide, 0, 'n')).toThrow('the other axes than 0 differ');
    expect(() => graph.input('x', 'float32', [1])).toThrow('two inputs are named “x”');
    const other = new Graph('other').input('z', 'float32', [2, 3]);
    expect(() => add(x, other)).toThrow('an input is from another graph');
  });
});

describe('emission', () => {
  it('leaves out what the outputs do not need', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2]);
    const unused = graph.input('unused', 'float32', [2]);
    scale(unused, 3);
    const emitted = emitGraph(graph, { y: scale(x, 2) });
    expect(emitted.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(emitted.outputs).toEqual([{ name: 'y', type: 'float32', shape: [2] }]);
  });

  it('gives an input, and one value twice, as outputs', async () => {
    const results = await evaluate({ x: floats([2], [1, -2]) }, (nodes) => {
      const doubled = scale(named(nodes, 'x'), 2);
      return { same: named(nodes, 'x'), once: doubled, twice: doubled, more: scale(doubled, 2) };
    });
    expect([...(results['same']?.data ?? [])]).toEqual([1, -2]);
    expect([...(results['once']?.data ?? [])]).toEqual([2, -4]);
    expect([...(results['twice']?.data ?? [])]).toEqual([2, -4]);
    expect([...(results['more']?.data ?? [])]).toEqual([4, -8]);
  });

  it('runs the operations that have no derivative', async () => {
    const results = await evaluate(
      { a: floats([2, 3], [1, 5, 2, 7, 0, 7]), b: floats([1, 3], [9, 9, 9]) },
      (nodes) => {
        const [a, b] = [named(nodes, 'a'), named(nodes, 'b')];
        return {
          largest: argmax(a),
          probability: largestProbability(a),
          joined: concat(a, b, 0, 3),
          columns: sum(a, [0], false),
          rows: sum(a, [-1], true),
        };
      },
    );
    expect([...(results['largest']?.data ?? [])]).toEqual([1, 0]);
    const probabilities = [1 / (1 + Math.exp(-4) + Math.exp(-3)), 1 / (2 + Math.exp(-7))];
    probabilities.forEach((each, row) => {
      expect(results['probability']?.data[row]).toBeCloseTo(each, 6);
    });
    expect([...(results['joined']?.data ?? [])]).toEqual([1, 5, 2, 7, 0, 7, 9, 9, 9]);
    expect([...(results['columns']?.data ?? [])]).toEqual([8, 5, 9]);
    expect(results['rows']).toEqual(floats([2, 1], [8, 14]));
  });

  it('multiplies matrices in every orientation', async () => {
    const inputs = {
      a: floats([2, 3], [1, 2, 3, 4, 5, 6]),
      at: floats([3, 2], [1, 4, 2, 5, 3, 6]),
      b: floats([3, 2], [7, 8, 9, 10, 11, 12]),
      bt: floats([2, 3], [7, 9, 11, 8, 10, 12]),
    };
    const results = await evaluate(inputs, (nodes) => {
      const n = (name: string) => named(nodes, name);
      return {
        plain: matmul(n('a'), n('b')),
        first: matmul(n('at'), n('b'), { transposeA: true }),
        second: matmul(n('a'), n('bt'), { transposeB: true }),
        both: matmul(n('at'), n('bt'), { transposeA: true, transposeB: true }),
        batched: matmul(reshape(n('at'), [1, 3, 2]), reshape(n('bt'), [1, 2, 3]), {
          transposeA: true,
          transposeB: true,
        }),
      };
    });
    for (const [name, { data }] of Object.entries(results)) {
      expect([...data], name).toEqual([58, 64, 139, 154]);
    }
  });

  it('picks rows by index', async () => {
    const results = await evaluate(
      { table: floats([3, 2], [1, 2, 3, 4, 5, 6]), ids: integers([2, 2], [2, 0, 2, 1]) },
      (nodes) => ({ rows: gather(named(nodes, 'table'), named(nodes, 'ids')) }),
    );
    expect(results['rows']).toEqual(floats([2, 2, 2], [5, 6, 1, 2, 5, 6, 3, 4]));
  });
});
