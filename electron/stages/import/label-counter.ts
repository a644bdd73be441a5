import { HashTable } from '../../core/hash-table.ts';
import { RememberedHashes } from '../../core/text-hash.ts';

/** Labels whose text is kept at once; more are only counted. */
const MOST_KEPT = 5_000;

/**
 * Counts labels, of which there may be as many as rows. All are counted by hash; texts are kept of
 * those that may yet be among the commonest.
 */
export class LabelCounter {
  readonly #counts = new HashTable();
  readonly #hashes = new RememberedHashes();
  readonly #kept = new Map<string, number>();
  /** No label whose text is not kept has been seen more often than this. */
  #floor = 0;

  add(label: string): void {
    const hash = this.#hashes.of(label);
    const count = this.#counts.get(hash) + 1;
    this.#counts.set(hash, count);
    if (count > this.#floor || this.#kept.has(label)) this.#kept.set(label, count);
    if (this.#kept.size > 2 * MOST_KEPT) this.#prune();
  }

  get distinct(): number {
    return this.#counts.size;
  }

  /** The commonest, those of equal number by name. */
  commonest(limit: number): { label: string; rows: number }[] {
    return this.#sorted().slice(0, limit);
  }

  #sorted(): { label: string; rows: number }[] {
    return Array.from(this.#kept, ([label, rows]) => ({ label, rows })).sort(
      (a, b) => b.rows - a.rows || (a.label < b.label ? -1 : 1),
    );
  }

  #prune(): void {
    for (const { label, rows } of this.#sorted().slice(MOST_KEPT)) {
      this.#kept.delete(label);
      this.#floor = Math.max(this.#floor, rows);
    }
  }
}
