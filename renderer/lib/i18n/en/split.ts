import { plural } from './shell.ts';

/** Split screen. */
export const split = {
  title: 'Split',
  lead: 'Rows to learn from, rows to choose the best checkpoint by, and rows for the final comparison. Frozen once saved.',
  emptyTitle: 'There is nothing to divide yet',
  emptyText: 'Import rows first.',
  emptyAction: 'Import a file',
  again: 'New split',
  list: 'Splits',
  caption: 'Splits of this project',
  frozen: (when: string) => `Frozen ${when}`,
  next: 'The rows are divided. Next: train students on the train part.',
  nextAction: 'Train students',
  noTeacher:
    'No teacher has answered yet. Fine-tuning on gold labels needs none; the other methods do.',

  wizard: 'New split',
  steps: { kind: 'How', shares: 'Shares', leaks: 'Leaks', freeze: 'Freeze' },
  kindTitle: 'How are the rows divided?',
  kindWhy:
    'A test row must be new to the student, or its score says nothing. What suits your rows is chosen already.',
  suggested: (way: string) => `${way} (suggested)`,
  ways: {
    template: 'By template',
    random: 'At random',
    group: 'By group',
    time: 'By time',
    given: 'As the files say',
    folds: 'In folds',
  },
  wayTexts: {
    template:
      'Rows that tell the same story with other numbers and names stay together. Otherwise a test row may be a training row in disguise.',
    random: 'Every row is drawn into a part, from a seed: the same seed gives the same split.',
    group: 'Rows with the same value in a column, such as an author or a document, stay together.',
    time: 'The newest rows are for test, those before them for validation: as when the student meets rows of tomorrow.',
    given:
      'Rows keep the part their file, or a column of it, says. If none is for validation, a share of the train rows is set aside.',
    folds:
      'Several splits at once: each fold is the test part of one of them. For few rows, when one test part says too little.',
  },
  missing: {
    given: 'No imported file or column says a part.',
    group: 'No further column was kept when the rows were imported.',
    time: 'No kept column holds dates or numbers only.',
  },
  seen: {
    template: (n: number, shown: string) =>
      `${plural(n, shown, 'row repeats', 'rows repeat')} the story of another row.`,
    group: (column: string, values: string) =>
      `“${column}” has ${values} values, each in several rows.`,
    time: (column: string) => `“${column}” can be ordered by time.`,
  },
  columnOption: (column: string, values: string) => `${column} · ${values} values`,
  groupColumn: 'Column to group by',
  groupColumnHint: 'Rows without a value each stand alone.',
  timeColumn: 'Column with the time',
  timeColumnHint:
    'Rows of the same time stay together, so shares may be a little off. Rows without a time are for training.',
  sharesTitle: 'How large is each part?',
  sharesWhy: 'A larger test part gives narrower intervals; a larger train part, a better student.',
  validation: 'Validation, in percent',
  test: 'Test, in percent',
  train: 'Train gets the rest',
  partsGiven: 'The files say which rows are for what; only what they leave open is asked here.',
  validationOf: 'Validation, in % of train',
  folds: 'Number of folds',
  foldsWhy:
    'Every row is in the test part of one fold. From the rest of each fold, a share is set aside for validation.',
  seed: 'Seed',
  stratify: 'Keep the share of each label equal',
  stratifyHint: 'Each part gets the same mix of gold labels.',
  group: 'Keep rows that differ only in their numbers together',
  groupHint:
    'Otherwise a test row may be a training row in disguise: the student would remember and not reason.',
  groupNames: 'Also when they differ in their names',
  groupNamesHint:
    'Names are found by rule: capitalised words inside a sentence, or before its verb where it starts, and common Korean given names.',
  groups: (n: number, shown: string, largest: string) =>
    `Rows that stay together make ${plural(n, shown, 'group', 'groups')}; the largest has ${largest}.`,
  withoutGroup: (n: number, shown: string) =>
    `${plural(n, shown, 'row has', 'rows have')} no value in this column and ${n === 1 ? 'stands' : 'each stand'} alone.`,
  withoutTime: (n: number, shown: string) =>
    `${plural(n, shown, 'row has', 'rows have')} no time that can be read and ${n === 1 ? 'is' : 'are'} for training.`,

  leaksTitle: 'Do rows leak between the parts?',
  leaksWhy:
    'The leak guard compares rows of different parts. A test row that is almost a training row is remembered, not solved.',
  threshold: 'Nearly equal from, in percent',
  thresholdHint: 'Share of common pieces of five characters, of all pieces of two rows.',
  looking: 'Comparing the rows…',
  lookingAgain: 'Comparing again, with clusters moved…',
  stopped: 'The comparison was stopped. You can go on without it.',
  lookAgain: 'Compare after all',
  lookingFold: (index: string, of: string) => `Comparing the rows of fold ${index} of ${of}…`,
  foldLeaks: 'Fold that is shown',
  foldHeld: (index: string, held: string) => `Fold ${index} · ${held}`,
  foldsHeld: (shown: string, of: string) =>
    `Every fold was looked through: rows leak in ${shown} of ${of}.`,
  inFold: (index: string) => `Fold ${index}:`,
  someCompared:
    'Very many texts are alike here: each was compared with some of the others only. There may be more leaks of this kind than were counted.',
  nothingFound: (rows: string) =>
    `None of the ${rows} rows is too much like a row of another part.`,
  found: (n: number, shown: string, rows: string) =>
    `${plural(n, shown, 'row', 'rows')} of validation and test, of ${rows} rows in all, ${n === 1 ? 'is' : 'are'} too much like a row of another part.`,
  leaksCaption: 'Leaks by kind',
  leakKind: 'Kind',
  leakPairs: 'Pairs',
  leakHeldOut: 'Held-out rows',
  leakClusters: 'Clusters',
  leakAfter: 'Pairs after moving',
  atLeast: (pairs: string) => `at least ${pairs}`,
  leakKinds: {
    exact: 'Equal',
    normalised: 'Equal but for case',
    near: 'Nearly equal',
    template: 'Same template',
    exemplar: 'Shown in a prompt',
  },
  leakTexts: {
    exact: 'The same text, to the letter.',
    normalised: 'The same text but for capitals, accents written otherwise, and white space.',
    near: 'Most of the text is the same.',
    template: 'The same text once numbers and names are masked.',
    exemplar: 'The row is, or nearly is, an exemplar that prompts show to the teacher.',
  },
  moveTitle: 'Move whole clusters into one part',
  moveWhy:
    'Rows that are alike go where most of them are, to train where it is a tie. Rows that prompts show go to train.',
  moveAll: 'Move all',
  moved: (n: number, shown: string) =>
    `${plural(n, shown, 'row goes', 'rows go')} to another part.`,
  movedClean: 'No leak is left.',
  movedCleanOfSome: 'No leak was found any more.',
  movedRest: (n: number, shown: string) =>
    `${plural(n, shown, 'held-out row', 'held-out rows')} still ${n === 1 ? 'leaks' : 'leak'}.`,
  movedCounts: (train: string, validation: string, test: string) =>
    `The parts then hold ${train} train, ${validation} validation and ${test} test rows.`,
  pairs: 'Pairs that leak',
  pairsHint: 'Words that differ are underlined. At most 20 pairs of each kind are shown.',
  alike: (percent: string) => `${percent} alike`,
  prompt: 'Prompt',
  inPrompt: 'also in a prompt',
  notLooked: 'The leak guard has not compared these rows.',
  freezeLeaks: (n: number, shown: string) =>
    `${plural(n, shown, 'row', 'rows')} of validation and test still ${n === 1 ? 'leaks' : 'leak'}. Go back to move clusters, or freeze the split as it is: the report stays with it.`,
  freezeLeaksFolds: (shown: string, of: string, most: string) =>
    `In ${shown} of ${of} folds, rows of validation and test still leak: ${most} at most. Go back to move clusters, or freeze the folds as they are: the reports stay with them.`,
  leaksHead: 'Leak guard',
  leaksUnknown: 'not asked',
  leaksNone: 'no leak',
  leaksSome: (n: number, shown: string) => plural(n, shown, 'row leaks', 'rows leak'),
  looks: 'Test looks',
  foldOf: (index: string, of: string) => `Fold ${index} of ${of}`,
  byTime: (column: string) => `By time: ${column}`,
  byColumn: (column: string) => `By group: ${column}`,
  movedWhole: 'clusters moved whole',
  freezeFolds: 'Freeze all folds',
  freezeFoldsWhy:
    'Each fold becomes a split of its own, and can’t be changed afterwards. You can always make others.',

  freezeTitle: 'Freeze this split?',
  freezeWhy:
    'Runs are compared on the same frozen rows, so it can’t be changed afterwards. You can always make another.',
  name: 'Name',
  namePlaceholder: 'optional',
  freeze: 'Freeze the split',
  preview: 'What the parts would hold',
  counting: 'Counting…',
  share: (percent: string) => `${percent} of the rows`,
  labels: 'Rows of each gold label',
  label: 'Label',
  firstFold: (of: string) => `Counted for the first of ${of} folds.`,
  leaks: (n: number, shown: string, names: boolean) =>
    `${plural(n, shown, 'row', 'rows')} of validation and test also ${n === 1 ? 'stands' : 'stand'} in train once numbers${names ? ' and names' : ''} are masked. A score on such rows says little: keep them together.`,
  noLeaks: (names: boolean) =>
    `No row of validation or test stands in train once numbers${names ? ' and names' : ''} are masked.`,
  seedOf: (seed: string) => `seed ${seed}`,
  grouped: 'rows that differ only in numbers kept together',
  smallTest: (rows: string, points: string) =>
    `With ${rows} test rows, an interval is about ${points} points to each side.`,
};
