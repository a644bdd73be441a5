import type { DedupePolicy, MappedRow } from '../../contract/entities.ts';
import { HashTable } from '../../core/hash-table.ts';
import { FoldingHash, RememberedHashes } from '../../core/text-hash.ts';

/** Rows that equal an earlier one. */
export interface DuplicateCounts {
  /** Equal to the letter, input and choices. */
  exact: number;
  /** Equal after case, Unicode form and white space are folded; the exact ones are among them. */
  normalised: number;
  /** Of those, with another gold label than the first of them. */
  conflicting: number;
}

type Text = Pick<MappedRow, 'input' | 'choices' | 'gold'>;

/** What is kept for a text: a hash of its gold label, or that it has none. */
const unlabelled = 1;

/** Remembers the texts of rows by hashes, and tells which equal an earlier one. */
export class Duplicates {
  readonly counts: DuplicateCounts = { exact: 0, normalised: 0, conflicting: 0 };
  dropped = 0;
  readonly #policy: DedupePolicy;
  #exact = new HashTable();
  #folded = new HashTable();
  readonly #hash = new FoldingHash();
  readonly #golds = new RememberedHashes();

  constructor(policy: DedupePolicy) {
    this.#policy = policy;
  }

  /** Remembers a row that is in the project already. */
  known(row: Text): void {
    const { exact, folded } = this.#hashOf(row);
    const gold = this.#goldKey(row.gold);
    this.#exact.add(exact, gold);
    this.#folded.add(folded, gold);
  }

  /** Whether the policy keeps the row; counts it. */
  keeps(row: Text): boolean {
    const { exact, folded } = this.#hashOf(row);
    const gold = this.#goldKey(row.gold);
    const isExact = this.#exact.add(exact, gold) !== 0;
    const before = this.#folded.add(folded, gold);
    if ((this.#policy === 'exact' && isExact) || (this.#policy === 'normalised' && before !== 0)) {
      this.dropped += 1;
      return false;
    }
    if (isExact) this.counts.exact += 1;
    if (before !== 0) this.counts.normalised += 1;
    if (before > unlabelled && gold > unlabelled && before !== gold) this.counts.conflicting += 1;
    return true;
  }

  /** Lets go of all texts, of which a million take some 50 MB; the counts stay. */
  forget(): void {
    this.#exact = new HashTable();
    this.#folded = new HashTable();
  }

  #hashOf({ input, choices }: Text): FoldingHash {
    const hash = this.#hash.begin().add(input);
    if (choices !== null) for (const choice of choices) hash.add(choice);
    return hash.end();
  }

  #goldKey(gold: string | null): number {
    return gold === null ? unlabelled : Math.max(unlabelled + 1, this.#golds.of(gold).low);
  }
}
