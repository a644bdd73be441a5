import { Emission } from '../../graph/emission.ts';
import { evaluateGraph } from '../../graph/evaluate.ts';
import { Graph, type Dimension, type Node } from '../../graph/graph.ts';
import { castTo, graph as graphAttribute } from '../../graph/onnx.ts';
import type { OnnxGraph, OnnxPort, OnnxType } from '../../graph/onnx.ts';
import { add, concat, linear, mergeHeads, splitHeads } from '../../graph/ops/index.ts';
import type { TokenGrid } from '../../graph/ops/index.ts';
import type { T5Config } from '../../t5/config.ts';
import { T5Network, type AttentionLayer, type TokenInputs } from '../../t5/network.ts';
import { HostNodes } from './host.ts';
import type { WeightTable } from './weights.ts';

/**
 * The two models of an ONNX folder, with the inputs and outputs that Optimum gives them and
 * Transformers.js expects. Their layers are those of `T5Network`; what the app's host feeds is
 * computed in the file, see `HostNodes`.
 */

const BATCH = 'batch_size';
const SOURCE = 'encoder_sequence_length';
const TARGET = 'decoder_sequence_length';
const PAST = 'past_decoder_sequence_length';

/**
 * `input_ids`, `attention_mask` [batch, length] -> `last_hidden_state` [batch, length, width].
 *
 * @param weights collects what the graph's weights are
 */
export function encoderModel(config: T5Config, weights: WeightTable): OnnxGraph {
  const on = new Emission();
  const host = new HostNodes(on, config);
  const network = new T5Network(new Graph('encoder'), config);
  const source = network.tokenInputs('source');
  const states = network.encode(source, network.sourceMask());

  const [batch, length] = [host.size('input_ids', 0), host.size('input_ids', 1)];
  const given = {
    'source.ids': host.flat('input_ids'),
    'source.mask': host.sourceMask('attention_mask'),
    'source.buckets': host.encoderBuckets(length),
    ...named('source', host.grid(batch, length)),
  };
  const values = emit({ states }, on, weights, given);
  const whole = host.reshape(values['states'] ?? '', host.sizes(batch, length, config.dModel));
  return graphOf('encoder', on, {
    inputs: [
      port('input_ids', 'int64', [BATCH, SOURCE]),
      port('attention_mask', 'int64', [BATCH, SOURCE]),
    ],
    outputs: [[port('last_hidden_state', 'float32', [BATCH, SOURCE, config.dModel]), whole]],
  });
}

/**
 * One or several tokens after those of the cache. With `use_cache_branch` the keys and values of
 * cross-attention are taken from `past_key_values`; without it they are made of
 * `encoder_hidden_states`, and the cache counts as empty whatever its length.
 */
export function decoderModel(config: T5Config, weights: WeightTable): OnnxGraph {
  const on = new Emission();
  const host = new HostNodes(on, config);
  const { outputs } = decoderNetwork(config);

  const [batch, length] = [host.size('input_ids', 0), host.size('input_ids', 1)];
  const { past, cached } = usablePast(on, host, config);
  const cross = crossMemory(on, config, weights);
  const { buckets, causal } = host.decoderTables(past, length);
  const given = {
    'target.ids': host.flat('input_ids'),
    'target.buckets': buckets,
    causal,
    'source.mask': host.sourceMask('encoder_attention_mask'),
    ...named('target', host.grid(batch, length)),
    ...cached,
    ...cross,
  };
  const values = emit(outputs, on, weights, given);
  const { dModel, vocabSize } = config;
  const logits = host.reshape(values['logits'] ?? '', host.sizes(batch, length, vocabSize));
  return graphOf('decoder', on, {
    inputs: [
      port('encoder_attention_mask', 'int64', [BATCH, SOURCE]),
      port('input_ids', 'int64', [BATCH, TARGET]),
      port('encoder_hidden_states', 'float32', [BATCH, SOURCE, dModel]),
      ...cachePorts(config, 'past_key_values', PAST),
      port('use_cache_branch', 'bool', [1]),
    ],
    outputs: [
      [port('logits', 'float32', [BATCH, TARGET, vocabSize]), logits],
      ...cachePorts(config, 'present', `${PAST} + ${TARGET}`).map((output): [OnnxPort, string] => [
        output,
        values[output.name] ?? cross[crossName(output.name)] ?? '',
      ]),
    ],
  });
}

/** The decoder's layers around a cache that grows by concatenation. */
function decoderNetwork(config: T5Config): { outputs: Record<string, Node> } {
  const { numHeads, dKv } = config;
  const network = new T5Network(new Graph('decoder'), config);
  const { graph } = network;
  const target = targetInputs(network);
  const causal = graph.input('causal', 'float32', ['target length', 'keys']);
  const bias = add(network.positionBias('decoder', target.buckets), causal);
  const mask = network.sourceMask();
  const outputs: Record<string, Node> = {};

  const self: AttentionLayer = (prefix, x, block) =>
    graph.scope(prefix, () => {
      const remembered = (kind: 'key' | 'value'): Node => {
        const made = splitHeads(network.project(prefix, kind === 'key' ? 'k' : 'v', x), target);
        const before = graph.input(`past.${kind}.${block}`, 'float32', [
          ...['batch', numHeads, 'past', dKv],
        ]);
        const all = concat(before, made, 2, 'keys');
        outputs[`present.${block}.decoder.${kind}`] = all;
        return all;
      };
      const query = splitHeads(network.project(prefix, 'q', x), target);
      const mixed = network.mix(query, remembered('key'), remembered('value'), bias);
      return network.project(prefix, 'o', mergeHeads(mixed, target));
    });
  const cross: AttentionLayer = (prefix, x, block) =>
    graph.scope(prefix, () => {
      const [key, value] = ['key', 'value'].map((kind) =>
        graph.input(`cross.${kind}.${block}`, 'float32', [
          ...['batch', numHeads, 'source length', dKv],
        ]),
      );
      if (key === undefined || value === undefined) throw new RangeError('no memory');
      const query = splitHeads(network.project(prefix, 'q', x), target);
      const mixed = network.mix(query, key, value, mask);
      return network.project(prefix, 'o', mergeHeads(mixed, target));
    });
  const hidden = network.decode(network.embed(target.ids), self, cross);
  outputs['logits'] = linear(hidden, network.head);
  return { outputs };
}

function targetInputs(network: T5Network): TokenInputs {
  const { graph } = network;
  const axes = { rows: 'batch', length: 'target length', tokens: 'target tokens' };
  return {
    ids: graph.input('target.ids', 'int32', [axes.tokens]),
    ...network.gridInputs('target', axes),
    buckets: graph.input('target.buckets', 'int32', [axes.length, 'keys']),
  };
}

/** How many tokens of the cache count, and the cache with no more than those, by the names of its inputs. */
function usablePast(
  on: Emission,
  host: HostNodes,
  config: T5Config,
): { past: string; cached: Record<string, string> } {
  const full = host.size('past_key_values.0.decoder.key', 2);
  const past = on.multiply(full, on.node('Cast', ['use_cache_branch'], { to: castTo('int64') }));
  const start = on.subtract(full, past);
  const cached: Record<string, string> = {};
  for (let block = 0; block < config.numDecoderLayers; block++) {
    for (const kind of ['key', 'value']) {
      const input = `past_key_values.${block}.decoder.${kind}`;
      cached[`past.${kind}.${block}`] = on.node('Slice', [input, start, full, host.integers([2])]);
    }
  }
  return { past, cached };
}

/**
 * Keys and values of every block's cross-attention: one `If`, whose one branch hands on those of the
 * cache. The other reads weights of the graph around it, so that they lie in the file once.
 */
function crossMemory(on: Emission, config: T5Config, weights: WeightTable): Record<string, string> {
  const names = Array.from({ length: config.numDecoderLayers }, (_unused, block) => [
    `cross.key.${block}`,
    `cross.value.${block}`,
  ]).flat();
  const made = memoryGraph(config, weights);
  const handed: OnnxGraph = {
    name: 'of the cache',
    nodes: names.map((name) => ({
      op: 'Identity',
      name: `memory/${name}`,
      inputs: [pastName(name)],
      outputs: [`handed.${name}`],
      attributes: {},
    })),
    initializers: new Map(),
    inputs: [],
    outputs: names.map((name) => port(`handed.${name}`, 'float32', crossShape(config))),
  };
  const outputs = on.outputsOf('If', ['use_cache_branch'], names.length, {
    then_branch: graphAttribute(handed),
    else_branch: graphAttribute(made),
  });
  return Object.fromEntries(names.map((name, at) => [name, outputs[at] ?? '']));
}

/** Keys and values of the encoder's states. */
function memoryGraph(config: T5Config, weights: WeightTable): OnnxGraph {
  const on = new Emission('memory.');
  const host = new HostNodes(on, config);
  const network = new T5Network(new Graph('memory'), config);
  const { graph } = network;
  const states = graph.input('states', 'float32', ['source tokens', config.dModel]);
  const grid: TokenGrid = network.gridInputs('source', {
    rows: 'batch',
    length: 'source length',
    tokens: 'source tokens',
  });
  const outputs: Record<string, Node> = {};
  for (let block = 0; block < config.numDecoderLayers; block++) {
    const prefix = `decoder.block.${block}.layer.1.EncDecAttention`;
    outputs[`cross.key.${block}`] = splitHeads(network.project(prefix, 'k', states), grid);
    outputs[`cross.value.${block}`] = splitHeads(network.project(prefix, 'v', states), grid);
  }
  const [batch, length] = [0, 1].map((axis) => host.size('encoder_hidden_states', axis));
  const values = emit(outputs, on, weights, {
    states: host.reshape('encoder_hidden_states', host.integers([-1, config.dModel])),
    ...named('source', host.grid(batch ?? '', length ?? '')),
  });
  return graphOf('of the encoder', on, {
    inputs: [],
    outputs: Object.entries(values).map(([name, value]): [OnnxPort, string] => [
      port(`made.${name}`, 'float32', crossShape(config)),
      value,
    ]),
  });
}

/** Emits nodes; values of the graph's inputs are `given`, the others are weights. */
function emit(
  outputs: Readonly<Record<string, Node>>,
  on: Emission,
  weights: WeightTable,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return evaluateGraph(outputs, {
    on: weights.primitives(on),
    input: (name) => given[name] ?? weights.use(name),
    around: ({ scope, operation }, compute) => {
      on.enter(scope === '' ? operation.name : `${scope}/${operation.name}`);
      return compute();
    },
  });
}

/** What was emitted, with outputs that bear the names of their ports. */
function graphOf(
  name: string,
  on: Emission,
  ports: {
    readonly inputs: readonly OnnxPort[];
    readonly outputs: readonly (readonly [OnnxPort, string])[];
  },
): OnnxGraph {
  const renames = new Map(ports.outputs.map(([{ name: to }, value]) => [value, to]));
  const renamed = (value: string): string => renames.get(value) ?? value;
  return {
    name,
    nodes: on.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
    initializers: on.initializers,
    inputs: ports.inputs,
    outputs: ports.outputs.map(([output]) => output),
  };
}

const port = (name: string, type: OnnxType, shape: readonly Dimension[]): OnnxPort => ({
  ...{ name, type, shape },
});

const named = (side: string, grid: { readonly slots: string; readonly places: string }) => ({
  [`${side}.slots`]: grid.slots,
  [`${side}.places`]: grid.places,
});

/** Keys and values of every block, of decoder and encoder. */
function cachePorts(config: T5Config, prefix: string, length: string): OnnxPort[] {
  const { numHeads, dKv } = config;
  return Array.from({ length: config.numDecoderLayers }, (_unused, block) =>
    ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map((which) =>
      port(`${prefix}.${block}.${which}`, 'float32', [
        ...[BATCH, numHeads, which.startsWith('decoder') ? length : SOURCE, dKv],
      ]),
    ),
  ).flat();
}

const crossShape = ({ numHeads, dKv }: T5Config): readonly Dimension[] => [
  ...[BATCH, numHeads, SOURCE, dKv],
];

/** `cross.key.3` as the cache's input is named. */
function pastName(cross: string): string {
  const [, kind, block] = cross.split('.');
  return `past_key_values.${block}.encoder.${kind}`;
}

/** `present.3.encoder.key` as the network names it. */
function crossName(present: string): string {
  const [, block, , kind] = present.split('.');
  return `cross.${kind}.${block}`;
}
