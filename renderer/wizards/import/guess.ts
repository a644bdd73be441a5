import { Part } from '../../../electron/contract/entities.ts';

/** What people call the three parts, in the values of a column and in the names of files. */
const namesOfPart: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  validation: ['validation', 'valid', 'val', 'dev', 'development', 'eval'],
  test: ['test', 'testing', 'tst', 'heldout', 'holdout'],
};

/** The part that a word names, in any case; null for every other word. */
export function partNamed(word: string): Part | null {
  const plain = word
    .trim()
    .toLowerCase()
    .replace(/[-_\s]/g, '');
  return Part.options.find((part) => namesOfPart[part].includes(plain)) ?? null;
}

/** The part that a file's name tells, as in `svamp-test.csv`; null when it tells none, or two. */
export function partOfFile(name: string): Part | null {
  const told = new Set(
    stem(name)
      .split(/[^\p{L}]+/u)
      .map(partNamed)
      .filter((part) => part !== null),
  );
  const [part = null] = told.size === 1 ? told : [];
  return part;
}

/** What the values of a part column mean, as far as their names say. */
export function partsOfValues(values: readonly string[]): Record<string, Part> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const part = partNamed(value);
      return part === null ? [] : [[value, part]];
    }),
  );
}

/** A file's name without its ending, as a first name for what is made from it. */
export const stem = (name: string): string =>
  name
    .replace(/(?:\.(?:gz|zip))?$/i, '')
    .replace(/(?<=.)\.[^.]*$/, '')
    .slice(0, 120) || name;

/** Each text once, in order of appearance; empty ones are left out. */
export const distinct = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text) => text !== '')),
];

/**
 * The label of `labels` that a value is, whatever its case and white space; null for none. Main
 * compares in the same way (`normaliseText`), so such a value needs no name.
 */
export function labelLike(value: string, labels: readonly string[]): string | null {
  const plain = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  return labels.find((label) => plain(label) === plain(value)) ?? null;
}
