import { axisOf, fixedAxis, inputOf, nth, sameShape, type Node, type Operation } from '../graph.ts';
import type { Primitives } from '../primitives.ts';
import { logTotal } from './network.ts';
import { matmul } from './matmul.ts';

/**
 * How much the texts of two tasks have in common, as a loss: the mutual-information term of Chen et
 * al. 2024 (arXiv 2403.03348, "Learning to Maximize Mutual Information for Chain-of-Thought
 * Distillation").
 *
 * A label and a rationale have different lengths, so each text's distributions over the vocabulary
 * are first brought together by max pooling: a token's number is the largest probability that it has
 * anywhere in the text. Label and rationale then have one vector each, q and m. The loss of a pair is
 * the cross-entropy with q as the target: l = - sum over v of q[v] log softmax(m)[v].
 *
 * This is the form of the authors' published code (`compute_loss` in `model_utils.py`), which their
 * weight of 0.1 belongs to, and it keeps that code's two peculiarities: pooled probabilities stand in
 * the softmax where logits would, and q, whose sum is between one and the number of label tokens, is
 * not normalised. As there, q counts as a constant: the explain task learns to speak of the label, and
 * the predict task is not drawn towards the rationale. Unlike there, padding has no part in it.
 */

/** Which of the packed tokens each pair's rationale has. */
export interface RationaleTokens {
  /** [pairs, length]: rows in the packed tokens; a shorter text repeats one of its own. */
  readonly slots: Node;
  /** [tokens]: the pair that a token belongs to; for a token without one, the number of pairs. */
  readonly owners: Node;
}

const mostProbableOperation: Operation = {
  name: 'mostProbable',
  shape: (inputs) => [axisOf(nth(inputs, 1), 0), axisOf(nth(inputs, 0), 1)],
  compute: ({ on, input }) => pooled(on, input(0), input(1)),
};

/**
 * The largest probability that each token of the vocabulary has anywhere in a text:
 * [pairs, vocabulary]. Has no derivative: it is the target of `agreement`.
 *
 * @param losses a result of `crossEntropy`, whose probabilities are looked at
 * @param slots [pairs, length]: the texts' rows in the packed tokens
 */
export function mostProbable(losses: Node, slots: Node): Node {
  return losses.graph.apply(mostProbableOperation, [probabilitiesOf(losses), slots]);
}

/**
 * The loss of each pair, nats: [pairs].
 *
 * With T the sum of a pair's target q, the derivative by m is T softmax(m) - q. It goes to the token
 * where the vocabulary's largest probability was found (to each of several equal ones), and from there
 * through the softmax of the logits: with p the probabilities and g what arrives,
 * dz = p (g - sum over v of p g).
 *
 * @param losses a result of `crossEntropy`, whose probabilities are looked at
 * @param target [pairs, vocabulary], from `mostProbable`
 */
export function agreement(losses: Node, rationales: RationaleTokens, target: Node): Node {
  const { graph } = losses;
  const [hidden, head] = [inputOf(losses, 0), inputOf(losses, 1)];
  const p = probabilitiesOf(losses);
  const { slots, owners } = rationales;
  return graph.apply(agreementOperation, [hidden, head, p, target, slots, owners]);
}

const agreementOperation: Operation = {
  name: 'agreement',
  shape: (inputs) => {
    const [p, target] = [nth(inputs, 2), nth(inputs, 3)];
    const [slots, owners] = [nth(inputs, 4), nth(inputs, 5)];
    if (!sameShape(target, [axisOf(slots, 0), axisOf(p, 1)])) {
      throw new RangeError('the target is not one row of the vocabulary for each pair');
    }
    if (axisOf(owners, 0) !== axisOf(p, 0)) throw new RangeError('the token counts differ');
    return [axisOf(slots, 0)];
  },
  auxiliaries: { largest: (inputs) => nth(inputs, 3), share: (inputs) => nth(inputs, 3) },
  vjp: (node, d) => {
    const { graph } = node;
    const [hidden, head] = [inputOf(node, 0), inputOf(node, 1)];
    const given = [2, 3, 5].map((index) => inputOf(node, index));
    const kept = ['largest', 'share'].map((key) => graph.auxiliary(node, key));
    const dz = graph.apply(logitsGradientOperation, [d, ...given, ...kept]);
    return [() => matmul(dz, head), () => matmul(dz, hidden, { transposeA: true })];
  },
  compute: ({ on, input, keep }) => {
    const [p, target, slots] = [input(2), input(3), input(4)];
    const largest = pooled(on, p, slots);
    const share = on.softmax(largest);
    keep('largest', largest);
    keep('share', share);
    const surprise = on.subtract(logTotal(on, largest, share), largest);
    return on.sum(on.multiply(target, surprise), [-1], false);
  },
};

/** Derivative of the pairs' losses by the logits of all tokens, [tokens, vocabulary]. */
const logitsGradientOperation: Operation = {
  name: 'agreementGradient',
  shape: (inputs) => nth(inputs, 1),
  compute: ({ on, input, node }) => {
    const [d, p, target] = [input(0), input(1), input(2)];
    const [owners, largest, share] = [input(3), input(4), input(5)];
    const total = on.sum(target, [-1], true);
    const slope = on.subtract(on.multiply(total, share), target);
    const weighted = on.multiply(slope, on.reshape(d, [-1, 1]));
    // Tokens without a pair look at a row of zeros, which leaves them without a gradient.
    const none = on.zeros([1, fixedAxis(node.shape, 1)]);
    const ofToken = (rows: typeof none): typeof none =>
      on.gather(on.concat([rows, none], 0), owners);
    const below = on.step(on.subtract(ofToken(largest), p));
    const arriving = on.multiply(ofToken(weighted), on.subtract(on.scalar(1), below));
    const mean = on.sum(on.multiply(p, arriving), [-1], true);
    return on.multiply(p, on.subtract(arriving, mean));
  },
};

function pooled<T>(on: Primitives<T>, probabilities: T, slots: T): T {
  return on.reshape(on.max(on.gather(probabilities, slots), 1), [0, -1]);
}

/** Those of every token that `crossEntropy` has computed; it names them by what else they serve for. */
function probabilitiesOf(losses: Node): Node {
  const smoothed = losses.operation.auxiliaries?.['probabilities'] !== undefined;
  return losses.graph.auxiliary(losses, smoothed ? 'probabilities' : 'spread');
}
