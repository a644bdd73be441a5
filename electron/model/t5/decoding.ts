import { emitGraph, type EmittedGraph } from '../graph/emit.ts';
import { Graph, type Node } from '../graph/graph.ts';
import { argmax, concat, linear, reshape, splitHeads } from '../graph/ops/index.ts';
import type { T5Config } from './config.ts';
import { T5Network } from './network.ts';

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
