import type { TextHash } from './text-hash.ts';

/** Share of the slots that may be taken: beyond it, searches grow long. */
const FULLEST = 0.6;

/**
 * A number from 1 to 2^32 - 1 for each of many 64-bit hashes, 12 bytes a slot: a million texts take
 * 24 or 48 MB, where a `Map` of the texts would take hundreds.
 */
export class HashTable {
  #low = new Uint32Array(1 << 10);
  #high = new Uint32Array(1 << 10);
  /** 0 marks a free slot. */
  #value = new Uint32Array(1 << 10);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number kept for a hash; 0 for none. */
  get(hash: Pick<TextHash, 'low' | 'high'>): number {
    return this.#value[this.#slot(hash.low, hash.high)] ?? 0;
  }

  /** Keeps a number for a hash; answers the one before, 0 for none. */
  set(hash: Pick<TextHash, 'low' | 'high'>, value: number): number {
    const slot = this.#slot(hash.low, hash.high);
    const before = this.#value[slot] ?? 0;
    this.#value[slot] = value;
    if (before === 0) this.#take(slot, hash);
    return before;
  }

  /** Keeps a number unless there is one; answers the one that was there, 0 for none. */
  add(hash: Pick<TextHash, 'low' | 'high'>, value: number): number {
    const slot = this.#slot(hash.low, hash.high);
    const before = this.#value[slot] ?? 0;
    if (before !== 0) return before;
    this.#value[slot] = value;
    this.#take(slot, hash);
    return 0;
  }

  #take(slot: number, { low, high }: Pick<TextHash, 'low' | 'high'>): void {
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#size += 1;
    if (this.#size > FULLEST * this.#value.length) this.#grow();
  }

  /** Where the hash stands, or the free slot where it would. */
  #slot(low: number, high: number): number {
    const last = this.#value.length - 1;
    let slot = low & last;
    while (this.#value[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  #grow(): void {
    const [low, high, value] = [this.#low, this.#high, this.#value];
    const slots = value.length * 2;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#value = new Uint32Array(slots);
    for (let at = 0; at < value.length; at++) {
      const kept = value[at] ?? 0;
      if (kept === 0) continue;
      const slot = this.#slot(low[at] ?? 0, high[at] ?? 0);
      this.#low[slot] = low[at] ?? 0;
      this.#high[slot] = high[at] ?? 0;
      this.#value[slot] = kept;
    }
  }
}
