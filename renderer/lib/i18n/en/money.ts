import { plural } from './shell.ts';

/** What answers cost, when a student pays off, and students that pass on what they are not sure of. */
export const money = {
  title: 'What it costs',
  lead: 'All amounts are US dollars.',
  settings: 'What things cost here',
  machineHour: 'An hour of this computer, dollars',
  machineHourHint: 'Rent, or power and wear. Leave it empty to not count it.',
  machineHourProblem: (min: string, max: string) => `Give an amount from ${min} to ${max}.`,
  suggestion: (amount: string) =>
    `${amount} is the studio’s suggestion, not a price of your computer. It stays marked so until you change it.`,
  suggested: 'suggestion',
  notCounted: 'The computer’s time is not counted.',
  volume: 'Answers needed each month',
  volumeHint: 'What each costs a month is reckoned with it.',
  volumeProblem: (min: string, max: string) => `Give a whole number from ${min} to ${max}.`,
  teacherPrice: (name: string) => `1,000 answers of ${name}, dollars`,
  teacherPriceHints: {
    'openai-compatible': 'Your own figure. Leave it empty to reckon with saved answers.',
    recorded:
      'These answers were recorded elsewhere: only you know what they cost. The figure counts as yours.',
    practice:
      'It costs nothing. Enter what a real teacher would cost to try this out; the figure counts as yours.',
  },
  askPrice: (name: string) =>
    `What 1,000 answers of ${name} cost is not known: enter it above. Until then no break-even can be reckoned.`,
  fromModel: 'Work it out from a model’s price',
  fromModelLead:
    'A suggestion: the price table’s model, times the tokens of a question. Both are yours to change.',
  model: 'Model',
  modelPrice: (name: string, input: string, output: string, asOf: string) =>
    `${name}: ${input} in, ${output} out for a million tokens (${asOf})`,
  promptTokens: 'Tokens of a prompt',
  completionTokens: 'Tokens of an answer',
  tokensProblem: (min: string, max: string) => `Give a whole number from ${min} to ${max}.`,
  useFigure: (amount: string) => `Use ${amount} for 1,000`,

  caption: 'Cost for 1,000 answers, a month and building, of each that is compared',
  tableName: 'Costs',
  who: 'Who',
  perThousand: '1,000 answers',
  basis: 'Reckoned from',
  basisWords: {
    entered: 'your figure',
    saved: 'saved answers and their price',
    measured: 'measured speed',
    free: 'nothing is charged',
    unknown: 'not known',
  },
  needsTeacher: 'pays the teacher too',
  unmeasured: 'speed not measured',
  teacherUnpriced: 'its teacher has no price',
  build: 'Building, once',
  buildRationales: (rationales: string) => `answers ${rationales}`,
  buildTraining: (training: string) => `training ${training}`,
  buildRationalesUnknown: 'answers not known',
  buildTrainingUnknown: 'training time not known',
  hours: (hours: string) => `for ${hours}`,
  aMonth: 'A month',
  volumeOf: (n: number, shown: string) => plural(n, shown, 'answer', 'answers'),
  goldLabels:
    'Gold labels count as there already: what people cost who gave them is in no figure here.',
  breakEven: 'Cheaper than the teacher',
  after: (n: number, shown: string) => `after ${plural(n, shown, 'answer', 'answers')}`,
  afterAtLeast: (n: number, shown: string) =>
    `after at least ${plural(n, shown, 'answer', 'answers')}: part of building is not known`,
  never: 'never: its answers cost no less',
  breakEvenUnknown: 'not known',
  isTeacher: 'the teacher itself',
  otherTeacher: 'another teacher',
  measure: 'Measure the speed',
  measureLead: (n: number, shown: string) =>
    `The speed of ${plural(n, shown, 'student', 'students')} was not measured yet.`,
  noTeacher: 'No teacher is compared: tick one above to see when a student pays off.',
  measuredLead:
    'Measured speed: what this computer’s hour costs, over the answers that the student writes in it.',
  averaged:
    'Students that differ by their seed alone stand in one line: figures of one, on average.',
  practice:
    'The practice teacher is a program: what is reckoned against it says nothing of a real teacher.',

  picture: 'Break-even',
  notQuality: 'Cheaper does not mean good enough.',
  toScores: 'See how often each is right',
  sentence: (name: string, teacher: string, n: number, shown: string) =>
    `${name} is cheaper than ${teacher} after ${plural(n, shown, 'answer', 'answers')}.`,
  sentenceAtLeast: (name: string, teacher: string, n: number, shown: string) =>
    `${name} is cheaper than ${teacher} after at least ${plural(n, shown, 'answer', 'answers')}: not all of what building it cost is known.`,
  sentenceNever: (name: string, teacher: string) =>
    `${name} never gets cheaper than ${teacher}: 1,000 of its answers cost no less.`,
  chartTitle: 'Cost in all, building included, by the number of answers',
  chartAbout: (volume: string) =>
    `Both axes are logarithmic. Lines cross where a student has paid off. You need ${volume} answers a month.`,
  chartX: 'Answers',
  chartSome: (n: number, shown: string) =>
    ` ${plural(n, shown, 'student is', 'students are')} drawn, those that pay off first.`,

  cascade: 'Student first, teacher for the rest',
  cascadeLead:
    'The student answers where it is sure enough, and the rest goes to the teacher. The threshold is chosen on validation rows and then confirmed on test rows, which have no say in it.',
  student: 'Student',
  teacher: 'Teacher',
  noStudents: 'Tick a student above that answers by itself, and a teacher.',
  onlyNeedy:
    'Students that read the teacher’s rationale ask it about every row: there is nothing to save with them.',
  goal: 'What the threshold is chosen for',
  goals: {
    student: 'Its own answers right at least',
    together: 'Both together lose at most',
    threshold: 'A threshold of my own',
  },
  goalFields: {
    student: 'Own answers right at least, %',
    together: 'Loss against the teacher at most, points',
    threshold: 'Answer from this confidence on, %',
  },
  goalProblem: (min: string, max: string) => `Give a number from ${min} to ${max}.`,
  missing: 'Something is needed first',
  missingParts: { validation: 'validation', test: 'test' },
  lacksPredictions: (name: string, part: string) =>
    `${name} has not answered all ${part} rows yet.`,
  lacksConfidence: (name: string, part: string) =>
    `How sure ${name} was of its answers on ${part} rows was not kept by an earlier version: they are decoded again.`,
  lacksTeacher: (name: string, part: string) => `${name} was asked none of the ${part} rows.`,
  lacksSome: (name: string, asked: string, rows: string, part: string) =>
    `${name} was asked ${asked} of ${rows} ${part} rows; the others are left out.`,
  lacksRows: (part: string) => `The split has no ${part} rows.`,
  evaluate: (part: string) => `Evaluate on ${part}`,
  askTeacher: 'Ask the teacher',
  noRows: 'No validation row has a gold label and answers of both: a threshold can’t be chosen.',
  curveTitle: 'Validation: what the student answers itself, and how often it is right',
  curveAbout: (rows: string) => `From ${rows} validation rows. Bands are 95% intervals.`,
  curveX: 'Answered by the student',
  own: 'Own answers right',
  together: 'Both together right',
  alone: 'Teacher alone',
  chosen: (coverage: string, accuracy: string, low: string, high: string) =>
    `On validation the student answers ${coverage} at ${accuracy} accuracy (${low} to ${high}).`,
  chosenAll: 'The teacher is then never asked.',
  chosenTogether: (together: string, teacher: string) =>
    `Both together are right on ${together}, the teacher alone on ${teacher}.`,
  chosenThreshold: (threshold: string) => `Threshold: confidence ${threshold}.`,
  cheaper: (times: string) => `${times} times cheaper than the teacher alone.`,
  asDear: 'It costs about as much as the teacher alone.',
  dearer: 'It costs more than the teacher alone.',
  priceUnknown: 'What it saves is not known: a price or the student’s speed is missing above.',
  unreached:
    'No threshold reaches this on the validation rows. Ask for less, or try another student.',
  unreachedByHand:
    'With this threshold the student answers none of the validation rows. Choose a lower one.',
  fewRows: (part: string, n: number, shown: string, least: string) =>
    `Only ${plural(n, shown, 'answer', 'answers')} of its own on ${part} rows, fewer than ${least}: how often it is right is known only roughly.`,
  points: 'All thresholds',
  pointsCaption: 'Thresholds on validation rows, from the student alone to the teacher alone',
  threshold: 'Threshold',
  coverage: 'Student answers',
  times: 'Times cheaper',
  everything: 'teacher alone',
  confirm: 'Confirm on the test part',
  confirmLead: (n: number, shown: string) =>
    `This is a look at the test part: ${n === 0 ? 'it was not looked at yet' : `it was looked at ${n === 1 ? 'once' : `${shown} times`} so far`}. What was shown before counts no second time.`,
  saved: 'Confirmed thresholds',
  savedLead: 'The newest one of a student goes into its export.',
  savedOf: (student: string, teacher: string) => `${student} with ${teacher}`,
  newest: 'goes into the export',
  older: 'older',
  result: (coverage: string, accuracy: string) =>
    `The student answers ${coverage} at ${accuracy} accuracy, the rest goes to the teacher`,
  resultAll: (accuracy: string) =>
    `The student answers everything at ${accuracy} accuracy, and the teacher is not asked`,
  resultCheaper: (sentence: string, times: string) => `${sentence}: ${times} times cheaper.`,
  resultAsDear: (sentence: string) => `${sentence}. It costs about as much as the teacher alone.`,
  resultDearer: (sentence: string) => `${sentence}. It costs more than the teacher alone.`,
  resultPlain: (sentence: string) => `${sentence}.`,
  targetWords: {
    student: (share: string) => `Asked for: own answers right at least ${share}`,
    together: (n: number, shown: string) =>
      `Asked for: both together lose at most ${plural(n, shown, 'point', 'points')}`,
    threshold: (share: string) => `Threshold set by hand: ${share}`,
  },
  besideCaption: (name: string) => `Validation beside test: ${name}`,
  part: 'Rows',
  partRows: (part: string, n: number, shown: string) =>
    `${part}, ${plural(n, shown, 'row', 'rows')}`,
  met: (measured: string, target: string, low: string, high: string) =>
    `The test rows bear it out: ${measured} (${low} to ${high}), and ${target} was wanted.`,
  short: (measured: string, target: string) =>
    `The test rows came to ${measured}, below the ${target} that was wanted. So few rows can’t tell whether that is chance.`,
  missed: (measured: string, target: string, low: string, high: string) =>
    `The test rows do not bear this out: ${measured} (${low} to ${high}), and ${target} was wanted.`,
  answersNone: 'The test rows do not bear this out: the student answers none of them.',
  remove: 'Remove',
  removeOf: (name: string) => `Remove the threshold of ${name}`,
};
