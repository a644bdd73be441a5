import type { Float32Tensor } from '../engines/engine.ts';
import { emitGraph, type EmittedGraph } from '../graph/emit.ts';
import { Graph, type Node } from '../graph/graph.ts';
import {
  add,
  argmax,
  attend,
  crossEntropy,
  gather,
  largestProbability,
  linear,
  logSumExp,
  matmul,
  mergeHeads,
  multiply,
  reshape,
  splitHeads,
  sum,
  type TokenGrid,
} from '../graph/ops/index.ts';
import type { T5Config } from './config.ts';
import { T5Network, type AttentionLayer } from './network.ts';

/**
 * The graphs for decoding. Wherever the decoder runs, `batch` counts inputs; several rows of one
 * input (beams, samples, labels) share its keys and values of cross-attention and stand there as
 * several queries.
 */

/** Parameters that never change again, by name; they become constants of the graph. */
export type FixedParameters = Readonly<Record<string, Float32Tensor>>;

/**
 * The encoder for decoding: keys and values of every decoder block's cross-attention, since they
 * do not change from token to token. Outputs `cross.key.N` and `cross.value.N`
 * [batch, heads, source length, size].
 */
export function encoderGraph(config: T5Config, fixed: FixedParameters = {}): EmittedGraph {
  const network = new T5Network(new Graph('encoder'), config);
  const source = network.tokenInputs('source');
  const states = network.encode(source, network.sourceMask());
  const outputs: Record<string, Node> = {};
  for (let block = 0; block < config.numDecoderLayers; block++) {
    const prefix = `decoder.block.${block}.layer.1.EncDecAttention`;
    outputs[`cross.key.${block}`] = splitHeads(network.project(prefix, 'k', states), source);
    outputs[`cross.value.${block}`] = splitHeads(network.project(prefix, 'v', states), source);
  }
  return emitGraph(network.graph, outputs, fixed);
}

/**
 * One token for every row. Inputs:
 * - `token` [rows];
 * - `cross.key.N`, `cross.value.N` and `source.mask` of the encoder;
 * - `cross.slots` [batch, heads, rows of one input] and `cross.places` [rows, heads], which say
 *   which rows belong to which input (see `TokenGrid`);
 * - `self.key.N`, `self.value.N` [rows, heads, capacity, size]: the tokens before, then zeros;
 * - `step.buckets` [1, capacity], `step.mask` [1, 1, 1, capacity], which hides the places after this
 *   token, and `step.here` [1, 1, 1, capacity], 1 at the place of this token and 0 elsewhere.
 *
 * Outputs: `logits` [rows, vocabulary], `next` [rows], the most likely token, `probability` [rows],
 * how probable that one is, and `new.key.N`, `new.value.N` [rows, heads * size] of this token, which
 * the host writes into the cache. Nothing as large as the cache is copied: since the place of this
 * token still holds zeros there, its score and its value are added on their own.
 */
export function decoderStepGraph(config: T5Config, fixed: FixedParameters = {}): EmittedGraph {
  const { numHeads, dKv } = config;
  const network = new T5Network(new Graph('decoder step'), config);
  const { graph } = network;
  const token = graph.input('token', 'int32', ['rows']);
  const buckets = graph.input('step.buckets', 'int32', [1, 'capacity']);
  const own = graph.input('step.mask', 'float32', [1, 1, 1, 'capacity']);
  const here = graph.input('step.here', 'float32', [1, 1, 1, 'capacity']);
  const bias = add(network.positionBias('decoder', buckets), own);
  // One token per row: heads need no transposition.
  const heads = (x: Node): Node => reshape(x, ['rows', numHeads, 1, dKv]);

  const outputs: Record<string, Node> = {};
  const self: AttentionLayer = (prefix, x, block) =>
    graph.scope(prefix, () => {
      const cached = (kind: string): Node =>
        graph.input(`self.${kind}.${block}`, 'float32', ['rows', numHeads, 'capacity', dKv]);
      const query = heads(network.project(prefix, 'q', x));
      const remembered = (kind: 'key' | 'value'): Node => {
        const made = network.project(prefix, kind === 'key' ? 'k' : 'v', x);
        outputs[`new.${kind}.${block}`] = made;
        return heads(made);
      };
      const [key, value] = [remembered('key'), remembered('value')];
      const before = add(matmul(query, cached('key'), { transposeB: true }), bias);
      const scores = add(before, multiply(sum(multiply(query, key), [-1], true), here));
      const mixed = attend(scores, cached('value'));
      const weights = graph.auxiliary(mixed, 'probabilities');
      const weight = sum(multiply(weights, here), [-1], true);
      const all = add(mixed, multiply(weight, value));
      return network.project(prefix, 'o', reshape(all, ['rows', numHeads * dKv]));
    });
  const hidden = network.decode(
    network.embed(token),
    self,
    crossAttention(
      network,
      network.gridInputs('cross', { rows: 'batch', length: 'rows of one input', tokens: 'rows' }),
    ),
  );
  const logits = linear(hidden, network.head);
  const next = { next: argmax(logits), probability: largestProbability(logits) };
  return emitGraph(graph, { ...outputs, logits, ...next }, fixed);
}

/**
 * The decoder over whole texts at once, for the probability of tokens that are given. Inputs:
 * `target.*`, `causal` as in training (but the host may let each token see any others), what the
 * encoder gave, and of each wanted token its place and id: `wanted.after` [wanted], the packed token
 * after which it stands, and `wanted.token` [wanted]. Output `surprise` [wanted]: -log p, in nats.
 */
export function scoringGraph(config: T5Config): EmittedGraph {
  const network = new T5Network(new Graph('scoring of given texts'), config);
  const { graph } = network;
  const target = network.tokenInputs('target');
  const causal = graph.input('causal', 'float32', ['target length', 'target length']);
  const bias = add(network.positionBias('decoder', target.buckets), causal);
  const hidden = network.decode(
    network.embed(target.ids),
    (prefix, x) => network.attention(prefix, { x, grid: target, bias }),
    crossAttention(network, target),
  );
  const after = gather(hidden, graph.input('wanted.after', 'int32', ['wanted']));
  const token = graph.input('wanted.token', 'int32', ['wanted']);
  return emitGraph(graph, { surprise: crossEntropy(after, network.head, token) });
}

/** `logits` [rows, vocabulary] -> `normalizer` [rows], the logarithm of the sum of e^logit. */
export function normalizerGraph(config: T5Config): EmittedGraph {
  const graph = new Graph('normaliser');
  const logits = graph.input('logits', 'float32', ['rows', config.vocabSize]);
  return emitGraph(graph, { normalizer: logSumExp(logits) });
}

/** Attention to the encoder's keys and values, which are fed; `grid` says where the queries stand. */
function crossAttention(network: T5Network, grid: TokenGrid): AttentionLayer {
  const { graph, config } = network;
  const mask = network.sourceMask();
  return (prefix, x, block) =>
    graph.scope(prefix, () => {
      const memory = (kind: string): Node =>
        graph.input(`cross.${kind}.${block}`, 'float32', [
          'batch',
          config.numHeads,
          'source length',
          config.dKv,
        ]);
      const query = splitHeads(network.project(prefix, 'q', x), grid);
      const mixed = network.mix(query, memory('key'), memory('value'), mask, prefix);
      return network.project(prefix, 'o', mergeHeads(mixed, grid));
    });
}
