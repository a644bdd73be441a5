import { describe, expect, it } from 'vitest';
import { Graph, type Node } from '../../../../electron/model/graph/graph.ts';
import { gradients } from '../../../../electron/model/graph/gradient.ts';
import * as operations from '../../../../electron/model/graph/ops/index.ts';
import { compareGradients, floats, integers, noise, type GradientCase } from './run.ts';

const {
  add,
  addAll,
  attend,
  crossEntropy,
  divide,
  gather,
  gelu,
  linear,
  matmul,
  mergeHeads,
  multiply,
  relu,
  reshape,
  rmsNorm,
  scale,
  splitHeads,
  subtract,
  transpose,
} = operations;

type Build = GradientCase['build'];

const twoInputs = (a: number[], b: number[], build: Build): GradientCase => ({
  inputs: { a: noise(a, 1), b: noise(b, 2) },
  wanted: ['a', 'b'],
  build,
});

const oneInput = (shape: number[], build: Build): GradientCase => ({
  inputs: { a: noise(shape, 3) },
  wanted: ['a'],
  build,
});

/** Two rows of 2 and 3 tokens, 2 heads: token t of row b, head h, at packed row (first[b] + t) * 2 + h. */
const grid = {
  slots: integers([2, 2, 3], [0, 2, 0, 1, 3, 1, 4, 6, 8, 5, 7, 9]),
  slotsOrZero: integers([2, 2, 3], [0, 2, 10, 1, 3, 10, 4, 6, 8, 5, 7, 9]),
  places: integers([5, 2], [0, 3, 1, 4, 6, 9, 7, 10, 8, 11]),
};
const gridOf = (node: (name: string) => Node) => ({
  slots: node('slots'),
  slotsOrZero: node('slotsOrZero'),
  places: node('places'),
});

/** Away from relu's corner, where differences mean nothing. */
const offCorner = floats([2, 4], [-1.5, -0.4, -0.1, 0.2, 0.9, 1.7, -2.2, 0.5]);

/** At least one case for every operation with a derivative. */
const cases: Readonly<Record<string, GradientCase>> = {
  add: twoInputs([2, 3], [2, 3], (n) => add(n('a'), n('b'))),
  'add, stretched both ways': twoInputs([2, 3, 1], [4], (n) => add(n('a'), n('b'))),
  addAll: twoInputs([2, 3], [2, 3], (n) => addAll([n('a'), n('b'), n('a')])),
  attend: {
    inputs: { scores: noise([1, 2, 3, 4], 4), values: noise([1, 2, 4, 2], 5) },
    wanted: ['scores', 'values'],
    build: (n) => attend(n('scores'), n('values')),
  },
  crossEntropy: {
    inputs: {
      hidden: noise([4, 3], 6),
      head: noise([5, 3], 7),
      labels: integers([4], [2, 0, 2, 4]),
    },
    wanted: ['hidden', 'head'],
    build: (n) => crossEntropy(n('hidden'), n('head'), n('labels')),
  },
  divide: {
    inputs: { a: noise([2, 3], 11), b: floats([2, 1], [1.5, -2]) },
    wanted: ['a', 'b'],
    build: (n) => divide(n('a'), n('b')),
  },
  gather: {
    inputs: { table: noise([4, 3], 8), ids: integers([2, 3], [1, 1, 3, 0, 1, 3]) },
    wanted: ['table'],
    build: (n) => gather(n('table'), n('ids')),
  },
  gelu: oneInput([3, 4], (n) => gelu(n('a'))),
  linear: twoInputs([4, 3], [2, 3], (n) => linear(n('a'), n('b'))),
  matmul: twoInputs([4, 3], [3, 2], (n) => matmul(n('a'), n('b'))),
  'matmul, first transposed': twoInputs([3, 4], [3, 2], (n) =>
    matmul(n('a'), n('b'), { transposeA: true }),
  ),
  'matmul, both transposed': twoInputs([3, 4], [2, 3], (n) =>
    matmul(n('a'), n('b'), { transposeA: true, transposeB: true }),
  ),
  'matmul, batches': twoInputs([2, 3, 4], [2, 4, 2], (n) => matmul(n('a'), n('b'))),
  'matmul, batches, second transposed': twoInputs([2, 2, 3, 4], [2, 2, 5, 4], (n) =>
    matmul(n('a'), n('b'), { transposeB: true }),
  ),
  mergeHeads: {
    inputs: { a: noise([2, 2, 3, 2], 9), ...grid },
    wanted: ['a'],
    build: (n) => mergeHeads(n('a'), gridOf(n)),
  },
  multiply: twoInputs([2, 3], [2, 3], (n) => multiply(n('a'), n('b'))),
  'multiply, stretched': twoInputs([2, 3], [2, 1], (n) => multiply(n('a'), n('b'))),
  relu: { inputs: { a: offCorner }, wanted: ['a'], build: (n) => relu(n('a')) },
  reshape: oneInput([2, 6], (n) => multiply(reshape(n('a'), [3, 4]), reshape(n('a'), [3, 4]))),
  rmsNorm: twoInputs([3, 4], [4], (n) => rmsNorm(n('a'), n('b'), 1e-6)),
  scale: oneInput([2, 3], (n) => scale(n('a'), -2.5)),
  splitHeads: {
    inputs: { a: noise([5, 4], 10), ...grid },
    wanted: ['a'],
    // As in attention: nothing of the padding reaches the result.
    build: (n) => mergeHeads(scale(splitHeads(n('a'), gridOf(n)), 2), gridOf(n)),
  },
  subtract: twoInputs([2, 3], [3], (n) => subtract(n('a'), n('b'))),
  transpose: oneInput([2, 3, 4], (n) => transpose(n('a'), [2, 0, 1])),
};

describe('reverse-mode differentiation against central differences', () => {
  const withoutDerivative = ['argmax', 'concat', 'sum'];

  it('has a case for every differentiable operation', () => {
    const covered = new Set(Object.keys(cases).map((title) => title.split(',')[0]));
    const expected = Object.keys(operations).filter((name) => !withoutDerivative.includes(name));
    expect([...covered].sort()).toEqual(expected.sort());
  });

  for (const [title, test] of Object.entries(cases)) {
    it(title, async () => {
      for (const [name, { analytic, numeric }] of await compareGradients(test)) {
        const largest = Math.max(...numeric.map(Math.abs));
        expect(largest, name).toBeGreaterThan(0.05);
        numeric.forEach((value, index) => {
          const error = Math.abs(value - (analytic[index] ?? Number.NaN)) / largest;
          expect(error, `${name}[${index}]`).toBeLessThan(2e-3);
        });
      }
    });
  }
});

describe('what cannot be differentiated', () => {
  const table = (graph: Graph): Node => graph.input('table', 'float32', [4, 2]);

  it('names the operation without a derivative and where it is', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const y = graph.scope('encoder.block.0', () => operations.sum(x, [0], false));
    expect(() => gradients(y, y, [x])).toThrow('sum in test model, encoder.block.0: no derivative');
  });

  it('names a parameter that has no influence', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const unused = graph.input('unused', 'float32', [2]);
    const y = scale(x, 2);
    expect(() => gradients(y, y, [x, unused])).toThrow('does not depend on unused');
  });

  it('refuses rows of a computed table', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const y = gather(scale(x, 2), graph.input('ids', 'int32', [3]));
    expect(() => gradients(y, y, [x])).toThrow('rows are gathered from a computed table');
  });
});
