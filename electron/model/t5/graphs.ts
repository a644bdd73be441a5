import { emitGraph, type EmittedGraph } from '../graph/emit.ts';
import { gradientsOf, type Seed } from '../graph/gradient.ts';
import { Graph, GraphError, type Node } from '../graph/graph.ts';
import { crossEntropy, linear } from '../graph/ops/index.ts';
import type { T5Config } from './config.ts';
import type { MaskPlace } from './dropout.ts';
import { T5Network, type EncoderMemory, type NetworkOptions } from './network.ts';
import { pairTerm } from './pairs.ts';

/** The graphs of a whole T5 pass; those for decoding token by token are in `decoding.ts`. */

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
  /** Inputs for the masks of dropout; none without it. */
  readonly masks: readonly MaskPlace[];
}

export interface TrainingGraphOptions extends NetworkOptions {
  /** Names of the parameters to differentiate for. Default all. */
  readonly trainable?: ReadonlySet<string>;
  /** Share of each target that is spread over the whole vocabulary, see `crossEntropy`. Default 0. */
  readonly labelSmoothing?: number;
  /** Adds the mutual-information term of Chen et al. 2024; see `agreement`. Default false. */
  readonly mutualInformation?: boolean;
}

/**
 * Per-token losses and the gradient of their weighted sum, for the parameters named in `trainable`;
 * the graph computes nothing that only a frozen parameter would need.
 *
 * Inputs: the parameters, `source.*`, `target.*`, `cross.*`, `source.mask` and `causal` of
 * `FeedBuilder.pair`, `labels` [target tokens], `weights` [target tokens], and `masks`; with the
 * mutual-information term also `pairs.*` of `pairFeeds`. Outputs: `losses` [target tokens], and with
 * that term `pairLosses` [pairs], nats.
 */
export function trainingGraph(config: T5Config, options: TrainingGraphOptions = {}): TrainingGraph {
  const graph = new Graph('training step');
  const network = new T5Network(graph, config, options);
  const { hidden } = encodeAndDecode(network);
  const labels = graph.input('labels', 'int32', ['target tokens']);
  const weights = graph.input('weights', 'float32', ['target tokens']);
  const losses = graph.scope('loss', () =>
    crossEntropy(hidden, network.head, labels, options.labelSmoothing),
  );

  const term = options.mutualInformation ? pairTerm(graph, losses) : null;

  const outputs: Record<string, Node> = { losses, ...(term && { pairLosses: term.losses }) };
  const dense = new Map<string, string>();
  const sparse: SparseOutput[] = [];
  const trained = [...network.parameters].filter(([name]) => options.trainable?.has(name) ?? true);
  const wanted = trained.map(([, parameter]) => parameter);
  const seeds: [Seed, ...Seed[]] = [{ output: losses, cotangent: weights }];
  if (term) seeds.push({ output: term.losses, cotangent: term.weights });
  const found = gradientsOf(seeds, wanted);
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
  return { ...emitGraph(graph, outputs), dense, sparse, masks: network.masks };
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

function encodeAndDecode(network: T5Network): { hidden: Node; states: Node } {
  const { graph } = network;
  const source = network.tokenInputs('source');
  const target = network.tokenInputs('target', 'rows');
  const queries = network.gridInputs('cross', {
    rows: 'batch',
    length: 'queries',
    tokens: 'target tokens',
  });
  const mask = network.sourceMask();
  const causal = graph.input('causal', 'float32', ['target length', 'target length']);
  const states = network.encode(source, mask);
  const memory: EncoderMemory = { states, grid: source, mask, queries };
  return { hidden: network.decodeAll(target, causal, memory), states };
}
