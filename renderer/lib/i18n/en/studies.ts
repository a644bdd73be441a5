import { plural } from './shell.ts';

const runs = (n: number, shown: string) => plural(n, shown, 'run', 'runs');
const seeds = (n: number, shown: string) => plural(n, shown, 'seed', 'seeds');

/** Studies: the wizards that plan them. */
export const studies = {
  kinds: {
    'bake-off': 'Compare methods',
    'data-size': 'How much data do I need?',
    sweep: 'Find settings',
  },
  sources: { gold: 'gold label', teacher: 'teacher label' },
  armOf: (method: string, source: string) => `${method} (${source})`,
  copying: {
    text: 'Copy as text',
    csv: 'Copy as CSV',
    of: (verb: string, table: string) => `${verb}: ${table}`,
    refused: 'This page may not write to the clipboard: the text is selected for you to copy.',
  },

  steps: {
    arms: 'Methods',
    arm: 'Method',
    shares: 'Amounts of data',
    axes: 'Settings to try',
    search: 'Search',
    seeds: 'Seeds',
    student: 'Student',
    settings: 'Settings',
    scored: 'Scoring',
    check: 'Check and start',
  },
  leads: {
    'bake-off':
      'Trains every method that you choose on the same rows with several seeds, and then says which differences are real.',
    'data-size':
      'Trains at growing shares of the rows, and shows what more rows bring. This is the figure of the paper.',
    sweep: 'Tries settings of one method, judged by validation alone. The test rows stay unseen.',
  },
  armsTitle: 'What shall be compared?',
  armTitle: 'Which method?',
  armsWhy: 'All that this project’s rows allow is chosen. Fewer methods take less time.',
  armsWhySize:
    'Two or more, so that you see whether one needs fewer rows than another. The paper compares step-by-step with fine-tuning.',
  armWhy: 'A sweep tries settings of one method. What is best for one may not be best for another.',
  armsTable: 'Methods and the label that each learns',
  learns: 'Learns',
  boundTo: { gold: 'always gold', teacher: 'always the teacher’s' },
  lacks: { gold: 'No row has a gold label.', teacher: 'No teacher has answered yet.' },
  keepsTeacher: 'needs the teacher when used',
  keepsTeacherText:
    'Its students read the teacher’s rationale with every input, so the teacher must answer each time they are used. Their score is not that of a student alone.',
  noGold:
    'No row of this project has a gold label, so no score can be made, and studies compare scores. Import rows with gold labels first.',
  tooFew: 'Choose two or more.',
  nothingChosen: 'Choose one or more.',

  sharesTitle: 'At which amounts of data?',
  sharesWhy:
    'Shares are nested: the rows of a smaller share are all part of the larger one, for every method.',
  sharesTable: 'Shares of the train rows',
  share: 'Share',
  rowsOf: 'Train rows',
  shareRows: (n: number, shown: string) => plural(n, shown, 'row', 'rows'),

  seedsTitle: 'How many seeds?',
  seedsWhy:
    'A student trained again with another seed scores otherwise, often by some points. Several seeds tell a method’s gain from luck; three is the usual least.',
  seedCount: 'Seeds',
  seedFirst: 'First seed',
  seedList: (list: string) => `Each method is trained with seed ${list}.`,
  oneSeedPlan:
    'With one seed, a difference may be that of the seed alone: the result will say that seeds were not varied.',

  scoredTitle: 'Which rows give the score?',
  scoredWhy: 'Every student answers the same rows, which no training has seen.',
  parts: { test: 'Test rows', validation: 'Validation rows' },
  partTexts: {
    test: 'For what you will report. Counts as a look when you open the result: the more often test scores guide what is tried next, the less they say.',
    validation:
      'For what you try out. Each student’s best checkpoint was chosen on these rows, so scores come out somewhat high for all.',
  },
  margin: 'No worse than, points',
  marginHint:
    'So much may be lost, and a student still counts as no worse. It matters for “half the rows are enough”.',

  axesTitle: 'Which settings shall be tried?',
  axesWhy:
    'Learning rate and the weight of the rationale loss matter most. Each further setting multiplies the trials of a grid.',
  axisNow: (value: string) => `as set: ${value}`,
  values: 'Values',
  valuesHint: 'Numbers, with spaces or commas between them.',
  valuesWrong: (min: string, max: string) => `Numbers from ${min} to ${max}, at most 20.`,
  valuesWhole: (min: string, max: string) => `Whole numbers from ${min} to ${max}, at most 20.`,
  low: 'From',
  high: 'To',
  rangeLog: 'drawn evenly by ratio',
  rangeLinear: 'drawn evenly',
  rangeWrong: 'The second number must be the larger one.',
  keys: {
    learningRate: 'learning rate',
    lambda: 'weight λ of the rationale loss',
    batchSize: 'batch size',
    steps: 'steps',
    warmupShare: 'share of warm-up',
    weightDecay: 'weight decay',
    clipNorm: 'gradient clipping',
    dropout: 'dropout',
    labelSmoothing: 'label smoothing',
    rationaleDropout: 'rationale dropout',
    mutualInformation: 'mutual-information weight',
  },
  searchTitle: 'How shall they be searched?',
  searchWhy: 'Judged by validation alone, never by the test part.',
  searches: { grid: 'Every combination', random: 'Drawn at random' },
  searchTexts: {
    grid: 'Each value of one setting with each of the others. Good for one or two settings.',
    random:
      'As many trials as you say, drawn from ranges. Finds good settings sooner when several matter (Bergstra and Bengio 2012).',
  },
  trials: 'Trials',
  searchSeed: 'Seed of the draw',
  medianRule: 'Stop trials that fall behind',
  medianText:
    'A trial ends early when its best validation so far is below the median of what earlier trials had reached at the same step (Golovin et al. 2017). It saves time; a slow starter may be lost.',

  settingsWhy:
    'Suggested for your rows and this machine. Method, label and seed are what differs, so all else is equal.',

  checkTitle: 'Ready to start',
  checkWhy: 'Nothing is trained twice: runs of this project with these settings are taken up.',
  planned: 'Runs',
  plannedOf: (arms: string, n: number, shown: string) => `${arms} × ${seeds(n, shown)}`,
  plannedShares: (arms: string, shares: string, n: number, shown: string) =>
    `${arms} × ${shares} × ${seeds(n, shown)}`,
  runsOf: runs,
  methodsOf: (n: number, shown: string) => plural(n, shown, 'way to train', 'ways to train'),
  amountsOf: (n: number, shown: string) => plural(n, shown, 'amount of data', 'amounts of data'),
  existing: 'There already',
  existingNote: 'trained before with the same settings and rows',
  stepsLeft: 'Steps to train',
  timeLeft: 'Time, estimated',
  timeNote: 'from timed steps of earlier runs with this student',
  timeUnknown: 'not known yet',
  timeUnknownNote: 'the first run will tell',
  planning: 'Counting the runs…',
  goesOn:
    'It goes on while you do other things. You can pause it, and close the app: what is trained is kept.',
  name: 'Name',
  names: {
    'bake-off': 'Comparison of methods',
    'data-size': 'Data-size curve',
    sweep: 'Search for settings',
  },
  namePlaceholder: 'optional',
  start: (n: number, shown: string) => `Start ${runs(n, shown)}`,
  startAll: 'Start',
  ofRationales: 'What is learned from rationales',
  summary: (steps: string, batch: string, rate: string) =>
    `${steps} steps of ${batch} rows, learning rate ${rate}`,
};
