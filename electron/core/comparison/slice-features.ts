import { countNumbers } from '../text.ts';
import { wordsOf } from './terms.ts';

/** Values of a kept column beyond which it is no column of groups. */
const mostValues = 20;

/** A column with few values, a number for each row: a place in `values`, or -1 without one. */
export interface Coded {
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/** What the texts of rows are like, read in one go. */
export interface TextFeatures {
  /** Numbers that stand in each input. */
  readonly numbers: Int32Array;
  /** Words that stand in at least so many inputs as was asked for, the commonest first. */
  readonly words: readonly { readonly word: string; readonly rows: Int32Array }[];
  /** Kept columns with 2 to 20 values, by name. */
  readonly columns: ReadonlyMap<string, Coded>;
}

interface Text {
  readonly input: string;
  readonly meta: Readonly<Record<string, string>> | null;
}

/**
 * Reads inputs and kept columns once; the time is linear in their length.
 * @param length rows there are
 * @param fewest and `most`: rows that a word stands in
 * @param words at most so many: which ones depends on how common they are alone, never on answers
 */
export function textFeatures(
  texts: Iterable<Text>,
  length: number,
  { fewest, most, words }: { fewest: number; most: number; words: number },
): TextFeatures {
  const numbers = new Int32Array(length);
  const postings = new Postings();
  const columns = new Columns(length);
  let row = 0;
  for (const { input, meta } of texts) {
    numbers[row] = countNumbers(input);
    for (const word of wordsOf(input)) postings.add(word, row);
    if (meta !== null) columns.add(meta, row);
    row += 1;
  }
  return { numbers, words: postings.common(fewest, most, words), columns: columns.few() };
}

/** Texts as numbers in the order in which they first appear. */
export function coded(texts: Iterable<string>, length: number): Coded {
  const places = new Map<string, number>();
  const codes = new Int32Array(length).fill(-1);
  let row = 0;
  for (const text of texts) codes[row++] = placeOf(places, text);
  return { values: [...places.keys()], codes };
}

/** In which rows each word stands: pairs of word and row in two growing columns. */
class Postings {
  readonly #places = new Map<string, number>();
  #words = new Int32Array(1024);
  #rows = new Int32Array(1024);
  #used = 0;

  add(word: string, row: number): void {
    if (this.#used === this.#words.length) {
      this.#words = grown(this.#words);
      this.#rows = grown(this.#rows);
    }
    this.#words[this.#used] = placeOf(this.#places, word);
    this.#rows[this.#used] = row;
    this.#used += 1;
  }

  common(fewest: number, most: number, limit: number): TextFeatures['words'] {
    const counts = new Int32Array(this.#places.size);
    for (let at = 0; at < this.#used; at++) {
      const word = this.#words[at] ?? 0;
      counts[word] = (counts[word] ?? 0) + 1;
    }
    const chosen = [...this.#places]
      .map(([word, place]) => ({ word, place, count: counts[place] ?? 0 }))
      .filter(({ count }) => count >= fewest && count <= most)
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
      .slice(0, limit);
    const lists = new Map(
      chosen.map(({ place, count }) => [place, { rows: new Int32Array(count), used: 0 }]),
    );
    for (let at = 0; at < this.#used; at++) {
      const list = lists.get(this.#words[at] ?? 0);
      if (list !== undefined) list.rows[list.used++] = this.#rows[at] ?? 0;
    }
    return chosen.map(({ word, place }) => ({
      word,
      rows: lists.get(place)?.rows ?? new Int32Array(),
    }));
  }
}

/** Kept columns; one that turns out to have many values is let go. */
class Columns {
  readonly #length: number;
  readonly #columns = new Map<string, { places: Map<string, number>; codes: Int32Array } | null>();

  constructor(length: number) {
    this.#length = length;
  }

  add(meta: Readonly<Record<string, string>>, row: number): void {
    for (const [name, value] of Object.entries(meta)) {
      const column = this.#of(name);
      if (column === null) continue;
      column.codes[row] = placeOf(column.places, value);
      if (column.places.size > mostValues) this.#columns.set(name, null);
    }
  }

  few(): Map<string, Coded> {
    const few = new Map<string, Coded>();
    for (const [name, column] of this.#columns) {
      if (column === null || column.places.size < 2) continue;
      few.set(name, { values: [...column.places.keys()], codes: column.codes });
    }
    return few;
  }

  #of(name: string): { places: Map<string, number>; codes: Int32Array } | null {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const column = { places: new Map(), codes: new Int32Array(this.#length).fill(-1) };
    this.#columns.set(name, column);
    return column;
  }
}

function placeOf(places: Map<string, number>, text: string): number {
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, places.size);
  return places.size - 1;
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
