import { scores } from './scores.ts';
import { sources } from './sources.ts';
import { use } from './use.ts';

/** Every word of a report in English. Figures come as the language writes them. */
export const en = {
  language: 'English',
  contents: 'Contents',
  made: (when: string) => `Made ${when}`,
  parts: { train: 'training part', validation: 'validation part', test: 'test part' },
  partOf: (part: string, split: string) => `${part} of “${split}”`,
  tasks: {
    text: 'free text',
    classification: 'classification',
    'multiple-choice': 'multiple choice',
    arithmetic: 'arithmetic',
  },
  methods: {
    finetune: 'fine-tuning',
    distill: 'label distillation',
    'step-by-step': 'step by step',
    'rationale-input': 'rationale as input',
    'single-task': 'single task',
  },
  arm: (method: string, labels: string) => `${method} (${labels})`,
  armOf: (arm: string, study: string | null, rows: string) =>
    `${arm}, ${study === null ? '' : `${study}, `}${rows} rows`,
  sources: { gold: 'gold labels', teacher: 'teacher’s labels' },
  teacherKinds: {
    'openai-compatible': 'a language model on a server',
    recorded: 'recorded completions of the imported rows',
    practice: 'a practice teacher: a rule-based program, not a language model',
  },
  teacher: 'teacher',
  student: 'student',
  needsTeacher: 'reads the teacher’s rationale',
  imported: 'imported',
  importedUnknown: 'imported; how it was trained is not known here',
  seenTestRows: (n: number, shown: string) =>
    `${shown} test ${n === 1 ? 'row' : 'rows'} seen in training`,
  practice: 'practice teacher',
  recorded: 'recorded',
  unknown: 'not known',
  none: 'none',
  yes: 'yes',
  no: 'no',
  more: (characters: string) => `${characters} more characters stand in the JSON document.`,
  asTable: 'The figures as a table',
  seeds: (list: string) => `seeds ${list}`,
  seedScores: (list: string) => `each seed: ${list}`,
  rows: (_n: number, shown: string) => `${shown} ${_n === 1 ? 'row' : 'rows'}`,
  chartOf: (what: string) => `Chart: ${what}`,
  warnings: {
    synthetic:
      'The rows of this project are generated sample data. Its figures show how the tool works and say nothing of real questions.',
    practice: (names: string) =>
      `${names}: a practice teacher is a rule-based program and not a language model.`,
    needsTeacher: (names: string) =>
      `Not the students’ own scores alone: ${names}. They read the teacher’s rationale with every question, so each answer costs the teacher’s as well.`,
    seenTestRows: (names: string) =>
      `Trained on rows of the test part: ${names}. Their scores here are too good, and no fair comparison.`,
    partTest: 'Scores on the test part mean less the more often they guide what is tried next.',
    partOther:
      'These rows are not the sealed test part. The best checkpoints were chosen by validation rows, so scores there come out somewhat high.',
  },
  summary: {
    title: 'Summary',
    compared: (
      teachers: string | null,
      students: string,
      on: { readonly rows: string; readonly gold: string; readonly part: string },
    ) =>
      `Compared: ${teachers === null ? '' : `${teachers} and `}${students} on the same ${on.rows} rows of the ${on.part}; ${on.gold} of them have a gold label and are scored.`,
    teachers: (_n: number, shown: string) => `${shown} ${_n === 1 ? 'teacher' : 'teachers'}`,
    students: (_n: number, shown: string) => `${shown} ${_n === 1 ? 'student' : 'students'}`,
    margin: (rows: string, points: string) =>
      `With ${rows} rows the margin of error is ${points} points: no gap below it is called real here.`,
    noScores: 'No row has a gold label, so nothing is scored. Answers stand side by side below.',
    teacherScore: (name: string, interval: string) => `${name} answers ${interval} right.`,
    highest: (name: string, interval: string) =>
      `Of the students, ${name} has the highest accuracy on these rows, ${interval}.`,
    highestAlone: (name: string, interval: string) =>
      `Of those that answer without the teacher, ${name} has the highest accuracy, ${interval}.`,
    oneStudent: (name: string, interval: string) => `${name} answers ${interval} right.`,
    betterThan: (all: boolean, better: string, others: string) =>
      all
        ? `It is shown to be better than the ${others === '1' ? 'other student' : `${others} other students`}, by the rows there are.`
        : `It is shown to be better than ${better} of the ${others} other students; these rows do not tell it apart from the rest.`,
    betterThanNone: (n: number, others: string) =>
      n === 1
        ? 'It is not shown to be better than the other student.'
        : `It is not shown to be better than any of the ${others} other students.`,
    againstTeacher: {
      better: (student: string, teacher: string, gap: string) =>
        `${student} is shown to be better than ${teacher} on such rows: ${gap} points.`,
      worse: (student: string, teacher: string, gap: string) =>
        `${teacher} is shown to be better than ${student} on such rows: ${gap} points.`,
      alike: (student: string, teacher: string, gap: string, margin: string) =>
        `${student} and ${teacher} differ by less than ${margin} points: ${gap}.`,
      shownAlone:
        'By itself that difference would be shown; corrected for all pairs compared it is not.',
      'not-shown': (student: string, teacher: string, gap: string) =>
        `Between ${student} and ${teacher} no difference is shown: ${gap} points.`,
    },
    rowsNeeded: (rows: string) => `About ${rows} rows would be needed to show a gap of this size.`,
    corrected: (pairs: string) =>
      `${pairs} pairs were tested; p values are corrected for that (Holm).`,
    cost: (student: string, own: string, teacher: string, theirs: string) =>
      `1,000 answers cost ${own} with ${student} and ${theirs} with ${teacher}.`,
    breakEven: (answers: string) =>
      `What it cost to build is earned back after ${answers} answers.`,
    noBreakEven: 'It never earns back what it cost to build.',
    looks: (_n: number, shown: string) =>
      _n === 1
        ? 'Scores on this test part were looked at once, this report included.'
        : `Scores on this test part were looked at ${shown} times, this report included.`,
    leaks: (rows: string) =>
      `The leak guard found ${rows} held-out rows that are too much like a training row or a prompt: scores on them flatter.`,
    noLeaks:
      'The leak guard found no held-out row that is too much like a training row or a prompt.',
    notGuarded: 'The split was frozen without asking the leak guard.',
    tiles: {
      rows: 'scored rows',
      margin: 'margin of error',
      points: (points: string) => `${points} points`,
      pairs: 'differences shown',
      pairsOf: (shown: string, all: string) => `${shown} of ${all}`,
      looks: 'looks at the test part',
    },
  },

  ...scores,
  ...use,
  ...sources,
};

/** What every language says. */
export type Words = typeof en;
