import { plural } from './shell.ts';

const rows = (n: number, shown: string) => plural(n, shown, 'row', 'rows');

/** The data screen: data sets with their cards, and all rows. */
export const data = {
  title: 'Data',
  lead: 'The rows that the teacher answers and the student learns from.',
  emptyTitle: 'No rows yet',
  emptyText:
    'Import a file with one example per row: CSV, TSV, JSON, JSONL, Parquet or Excel, a folder of text files, or text that you paste.',
  importFile: 'Import a file',
  addFile: 'Add another file',
  exportRows: 'Export rows',
  rows: 'Rows',
  withGold: 'With a gold label',
  recorded: 'With a recorded completion',
  unlabelled: 'No gold labels: that is fine, the teacher labels the rows.',
  datasets: 'Data sets',
  datasetsCaption: 'Data sets of this project',
  source: 'File',
  removeTitle: 'Remove this file’s rows?',
  removeBody: (name: string, rows: string) =>
    `The ${rows} rows of “${name}” are removed, with the completions the teacher gave for them. Splits and runs that used them can’t be repeated.`,
  removeOf: (name: string) => `Remove ${name}`,
  cardOf: (name: string) => `Data card of ${name}`,
  cardShow: 'Card',
  next: 'The rows are in. Next: choose who answers them.',
  nextAction: 'Choose a teacher',

  read: 'Read from the file',
  imported: 'Imported',
  skipped: 'Left out: not usable',
  dropped: 'Left out: repeats',
  repeats: 'Repeats among them',
  noGold: 'Without a gold label',
  skippedReasons: 'Why rows were left out',
  skippedFirst: (shown: string) => `The first ${shown} reasons:`,
  onLine: (line: string) => `Line ${line}`,
  repeatsSplit: (exact: string, normalised: string) =>
    `${exact} to the letter, ${normalised} when case and spaces don’t count`,
  conflicting: (n: number, shown: string) =>
    `${rows(n, shown)} with an input like an earlier one ${n === 1 ? 'has' : 'have'} another gold label: one of each pair must be wrong, or the input lacks something.`,
  balance: 'Gold labels',
  balanceRow: (shown: string, share: string) => `${shown} (${share})`,
  balanceMore: (n: number, shown: string) =>
    plural(n, shown, 'further label', 'further labels') + ' with fewer rows',
  balanceDistinct: (n: number, shown: string) =>
    `${plural(n, shown, 'gold label', 'different gold labels')}, none of them twice.`,
  balanceNone: 'No gold labels: that is fine, the teacher labels the rows.',
  balanceSome: (n: number, shown: string) =>
    `${rows(n, shown)} without a gold label: the teacher labels ${n === 1 ? 'it' : 'them'}, too.`,
  lengths: 'Length of the inputs',
  lengthsHalf: 'Half have at most',
  lengthsMost: '95 of 100 have at most',
  lengthsLongest: 'The longest has',
  tokens: (n: number, shown: string) => plural(n, shown, 'token', 'tokens'),
  lengthsSample: (shown: string) =>
    `An estimate from ${shown} rows, spread evenly over the file: each student cuts text into tokens of its own.`,
  lengthsAll: 'An estimate from every row: each student cuts text into tokens of its own.',
  above: 'Cut off at a limit',
  aboveWhy:
    'A student reads each input up to its limit, a setting of the training; what comes after is cut off.',
  aboveLimit: (limit: string) => `Limit ${limit}`,
  aboveShare: (share: string) => `${share} of the rows lose their end`,
  aboveNone: 'no row loses anything',
  languages: 'Language',
  languagesGuess: (shown: string) => `Guessed from ${shown} rows.`,
  languageUnknown: 'can’t be told',
  givenParts: 'Given parts',
  givenOpen: 'Divided later',
  noCard: 'This data set was imported by an earlier version, which made no card.',

  examples: 'Rows',
  examplesCaption: 'Rows of this project',
  search: 'Search the rows',
  searchHint: 'Words that all occur; "…" is a phrase.',
  searchFile: 'Data set',
  searchAll: 'all',
  found: (n: number, shown: string) => `${rows(n, shown)} found`,
  searchBehind: 'Newly imported rows are still being prepared for the search.',
};
