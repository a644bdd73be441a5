import type { Parts } from '../divide.ts';

/** How many rows of each group are in each part. */
export class PartTable {
  readonly size: number;
  readonly #counts: Int32Array;

  /** @param groups for every row the number of its group */
  constructor(
    groups: Int32Array,
    parts: Parts,
    size = 1 + groups.reduce((a, b) => Math.max(a, b), -1),
  ) {
    this.size = size;
    this.#counts = new Int32Array(size * 3);
    groups.forEach((group, row) => {
      const at = group * 3 + (parts[row] ?? 0);
      this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    });
  }

  /** Rows of a group in train, validation and test. */
  parts(group: number): readonly [number, number, number] {
    const at = group * 3;
    return [this.#counts[at] ?? 0, this.#counts[at + 1] ?? 0, this.#counts[at + 2] ?? 0];
  }

  /** Rows of a group in other parts than one. */
  elsewhere(group: number, part: number): number {
    const [train, validation, test] = this.parts(group);
    return train + validation + test - (this.#counts[group * 3 + part] ?? 0);
  }

  /** Pairs of rows of a group that are in different parts. */
  pairs(group: number): number {
    const [train, validation, test] = this.parts(group);
    return train * validation + train * test + validation * test;
  }

  /** Pairs of a row of one group and a row of another in different parts. */
  crossing(a: number, b: number): number {
    const rows = this.parts(a);
    return (
      rows[0] * this.elsewhere(b, 0) +
      rows[1] * this.elsewhere(b, 1) +
      rows[2] * this.elsewhere(b, 2)
    );
  }
}

/** The rows of every unit, packed. */
export class RowsByUnit {
  readonly #start: Int32Array;
  readonly #rows: Int32Array;

  constructor(units: Int32Array, count: number) {
    this.#start = new Int32Array(count + 1);
    for (const unit of units) this.#start[unit + 1] = (this.#start[unit + 1] ?? 0) + 1;
    for (let unit = 0; unit < count; unit++) {
      this.#start[unit + 1] = (this.#start[unit + 1] ?? 0) + (this.#start[unit] ?? 0);
    }
    const next = this.#start.slice();
    this.#rows = new Int32Array(units.length);
    units.forEach((unit, row) => {
      const at = next[unit] ?? 0;
      this.#rows[at] = row;
      next[unit] = at + 1;
    });
  }

  of(unit: number): Int32Array {
    return this.#rows.subarray(this.#start[unit] ?? 0, this.#start[unit + 1] ?? 0);
  }
}
