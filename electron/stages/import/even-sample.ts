/**
 * Something of rows that are spread evenly over a file whose length is not known before its end: of
 * every so many rows one, and of twice as many whenever it has become too much.
 */
export class EvenSample<T> {
  readonly #most: number;
  #values: T[] = [];
  #stride = 1;
  #rows = 0;

  /** @param most at the end there are between half of this and this, or all rows of fewer */
  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a row; it is only made of one of the sample. */
  add(make: () => T): void {
    const isOne = this.#rows % this.#stride === 0;
    this.#rows += 1;
    if (!isOne) return;
    this.#values.push(make());
    if (this.#values.length <= this.#most) return;
    this.#values = this.#values.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  get values(): readonly T[] {
    return this.#values;
  }
}
