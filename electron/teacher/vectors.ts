import { normaliseText } from '../core/text.ts';

/** A text as a point: its features and their weights, of length 1 together. */
export interface SparseVector {
  readonly features: Int32Array;
  readonly weights: Float64Array;
}

/** Features are numbered by a hash; so few texts leave collisions without consequence. */
const dimensions = 2 ** 16;

/**
 * Texts as TF-IDF vectors of words and of pairs and triples of characters within them, compared by
 * their cosine. Characters make it work where words change their endings, as in Korean, and need no
 * list of words of any language.
 *
 * Weights are (1 + ln tf) (1 + ln((1 + N) / (1 + df))) over the N texts.
 */
export class TextVectors {
  readonly vectors: readonly SparseVector[];
  readonly #texts: number;
  readonly #frequency = new Map<number, number>();
  /** For each feature the texts that have it, with its weight there. */
  readonly #postings = new Map<number, { position: number; weight: number }[]>();

  constructor(texts: readonly string[]) {
    const counts = texts.map(countFeatures);
    this.#texts = texts.length;
    for (const count of counts) {
      for (const feature of count.keys()) {
        this.#frequency.set(feature, (this.#frequency.get(feature) ?? 0) + 1);
      }
    }
    this.vectors = counts.map((count) => this.#weigh(count));
    this.vectors.forEach((vector, position) => this.#post(vector, position));
  }

  /** The cosine of a text with each of the texts, in their order: 0 for nothing in common, 1 for equal. */
  similarities(text: string): Float64Array {
    const { features, weights } = this.#weigh(countFeatures(text));
    const sums = new Float64Array(this.#texts);
    features.forEach((feature, index) => {
      const weight = weights[index] ?? 0;
      for (const posting of this.#postings.get(feature) ?? []) {
        sums[posting.position] = (sums[posting.position] ?? 0) + weight * posting.weight;
      }
    });
    return sums;
  }

  #weigh(counts: ReadonlyMap<number, number>): SparseVector {
    const features = Int32Array.from(counts.keys());
    const weights = Float64Array.from(features, (feature) => {
      const inverse = (1 + this.#texts) / (1 + (this.#frequency.get(feature) ?? 0));
      return (1 + Math.log(counts.get(feature) ?? 1)) * (1 + Math.log(inverse));
    });
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    const length = Math.sqrt(squares) || 1;
    return { features, weights: weights.map((weight) => weight / length) };
  }

  #post({ features, weights }: SparseVector, position: number): void {
    features.forEach((feature, index) => {
      const posting = { position, weight: weights[index] ?? 0 };
      const known = this.#postings.get(feature);
      if (known === undefined) this.#postings.set(feature, [posting]);
      else known.push(posting);
    });
  }
}

/**
 * `count` of the vectors that stand for all of them: the middles of as many clusters, in their
 * order. First each further one is that farthest from those there are (Gonzalez 1985), then members
 * and middles are found in turns (k-medoids by Voronoi iteration, Park and Jun 2009).
 *
 * @param first where to begin
 */
export function medoids(vectors: readonly SparseVector[], count: number, first: number): number[] {
  let chosen = farthestPoints(vectors, Math.min(count, vectors.length), first);
  for (let round = 0; round < 10; round++) {
    const clusters = membersOf(vectors, chosen);
    const moved = clusters.map((members) => middleOf(vectors, members));
    if (moved.every((position, index) => position === chosen[index])) break;
    chosen = moved;
  }
  return chosen.sort((a, b) => a - b);
}

function farthestPoints(vectors: readonly SparseVector[], count: number, first: number): number[] {
  const chosen = [first];
  const nearest = new Float64Array(vectors.length).fill(-1);
  while (chosen.length < count) {
    const last = chosen.at(-1) ?? first;
    const alike = cosines(vectors, vectors[last]);
    let farthest = -1;
    for (let i = 0; i < vectors.length; i++) {
      nearest[i] = Math.max(nearest[i] ?? 0, alike[i] ?? 0);
      if (chosen.includes(i)) continue;
      if (farthest < 0 || (nearest[i] ?? 0) < (nearest[farthest] ?? 0)) farthest = i;
    }
    chosen.push(farthest);
  }
  return chosen;
}

/** For each of the chosen the vectors most like it; a tie goes to the earlier one. */
function membersOf(vectors: readonly SparseVector[], chosen: readonly number[]): number[][] {
  const alike = chosen.map((position) => cosines(vectors, vectors[position]));
  const members: number[][] = chosen.map(() => []);
  vectors.forEach((_, position) => {
    // A middle stays with itself, also where another text is the same.
    let best = chosen.indexOf(position);
    if (best < 0) {
      best = 0;
      for (let c = 1; c < chosen.length; c++) {
        if ((alike[c]?.[position] ?? 0) > (alike[best]?.[position] ?? 0)) best = c;
      }
    }
    members[best]?.push(position);
  });
  return members;
}

/** The member most like all members: the cosines with all of them add up to that with their sum. */
function middleOf(vectors: readonly SparseVector[], members: readonly number[]): number {
  const sum = new Float64Array(dimensions);
  for (const member of members) addTo(sum, vectors[member]);
  let best = members[0] ?? 0;
  let most = -1;
  for (const member of members) {
    const alike = dot(sum, vectors[member]);
    // Differences of rounding are none: the earlier member stays.
    if (alike > most + 1e-9) [best, most] = [member, alike];
  }
  return best;
}

function cosines(vectors: readonly SparseVector[], one: SparseVector | undefined): Float64Array {
  const dense = new Float64Array(dimensions);
  addTo(dense, one);
  return Float64Array.from(vectors, (vector) => dot(dense, vector));
}

function addTo(dense: Float64Array, vector: SparseVector | undefined): void {
  if (vector === undefined) return;
  const { features, weights } = vector;
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] ?? 0;
    dense[feature] = (dense[feature] ?? 0) + (weights[i] ?? 0);
  }
}

function dot(dense: Float64Array, vector: SparseVector | undefined): number {
  if (vector === undefined) return 0;
  const { features, weights } = vector;
  let sum = 0;
  for (let i = 0; i < features.length; i++)
    sum += (dense[features[i] ?? 0] ?? 0) * (weights[i] ?? 0);
  return sum;
}

/** How often each feature occurs: words, and pairs and triples of characters of ` word `. */
function countFeatures(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  const count = (feature: string, salt: number): void => {
    const bucket = hashOf(feature, salt);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  };
  for (const [word] of normaliseText(text).matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    count(word, 1);
    const framed = ` ${word} `;
    for (let i = 0; i + 2 <= framed.length; i++) {
      count(framed.slice(i, i + 2), 2);
      if (i + 3 <= framed.length) count(framed.slice(i, i + 3), 3);
    }
  }
  return counts;
}

/** FNV-1a, into one of the dimensions. */
function hashOf(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (dimensions - 1);
}
