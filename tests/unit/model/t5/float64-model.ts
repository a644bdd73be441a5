import { Random } from '../../../../electron/core/random.ts';
import { GraphError, type Node } from '../../../../electron/model/graph/graph.ts';
import { interpret, tensor } from '../../../../electron/model/graph/interpreter.ts';
import type { ReferenceTensor } from '../../../../electron/model/graph/interpreter.ts';
import { linear } from '../../../../electron/model/graph/ops/index.ts';
import { parameterSpecs, sizeOf, type T5Config } from '../../../../electron/model/t5/config.ts';
import { DropoutMasks } from '../../../../electron/model/t5/dropout.ts';
import { FeedBuilder } from '../../../../electron/model/t5/feeds.ts';
import { trainingGraph, type TrainingGraph } from '../../../../electron/model/t5/graphs.ts';
import { adapterSpecs, type LoraShape } from '../../../../electron/model/t5/lora.ts';
import { pairFeeds } from '../../../../electron/model/t5/pairs.ts';
import { pairLoss } from './pair-loss.ts';
import { randomRows } from './small.ts';

/** How a training graph departs from the plain one. */
export interface Extras {
  readonly dropout?: number;
  readonly labelSmoothing?: number;
  readonly lora?: LoraShape;
  /** Weight of the mutual-information term between the second row (label) and the first. */
  readonly mutualInformation?: number;
}

/** A whole training step in float64, without an engine: its loss and gradients. */
export class Float64Model {
  /** Parameters that learn, with their values; writing into them changes the model. */
  readonly learning: ReadonlyMap<string, Float64Array>;
  readonly #graph: TrainingGraph;
  readonly #feeds: Record<string, ReferenceTensor>;
  readonly #logits: Node;
  readonly #pairWeight: number;
  /** The label's pooled probabilities at the start: they count as a constant. */
  #target: readonly number[] | null = null;

  constructor(config: T5Config, extras: Extras = {}) {
    const { dropout = 0, labelSmoothing = 0, lora = null } = extras;
    this.#pairWeight = extras.mutualInformation ?? 0;
    const random = new Random(3);
    const adapters = lora === null ? [] : adapterSpecs(config, lora);
    const specs = [...parameterSpecs(config), ...adapters];
    const trained = lora === null ? specs : adapters;
    const trainable = new Set(trained.map(({ name }) => name));
    this.#graph = trainingGraph(config, {
      trainable,
      dropout: dropout > 0,
      labelSmoothing,
      lora,
      mutualInformation: this.#pairWeight > 0,
    });
    const [hidden, head] = this.#graph.nodes['losses']?.inputs ?? [];
    if (hidden === undefined || head === undefined) throw new GraphError('there are no losses');
    this.#logits = linear(hidden, head);
    this.#feeds = {};
    for (const { name, shape } of specs) {
      const spread = name.includes('norm') ? 0.1 : shape[1] === undefined ? 1 : shape[1] ** -0.5;
      const values = Float64Array.from({ length: sizeOf(shape) }, () => spread * random.normal());
      this.#feeds[name] = tensor(
        shape,
        name.includes('norm') ? values.map((value) => 1 + value) : values,
      );
    }
    this.#feedRows(config, dropout);
    this.learning = new Map(
      trained.map(({ name }) => [name, this.#feeds[name]?.data ?? new Float64Array()]),
    );
  }

  /** The loss of the tokens by the graph, and that of the pair written out from its logits. */
  loss(): number {
    const { losses } = this.#graph.nodes;
    if (losses === undefined) return Number.NaN;
    const results = interpret({ losses, logits: this.#logits }, this.#feeds);
    if (this.#pairWeight === 0) return this.#weighted(results);
    const { shape = [], data = [] } = results['logits'] ?? {};
    const width = shape[1] ?? 1;
    const rows = Array.from({ length: data.length / width }, (_unused, token) =>
      Array.from(data.slice(token * width, (token + 1) * width)),
    );
    const { target, loss } = pairLoss(rows.slice(4), rows.slice(0, 4), this.#target);
    this.#target ??= target;
    return this.#weighted(results) + this.#pairWeight * loss;
  }

  gradients(): Map<string, Float64Array> {
    const results = interpret(this.#graph.nodes, this.#feeds);
    const found = new Map<string, Float64Array>();
    for (const [name, output] of this.#graph.dense) {
      found.set(name, results[output]?.data.slice() ?? new Float64Array());
    }
    for (const { parameter, rows, ids } of this.#graph.sparse) {
      const { shape = [], data = new Float64Array() } = this.#feeds[parameter] ?? {};
      const sum = found.get(parameter) ?? new Float64Array(data.length);
      const width = shape[1] ?? 1;
      this.#feeds[ids]?.data.forEach((id, row) => {
        for (let column = 0; column < width; column++) {
          const at = id * width + column;
          sum[at] = (sum[at] ?? 0) + (results[rows]?.data[row * width + column] ?? Number.NaN);
        }
      });
      found.set(parameter, sum);
    }
    return found;
  }

  #feedRows(config: T5Config, dropout: number): void {
    const largest = config.vocabSize - 1;
    const inputs = randomRows([3, 5], 4, largest);
    const targets = randomRows([4, 2], 5, largest);
    const builder = new FeedBuilder(config);
    const pair = builder.pair(inputs, builder.shifted(targets), false);
    const tokens = { source: 8, target: 6 };
    const masks =
      dropout === 0
        ? {}
        : new DropoutMasks({ rate: dropout, seed: 6 }).draw(this.#graph.masks, pair.sizes);
    for (const [name, { shape, data }] of Object.entries({
      ...pair.feeds,
      ...masks,
      ...pairFeeds({ targets, pairs: [{ label: 1, rationale: 0 }] }, this.#pairWeight),
    })) {
      this.#feeds[name] = tensor(shape, data);
    }
    const labels = targets.flatMap((row) => [...row]);
    this.#feeds['labels'] = tensor([tokens.target], labels);
    // Weights that differ, so that a token's gradient cannot take another's weight unseen.
    const weights = labels.map((_label, token) => 0.1 + 0.05 * token);
    this.#feeds['weights'] = tensor([tokens.target], weights);
  }

  #weighted(results: Readonly<Record<string, ReferenceTensor>>): number {
    const weights = this.#feeds['weights']?.data ?? new Float64Array();
    const losses = results['losses']?.data ?? new Float64Array();
    return losses.reduce((sum, loss, token) => sum + loss * (weights[token] ?? Number.NaN), 0);
  }
}
