import { Random } from './random.ts';

/**
 * Near-duplicate texts by MinHash and banding.
 *
 * The resemblance of two texts is the Jaccard similarity of their sets of shingles (Broder 1997, "On
 * the resemblance and containment of documents"). The smallest value of a random hash over a set is
 * the same for two sets with exactly that probability, so that a signature of several such minima
 * estimates it. Signatures are cut into bands, and only texts that agree in a whole band are compared
 * (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, section 3.4). Candidates are then
 * compared by their shingles themselves: bands decide only what is found, never how alike it is
 * said to be.
 */
export interface Banding {
  readonly bands: number;
  /** Minima in a band. */
  readonly rows: number;
}

/** Characters (UTF-16 units) of a shingle: robust to inflection, and needs no words to be told apart. */
export const shingleLength = 5;

/** Minima that a signature may have. */
const signatureLength = 128;

/** With what probability at least a pair right at the threshold must become a candidate. */
const leastRecall = 0.995;

/** Longer bands than this save nothing. */
const mostRows = 16;

/** Seed of the hash functions: fixed, so that the same texts are always compared. */
const hashSeed = 1997;

/**
 * With what probability two texts of this similarity agree in at least one band: `1 - (1 - s^r)^b`
 * (Leskovec et al., section 3.4.2).
 */
export const recallAt = (similarity: number, { bands, rows }: Banding): number =>
  1 - (1 - similarity ** rows) ** bands;

/**
 * The banding with the longest bands, and so the fewest needless comparisons, that still finds a pair
 * at the threshold with a probability of 0.995 or more.
 */
export function bandingFor(threshold: number): Banding {
  for (let rows = mostRows; rows > 1; rows--) {
    const banding = { rows, bands: Math.floor(signatureLength / rows) };
    if (recallAt(threshold, banding) >= leastRecall) return banding;
  }
  return { rows: 1, bands: signatureLength };
}

/** The finishing mix of MurmurHash3 (Austin Appleby, public domain): every bit counts for every bit. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A 32-bit hash of every shingle of a text, in order, with repetitions. A text shorter than a shingle
 * is one shingle; an empty text has none.
 */
export function shingles(text: string): Uint32Array {
  const count = Math.max(Math.min(text.length, 1), text.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let hash = 0;
    const end = Math.min(start + shingleLength, text.length);
    for (let at = start; at < end; at++)
      hash = (Math.imul(hash, 0x01000193) + text.charCodeAt(at)) | 0;
    hashes[start] = mix(hash);
  }
  return hashes;
}

/** The same as a set: rising, without repetitions. */
export function shingleSet(text: string): Uint32Array {
  const sorted = shingles(text).sort();
  let size = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[size++] = sorted[at] ?? 0;
  }
  return sorted.subarray(0, size);
}

/**
 * Jaccard similarity of two sets as {@link shingleSet} gives them, 0 to 1; two empty sets are alike.
 * @param atLeast a similarity below this need not be told exactly: 0 is answered as soon as it is known
 */
export function jaccard(a: Uint32Array, b: Uint32Array, atLeast = 0): number {
  if (a.length === 0 && b.length === 0) return 1;
  const [small, large] = a.length < b.length ? [a, b] : [b, a];
  if (small.length < atLeast * large.length) return 0;
  let [i, j, both] = [0, 0, 0];
  while (i < small.length && j < large.length) {
    const [x, y] = [small[i] ?? 0, large[j] ?? 0];
    if (x === y) both += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return both / (a.length + b.length - both);
}

/** Signs texts: the same text always gets the same hashes of its bands. */
export class Signer {
  readonly banding: Banding;
  readonly #factors: Int32Array;
  readonly #offsets: Int32Array;

  constructor(banding: Banding) {
    this.banding = banding;
    const length = banding.bands * banding.rows;
    const random = new Random(hashSeed);
    const word = () => random.integer(0, 0xffff_ffff) | 0;
    // Odd factors permute the 32-bit words.
    this.#factors = Int32Array.from({ length }, () => word() | 1);
    this.#offsets = Int32Array.from({ length }, word);
  }

  /** Writes one hash for each band to `into`, from `at` on. */
  sign(text: string, into: Uint32Array, at: number): void {
    const words = new Int32Array(shingles(text).buffer);
    const { bands, rows } = this.banding;
    for (let band = 0; band < bands; band++) {
      let hash = band;
      for (let i = band * rows; i < (band + 1) * rows; i++) {
        const least = leastHash(words, this.#factors[i] ?? 1, this.#offsets[i] ?? 0);
        hash = mix(Math.imul(hash, 0x01000193) ^ least);
      }
      into[at + band] = hash;
    }
  }
}

/** The smallest of a hash over all words, as signed integers: the innermost loop of the search. */
function leastHash(words: Int32Array, factor: number, offset: number): number {
  let least = 0x7fff_ffff;
  for (let at = 0; at < words.length; at++) {
    const hash = (Math.imul(factor, words[at] ?? 0) + offset) | 0;
    if (hash < least) least = hash;
  }
  return least;
}
