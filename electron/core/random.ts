/** Mulberry32's state and gamma: small, fast, one 32-bit word of state that is saved with a run. */
const GAMMA = 0x6d2b79f5;

/**
 * A seeded generator. Every shuffle, draw and initial weight comes from one of these, and its
 * `state` is saved, so that a resumed run draws the same numbers as an uninterrupted one.
 *
 * The mixing function is Tommy Ettinger's Mulberry32 (public domain).
 */
export class Random {
  /** The whole state: one unsigned 32-bit word. */
  state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + GAMMA) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One element; throws on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('pick from an empty list');
    return item;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = items.slice();
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      const a = copy[i] as T;
      copy[i] = copy[j] as T;
      copy[j] = a;
    }
    return copy;
  }

  /** Standard normal (Box-Muller, one of the pair). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(Math.max(this.next(), 1e-12)));
    return radius * Math.cos(2 * Math.PI * this.next());
  }
}
