import { plural } from './shell.ts';

const rows = (n: number, shown: string) => plural(n, shown, 'row', 'rows');

/** Slices of a comparison: groups with their scores, and weak slices. */
export const compareSlices = {
  systems: 'Looked at',
  systemsHint: 'Each further system means more tries, and what is found must then be surer.',
  noneChosen: 'Choose at least one system.',
  working: 'Going through groups of rows and combinations of conditions …',
  noGold: 'No row of this part has a gold label, so no slice can be scored.',

  weak: 'Weak slices',
  weakLead:
    'Rows with one or two things in common on which a system is right less often than on its other rows.',
  weakOf: (name: string) => `Weak slices of ${name}`,
  correction: (n: number, shown: string, fewest: string) =>
    `${plural(n, shown, 'slice was', 'slices were')} tried, those of each system counted by themselves: every one or two conditions with ${fewest} rows or more, and half of the rows at most. Each was tested against the rest (Fisher’s exact test, one-sided) and corrected by Holm for all of them, so that a slice is called weak by chance in no more than 5% of such searches.`,
  tooFew: (fewest: string, needed: string, has: string) =>
    `Too few rows to search: a slice needs ${fewest} rows, and half of the rows at most, so ${needed} rows with a gold label are the least. Here are ${has}.`,
  noneFound: (name: string) => `No weak slice was found for ${name}.`,
  noneSure: (name: string) =>
    `Nothing is shown to be weak for ${name}. What stands below might be chance.`,
  sentence: (where: string, score: string, right: string, of: string) =>
    `${where}: ${score} right (${right} of ${of}).`,
  rest: (score: string, right: string, of: string) =>
    `On the other rows: ${score} (${right} of ${of}).`,
  shown: 'weak beyond chance',
  perhaps: (shown: string) => `might be chance: ${shown} slices were tried`,
  p: (p: string, corrected: string) => `p ${p}, after correction ${corrected}`,
  where: (conditions: string) => conditions.charAt(0).toUpperCase() + conditions.slice(1),
  and: (one: string, other: string) => `${one}, and ${other}`,
  sliceBar: 'These rows',
  restBar: 'Other rows',

  groups: 'Groups',
  groupsLead:
    'Every group with its own scores and 95% intervals. Small groups have wide intervals: differences between them are not tested.',
  noGroups: 'These rows have nothing that parts them into groups.',
  group: {
    gold: 'By gold label',
    length: 'By length of the input',
    numbers: 'By numbers in the input',
    column: (name: string) => `By ${name}`,
    dataset: 'By data set',
    flagged: 'By flags of the teacher’s rationale',
  },
  slice: 'Rows with',
  count: 'Rows',
  noScore: 'not asked',
  show: (n: number, shown: string) => `Show ${rows(n, shown)}`,
  showOf: (n: number, shown: string, where: string) => `Show ${rows(n, shown)}: ${where}`,

  condition: {
    gold: (label: string) => `gold label ${label}`,
    below: (to: string) => `inputs below ${to} characters`,
    between: (from: string, to: string) => `inputs of ${from} to ${to} characters`,
    from: (from: string) => `inputs of ${from} characters or more`,
    numbers: (n: number, shown: string) => plural(n, shown, 'number', 'numbers'),
    numbersBetween: (from: string, to: string) => `${from} to ${to} numbers`,
    numbersFrom: (from: string) => `${from} numbers or more`,
    word: (word: string) => `the word “${word}”`,
    column: (column: string, value: string) => `${column}: ${value === '' ? 'empty' : value}`,
    dataset: (name: string) => `data set ${name}`,
    flagged: 'a flag on the teacher’s rationale',
    notFlagged: 'no flag on the teacher’s rationale',
  },
};
