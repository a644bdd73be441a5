import type { Node } from '../../../../electron/model/graph/graph.ts';
import * as operations from '../../../../electron/model/graph/ops/index.ts';
import { floats, integers, noise, type GradientCase } from './run.ts';

/** At least one case for every operation with a derivative, for whoever checks operations. */

const {
  add,
  addAll,
  agreement,
  attend,
  crossEntropy,
  divide,
  dropout,
  gather,
  gelu,
  linear,
  logSumExp,
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

/** Every third weight is dropped. */
const attentionMask = floats(
  [1, 2, 3, 4],
  Array.from({ length: 24 }, (_unused, index) => (index % 3 === 0 ? 0 : 1.5)),
);

/** Six tokens: 1 to 3 are the first pair's rationale, 5 is the second's, and 0 and 4 belong to none. */
const pairs = {
  hidden: noise([6, 3], 20),
  head: noise([5, 3], 21),
  labels: integers([6], [2, 0, 2, 4, 1, 3]),
  // Not normalised, as the pooled probabilities of several tokens are.
  target: floats([2, 5], [0.7, 0.1, 0.05, 0.9, 0.2, 0.1, 0.6, 0.2, 0.05, 0.3]),
  slots: integers([2, 3], [1, 2, 3, 5, 5, 5]),
  owners: integers([6], [2, 0, 0, 0, 2, 1]),
};
const lossesOf = (node: (name: string) => Node, smoothing: number): Node =>
  crossEntropy(node('hidden'), node('head'), node('labels'), smoothing);
const tokensOf = (node: (name: string) => Node) => ({
  slots: node('slots'),
  owners: node('owners'),
});

export const cases: Readonly<Record<string, GradientCase>> = {
  add: twoInputs([2, 3], [2, 3], (n) => add(n('a'), n('b'))),
  'add, stretched both ways': twoInputs([2, 3, 1], [4], (n) => add(n('a'), n('b'))),
  addAll: twoInputs([2, 3], [2, 3], (n) => addAll([n('a'), n('b'), n('a')])),
  agreement: {
    inputs: pairs,
    wanted: ['hidden', 'head'],
    // Weighed up, so that its differences stand out from rounding.
    build: (n) => scale(agreement(lossesOf(n, 0.1), tokensOf(n), n('target')), 10),
  },
  'agreement, beside the losses': {
    inputs: pairs,
    wanted: ['hidden', 'head'],
    build: (n) => {
      const losses = lossesOf(n, 0);
      const shared = agreement(losses, tokensOf(n), n('target'));
      return add(reshape(losses, [2, 3]), reshape(shared, [2, 1]));
    },
  },
  attend: {
    inputs: { scores: noise([1, 2, 3, 4], 4), values: noise([1, 2, 4, 2], 5) },
    wanted: ['scores', 'values'],
    build: (n) => attend(n('scores'), n('values')),
  },
  'attend, dropped weights': {
    inputs: { scores: noise([1, 2, 3, 4], 4), values: noise([1, 2, 4, 2], 5), mask: attentionMask },
    wanted: ['scores', 'values'],
    build: (n) => attend(n('scores'), n('values'), n('mask')),
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
  'crossEntropy, smoothed': {
    inputs: {
      hidden: noise([4, 3], 6),
      head: noise([5, 3], 7),
      labels: integers([4], [2, 0, 2, 4]),
    },
    wanted: ['hidden', 'head'],
    build: (n) => crossEntropy(n('hidden'), n('head'), n('labels'), 0.3),
  },
  divide: {
    inputs: { a: noise([2, 3], 11), b: floats([2, 1], [1.5, -2]) },
    wanted: ['a', 'b'],
    build: (n) => divide(n('a'), n('b')),
  },
  dropout: {
    inputs: { a: noise([2, 3], 12), mask: floats([2, 3], [0, 1.5, 1.5, 0, 0, 1.5]) },
    wanted: ['a'],
    build: (n) => multiply(dropout(n('a'), n('mask')), n('a')),
  },
  gather: {
    inputs: { table: noise([4, 3], 8), ids: integers([2, 3], [1, 1, 3, 0, 1, 3]) },
    wanted: ['table'],
    build: (n) => gather(n('table'), n('ids')),
  },
  gelu: oneInput([3, 4], (n) => gelu(n('a'))),
  linear: twoInputs([4, 3], [2, 3], (n) => linear(n('a'), n('b'))),
  logSumExp: oneInput([3, 4], (n) => multiply(logSumExp(n('a')), logSumExp(n('a')))),
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

/** Operations that gradients never pass through. */
export const withoutDerivative: readonly string[] = [
  'argmax',
  'concat',
  'largestProbability',
  'mostProbable',
  'sum',
];
