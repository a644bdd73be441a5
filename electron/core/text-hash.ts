import { normaliseText } from './text.ts';

/** Marks the end of a text among others: no UTF-16 code unit is as large. */
const END = 0x10000;

/** Odd multipliers of the two halves, and of the mixing at the end (those of MurmurHash3, public domain). */
const LOW = 0x01000193;
const HIGH = 0x85ebca6b;
const MIX = 0xc2b2ae35;

/**
 * A 64-bit hash of texts, in two words, for tables of a million rows that can't keep the texts
 * themselves. Two different texts have the same one with a chance of 1 in 2^64: among a million
 * texts that happens once in some 30 million tables. Not for secrets.
 */
export class TextHash {
  low = 0;
  high = 0;

  constructor() {
    this.begin();
  }

  begin(): void {
    this.low = 0x811c9dc5;
    this.high = 0x9747b28c;
  }

  /** Adds a text and its end: `ab`, `c` is not `a`, `bc`. */
  add(text: string): this {
    let { low, high } = this;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, LOW);
      high = Math.imul(high ^ (high >>> 15) ^ unit, HIGH);
    }
    this.low = Math.imul(low ^ END, LOW);
    this.high = Math.imul(high ^ (high >>> 15) ^ END, HIGH);
    return this;
  }

  /** Adds two numbers below 2^21. */
  mix(first: number, second: number): void {
    const { low, high } = this;
    this.low = Math.imul(Math.imul(low ^ first, LOW) ^ second, LOW);
    const turned = Math.imul(high ^ (high >>> 15) ^ first, HIGH);
    this.high = Math.imul(turned ^ (turned >>> 15) ^ second, HIGH);
  }

  /** Mixes the words, so that each bit depends on all before; nothing is added afterwards. */
  end(): this {
    const low = this.low >>> 0;
    const high = this.high >>> 0;
    this.low = mixed(low ^ (high >>> 13));
    this.high = mixed(high ^ (low >>> 11));
    return this;
  }
}

/** The hash of one or more texts, in order. */
export function hashOf(...texts: readonly string[]): TextHash {
  const hash = new TextHash();
  for (const text of texts) hash.add(text);
  return hash.end();
}

/** Hashes of texts that come again and again, such as labels. */
export class RememberedHashes {
  readonly #hashes = new Map<string, TextHash>();
  readonly #most: number;

  constructor(most = 1_000) {
    this.#most = most;
  }

  of(text: string): TextHash {
    const known = this.#hashes.get(text);
    if (known !== undefined) return known;
    const hash = hashOf(text);
    if (this.#hashes.size < this.#most) this.#hashes.set(text, hash);
    return hash;
  }
}

/**
 * Hashes texts twice at once: to the letter, and as {@link normaliseText} folds them. ASCII text, the
 * usual case, is folded on the way, four characters a step, and only what folding changed of it is
 * hashed besides; other text is normalised first.
 */
export class FoldingHash {
  readonly exact = new TextHash();
  readonly folded = new TextHash();
  /** Of what folding changed: with the folded text it says what the text was. */
  readonly #changed = new TextHash();

  begin(): this {
    this.folded.begin();
    this.#changed.begin();
    return this;
  }

  add(text: string): this {
    const changed = this.#changed;
    const { low, high } = changed;
    if (this.#fold(text)) {
      changed.mix(END, END);
      return this;
    }
    // What folds to ASCII text is hashed as ASCII text is.
    const normal = normaliseText(text);
    if (!this.#fold(normal)) this.folded.add(normal);
    changed.low = low;
    changed.high = high;
    changed.add(text);
    return this;
  }

  end(): this {
    this.folded.end();
    this.exact.begin();
    for (const { low, high } of [this.folded, this.#changed.end()]) {
      this.exact.mix(low & 0xffff, low >>> 16);
      this.exact.mix(high & 0xffff, high >>> 16);
    }
    this.exact.end();
    return this;
  }

  /** Adds ASCII text; false, and nothing is added to `folded`, where a character is none. */
  #fold(text: string): boolean {
    let { low, high } = this.folded;
    let word = 0;
    let bits = 0;
    let space = false;
    let begun = false;
    for (let at = 0; at < text.length; at++) {
      let unit = text.charCodeAt(at);
      if (unit <= 0x20 && (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d))) {
        if (unit !== 0x20 || space || !begun) this.#changed.mix(at, unit);
        space = true;
        continue;
      }
      if (unit >= 0x41) {
        if (unit > 0x7f) return false;
        if (unit <= 0x5a) {
          this.#changed.mix(at, unit);
          unit |= 0x20;
        }
      }
      if (space && begun) {
        word |= 0x20 << bits;
        bits += 8;
        if (bits === 32) {
          low = Math.imul(low ^ (low >>> 15) ^ word, LOW);
          high = Math.imul(high ^ (high >>> 15) ^ word, HIGH);
          word = 0;
          bits = 0;
        }
      }
      space = false;
      begun = true;
      word |= unit << bits;
      bits += 8;
      if (bits === 32) {
        low = Math.imul(low ^ (low >>> 15) ^ word, LOW);
        high = Math.imul(high ^ (high >>> 15) ^ word, HIGH);
        word = 0;
        bits = 0;
      }
    }
    if (space) this.#changed.mix(text.length, 0x20);
    low = Math.imul(low ^ (low >>> 15) ^ word, LOW);
    high = Math.imul(high ^ (high >>> 15) ^ word, HIGH);
    this.folded.low = Math.imul(low ^ END, LOW);
    this.folded.high = Math.imul(high ^ (high >>> 15) ^ END, HIGH);
    return true;
  }
}

function mixed(word: number): number {
  let mixing = Math.imul(word ^ (word >>> 16), HIGH);
  mixing = Math.imul(mixing ^ (mixing >>> 13), MIX);
  return (mixing ^ (mixing >>> 16)) >>> 0;
}
