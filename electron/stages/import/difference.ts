import type { ColumnMapping, MappedRow, Part } from '../../contract/entities.ts';
import { HashTable } from '../../core/hash-table.ts';
import type { TextHash } from '../../core/text-hash.ts';
import { hashOf } from '../../core/text-hash.ts';
import type { FullExample, Store } from '../../store/store.ts';

/** What a row of a newer file is to its data set. A row that did not change is none of these. */
export type RowChange =
  | { readonly kind: 'added'; readonly row: MappedRow }
  | {
      readonly kind: 'input-changed' | 'label-changed';
      readonly exampleId: number;
      readonly row: MappedRow;
      readonly frozen: boolean;
    };

interface Removed {
  readonly exampleId: number;
  readonly frozen: boolean;
}

/** Names of rows of files without ids. */
const NUMBERED = /^row-(\d{1,15})$/;

/**
 * Matches the rows of a newer file with those of its data set: by id, where both have a column of
 * ids; else those of equal text first, in their order, and then those that are left by their place in
 * the file. Saved rows that are numbered, since an earlier version of the file had no ids, are matched
 * by their text where no id names them. Of each saved row some 50 bytes are kept; of the newer rows
 * those that match by neither id nor text.
 */
export class DatasetMatcher {
  readonly #byId: boolean;
  readonly #givenPart: Part | null;
  readonly #ids: Float64Array;
  readonly #frozen: Uint8Array;
  readonly #matched: Uint8Array;
  /** Hashes of the texts, and of all else that a row says. */
  readonly #texts: Float64Array;
  readonly #others: Float64Array;
  /** The next saved row with the same text, from 1; 0 for none. */
  readonly #next: Uint32Array;
  /** The first saved row with an id, from 1. */
  readonly #named = new HashTable();
  /** The first saved row with a text, from 1; where there are ids, of those that are numbered. */
  readonly #first = new HashTable();
  readonly #waiting: { place: number; row: MappedRow }[] = [];
  #same = 0;
  #place = 0;
  #lastNumber = 0;

  constructor(store: Store, datasetId: string, mapping: ColumnMapping, givenPart: Part | null) {
    const dataset = store.data.get(datasetId);
    this.#byId = mapping.id !== null && dataset.mapping.id !== null;
    this.#givenPart = givenPart;
    this.#ids = new Float64Array(dataset.rows);
    this.#frozen = new Uint8Array(dataset.rows);
    this.#matched = new Uint8Array(dataset.rows);
    this.#texts = new Float64Array(dataset.rows);
    this.#others = new Float64Array(dataset.rows);
    this.#next = new Uint32Array(dataset.rows);
    const lasts = new HashTable();
    let at = 0;
    for (const row of store.data.rowsOf(datasetId)) this.#remember(at++, row, lasts);
  }

  /** Rows that are as they were. */
  get same(): number {
    return this.#same;
  }

  /** What the next row of the file changes; null for nothing, or not known before {@link finish}. */
  match(row: MappedRow): RowChange | null {
    this.#place += 1;
    const text = textHash(row);
    const saved = this.#byId ? this.#named.get(hashOf(row.externalId)) - 1 : this.#find(text);
    if (saved >= 0) {
      this.#matched[saved] = 1;
      return this.#compare(saved, row, text);
    }
    if (this.#byId && this.#first.get(text) === 0) return { kind: 'added', row };
    this.#waiting.push({ place: this.#place - 1, row });
    return null;
  }

  /** To be called after the last row: what is left on either side. */
  finish(): { rest: RowChange[]; removed: Removed[] } {
    const rest = this.#waiting.flatMap(({ place, row }): RowChange | [] => {
      const text = textHash(row);
      const saved = this.#byId ? this.#find(text) : place;
      if (this.#matched[saved] !== 0) return { kind: 'added', row: this.#numbered(row) };
      this.#matched[saved] = 1;
      return this.#compare(saved, row, text) ?? [];
    });
    const removed: Removed[] = [];
    this.#matched.forEach((matched, at) => {
      if (matched === 0) removed.push(this.#saved(at));
    });
    return { rest, removed };
  }

  #remember(at: number, row: FullExample & { frozen: boolean }, lasts: HashTable): void {
    const text = textHash(row);
    this.#ids[at] = row.id;
    this.#frozen[at] = row.frozen ? 1 : 0;
    this.#texts[at] = oneNumber(text);
    this.#others[at] = otherHash({
      ...row,
      rationale: row.recordedRationale,
      completion: row.recordedCompletion,
      part: row.givenPart,
    });
    const number = NUMBERED.exec(row.externalId)?.[1];
    if (number !== undefined) this.#lastNumber = Math.max(this.#lastNumber, Number(number));
    if (this.#byId) this.#named.set(hashOf(row.externalId), at + 1);
    if (this.#byId && number === undefined) return;
    const before = lasts.set(text, at + 1);
    if (before === 0) this.#first.set(text, at + 1);
    else this.#next[before - 1] = at + 1;
  }

  /** The first saved row with this text that is not matched yet; -1 for none. */
  #find(text: TextHash): number {
    let at = this.#first.get(text);
    while (at !== 0 && this.#matched[at - 1] !== 0) at = this.#next[at - 1] ?? 0;
    if (at !== 0) this.#first.set(text, at);
    return at - 1;
  }

  #compare(at: number, row: MappedRow, text: TextHash): RowChange | null {
    const other = otherHash({ ...row, part: row.part ?? this.#givenPart });
    const sameText = this.#texts[at] === oneNumber(text);
    if (sameText && this.#others[at] === other) {
      this.#same += 1;
      return null;
    }
    const kind = sameText ? 'label-changed' : 'input-changed';
    return { kind, row, ...this.#saved(at) };
  }

  #saved(at: number): Removed {
    return { exampleId: this.#ids[at] ?? 0, frozen: this.#frozen[at] === 1 };
  }

  /** Rows without ids go on with numbers that no saved row has. */
  #numbered(row: MappedRow): MappedRow {
    if (this.#byId || !NUMBERED.test(row.externalId)) return row;
    this.#lastNumber += 1;
    return { ...row, externalId: `row-${this.#lastNumber}` };
  }
}

function textHash({ input, choices }: Pick<MappedRow, 'input' | 'choices'>): TextHash {
  return hashOf(input, ...(choices ?? []));
}

/** Of everything but the text: gold label, part, kept columns, and what came recorded. */
function otherHash(row: Omit<MappedRow, 'externalId' | 'input' | 'choices'>): number {
  const meta = Object.entries(row.meta ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = [row.gold, row.part, row.rationale, row.completion].map((text) =>
    text === null ? '' : `=${text}`,
  );
  return oneNumber(hashOf(...texts, ...meta.flat()));
}

/** 53 bits of a hash. */
const oneNumber = ({ low, high }: TextHash): number => (high & 0x1f_ffff) * 2 ** 32 + low;
