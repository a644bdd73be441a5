import type { Comparing } from '../contract/entities.ts';

/** Results that are kept of each kind; those of a comparison take some hundred kilobytes at most. */
const mostKept = 8;

interface Kept<Result> {
  /** Of the moment before it was worked out: what was saved meanwhile makes it out of date. */
  readonly stamp: string;
  readonly result: Promise<Result>;
}

/**
 * Keeps what was worked out of a comparison until the answers behind it may have changed, so that going
 * from view to view and back works nothing out again. Those that were asked for longest ago are
 * dropped, and so is a failure. Equal questions of one moment are asked once.
 */
export class KeptResults<Result> {
  readonly #stampOf: (comparing: Comparing) => string;
  readonly #work: (comparing: Comparing) => Promise<Result>;
  readonly #kept = new Map<string, Kept<Result>>();

  /**
   * @param stampOf changes whenever the result may; it is asked each time and has to be cheap
   * @param work works a result out from what is saved
   */
  constructor(
    stampOf: (comparing: Comparing) => string,
    work: (comparing: Comparing) => Promise<Result>,
  ) {
    this.#stampOf = stampOf;
    this.#work = work;
  }

  /** @throws whatever working it out does */
  of({ projectId, splitId, part, systems }: Comparing): Promise<Result> {
    const comparing = { projectId, splitId, part, systems };
    const key = JSON.stringify([projectId, splitId, part, systems]);
    const stamp = this.#stampOf(comparing);
    const before = this.#kept.get(key);
    const kept = before?.stamp === stamp ? before : { stamp, result: this.#work(comparing) };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.result.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return kept.result;
  }
}
