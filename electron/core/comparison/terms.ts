import type { SliceTerm } from '../../contract/entities.ts';
import { countNumbers } from '../text.ts';

/**
 * What the conditions of slices are about, in columns, each in the order of the rows. What is a
 * function is read only when a term asks for it, and once for each call.
 */
export interface TermRows {
  readonly length: number;
  /** Texts that the numbers of `gold` stand for. */
  readonly labels: readonly string[];
  /** Place in `labels`; -1 without gold. */
  readonly gold: Int32Array;
  /** Characters of the input. */
  readonly inputLengths: Int32Array;
  readonly inputs: () => Iterable<string>;
  /** Values of a kept column; null where a row has none. */
  readonly column: (name: string) => Iterable<string | null>;
  readonly datasets: () => Iterable<string>;
  /** Whether the teacher's answer has a flag; null where there is none that was checked. */
  readonly flagged: () => Iterable<boolean | null>;
}

/** The rows that meet a condition, 1 or 0 each. Takes time in proportion to what it reads. */
export function termMask(term: SliceTerm, rows: TermRows): Uint8Array {
  switch (term.kind) {
    case 'gold': {
      const label = rows.labels.indexOf(term.label);
      return maskOf(rows.gold, rows.length, (gold) => gold === label && label >= 0);
    }
    case 'length':
      return maskOf(rows.inputLengths, rows.length, (length) => within(length, term));
    case 'numbers':
      return maskOf(rows.inputs(), rows.length, (input) => within(countNumbers(input), term));
    case 'word': {
      const word = foldWord(term.word);
      return maskOf(rows.inputs(), rows.length, (input) => hasWord(input, word));
    }
    case 'column':
      return maskOf(rows.column(term.column), rows.length, (value) => value === term.value);
    case 'dataset':
      return maskOf(rows.datasets(), rows.length, (id) => id === term.datasetId);
    case 'flagged':
      return maskOf(rows.flagged(), rows.length, (flagged) => flagged === term.flagged);
  }
}

/** Whether a number lies in a band: `from` inclusive, `to` exclusive, null without end. */
export const within = (
  value: number,
  band: { readonly from: number; readonly to: number | null },
): boolean => value >= band.from && (band.to === null || value < band.to);

/**
 * A word as words are compared: in lower case and without accents, as the search folds them (FTS5's
 * `unicode61 remove_diacritics 2`). Unicode is composed, so that Korean typed on any system is equal.
 */
export function foldWord(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(accents, '').normalize('NFC').toLowerCase();
}

/**
 * The different words of a text, folded. A Korean word that ends with a particle is there twice, with
 * and without it: `사과를` is also `사과`. Numbers are no words.
 */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of foldWord(text).matchAll(wordPattern)) {
    if (numeric.test(word)) continue;
    words.add(word);
    const bare = withoutParticle(word);
    if (bare !== null) words.add(bare);
  }
  return words;
}

const ascii = /^\p{ASCII}*$/u;
const accents = /[\u0300-\u036f]/gu;
/** Letters, digits and private ones of any script, as the search keeps them, with the marks on them. */
const wordPattern = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;
const wordCharacter = /[\p{L}\p{N}\p{Co}\p{M}]/u;
const numeric = /^\p{N}+$/u;

/** Particles that stand behind a noun, the longer ones first; at least two syllables are left of it. */
const particle =
  /^(\p{Script=Hangul}{2,}?)(?:에게서|으로부터|에서는|이라는|까지|부터|에게|에서|으로|처럼|보다|마다|이나|하고|이랑|은|는|이|가|을|를|의|에|로|와|과|도|만|랑)$/u;

/** A Korean noun without its particle; null where the word has none. */
function withoutParticle(word: string): string | null {
  return hangul.test(word) ? (particle.exec(word)?.[1] ?? null) : null;
}
const hangul = /\p{Script=Hangul}$/u;

/** Quicker than {@link wordsOf} for one word: most inputs do not hold its letters at all. */
function hasWord(input: string, word: string): boolean {
  return foldWord(input).includes(word) && wordCharacter.test(word) && wordsOf(input).has(word);
}

function maskOf<T>(values: Iterable<T>, length: number, meets: (value: T) => boolean): Uint8Array {
  const mask = new Uint8Array(length);
  let row = 0;
  for (const value of values) mask[row++] = meets(value) ? 1 : 0;
  return mask;
}
