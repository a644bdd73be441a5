import type { Feeds, Int32Tensor } from '../engines/engine.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { agreement, mostProbable } from '../graph/ops/index.ts';
import type { TrainingBatch } from './batch.ts';
import type { Accumulation } from './scored.ts';

/**
 * The mutual-information term of a training step (see `agreement` in `graph/ops`): its place in the
 * graph, what it is fed, and how pairs are weighed over the micro-batches of a step.
 */

/** A term of the loss that has one number for each pair of rows. */
export interface PairTerm {
  /** [pairs], nats, unweighted. */
  readonly losses: Node;
  /** [pairs] */
  readonly weights: Node;
}

/** Adds the term to a training graph; `losses` are those of `crossEntropy`. */
export function pairTerm(graph: Graph, losses: Node): PairTerm {
  return graph.scope('mutual information', () => {
    const labels = graph.input('pairs.labels', 'int32', ['pairs', 'label length']);
    const slots = graph.input('pairs.rationales', 'int32', ['pairs', 'rationale length']);
    const owners = graph.input('pairs.owners', 'int32', ['target tokens']);
    const target = mostProbable(losses, labels);
    return {
      losses: agreement(losses, { slots, owners }, target),
      weights: graph.input('pairs.weights', 'float32', ['pairs']),
    };
  });
}

/**
 * The inputs of the term for one batch. A batch without pairs has one that weighs nothing, since a
 * graph has no empty axes.
 *
 * @param weight of each pair in the loss
 */
export function pairFeeds(
  { targets, pairs = [] }: Pick<TrainingBatch, 'targets' | 'pairs'>,
  weight: number,
): Feeds {
  const places = tokenPlaces(targets);
  const first = places[0] ?? [];
  const rows = pairs.map(({ label, rationale }) => [places[label], places[rationale]] as const);
  const labels = pairs.length > 0 ? rows.map(([own = []]) => own) : [first];
  const rationales = pairs.length > 0 ? rows.map(([, own = []]) => own) : [first];
  const tokens = places.reduce((total, row) => total + row.length, 0);
  const owners = new Int32Array(tokens).fill(labels.length);
  rows.forEach(([, own = []], pair) => {
    for (const token of own) owners[token] = pair;
  });
  return {
    'pairs.labels': slotTable(labels),
    'pairs.rationales': slotTable(rationales),
    'pairs.owners': { type: 'int32', shape: [tokens], data: owners },
    'pairs.weights': {
      type: 'float32',
      shape: [labels.length],
      data: new Float32Array(labels.length).fill(pairs.length > 0 ? weight : 0),
    },
  };
}

/**
 * What each pair of every micro-batch weighs in a step's loss. `token-weighted`: the term is the mean
 * over the pairs of all micro-batches together, as in one big batch. `mean-of-means`: the mean of the
 * micro-batches' own terms, where one without pairs counts as zero.
 */
export function pairWeights(
  batches: readonly TrainingBatch[],
  accumulation: Accumulation,
): number[] {
  const counts = batches.map(({ pairs = [] }) => pairs.length);
  const whole = counts.reduce((total, count) => total + count, 0);
  return batches.map(({ weights: { mutualInformation = 0 } }, index) => {
    const own = (counts[index] ?? 0) * batches.length;
    const sharers = accumulation === 'token-weighted' ? whole : own;
    return sharers === 0 ? 0 : mutualInformation / sharers;
  });
}

/** Where each row's target tokens stand when all are packed one after another. */
function tokenPlaces(targets: readonly Int32Array[]): number[][] {
  let next = 0;
  return targets.map((target) => Array.from(target, () => next++));
}

/** Rows of token places as one table; shorter rows repeat their first token, which pooling ignores. */
function slotTable(rows: readonly (readonly number[])[]): Int32Tensor {
  const length = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const data = Int32Array.from(
    rows.flatMap((row) => Array.from({ length }, (_unused, at) => row[at] ?? row[0] ?? 0)),
  );
  return { type: 'int32', shape: [rows.length, length], data };
}
