import { plural } from './shell.ts';

/** Students that were trained elsewhere, or here and exported, taken in for comparison. */
export const importStudent = {
  title: 'Import a student',
  lead: 'A folder that was exported here or on another machine, what a cluster made of a training bundle, or any T5 folder in the Hugging Face format becomes a student of a split, to be compared with the others.',
  action: 'Import a student',
  hint: 'Trained elsewhere, or exported from here? It can be compared with the others.',
  back: 'Back to the runs',

  folder: 'Which folder?',
  choose: 'Choose a folder…',
  chooseOther: 'Choose another folder…',
  path: 'Folder of the student',
  pathHint:
    'The one that holds config.json and model.safetensors, on the computer that Stepwise Studio runs on. It is copied; the folder itself stays as it is.',
  look: 'Look at the folder',
  looking: 'Reading the folder…',
  split: 'For which split?',
  splitHint: 'It is compared with the students of this split, on its test rows.',
  splitOption: (name: string, test: string) => `${name} · ${test} test rows`,

  usable: 'This student can be imported.',
  unusable: 'This folder can’t be imported as it is.',
  found: 'What was found',
  kind: 'What it is',
  kinds: {
    huggingface: 'An export of Stepwise Studio (float32)',
    'huggingface-bfloat16': 'An export of Stepwise Studio (bfloat16)',
    'huggingface-float16': 'An export of Stepwise Studio (float16)',
    training: 'Trained elsewhere, from a training bundle',
    other: 'An export of Stepwise Studio',
    none: 'A T5 folder from elsewhere',
  },
  files: 'Its files',
  whole: 'As its certificate says',
  notWhole: 'Not all as its certificate says',
  noCertificate: 'Without a certificate: whether they were changed can’t be told',
  weights: 'Weights',
  weightsShown: (bytes: string, stored: string) => `${bytes} as ${stored}`,
  from: 'Comes from',
  fromShown: (project: string, run: string) => `“${run}” of the project “${project}”`,
  trained: 'Trained with',
  trainedShown: (steps: string, rows: string, seed: string) =>
    `${steps} steps, ${rows} rows, seed ${seed}`,
  validation: 'Validation when it was trained',
  validationNote: 'As its folder says; it was not measured here.',
  unknown: 'imported; how it was trained is not known here',
  seen: 'Test rows it has seen',
  seenNone: (all: string) => `None of the ${all}`,
  seenSome: (seen: string, all: string) => `${seen} of ${all}: its test score will be too good`,
  seenUnknown: 'Not known: the folder does not say which rows it was trained on',

  asking: 'How is it asked?',
  askingWhy:
    'The folder does not say it. A student that is asked in another way than it was trained answers badly.',
  method: 'Trained by',
  methodTexts: {
    'step-by-step': 'It writes a label after one prefix, and a rationale after another.',
    finetune: 'It writes a label, learned from people’s labels.',
    distill: 'It writes a label, learned from a teacher’s labels.',
    'rationale-input': 'It reads the teacher’s rationale with every question.',
    'single-task': 'It writes a rationale, “Answer:” and the label in one text.',
  },
  labelPrefix: 'Stands before a question',
  labelPrefixHint: 'Empty: the question as it is.',
  rationalePrefix: 'Stands before it when a rationale is asked for',
  extraction: 'Whose rationales is it given?',
  extractionHint:
    'It reads the teacher’s rationale with every question. Rows that this teacher has not explained are asked without one.',
  noExtraction: 'There are no rationales in this project yet. Extract them first, then import.',
  name: 'Name of the student here',

  start: 'Import',
  discard: 'Leave it',
  running: 'It is copied, and answers a few rows before it stands among the others.',
  done: (name: string) => `“${name}” is imported.`,
  doneText: 'It has not answered the rows of the split yet: Compare asks it.',
  compare: 'Compare it',
  show: 'Look at it',
  another: 'Import another',

  badge: 'imported',
  badgeSeen: (n: number, seen: string) =>
    plural(n, seen, 'test row seen in training', 'test rows seen in training'),
  badgeSeenText:
    'This student was trained on rows of the test part: its score there is too good, and no fair comparison.',
  state: 'imported',
  about: 'This student was imported: it is not trained here, and has no curves.',
  place: 'Folder it came from',
  certificate: 'Files at import',
  saysOrigin: 'What its folder says of its training',
};
