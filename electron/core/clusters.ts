/** Disjoint sets of 0 to n - 1 (union-find with path halving and union by size). */
export class Clusters {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, index) => index);
    this.#size = new Int32Array(count).fill(1);
  }

  /** The member that stands for the cluster of `index`. */
  find(index: number): number {
    const parent = this.#parent;
    let at = index;
    for (;;) {
      const above = parent[at] ?? at;
      if (above === at) return at;
      const higher = parent[above] ?? above;
      parent[at] = higher;
      at = higher;
    }
  }

  /** Puts two clusters together. */
  join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return;
    const [sizeA, sizeB] = [this.#size[first] ?? 1, this.#size[second] ?? 1];
    const [root, child] = sizeA < sizeB ? [second, first] : [first, second];
    this.#parent[child] = root;
    this.#size[root] = sizeA + sizeB;
  }

  /** Joins everything that has an equal key; -1 stands for no key. */
  joinEqual(keys: Int32Array): void {
    const first = new Map<number, number>();
    keys.forEach((key, index) => {
      if (key < 0) return;
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, index);
      else this.join(earlier, index);
    });
  }

  /** For every index a number of its cluster, 0, 1, … in the order in which clusters appear. */
  numbers(): Int32Array {
    const seen = new Map<number, number>();
    return this.#parent.map((_, index) => {
      const root = this.find(index);
      const known = seen.get(root);
      if (known !== undefined) return known;
      seen.set(root, seen.size);
      return seen.size - 1;
    });
  }
}
