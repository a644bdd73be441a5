import type { Feeds } from '../engines/engine.ts';
import type { T5Config } from '../t5/config.ts';
import { MASKED, relativePositionBucket } from '../t5/positions.ts';
import type { Decoder } from './decoder.ts';
import { Trie } from './trie.ts';

/** What a model thinks of a closed set of labels, for one input. */
export interface LabelScores {
  /** Per label: log p(label | input) among all texts, the end token included, in nats. */
  readonly logProbabilities: Float64Array;
  /** Per label: its share among the labels given; these add up to 1, equal labels counted once. */
  readonly probabilities: Float64Array;
  /**
   * Index of the label that greedy decoding writes when it may write nothing but labels; null
   * without labels. It need not be the most probable one.
   */
  readonly constrained: number | null;
}

/** Logits, or attention scores of one layer, in one run; they take 64 MiB, and their softmax as much again. */
const SCORES_AT_ONCE = 2 ** 24;

/**
 * Scores all labels in one pass of the decoder: it reads the nodes of their trie at once, and each
 * sees the nodes on its own way from the root alone. Large sets are cut into parts that fit memory.
 *
 * @returns per input, in the order of `labels`
 */
export async function scoreLabels(
  decoder: Decoder,
  inputs: readonly Int32Array[],
  labels: readonly Int32Array[],
): Promise<LabelScores[]> {
  const { config } = decoder;
  const trie = new Trie(labels, config.decoderStartTokenId, config.eosTokenId);
  if (labels.length === 0) return inputs.map(() => judge(trie, new Float64Array(1)));
  const perRun = runSize(trie.nodes.length, config);
  const parts = slices(trie.nodes.length - 1, perRun.nodes).map(
    // Node 0 is the root, which is given.
    ([first, last]) => new TriePart(trie, first + 1, last + 1, config),
  );
  const scores: LabelScores[] = [];
  for (const [first, last] of slices(inputs.length, perRun.inputs)) {
    const batch = inputs.slice(first, last);
    const surprise = batch.map(() => new Float64Array(trie.nodes.length));
    const memory = await decoder.encode(batch);
    for (const part of parts) {
      const feeds = { ...memory.cross.tensors, 'source.mask': memory.mask };
      const found = await decoder.surprise({ ...feeds, ...part.feeds(decoder, batch.length) });
      surprise.forEach((nodes, row) => {
        nodes.set(found.subarray(row * part.count, (row + 1) * part.count), part.first);
      });
    }
    scores.push(...surprise.map((nodes) => judge(trie, nodes)));
  }
  return scores;
}

/** Some consecutive nodes of a trie whose probabilities are wanted, and all that they depend on. */
class TriePart {
  readonly first: number;
  readonly count: number;
  readonly #trie: Trie;
  readonly #config: T5Config;
  /** The nodes that the decoder reads. */
  readonly #read: readonly number[];

  constructor(trie: Trie, first: number, last: number, config: T5Config) {
    this.first = first;
    this.count = last - first;
    this.#trie = trie;
    this.#config = config;
    const read = new Set([0]);
    for (let node = first; node < last; node++) {
      for (const before of trie.path(this.#parent(node))) read.add(before);
    }
    this.#read = [...read].sort((a, b) => a - b);
  }

  /** What `scoringGraph` is fed for so many inputs, beside what the encoder gave. */
  feeds(decoder: Decoder, inputs: number): Feeds {
    const { nodes } = this.#trie;
    const length = this.#read.length;
    const ids = Int32Array.from(this.#read, (node) => nodes[node]?.token ?? 0);
    const { feeds } = decoder.feeds.target(new Array<Int32Array>(inputs).fill(ids));
    const places = new Map(this.#read.map((node, place) => [node, place]));
    const after = new Int32Array(inputs * this.count);
    const token = new Int32Array(inputs * this.count);
    for (let at = 0; at < after.length; at++) {
      const node = this.first + (at % this.count);
      const row = Math.floor(at / this.count);
      after[at] = row * length + (places.get(this.#parent(node)) ?? 0);
      token[at] = nodes[node]?.token ?? 0;
    }
    const wanted = [after.length];
    return {
      ...feeds,
      ...this.#sight(places),
      'wanted.after': { type: 'int32', shape: wanted, data: after },
      'wanted.token': { type: 'int32', shape: wanted, data: token },
    };
  }

  /** Each node sees itself and the nodes before it on its way, as far away as their depth says. */
  #sight(places: ReadonlyMap<number, number>): Feeds {
    const { nodes } = this.#trie;
    const settings = {
      buckets: this.#config.relativeAttentionNumBuckets,
      maxDistance: this.#config.relativeAttentionMaxDistance,
      bidirectional: false,
    };
    const length = this.#read.length;
    const buckets = new Int32Array(length * length);
    const mask = new Float32Array(length * length).fill(MASKED);
    this.#read.forEach((node, query) => {
      for (const seen of [0, ...this.#trie.path(node)]) {
        const at = query * length + (places.get(seen) ?? 0);
        const distance = (nodes[seen]?.depth ?? 0) - (nodes[node]?.depth ?? 0);
        buckets[at] = relativePositionBucket(distance, settings);
        mask[at] = 0;
      }
    });
    const shape = [length, length];
    return {
      'target.buckets': { type: 'int32', shape, data: buckets },
      causal: { type: 'float32', shape, data: mask },
    };
  }

  #parent(node: number): number {
    return this.#trie.nodes[node]?.parent ?? 0;
  }
}

/** @param surprise -log p of every node after the one before it */
function judge(trie: Trie, surprise: Float64Array): LabelScores {
  const nodeScore = (node: number): number => -(surprise[node] ?? 0);
  const logProbabilities = Float64Array.from(trie.ends, (end) =>
    trie.path(end).reduce((total, node) => total + nodeScore(node), 0),
  );
  const greatest = logProbabilities.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = logProbabilities.map((score) => Math.exp(score - greatest));
  const distinct = new Map(trie.ends.map((end, label) => [end, weights[label] ?? 0]));
  const total = [...distinct.values()].reduce((sum, weight) => sum + weight, 0);
  return {
    logProbabilities,
    probabilities: weights.map((weight) => weight / total),
    constrained: walk(trie, nodeScore),
  };
}

/** Greedy decoding inside the trie. */
function walk(trie: Trie, nodeScore: (node: number) => number): number | null {
  let at = 0;
  for (;;) {
    const label = trie.ends.indexOf(at);
    const children = trie.nodes[at]?.children ?? [];
    if (label !== -1 || children.length === 0) return label === -1 ? null : label;
    at = children.reduce((best, child) => (nodeScore(child) > nodeScore(best) ? child : best));
  }
}

/** How many nodes of how many inputs one run takes, so that neither logits nor scores fill the memory. */
function runSize(nodes: number, { vocabSize, numHeads }: T5Config): RunSize {
  const most = Math.min(SCORES_AT_ONCE / vocabSize, Math.sqrt(SCORES_AT_ONCE / numHeads));
  const size = Math.max(1, Math.min(nodes, Math.floor(most)));
  const scores = Math.max(size * vocabSize, numHeads * size ** 2);
  return { nodes: size, inputs: Math.max(1, Math.floor(SCORES_AT_ONCE / scores)) };
}

interface RunSize {
  readonly nodes: number;
  readonly inputs: number;
}

/** [0, count) in pieces of at most `size`: [first, end) of each. */
function slices(count: number, size: number): [number, number][] {
  return Array.from({ length: Math.ceil(count / size) }, (_unused, index) => [
    index * size,
    Math.min(count, (index + 1) * size),
  ]);
}
