import { plural } from './shell.ts';

const seeds = (n: number, shown: string) => plural(n, shown, 'seed', 'seeds');

/** What studies found, in sentences that claim no more than an interval shows. */
export const studyResults = {
  running: (ended: string, planned: string) => `${ended} of ${planned} runs have ended`,
  now: 'Training now:',
  openRun: (name: string) => `Open the run ${name}`,
  gone: 'This study no longer exists.',
  goneAction: 'All runs',
  incomplete: 'Not complete',
  incompleteText: 'Some runs have not ended or been scored yet. What stands here may still change.',
  stopped: 'This study was stopped before its end. What stands here is all there is.',
  waiting: 'The first result appears when the first run has been trained and scored.',
  plan: 'What was planned',
  remove: 'Remove the study',
  removeTitle: 'Remove this study?',
  removeBody: (name: string) => `“${name}” and its result are removed.`,
  removeRuns: 'Remove its runs as well',
  removeRunsHint:
    'Those that it trained, with checkpoints and evaluations. Runs that were there before stay.',

  partNames: { train: 'train', validation: 'validation', test: 'test' },
  rowsOfPart: (part: string, n: number, shown: string) =>
    `${shown} ${part} ${n === 1 ? 'row' : 'rows'}`,
  seeds,
  seedRange: (least: string, most: string) => `${least} to ${most} seeds`,
  evidence: (rows: string, seedCount: string) => `${rows} and ${seedCount}`,
  oneSeed:
    'Seeds were not varied: each was trained once. The intervals hold the chance of the rows alone, and another seed may give another order.',
  validationScores:
    'These are validation rows, on which each run’s best checkpoint was chosen: scores are somewhat high for all.',
  conservative: (least: string) =>
    `Intervals are 95%, over rows and seeds, and on the wide side. A gap below ${least} points, the margin of error of this many rows, is never called real.`,
  manyPairs: (n: number, shown: string) =>
    `${plural(n, shown, 'pair was', 'pairs were')} compared, each with an interval of its own: among many pairs, one may look real by chance.`,

  verdict: 'Verdict',
  verdictWhole: 'Verdict with all rows',
  leads: (best: string, score: string) => `${best} has the highest score, ${score}.`,
  ties: (names: string, score: string) => `The highest score, ${score}, is shared by: ${names}.`,
  beatsAll: (best: string, score: string) =>
    `${best} is better than every other method here: ${score}.`,
  beatsOne: (best: string, other: string, points: string) =>
    `${best} is better than ${other}, by ${points}.`,
  beats: (others: string) => `It is better than: ${others}.`,
  notOver: (others: string, evidence: string) =>
    `That it is better is not proven with ${evidence} against: ${others}.`,
  noneProven: (evidence: string) =>
    `No difference to the other methods is proven with ${evidence}.`,
  aloneBest: (best: string, score: string) =>
    `Its students need the teacher when used. Of those that answer alone, the highest score is ${score}: ${best}.`,
  nobodyRight:
    'No student got a single row right, so nothing can be compared. They need more steps, or a larger student.',
  oneArm: 'One method alone shows no difference.',
  noScores: 'No row of this part has a gold label, so nothing could be scored.',

  scores: 'Scores',
  scoresCaption: (rows: string) => `Accuracy on ${rows}, mean over seeds with 95% interval`,
  arm: 'Method',
  mean: 'Mean',
  from: (low: string, high: string) => `${low} to ${high}`,
  eachSeed: 'Each seed',
  seedScore: (seed: string, score: string) => `seed ${seed}: ${score}`,
  pending: 'not yet',
  time: 'Training time',
  teacher: 'Teacher',
  teacherNote: 'asked once, not trained',
  dotsTitle: 'Mean accuracy with 95% interval',
  dotsText:
    'Filled dots are means, lines their 95% intervals, small circles single seeds. The table has the numbers.',

  pairs: 'Pair by pair',
  pairsCaption: 'Differences between methods in points of accuracy, with 95% intervals',
  than: 'Compared with',
  difference: 'Difference, points',
  pointsFrom: (value: string, low: string, high: string) => `${value} points (${low} to ${high})`,
  claims: {
    better: (value: string, low: string, high: string) =>
      `better by ${value} points (${low} to ${high})`,
    worse: (value: string, low: string, high: string) =>
      `worse by ${value} points (${low} to ${high})`,
    noWorse: (margin: string) => `not proven better, but no worse by ${margin} points or more`,
    notShown: (evidence: string) => `not proven with ${evidence}`,
  },

  sizeTitle: 'Accuracy by training rows',
  sizeText:
    'Marks are means over seeds, bars and bands their 95% intervals. The table has the numbers.',
  scale: 'Scale of rows',
  scales: { doublings: 'doublings', linear: 'linear' },
  rows: 'Train rows',
  matchesTitle: 'Are fewer rows enough?',
  at: (arm: string, share: string) => `${arm} at ${share}`,
  atRows: (arm: string, share: string, rows: string) => `${arm} at ${share} (${rows} rows)`,
  matchBetter: (a: string, b: string, points: string) => `${a} is better than ${b}, by ${points}.`,
  matchNoWorse: (a: string, b: string, margin: string, points: string) =>
    `${a} matches ${b}: a loss of ${margin} points or more is ruled out. The difference is ${points}.`,
  matchNotShown: (a: string, b: string, evidence: string) =>
    `Not shown that ${a} matches ${b} with any smaller share, with ${evidence}.`,
  noMatches: 'With one method there is nothing to match.',
  matchesCaption:
    'Each smaller share against every other method with all rows, in points of accuracy with 95% intervals',
  smaller: 'With fewer rows',
  whole: 'With all rows',

  growthTitle: 'What are more rows worth?',
  lastRose: (from: string, to: string, points: string) =>
    `From ${from} to ${to} rows, accuracy rose by ${points}.`,
  lastFell: (from: string, to: string, points: string) =>
    `From ${from} to ${to} rows, accuracy fell by ${points}.`,
  lastOpen: (from: string, to: string, points: string) =>
    `From ${from} to ${to} rows, no change is proven: ${points}.`,
  doublingRose: (points: string) =>
    `Over all amounts, a doubling of the rows has brought about ${points}.`,
  doublingFell: (points: string) =>
    `Over all amounts, accuracy has fallen with each doubling of the rows, by about ${points}.`,
  doublingOpen: (points: string) =>
    `Over all amounts, a gain by doubling the rows is not proven: ${points}.`,
  cost: (_n: number, shown: string, money: string, each: string) =>
    `As many rows again (${shown}) would cost about ${money} in rationales, at ${each} each. Gold labels would come on top.`,
  costTeacher: (_n: number, shown: string, money: string, each: string) =>
    `As many rows again (${shown}) would cost about ${money} in answers of the teacher, at ${each} each.`,
  free: 'The teacher’s answers cost nothing here.',
  noCost: 'What a rationale costs is not known: its extraction has no price.',
  advice: {
    more: 'More rows are worth getting: the gain is shown.',
    enough: (margin: string) =>
      `More rows like these are hardly worth buying: a gain of ${margin} points or more is ruled out.`,
    unclear: 'Whether more rows are worth buying can’t be told from these scores.',
  },
  extrapolates:
    'What a further doubling will bring is a guess from what earlier ones have brought.',

  sweepBest: (score: string, correct: string, rows: string) =>
    `The best trial got ${correct} of ${rows} validation rows right (${score}).`,
  sweepLead: (points: string) => `It is better than the next best by ${points}, on validation.`,
  sweepNoLead: (points: string, rows: string) =>
    `That it is better than the next best is not proven with ${rows} validation rows: ${points}.`,
  sweepLuck:
    'The best of many trials looks better on validation than it is: its luck was chosen with it. The Compare step gives it a fair score.',
  again: 'Run again with these settings',
  trialsTitle: 'Trials',
  trialsCaption: (rows: string) => `Trials, judged on ${rows} validation rows`,
  trial: 'Trial',
  trialOf: (index: string) => `Trial ${index}`,
  bestTrial: 'best',
  validation: 'Validation',
  step: 'Step',
  endedHead: 'Ended',
  ended: {
    'steps-done': 'all steps done',
    'early-stopping': 'early: validation rose no more',
    'kept-best': 'stopped by hand, best kept',
    'median-rule': 'early: behind the median of the others',
    diverged: 'the loss diverged',
  },
  notEnded: 'not yet',
  sortBy: (column: string) => `Sort by ${column}`,
  axesTitle: 'Settings and what they gave',
  axesText:
    'Each line is a trial; broken lines ended early. Point at a line, or move along the slider: best first.',
  chooseTrial: 'Highlighted trial',
  trialWords: (trial: string, values: string, score: string) => `${trial}: ${values}; ${score}`,
  noTrials: 'The first trial has not been validated yet.',
};
