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
  frozen: 'Frozen',
  hash: 'Settings',
  next: 'The rows are divided. Next: train students on the train part.',
  nextAction: 'Train students',
  noTeacher:
    'No teacher has answered yet. Fine-tuning on gold labels needs none; the other methods do.',

  wizard: 'New split',
  steps: { kind: 'How', shares: 'Shares', freeze: 'Freeze' },
  kindTitle: 'How are the rows divided?',
  kindWhy: 'A drawn split is right unless your data came divided.',
  kinds: { random: 'Drawn at random', given: 'As the files say' },
  kindTexts: {
    random: 'Every row is drawn into a part, from a seed: the same seed gives the same split.',
    given:
      'Rows keep the part their file was marked with. If no file is for validation, a share of the train rows is set aside for it.',
  },
  givenMissing: 'No imported file was marked with a part.',
  sharesTitle: 'How large is each part?',
  sharesWhy: 'A larger test part gives narrower intervals; a larger train part, a better student.',
  validation: 'Validation, in percent',
  test: 'Test, in percent',
  train: 'Train gets the rest',
  partsGiven: 'The files say which rows are for what; only what they leave open is asked here.',
  validationOf: 'Validation, in % of train',
  seed: 'Seed',
  stratify: 'Keep the share of each label equal',
  stratifyHint: 'Each part gets the same mix of gold labels.',
  group: 'Keep rows that differ only in their numbers together',
  groupHint:
    'Otherwise a test row may be a training row in disguise: the student would remember and not reason.',
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
  leaks: (n: number, shown: string) =>
    `${plural(n, shown, 'row', 'rows')} of validation and test also ${n === 1 ? 'stands' : 'stand'} in train once numbers are masked. A score on such rows says little: keep them together.`,
  noLeaks: 'No row of validation or test stands in train once numbers are masked.',
  seedOf: (seed: string) => `seed ${seed}`,
  grouped: 'rows that differ only in numbers kept together',
  smallTest: (rows: string, points: string) =>
    `With ${rows} test rows, an interval is about ${points} points to each side.`,
};
