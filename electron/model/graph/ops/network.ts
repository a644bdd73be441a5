import {
  axisOf,
  fixedAxis,
  inputOf,
  nth,
  sameShape,
  type Node,
  type Operation,
  type Shape,
  type SparseRows,
} from '../graph.ts';
import type { MatmulForm, Primitives } from '../primitives.ts';
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
 * `x` times a mask that the host drew: 0 where an element is dropped, else the inverse of the share
 * that is kept (Srivastava et al. 2014, in the "inverted" form, which leaves prediction as it is).
 * The mask is data: it has no gradient, and every engine computes the same.
 */
const dropoutOperation: Operation = {
  name: 'dropout',
  shape: (inputs) => {
    const [x, mask] = [nth(inputs, 0), nth(inputs, 1)];
    if (!sameShape(x, mask)) throw new RangeError('the mask has another shape');
    return x;
  },
  vjp: (node, d) => [() => dropout(d, inputOf(node, 1)), null],
  compute: ({ on, input }) => on.multiply(input(0), input(1)),
};

export const dropout = (x: Node, mask: Node): Node => x.graph.apply(dropoutOperation, [x, mask]);

/**
 * softmax(scores) values: `scores` [batch, heads, query, key], `values` [batch, heads, key, size].
 *
 * With P the probabilities, Y = P V the result and dY its cotangent, dP = dY V^T, and softmax's
 * derivative is dS = P * (dP - r) with r, per query, the sum over keys of P * dP. That equals the sum
 * over `size` of Y * dY (Dao et al. 2022, FlashAttention, appendix B.2), which is far smaller.
 */
const attendOperation: Operation = {
  name: 'attend',
  shape: attendShape,
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
    return on.matmul(p, input(1), plainProduct(node));
  },
};

/**
 * (softmax(scores) * mask) values, `mask` shaped as `scores`: dropout on the attention weights.
 *
 * With Q = P * M and Y = Q V, dQ = dY V^T, dV = Q^T dY and dP = M * dQ. The shortcut still holds,
 * because it needs only the sum over keys of P * dP = P * M * dQ = Q * (dY V^T), and that is the
 * sum over `size` of Y * dY with the Y that dropout left. Hence dS = P * (dP - r) = Q * dQ - P * r.
 */
const attendDroppedOperation: Operation = {
  name: 'attendDropped',
  shape: (inputs) => {
    if (!sameShape(nth(inputs, 0), nth(inputs, 2))) {
      throw new RangeError('the mask has another shape');
    }
    return attendShape(inputs);
  },
  auxiliaries: {
    probabilities: (inputs) => nth(inputs, 0),
    dropped: (inputs) => nth(inputs, 0),
  },
  vjp: (node, d) => {
    const q = node.graph.auxiliary(node, 'dropped');
    const values = inputOf(node, 1);
    return [
      () => {
        const p = node.graph.auxiliary(node, 'probabilities');
        const dq = matmul(d, values, { transposeB: true });
        const r = sum(multiply(d, node), [-1], true);
        return subtract(multiply(q, dq), multiply(p, r));
      },
      () => matmul(q, d, { transposeA: true }),
      null,
    ];
  },
  compute: ({ on, input, node, keep }) => {
    const p = on.softmax(input(0));
    const q = on.multiply(p, input(2));
    keep('probabilities', p);
    keep('dropped', q);
    return on.matmul(q, input(1), plainProduct(node));
  },
};

/** Attention's mixture of `values`; with a mask, after dropout of the weights. */
export const attend = (scores: Node, values: Node, mask: Node | null = null): Node =>
  mask === null
    ? scores.graph.apply(attendOperation, [scores, values])
    : scores.graph.apply(attendDroppedOperation, [scores, values, mask]);

function attendShape(inputs: readonly Shape[]): Shape {
  const [scores, values] = [nth(inputs, 0), nth(inputs, 1)];
  if (axisOf(scores, -1) !== axisOf(values, -2)) throw new RangeError('the keys differ');
  return [...scores.slice(0, -1), axisOf(values, -1)];
}

const plainProduct = (node: Node): MatmulForm => ({
  rank: node.shape.length,
  transposeA: false,
  transposeB: false,
});

/**
 * The output head and its loss in one: -log softmax(hidden head^T)[label] for every token, in nats.
 * `hidden` [tokens, width], `head` [vocabulary, width], `labels` [tokens] -> [tokens].
 *
 * With `smoothing` e above zero (Szegedy et al. 2016, section 7; the same numbers as
 * `LabelSmoother` in Hugging Face's `trainer_pt_utils.py`), (1 - e) of the target stays at the label
 * and e is spread evenly over all V tokens of the vocabulary, the label included. With logits z:
 * loss = (1 - e) (log sum exp z - z[label]) + e (log sum exp z - mean z)
 *      = log sum exp z - (1 - e) z[label] - e mean z,
 * and its derivative by z is softmax(z) - e / V, less (1 - e) in the label's column.
 *
 * The cotangent (the weight of each token) is applied to [tokens, width] rather than to
 * [tokens, vocabulary], and the label's column becomes a row-sparse gradient.
 */
export function crossEntropy(hidden: Node, head: Node, labels: Node, smoothing = 0): Node {
  const sharp = 1 - smoothing;
  // Nothing is added to the graph of the plain loss.
  const sharpened = (rows: Node): Node => (smoothing === 0 ? rows : scale(rows, sharp));
  const operation: Operation = {
    name: 'crossEntropy',
    shape: crossEntropyShape,
    auxiliaries: {
      /** The derivative by the logits, without the label's part. */
      spread: (inputs) => [axisOf(nth(inputs, 0), 0), axisOf(nth(inputs, 1), 0)],
      /** Of every token of the vocabulary, for `agreement`; without smoothing they are `spread`. */
      ...(smoothing > 0 && {
        probabilities: (inputs: readonly Shape[]) => [
          axisOf(nth(inputs, 0), 0),
          axisOf(nth(inputs, 1), 0),
        ],
      }),
    },
    vjp: (node, d) => {
      const spread = node.graph.auxiliary(node, 'spread');
      const weight = reshape(d, [...d.shape, 1]);
      return [
        () => multiply(subtract(matmul(spread, head), sharpened(gather(head, labels))), weight),
        () => {
          const weighted = multiply(hidden, weight);
          const rest: SparseRows = { ids: labels, rows: scale(weighted, -sharp) };
          return [matmul(spread, weighted, { transposeA: true }), rest];
        },
        null,
      ];
    },
    compute: ({ on, input, keep }) => {
      const form = { rank: 2, transposeA: false, transposeB: true };
      const logits = on.matmul(input(0), input(1), form);
      const p = on.softmax(logits);
      const total = on.reshape(logTotal(on, logits, p), [-1]);
      const picked = on.pick(logits, input(2));
      if (smoothing === 0) {
        keep('spread', p);
        return on.subtract(total, picked);
      }
      keep('probabilities', p);
      keep('spread', on.subtract(p, on.scalar(smoothing / fixedAxis(head.shape, 0))));
      const mean = on.reshape(on.mean(logits, -1), [-1]);
      const expected = on.add(
        on.multiply(picked, on.scalar(sharp)),
        on.multiply(mean, on.scalar(smoothing)),
      );
      return on.subtract(total, expected);
    },
  };
  return hidden.graph.apply(operation, [hidden, head, labels]);
}

const logSumExpOperation: Operation = {
  name: 'logSumExp',
  shape: (inputs) => nth(inputs, 0).slice(0, -1),
  auxiliaries: { probabilities: (inputs) => nth(inputs, 0) },
  vjp: (node, d) => [
    () => multiply(node.graph.auxiliary(node, 'probabilities'), reshape(d, [...d.shape, 1])),
  ],
  compute: ({ on, input, keep }) => {
    const p = on.softmax(input(0));
    keep('probabilities', p);
    return on.reshape(logTotal(on, input(0), p), [-1]);
  },
};

/** log of the sum of e^x over each row of `a` [rows, width], without overflow: [rows]. */
export const logSumExp = (a: Node): Node => a.graph.apply(logSumExpOperation, [a]);

/**
 * The logarithm of the sum of exponentials of each row, from their softmax: the largest logit less
 * the log of the largest probability. Exact where other probabilities are too small for a float.
 */
export function logTotal<T>(on: Primitives<T>, logits: T, probabilities: T): T {
  return on.subtract(on.max(logits, -1), on.log(on.max(probabilities, -1)));
}

function crossEntropyShape(inputs: readonly Shape[]): Shape {
  const [hidden, head, labels] = [nth(inputs, 0), nth(inputs, 1), nth(inputs, 2)];
  if (axisOf(hidden, 1) !== axisOf(head, 1)) throw new RangeError('the widths differ');
  if (axisOf(hidden, 0) !== axisOf(labels, 0)) throw new RangeError('the token counts differ');
  return labels;
}
