import type { BeamOptions } from './beam.ts';

/** A written text and its score: its log-probability divided by a power of its length. */
export interface ScoredText {
  /** After the start token, without the end-of-sequence token. */
  readonly ids: Int32Array;
  readonly score: number;
}

/** The best texts of one input that have ended, at most as many as there are beams. */
export class Hypotheses {
  readonly #options: BeamOptions;
  /** Best first. */
  readonly #texts: ScoredText[] = [];

  constructor(options: BeamOptions) {
    this.#options = options;
  }

  /**
   * A text that ended by itself.
   *
   * @param length in tokens, the end-of-sequence token included
   */
  add(ids: readonly number[], logProbability: number, length: number): void {
    const score = this.#score(logProbability, length);
    let at = this.#texts.length;
    while (at > 0 && (this.#texts[at - 1]?.score ?? 0) < score) at--;
    this.#texts.splice(at, 0, { ids: Int32Array.from(ids), score });
    if (this.#texts.length > this.#options.beams) this.#texts.pop();
  }

  /** A text that was cut off at the greatest length. */
  addCut(ids: readonly number[], logProbability: number): void {
    const start = this.#options.lengthIncludesStart === true ? 1 : 0;
    this.add(ids, logProbability, ids.length + start);
  }

  /**
   * Whether nothing that is open is looked at any more.
   *
   * @param length of an open text with its next token
   * @param best log-probability of the best continuation; nothing when there is none
   */
  isDone(length: number, best = Number.NEGATIVE_INFINITY): boolean {
    const worst = this.#texts[this.#options.beams - 1];
    if (worst === undefined) return false;
    return this.#options.earlyStopping === true || worst.score >= this.#score(best, length);
  }

  /** At most `count` texts, best first. */
  best(count: number): ScoredText[] {
    return this.#texts.slice(0, count);
  }

  #score(logProbability: number, length: number): number {
    return logProbability / length ** (this.#options.lengthPenalty ?? 1);
  }
}
