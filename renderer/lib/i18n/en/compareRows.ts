import { plural } from './shell.ts';

const rows = (n: number, shown: string) => plural(n, shown, 'row', 'rows');

/** Rows of a comparison side by side: filters, table, the chosen row, notes. */
export const compareRows = {
  caption: 'Rows with the answers of all systems',
  detailCaption: (id: string) => `Row ${id}`,

  // ---------------------------------------------------------------- filters
  filters: 'Filters',
  searchHint: 'Words of the input; "…" is a phrase',
  pair: 'Set against each other',
  reference: 'First',
  other: 'Second',
  outcomes: {
    reference: (a: string, b: string) => `${a} right, ${b} wrong`,
    other: (a: string, b: string) => `${b} right, ${a} wrong`,
    both: (a: string, b: string) => `${a} and ${b} right`,
    neither: (a: string, b: string) => `${a} and ${b} wrong`,
  },
  /** Of the two that are chosen just before; their names are told on pointing. */
  outcomesShort: {
    reference: 'Only the first right',
    other: 'Only the second right',
    both: 'Both right',
    neither: 'Both wrong',
  },
  outcomesOfTeacher: {
    reference: 'Teacher right, student wrong',
    other: 'Student right, teacher wrong',
    both: 'Both right',
    neither: 'Both wrong',
  },
  disagree: 'They disagree',
  unsure: (name: string, below: string) => `${name} less than ${below} sure`,
  unsureShort: (below: string) => `Second less than ${below} sure`,
  noAnswerShort: 'Second has no answer',
  threshold: 'Less sure than',
  noAnswer: (name: string) => `${name} has no answer`,
  flagged: 'Rationale flagged',
  notFlagged: 'Rationale without flags',
  noted: 'With a note',
  gold: 'Gold label',
  length: 'Length',
  any: 'any',
  more: 'More',
  withCount: (text: string, count: string) => `${text} (${count})`,
  toggle: (text: string, n: number, count: string) => `${text}: ${rows(n, count)}`,
  sort: 'Order',
  sorts: {
    order: 'Import order',
    length: 'Longest input first',
    confidence: (name: string) => `Least sure first: ${name}`,
  },
  on: 'On:',
  without: (filter: string) => `Remove the filter ${filter}`,
  reset: 'Reset',
  found: (n: number, shown: string, all: string) => `${rows(n, shown)} of ${all}`,
  everySeed: (systems: string) => `Every seed (${systems} columns)`,
  noneFound: 'No row fits what is asked for.',
  showAll: 'Show all rows',
  parts: {
    text: (text: string) => `“${text}”`,
    right: (name: string) => `right: ${name}`,
    wrong: (name: string) => `wrong: ${name}`,
    said: (name: string, label: string) => `${name} says ${label}`,
    gold: (label: string) => `gold label ${label}`,
    word: (word: string) => `word “${word}”`,
    column: (column: string, value: string) => `${column} is ${value}`,
    dataset: (name: string) => `data set ${name}`,
  },
  characters: {
    upTo: (last: string) => `up to ${last} characters`,
    from: (from: string) => `${from} characters and more`,
    between: (from: string, last: string) => `${from} to ${last} characters`,
    exactly: (value: string) => `${value} characters`,
  },
  numbers: {
    upTo: (last: string) => `up to ${last} numbers`,
    from: (from: string) => `${from} numbers and more`,
    between: (from: string, last: string) => `${from} to ${last} numbers`,
    exactly: (value: string) => `numbers: ${value}`,
  },

  // ---------------------------------------------------------------- table
  row: 'Row',
  none: 'no answer',
  notAsked: 'not asked',
  sure: (share: string) => `${share} sure`,
  confidence: 'Confidence',
  hasNote: 'has a note',
  open: 'Rationales of the chosen row stand below the table.',

  // ---------------------------------------------------------------- the chosen row
  choose: 'Choose a row to read it whole.',
  input: 'Input',
  choices: 'Choices',
  goldLabel: 'Gold label',
  noGold: 'none: right or wrong can’t be told',
  columns: 'Kept columns',
  rationales: 'Answers and rationales',
  compareWith: 'Mark words that differ from',
  noReference: 'nothing',
  marked: (name: string) => `Marked: words that the rationale of ${name} does not have there.`,
  isReference: 'compared with',
  noRationale: 'wrote no rationale',
  milliseconds: (time: string) => `took ${time}`,
  wrongArithmetic: (equations: string) => `Wrong arithmetic: ${equations}`,
  leadsElsewhere: 'Rationale leads to another answer',
  needsTeacher: 'reads the teacher’s rationale',
  practice: 'practice teacher: answers made up',

  // ---------------------------------------------------------------- notes
  note: 'Note on this row',
  noteHint: 'Saved as you type.',
  notePlaceholder: 'What you saw here',
  noteSaving: 'Saving…',
  noteSaved: 'Saved.',
  noteFailed: 'This note is not saved yet. It is kept here; try again.',

  // ---------------------------------------------------------------- keys
  keysTitle: 'Keys',
  keysHint:
    'The keys of the review of rationales, as far as there is the like here. Letters can be switched off there.',
  keys: 'Keys',
  commands: {
    next: 'Next row',
    previous: 'Previous row',
    first: 'First row',
    last: 'Last row',
    note: 'Write a note on the row',
    search: 'Search the inputs',
    keys: 'This list',
  },
};
