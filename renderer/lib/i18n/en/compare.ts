import { plural } from './shell.ts';

/** Compare screen. */
export const compare = {
  title: 'Compare',
  lead: 'Is this student good enough, and is the gain real? Teacher and students on the same rows.',
  viewsLabel: 'Views of the comparison',
  views: {
    scores: 'Scores',
    rows: 'Side by side',
    slices: 'Slices',
    judge: 'Judge',
    playground: 'Playground',
    money: 'Cost',
    report: 'Report',
  },
  compared: 'Compared',
  summary: (part: string, split: string, rows: string, names: string) =>
    `${part} of ${split}, ${rows} rows: ${names}`,
  studentsOf: (n: number, shown: string) => plural(n, shown, 'student', 'students'),
  part: 'Rows',
  parts: { train: 'Train part', validation: 'Validation part', test: 'Test part' },
  partOption: (part: string, rows: string) => `${part} · ${rows} rows`,
  trainHint: 'Students have learned these rows: scores on them say nothing about new ones.',
  teachers: 'Teachers',
  practice: 'practice teacher, answers made up',
  askedSome: (asked: string, rows: string) => `asked ${asked} of ${rows} rows`,
  askRest: (rows: string) => `Ask the other ${rows}`,
  noTeacher: 'No teacher has answered rows of this part.',
  evaluateAgain: (n: number, shown: string) =>
    `Add confidence and speed of ${plural(n, shown, 'student', 'students')}`,
  againHint:
    'These students were evaluated by an earlier version, which kept neither. Their answers stay the same.',
  trimmed: (shown: string) => `The first ${shown} are compared: more do not fit side by side.`,
  nothingCompared: 'Nothing is compared yet. Choose above who answers, and evaluate the students.',
  withSeed: (name: string, seed: string) => `${name} (seed ${seed})`,
  ofSeed: (arm: string, seed: string) => `${arm}, seed ${seed}`,
  gone: 'no longer here',
  emptyTitle: 'No trained student yet',
  emptyText: 'Train a student until its first validation; then it can be compared here.',
  emptyAction: 'Train students',
  split: 'Split',
  splitOption: (name: string, rows: string) => `${name} · ${rows} test rows`,
  runs: 'Students',
  evaluated: 'evaluated',
  evaluate: (n: number, shown: string) => `Evaluate ${plural(n, shown, 'student', 'students')}`,
  evaluateHint: (rows: string) =>
    `Each answers the ${rows} test rows once. The answers are saved, so nothing is decoded twice.`,
  allEvaluated: 'Every student chosen here has its answers saved.',
  wholeStudy: (name: string) => `All students of ${name}`,
  ofStudy: (chosen: string, all: string) => `${chosen} of ${all} students chosen`,
  sweepHint:
    'Trials of a search are judged by validation. Evaluate here what you mean to use, not every trial: each look at test scores makes them worth less.',
  noneChosen: 'No student is chosen.',
  trainShare: (share: string) => `${share} of the train rows`,
  interval: (value: string, low: string, high: string) =>
    `${value}, 95% interval from ${low} to ${high}`,
  lowHigh: (low: string, high: string) => `${low} to ${high}`,
  looks: (n: number, shown: string) =>
    `Scores on this test part were looked at ${n === 1 ? 'once' : `${shown} times`}: the more often they guide what is tried next, the less they say about rows nobody has seen.`,
  noAnswer: 'no answer',
  next: 'The scores are in. Next: export a student as a folder of its own.',
  nextAction: 'Export',
};
