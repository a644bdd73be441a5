import { bandingFor, jaccard, shingleSet, Signer } from '../../../core/minhash.ts';
import type { TextPool } from '../../../core/text-key.ts';

/** Texts of one band that are all compared with each other. */
const smallBucket = 64;
/** In a larger bucket each text is compared with so many first ones, and so many before it. */
const [firstOnes, onesBefore] = [8, 16];
/** Shingle sets kept at a time: a text of a few buckets is not cut up for each again. */
const keptSets = 20_000;
/** Texts after which the search says how far it is. */
const textsPerBreath = 1_000;

export type OnPair = (a: number, b: number, similarity: number) => void;

/**
 * Finds pairs of texts with a similarity of `threshold` or more (see `core/minhash.ts`), each once, and
 * tells of each with its true similarity. Which texts are compared depends on the texts and the
 * threshold alone. Where very many texts agree in a band, as those of one template do, each of
 * them is compared with some of the others only, so that the work grows with the number of texts.
 *
 * @yields how much of the work is done, 0 to 1
 * @returns whether all texts that agree in a band were compared
 */
export function* nearPairs(
  texts: TextPool,
  threshold: number,
  onPair: OnPair,
): Generator<number, boolean> {
  const banding = bandingFor(threshold);
  const signer = new Signer(banding);
  const hashes = new Uint32Array(texts.size * banding.bands);
  const signing = 0.5;
  for (let text = 0; text < texts.size; text++) {
    signer.sign(texts.get(text), hashes, text * banding.bands);
    if (text % textsPerBreath === 0) yield (signing * text) / texts.size;
  }

  const search = new Search(texts, threshold, hashes, banding.bands, onPair);
  let seen = 0;
  for (let band = 0; band < banding.bands; band++) {
    for (const bucket of buckets(hashes, banding.bands, band, texts.size)) {
      search.compare(bucket, band);
      seen += bucket.length;
      if (seen < textsPerBreath) continue;
      seen = 0;
      yield signing + ((1 - signing) * band) / banding.bands;
    }
  }
  return search.complete;
}

/** Texts with an equal hash of a band, two or more, by rising number. */
function* buckets(
  hashes: Uint32Array,
  bands: number,
  band: number,
  count: number,
): Generator<number[]> {
  // Hash and number in one float, which typed arrays sort natively: 53 bits hold both.
  const numberBits = Math.max(1, Math.ceil(Math.log2(count + 1)));
  const room = 2 ** numberBits;
  const hashBits = Math.min(32, 53 - numberBits);
  const keys = new Float64Array(count);
  for (let text = 0; text < count; text++) {
    const hash = (hashes[text * bands + band] ?? 0) >>> (32 - hashBits);
    keys[text] = hash * room + text;
  }
  keys.sort();
  let bucket: number[] = [];
  let current = -1;
  for (const key of keys) {
    const hash = Math.floor(key / room);
    if (hash !== current) {
      if (bucket.length > 1) yield bucket;
      bucket = [];
      current = hash;
    }
    bucket.push(key % room);
  }
  if (bucket.length > 1) yield bucket;
}

class Search {
  complete = true;
  readonly #texts: TextPool;
  readonly #threshold: number;
  readonly #hashes: Uint32Array;
  readonly #bands: number;
  readonly #onPair: OnPair;
  readonly #sets = new Map<number, Uint32Array>();

  constructor(
    texts: TextPool,
    threshold: number,
    hashes: Uint32Array,
    bands: number,
    onPair: OnPair,
  ) {
    this.#texts = texts;
    this.#threshold = threshold;
    this.#hashes = hashes;
    this.#bands = bands;
    this.#onPair = onPair;
  }

  compare(bucket: readonly number[], band: number): void {
    const all = bucket.length <= smallBucket;
    if (!all) this.complete = false;
    for (let later = 1; later < bucket.length; later++) {
      for (let earlier = 0; earlier < later; earlier++) {
        if (!all && earlier >= firstOnes && earlier < later - onesBefore) {
          earlier = later - onesBefore - 1;
          continue;
        }
        this.#compareTwo(bucket[earlier] ?? 0, bucket[later] ?? 0, band);
      }
    }
  }

  #compareTwo(a: number, b: number, band: number): void {
    for (let before = 0; before < band; before++) {
      const [x, y] = [a * this.#bands + before, b * this.#bands + before];
      if (this.#hashes[x] === this.#hashes[y]) return;
    }
    const similarity = jaccard(this.#setOf(a), this.#setOf(b), this.#threshold);
    if (similarity >= this.#threshold) this.#onPair(a, b, similarity);
  }

  #setOf(text: number): Uint32Array {
    const kept = this.#sets.get(text);
    if (kept !== undefined) return kept;
    if (this.#sets.size >= keptSets) this.#sets.clear();
    const set = shingleSet(this.#texts.get(text));
    this.#sets.set(text, set);
    return set;
  }
}
