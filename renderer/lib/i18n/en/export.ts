import { plural } from './shell.ts';

/** Export screen and its wizard. */
export const exporting = {
  title: 'Export',
  lead: 'A student becomes a folder that works without this app. Each is opened again and checked before it is called done.',
  emptyTitle: 'No trained student yet',
  emptyText: 'Train a student first; then it can be exported here.',
  emptyAction: 'Train students',
  noneTitle: 'Nothing exported yet',
  noneText:
    'Choose a student, say what it is for, and get a folder that is shown to answer as it does.',
  again: 'Export a student',
  list: 'Exported students',
  synthetic:
    'Sample data: rows are generated and the practice teacher is a program. What is exported is for learning the tool, not for use.',

  wizard: 'Export a student',
  steps: { student: 'Student', use: 'What for', place: 'Where to', start: 'Check and start' },

  chooseTitle: 'Which student?',
  chosenWhy:
    'Chosen for you: the best on validation rows. Test rows are not used to choose, so the test score stays honest.',
  chosenAlone: 'Students that need the teacher when used stand last.',
  students: 'Students with a checkpoint',
  run: 'Student',
  method: 'Method',
  validation: 'Validation',
  parameters: 'Parameters',
  imported: 'imported',
  checkpoints: {
    title: 'Checkpoint',
    why: 'The best by validation is the usual choice. Others are for experiments.',
    which: { best: 'Best by validation', last: 'Newest', step: 'Kept on the way' },
    step: (shown: string) => `step ${shown}`,
    validation: (shown: string) => `validation ${shown}`,
    unmeasured: 'not validated',
  },
  scores: {
    validation: 'Validation score',
    test: 'Test score',
    on: (score: string, rows: string) => `${score} on ${rows} rows with a gold label`,
    optimistic: 'The checkpoint was chosen on these rows, so this is somewhat high.',
    training: (shown: string) =>
      `${shown} while it trained. The whole part was not scored in Compare yet.`,
    unmeasured: 'Not measured.',
    noGold: 'No row has a gold label, so there is no score.',
    show: 'Show the test score',
    counted: 'Looking at it is counted. It is no reason to choose another student.',
    notYet: 'Not measured yet.',
    evaluate: 'Measure it in Compare',
  },

  useTitle: 'What is it for?',
  useWhy:
    'Tick as many as you like: each becomes a folder of its own that needs nothing beside it. Sizes are estimates.',
  use: 'For',
  format: 'Format',
  numbers: 'How its numbers are stored',
  needs: (what: string) => `Needs: ${what}`,
  about: (size: string) => `about ${size}`,
  aboutBundle: (size: string) => `student and rows, about ${size}`,
  purposes: {
    python: {
      title: 'Use it in Python, or share it on the Hub',
      text: 'A Hugging Face folder that transformers loads, and this app as well.',
      needs: 'Python with transformers and PyTorch',
    },
    script: {
      title: 'In a program of your own, or in the browser with Transformers.js',
      text: 'ONNX files where Transformers.js and Optimum look for them.',
      needs: 'Transformers.js, or an ONNX Runtime in any language',
    },
    page: {
      title: 'On a web page, offline',
      text: 'TensorFlow.js weights with a loader in one file and a page to try. Questions stay in the visitor’s browser.',
      needs: 'any place that serves files; no network after loading',
    },
    program: {
      title: 'A program that answers, with Node alone',
      text: 'Answers lines, CSV and JSONL files, and questions over HTTP, also in the form of OpenAI’s completions.',
      needs: 'Node; nothing is installed',
    },
    llama: {
      title: 'With llama.cpp',
      text: 'One GGUF file for llama.cpp and programs that are built on it.',
      needs: 'a llama.cpp that reads T5',
    },
    cluster: {
      title: 'Train it on a cluster',
      text: 'Rows, settings and a plain PyTorch script for one or many graphics cards. What comes out can be imported and compared here.',
      needs: 'Python with PyTorch',
    },
  },
  numberFormats: {
    huggingface: 'Exactly (float32)',
    'huggingface-bfloat16': 'Rounded to 16 bits (bfloat16)',
    'huggingface-float16': 'Rounded to 16 bits (float16)',
    onnx: 'Exactly (float32)',
    'onnx-int8': 'Rounded to 8 bits (int8)',
    tensorflowjs: 'Exactly (float32)',
    predictor: 'Exactly (float32)',
    'predictor-int8': 'Rounded to 8 bits (int8)',
    gguf: 'Exactly (float32)',
    'gguf-float16': 'Rounded to 16 bits (float16)',
    training: 'Exactly (float32)',
  },
  numberWhys: {
    huggingface: 'As it was trained: every answer must be the same.',
    'huggingface-bfloat16': 'Some answers may differ; how many is measured.',
    'huggingface-float16':
      'Rounded more finely than bfloat16. Some answers may differ; how many is measured.',
    onnx: 'As it was trained: every answer must be the same.',
    'onnx-int8': 'Some answers may differ; how many is measured.',
    tensorflowjs: 'As it was trained: every answer must be the same.',
    predictor: 'As it was trained: every answer must be the same.',
    'predictor-int8': 'Some answers may differ; how many is measured.',
    gguf: 'As it was trained. llama.cpp rounds some models a little; how many answers differ is measured.',
    'gguf-float16': 'Some answers may differ; how many is measured.',
    training: 'Where the training begins.',
  },
  formats: {
    huggingface: 'Hugging Face, float32',
    'huggingface-bfloat16': 'Hugging Face, bfloat16',
    'huggingface-float16': 'Hugging Face, float16',
    onnx: 'ONNX, float32',
    'onnx-int8': 'ONNX, int8',
    tensorflowjs: 'TensorFlow.js',
    predictor: 'Node program, float32',
    'predictor-int8': 'Node program, int8',
    gguf: 'GGUF, float32',
    'gguf-float16': 'GGUF, float16',
    training: 'Training bundle',
  },
  nothingTicked: 'Tick at least one use.',
  sum: (n: number, shown: string, size: string) =>
    `${plural(n, shown, 'folder', 'folders')}, about ${size} together.`,
  rounded: 'Rounded numbers answer a little differently: the certificate says how much.',

  placeTitle: 'Where to?',
  placeWhy:
    'Each format becomes a folder there. A folder that is there already is never written over.',
  placeOwn: 'The folder for exports of this workspace',
  placeOther: 'Another folder',
  placeOtherText: 'A folder of yours, on this disk or another.',
  chooseFolder: 'Choose a folder…',
  chosenFolder: (name: string) => `Chosen: ${name}`,
  path: 'Folder in which the exports are made',
  pathHint: 'The whole path, on the computer that Stepwise Studio runs on.',
  folderName: 'Name',
  folderHint:
    'The folders begin with it: letters and digits, joined by hyphens. Left empty, they are named after the project and the run.',
  proofRows: 'Validation rows to try each export on',
  proofRowsHint: (rows: string) =>
    `The validation part has ${rows}. More rows show smaller differences and take longer.`,
  proofRowsProblem: (min: string, max: string) => `A whole number from ${min} to ${max}.`,
  noValidation: 'This split has no validation rows, so an export can’t be tried on them.',
  size: (size: string) => `About ${size} will be written.`,
  free: (size: string) => `${size} are free.`,
  freeUnknown:
    'How much is free there is not known yet. If the disk gets full, nothing half-written is left.',
  tooLarge: 'By the estimate there is too little room. Tick fewer formats, or choose another disk.',

  summaryTitle: 'Check and start',
  summaryProof: (n: number, shown: string) =>
    `Each folder is opened again by a program that did not train the student, and answers ${plural(n, shown, 'validation row', 'validation rows')}.`,
  summaryWhy:
    'Only a folder that passes is kept. Its certificate says how it was tried, and shows later whether a file was changed.',
  summaryCaption: 'What will be written',
  roughly: 'About',
  bundleHasRows: 'The training bundle holds your rows as they are. Mind who gets it.',
  busy: 'Another export is under way. This one can start when it is done.',
  start: (n: number, shown: string) =>
    n > 1 ? `Export ${plural(n, shown, 'folder', 'folders')}` : 'Export',

  running: 'Export under way',
  runningFormats: 'Formats of this export',
  runningHint:
    'It goes on when you leave this screen. Formats that are done stay when it is stopped.',
  stoppedHint: 'Formats that are done are kept; nothing half-written is.',
  stands: {
    done: 'done',
    writing: 'being written',
    proving: 'being tried on rows',
    stopped: 'stopped here',
    failed: 'failed',
    waiting: 'waiting',
  },

  certificate: 'Certificate',
  certificateHash: 'SHA-256 of the certificate',
  proof: {
    parts: { train: 'training', validation: 'validation', test: 'test' },
    short: (equal: string, rows: string) => `${equal} of ${rows} rows the same`,
    untriedShort: 'checked where it is used',
    byItself: (equal: string, rows: string, part: string) =>
      `The written folder was opened again by the app itself and answered ${equal} of ${rows} ${part} rows exactly as the run does.`,
    opened: (what: string, equal: string, rows: string, part: string) =>
      `Opened with ${what}: ${equal} of ${rows} ${part} rows answered the same, token for token.`,
    trained: (engine: string) => `The run was trained with ${engine}.`,
    agreement: (share: string) =>
      `On ${share} of the rows label and rationale are the same tokens.`,
    untried:
      'Nothing here can run this folder. It carries the losses that its first steps must come to, and its script checks them.',
    noGold: 'No row had a gold label, so a difference of accuracy can’t be measured.',
    accuracy: (run: string, exported: string, rows: string) =>
      `Accuracy on ${rows} rows with a gold label: the run’s student ${run}, the export ${exported}.`,
    better: (gap: string) => `The export is better than the run’s student by ${gap}.`,
    worse: (gap: string) => `The export is worse than the run’s student: ${gap}.`,
    alike: (margin: string, gap: string) =>
      `Export and run’s student are alike within ${margin} points: the difference is ${gap}.`,
    notShown: (gap: string) =>
      `No difference shown between the export and the run’s student: ${gap}.`,
  },
  check: {
    again: 'Check the files again',
    busy: 'Reading every file…',
    whole: (n: number, shown: string) =>
      n === 1
        ? 'The one file is as the certificate says.'
        : `All ${plural(n, shown, 'file is', 'files are')} as the certificate says.`,
    unsound: 'This folder is not as it was exported.',
    changed: (files: string) => `Changed since: ${files}`,
    missing: (files: string) => `Missing: ${files}`,
    added: (files: string) => `Not on the certificate: ${files}`,
    hint: 'Do not use it. Export the student again, or copy the folder anew from where it is whole.',
  },
  snippets: 'Ask it from a program',
  snippetsTraining: 'Train with it',
  runGone: 'A run that was removed',
  snippetsOf: (folder: string) => `Programs that ask ${folder}`,
  folder: 'Folder',
  copyFolder: 'Copy the folder path',
  filesOf: (n: number, shown: string, size: string) =>
    `${plural(n, shown, 'file', 'files')}, ${size}, with their hashes`,
  filesCaption: (folder: string) => `Files in ${folder}`,
  file: 'File',
  fileSize: 'Size',
  hash: 'SHA-256',
  tryTitle: 'Try it',
  tryWhy: 'Asks the exported folder itself, with no teacher and no project.',
  tryWhyHelped:
    'Asks the exported folder itself. This student reads the teacher’s rationale beside the question: without one, its answers will often be wrong.',
  tryRationale: 'Teacher’s rationale',
  tryRationaleHint: 'What the teacher would write about this question, without its answer.',
  tryInput: 'Input',
  ask: 'Ask the student',
  asking: 'Answering…',
  answerLabel: 'Label',
  answerRationale: 'Rationale',
  confidence: 'Confidence',
  confidenceOf: (confidence: string, threshold: string) =>
    `${confidence}; its answers are used from ${threshold} on`,
  sure: 'Sure enough: use this answer.',
  sureText: 'Its confidence reaches the threshold that was saved in Compare.',
  unsure: 'Not sure enough: ask the teacher about this one.',
  unsureText:
    'Its confidence is below the threshold that was saved in Compare. The student’s answer is shown all the same.',
  took: (time: string) => `answered in ${time}`,
  command: 'From a terminal',
  copyCommand: 'Copy the command',
};
