import { SvelteSet } from 'svelte/reactivity';

/** Most rows that can be chosen one by one; all that a search finds may be more. */
export const mostChosen = 10_000;

/** Rows of a long table that a person has chosen: some by their keys, or all that are found. */
export class RowSelection {
  readonly keys = new SvelteSet<number>();
  /** Everything that is found, rows that were never loaded included. */
  all = $state(false);
  /** Where a range begins: the row that was chosen last by itself. */
  anchor: number | null = null;

  get empty(): boolean {
    return !this.all && this.keys.size === 0;
  }

  has(key: number): boolean {
    return this.all || this.keys.has(key);
  }

  /** How many rows that is, of all that are found. */
  count(found: number): number {
    return this.all ? found : this.keys.size;
  }

  toggle(key: number, index: number): void {
    this.anchor = index;
    if (!this.keys.delete(key)) this.keys.add(key);
  }

  add(keys: readonly number[]): void {
    for (const key of keys) if (this.keys.size < mostChosen) this.keys.add(key);
  }

  chooseAll(): void {
    this.keys.clear();
    this.all = true;
  }

  clear(): void {
    this.keys.clear();
    this.all = false;
    this.anchor = null;
  }
}
