import { emitGraph, type EmittedGraph } from '../graph/emit.ts';
import { gradients } from '../graph/gradient.ts';
import { Graph, GraphError, type Node } from '../graph/graph.ts';
import { argmax, concat, crossEntropy, linear, reshape, splitHeads } from '../graph/ops/index.ts';
import type { T5Config } from './config.ts';
import { T5Network, type EncoderMemory } from './network.ts';

/** The four graphs of a T5, all from one description of its layers. */

/** Where the rows of a row-sparse gradient come out, and the input that says which rows they are. */
export interface SparseOutput {
  readonly parameter: string;
  readonly rows: string;
  readonly ids: string;
}

export interface TrainingGraph extends EmittedGraph {
  /** Output by parameter name, for parameters whose gradient is dense, wholly or in part. */
  readonly dense: ReadonlyMap<string, string>;
  readonly sparse: readonly SparseOutput[];
}

/**
 * Per-token losses and the gradient of their weighted sum, for the parameters named in `trainable`
 * (all by default); the graph computes nothing that only a frozen parameter would need.
 *
 * Inputs: the parameters, `source.*` and `target.*` of `packTokens`, `source.mask`, `causal`,
 * `labels` [target tokens], `weights` [target tokens]. Output `losses` [target tokens], nats.
 */
export function trainingGraph(
  config: T5Config,
  options: { trainable?: ReadonlySet<string> } = {},
): TrainingGraph {
  const graph = new Graph('training step');
  const network = new T5Network(graph, config);
  const { hidden } = encodeAndDecode(network);
  const labels = graph.input('labels', 'int32', ['target tokens']);
  const weights = graph.input('weights', 'float32', ['target tokens']);
  const losses = graph.scope('loss', () => crossEntropy(hidden, network.head, labels));

  const outputs: Record<string, Node> = { losses };
  const dense = new Map<string, string>();
  const sparse: SparseOutput[] = [];
  const trained = [...network.parameters].filter(([name]) => options.trainable?.has(name) ?? true);
  const wanted = trained.map(([, parameter]) => parameter);
  const found = gradients(losses, weights, wanted);
  for (const [name, parameter] of trained) {
    const gradient = found.get(parameter);
    if (gradient?.dense) {
      dense.set(name, `gradient:${name}`);
      outputs[`gradient:${name}`] = gradient.dense;
    }
    gradient?.sparse.forEach(({ ids, rows }, index) => {
      if (ids.inputName === null) {
        throw new GraphError(
          `Rows of ${name} are gathered by computed ids; the host must know them.`,
        );
      }
      const output = `rows:${name}:${index}`;
      outputs[output] = rows;
      sparse.push({ parameter: name, rows: output, ids: ids.inputName });
    });
  }
  return { ...emitGraph(graph, outputs), dense, sparse };
}

/**
 * Logits of every target position and the encoder's states, for evaluation and comparison.
 * Outputs: `logits` [target tokens, vocabulary], `states` [source tokens, width].
 */
export function forwardGraph(config: T5Config): EmittedGraph {
  const network = new T5Network(new Graph('forward pass'), config);
  const { hidden, states } = encodeAndDecode(network);
  return emitGraph(network.graph, { logits: linear(hidden, network.head), states });
}

/**
 * The encoder for decoding: keys and values of every decoder block's cross-attention, since they
 * do not change from token to token. Outputs `cross.key.N` and `cross.value.N`
 * [batch, heads, source length, size].
 */
export function encoderGraph(config: T5Config): EmittedGraph {
  const network = new T5Network(new Graph('encoder'), config);
  const source = network.tokenInputs('source');
  const states = network.encode(source, network.sourceMask());
  const outputs: Record<string, Node> = {};
  for (let block = 0; block < config.numDecoderLayers; block++) {
    const prefix = `decoder.block.${block}.layer.1.EncDecAttention`;
    outputs[`cross.key.${block}`] = splitHeads(network.project(prefix, 'k', states), source);
    outputs[`cross.value.${block}`] = splitHeads(network.project(prefix, 'v', states), source);
  }
  return emitGraph(network.graph, outputs);
}

/**
 * One token of greedy decoding for every row. Inputs: `token` [batch], `step.buckets` [1, past + 1],
 * `source.mask`, and per block `self.key.N`, `self.value.N` [batch, heads, past, size],
 * `cross.key.N`, `cross.value.N`. Outputs: `next` [batch] and the grown `self.*.N`, named
 * `grown.key.N` and `grown.value.N`.
 */
export function decoderStepGraph(config: T5Config): EmittedGraph {
  const { numHeads, dKv } = config;
  const network = new T5Network(new Graph('decoder step'), config);
  const { graph } = network;
  const token = graph.input('token', 'int32', ['batch']);
  const buckets = graph.input('step.buckets', 'int32', [1, 'past + 1']);
  const mask = network.sourceMask();
  const bias = network.positionBias('decoder', buckets);
  const cache = (name: string, length: string): Node =>
    graph.input(name, 'float32', ['batch', numHeads, length, dKv]);
  // One token per row: heads need no transposition.
  const heads = (x: Node): Node => reshape(x, ['batch', numHeads, 1, dKv]);
  const joined = (x: Node): Node => reshape(x, ['batch', numHeads * dKv]);

  const outputs: Record<string, Node> = {};
  const hidden = network.decode(
    network.embed(token),
    (prefix, x, block) =>
      graph.scope(prefix, () => {
        const grow = (kind: 'key' | 'value', which: 'k' | 'v'): Node => {
          const past = cache(`self.${kind}.${block}`, 'past');
          const grown = concat(past, heads(network.project(prefix, which, x)), 2, 'past + 1');
          outputs[`grown.${kind}.${block}`] = grown;
          return grown;
        };
        const query = heads(network.project(prefix, 'q', x));
        const mixed = network.mix(query, grow('key', 'k'), grow('value', 'v'), bias);
        return network.project(prefix, 'o', joined(mixed));
      }),
    (prefix, x, block) =>
      graph.scope(prefix, () => {
        const query = heads(network.project(prefix, 'q', x));
        const key = cache(`cross.key.${block}`, 'source length');
        const value = cache(`cross.value.${block}`, 'source length');
        return network.project(prefix, 'o', joined(network.mix(query, key, value, mask)));
      }),
  );
  outputs['next'] = argmax(linear(hidden, network.head));
  return emitGraph(graph, outputs);
}

function encodeAndDecode(network: T5Network): { hidden: Node; states: Node } {
  const { graph } = network;
  const source = network.tokenInputs('source');
  const target = network.tokenInputs('target');
  const mask = network.sourceMask();
  const causal = graph.input('causal', 'float32', ['target length', 'target length']);
  const states = network.encode(source, mask);
  const memory: EncoderMemory = { states, grid: source, mask };
  return { hidden: network.decodeAll(target, causal, memory), states };
}
