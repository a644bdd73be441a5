/** Work in lanes: what is in one waits for each other, so that the times it takes stay its own. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>();

  /** @param work does not throw */
  add(lane: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(lane) ?? Promise.resolve()).then(work);
    this.#last.set(lane, done);
    return done;
  }
}
