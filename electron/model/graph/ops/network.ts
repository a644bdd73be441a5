import {
  axisOf,
  fixedAxis,
  inputOf,
  nth,
  sameShape,
  type Node,
  type Operation,
  type SparseRows,
} from '../graph.ts';
import { divide, multiply, scale, subtract } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { gather } from './rows.ts';
import { reshape, sum } from './shape.ts';

/** Layers whose derivative is written out, because it then takes fewer passes over memory. */

/**
 * Root-mean-square normalisation without mean subtraction or bias, T5's layer norm:
 * y = w x / sqrt(mean(x^2) + epsilon), over the last axis of `x` [N, width].
 */
export function rmsNorm(x: Node, weight: Node, epsilon: number): Node {
  const operation: Operation = {
    name: 'rmsNorm',
    shape: (inputs) => {
      const [input, w] = [nth(inputs, 0), nth(inputs, 1)];
      if (!sameShape(w, [axisOf(input, -1)])) throw new RangeError('the weight has another width');
      return input;
    },
    auxiliaries: {
      normalized: (inputs) => nth(inputs, 0),
      rms: (inputs) => [...nth(inputs, 0).slice(0, -1), 1],
    },
    // With h = x / rms and t = d w: dx = (t - h mean(t h)) / rms, and dw = sum over rows of d h.
    vjp: (node, d) => {
      const { graph } = node;
      const w = inputOf(node, 1);
      const width = fixedAxis(node.shape, -1);
      const h = graph.auxiliary(node, 'normalized');
      const rms = graph.auxiliary(node, 'rms');
      const dh = multiply(d, h);
      return [
        () => {
          // mean(t h) is the product of d h with w, a matrix-vector product.
          const mean = scale(matmul(dh, reshape(w, [width, 1])), 1 / width);
          return divide(subtract(multiply(d, w), multiply(h, mean)), rms);
        },
        () => sum(dh, [0], false),
      ];
    },
    compute: ({ on, input, keep }) => {
      const x = input(0);
      // In ONNX, Runtime recognises exactly this chain and makes one kernel of it in decoding.
      const rms = on.sqrt(on.add(on.mean(on.square(x), -1), on.scalar(epsilon)));
      const normalized = on.divide(x, rms);
      keep('rms', rms);
      keep('normalized', normalized);
      return on.multiply(normalized, input(1));
    },
  };
  return x.graph.apply(operation, [x, weight]);
}

/**
 * softmax(scores) values: `scores` [batch, heads, query, key], `values` [batch, heads, key, size].
 *
 * The derivative of softmax needs, per query, the sum over keys of probability times cotangent. That
 * equals the sum over `size` of result times its cotangent (Dao et al. 2022, FlashAttention, appendix
 * B.2), which is far smaller.
 */
const attendOperation: Operation = {
  name: 'attend',
  shape: (inputs) => {
    const [scores, values] = [nth(inputs, 0), nth(inputs, 1)];
    if (axisOf(scores, -1) !== axisOf(values, -2)) throw new RangeError('the keys differ');
    return [...scores.slice(0, -1), axisOf(values, -1)];
  },
  auxiliaries: { probabilities: (inputs) => nth(inputs, 0) },
  vjp: (node, d) => {
    const p = node.graph.auxiliary(node, 'probabilities');
    const values = inputOf(node, 1);
    return [
      () => {
        const dp = matmul(d, values, { transposeB: true });
        return multiply(p, subtract(dp, sum(multiply(d, node), [-1], true)));
      },
      () => matmul(p, d, { transposeA: true }),
    ];
  },
  compute: ({ on, input, node, keep }) => {
    const p = on.softmax(input(0));
    keep('probabilities', p);
    return on.matmul(p, input(1), {
      rank: node.shape.length,
      transposeA: false,
      transposeB: false,
    });
  },
};

export const attend = (scores: Node, values: Node): Node =>
  scores.graph.apply(attendOperation, [scores, values]);

/**
 * The output head and its loss in one: -log softmax(hidden head^T)[label] for every token, in nats.
 * `hidden` [tokens, width], `head` [vocabulary, width], `labels` [tokens] -> [tokens].
 *
 * The cotangent (the weight of each token) is applied to [tokens, width] rather than to
 * [tokens, vocabulary], and the minus-one of the label's column becomes a row-sparse gradient.
 */
const crossEntropyOperation: Operation = {
  name: 'crossEntropy',
  shape: (inputs) => {
    const [hidden, head, labels] = [nth(inputs, 0), nth(inputs, 1), nth(inputs, 2)];
    if (axisOf(hidden, 1) !== axisOf(head, 1)) throw new RangeError('the widths differ');
    if (axisOf(hidden, 0) !== axisOf(labels, 0)) throw new RangeError('the token counts differ');
    return labels;
  },
  auxiliaries: {
    probabilities: (inputs) => [axisOf(nth(inputs, 0), 0), axisOf(nth(inputs, 1), 0)],
  },
  vjp: (node, d) => {
    const [hidden, head, labels] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const p = node.graph.auxiliary(node, 'probabilities');
    const weight = reshape(d, [...d.shape, 1]);
    return [
      () => multiply(subtract(matmul(p, head), gather(head, labels)), weight),
      () => {
        const weighted = multiply(hidden, weight);
        const rest: SparseRows = { ids: labels, rows: scale(weighted, -1) };
        return [matmul(p, weighted, { transposeA: true }), rest];
      },
      null,
    ];
  },
  compute: ({ on, input, keep }) => {
    const logits = on.matmul(input(0), input(1), { rank: 2, transposeA: false, transposeB: true });
    const p = on.softmax(logits);
    keep('probabilities', p);
    // log of the sum of exponentials = largest logit - log(largest probability): exact where the
    // label's own probability is too small for a float.
    const normalizer = on.subtract(on.max(logits, -1), on.log(on.max(p, -1)));
    return on.subtract(on.reshape(normalizer, [-1]), on.pick(logits, input(2)));
  },
};

export const crossEntropy = (hidden: Node, head: Node, labels: Node): Node =>
  hidden.graph.apply(crossEntropyOperation, [hidden, head, labels]);
