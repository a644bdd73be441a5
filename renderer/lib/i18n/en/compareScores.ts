import { plural } from './shell.ts';

const pairs = (n: number, shown: string) => plural(n, shown, 'pair', 'pairs');

/** Scores of a comparison: what may be said of them, and the figures behind it. */
export const compareScores = {
  working: 'Working out the scores …',
  noGold:
    'No row of this part has a gold label, so nothing can be scored. The answers stand under “Side by side”.',
  practice:
    'A practice teacher’s answers are made up by rules: its figures, and those of students that learned from it, say nothing of a real teacher.',
  generated:
    'Rows or answers here are generated. The figures show how the studio works, not how well models do on real text.',
  needsTeacher: (names: string) =>
    `Not scores of the student alone: with every question, the teacher’s rationale is read by ${names}. They hold only as long as the teacher answers, too.`,
  trainPart: 'Students have learned these very rows: what is right here says little of new rows.',
  validationPart:
    'Each student’s best checkpoint was chosen on these rows: scores are somewhat high for all.',

  verdict: 'Verdict',
  one: 'One alone shows no difference. Choose another above to compare.',
  leads: (name: string, score: string) =>
    `Of the students, ${name} has the highest score, ${score}. What that is worth:`,
  better: (a: string, b: string, by: string) => `${a} is better than ${b} by ${by}.`,
  betterThan: (a: string, others: string) => `${a} is better than: ${others}.`,
  by: (name: string, points: string) => `${name} by ${points}`,
  alike: (a: string, b: string, margin: string, gap: string) =>
    `${a} and ${b} are alike within ${margin} points: the difference is ${gap}.`,
  alikeTo: (a: string, others: string, margin: string) =>
    `Within ${margin} points, ${a} is alike to: ${others}.`,
  notShown: (a: string, b: string, gap: string) =>
    `No difference shown between ${a} and ${b}: ${gap}.`,
  notShownTo: (a: string, others: string) => `No difference shown between ${a} and: ${others}.`,
  needed: (gap: string, rows: string, here: string) =>
    `To show a gap of ${gap} points about ${rows} rows would be needed; this part has ${here}.`,
  neededMost: (rows: string, here: string) =>
    `The largest of these gaps would need about ${rows} rows; this part has ${here}.`,
  seedsVary: 'More rows alone would not show it: the seeds differ too much. More seeds might.',
  seedsVaryFor: (others: string) =>
    `Against ${others} the seeds differ too much for more rows alone to show it: more seeds might.`,
  withRows: (name: string, rows: string) => `${name}, ${rows} rows`,
  shownAlone: (a: string, b: string, gap: string, n: number, shown: string) =>
    `${a} is ahead of ${b}: ${gap}. By itself that would be shown; corrected for ${pairs(n, shown)} it is not.`,
  uncorrected: (n: number, shown: string) =>
    `By itself it would be about enough to show; among ${pairs(n, shown)} it is not.`,
  aloneBest: (name: string, score: string) =>
    `It needs the teacher when used. Of those that answer alone, ${name} has the highest score, ${score}.`,
  othersBelow: (n: number, shown: string) => `${pairs(n, shown)} more are in the table below.`,
  corrected: (n: number, shown: string, margin: string) =>
    `${pairs(n, shown)} were compared; corrected by Holm’s method, so that calling any of them better is wrong at most once in 20 such comparisons. A gap below ${margin} points, the margin of error of these rows, is never called real.`,
  single: (margin: string) =>
    `One pair was compared: nothing to correct. A gap below ${margin} points, the margin of error of these rows, is never called real.`,
  omnibusYes: (n: string) =>
    `All ${n} together: they are not all right equally often (Cochran’s Q test).`,
  omnibusNo: (n: string) =>
    `All ${n} together: that they differ at all is not shown (Cochran’s Q test).`,
  omnibusFigures: (q: string, degrees: string, p: string, rows: string) =>
    `Cochran’s Q = ${q}, ${degrees} degrees of freedom, ${p}, on ${rows} rows that all were asked. Lines of several seeds are left out: it knows no seeds.`,
  details: 'How this was tested',
  testMcnemar:
    'Two single systems: exact McNemar test on the rows that both were asked. It looks at the rows on which one alone is right.',
  testSeeds:
    'With several seeds: a t test over rows and seeds, so that a lucky seed does not count as a better method.',
  testRows: (alpha: string, power: string) =>
    `Rows needed: with so many, a gap of this size would be shown ${power} of the time at p < ${alpha}, by a formula for McNemar’s test (Connor 1987). An estimate, from the gap as it was seen.`,
  margin: 'Differences that do not matter',
  marginHint: 'Two whose interval stays below this are called alike.',
  marginOption: (points: string) => `below ${points} points`,

  dotsTitle: 'Accuracy with 95% intervals',
  dotsText:
    'Dots are accuracies, lines their 95% intervals, small circles single seeds. Intervals that overlap may still belong to a difference: the sentences compare answers to the same rows.',
  seeds: (n: number, shown: string) => plural(n, shown, 'seed', 'seeds'),

  pairs: 'Pair by pair',
  pairsOf: (n: number, shown: string) => `All ${pairs(n, shown)} as a table`,
  pairsCaption: 'Differences of accuracy in points, the larger first, with 95% intervals',
  a: 'Higher score',
  b: 'Compared with',
  difference: 'Difference, points',
  tableHead: 'Only one right',
  table: (onlyA: string, onlyB: string) => `${onlyA} : ${onlyB}`,
  p: 'p',
  pCorrected: 'p, corrected',
  pIs: (p: string) => `p = ${p}`,
  pBelow: 'p < 0.001',
  below: '< 0.001',
  f1Difference: 'Macro-F1, points',
  verdictHead: 'Verdict',
  verdicts: { better: 'better', alike: 'alike', 'not-shown': 'not shown' },
  rowsNeeded: 'Rows needed',
  rowsCompared: 'Rows',
  low: 'Low',
  high: 'High',

  scores: 'Scoreboard',
  scoresCaption: (rows: string) => `Scores on ${rows}`,
  rowsOfPart: (part: string, n: number, shown: string) =>
    `${shown} ${part} ${n === 1 ? 'row' : 'rows'} with a gold label`,
  who: 'Who answers',
  accuracy: 'Accuracy',
  accuracyNote: 'right answers',
  macroF1: 'Macro-F1',
  macroF1Note: 'all classes count the same',
  unparsed: 'No answer',
  unparsedNote: 'counts as wrong',
  latency: 'Time per answer',
  latencyNote: 'middle · slowest 5%',
  throughput: 'Throughput',
  throughputNote: 'many at a time',
  parameters: 'Parameters',
  parametersNote: 'numbers it learned',
  size: 'Size',
  sizeNote: 'its folder',
  memory: 'Memory',
  memoryNote: 'while answering',
  perSecond: (rows: string) => `${rows} rows/s`,
  p50: 'Median ms',
  p95: '95th percentile ms',
  asked: (asked: string, rows: string) => `asked ${asked} of ${rows} rows`,
  teacher: 'Teacher',
  sample: 'generated sample',
  busyShort: 'too slow: busy',
  busy: 'Busy: something else was computing while these students were timed, so that they are faster than it says here.',
  showSeeds: (name: string) => `Scores of each seed of ${name}`,
  seed: (seed: string) => `seed ${seed}`,
  columnsTitle: 'What the columns mean',
  columns: {
    accuracy:
      'Share of right answers, with a 95% interval: by Wilson’s method for one system, over rows and seeds for several seeds.',
    macroF1:
      'For each class precision and recall as one figure (F1), then the mean over classes, so that rare classes count as much as common ones.',
    unparsed: 'Rows that it was asked and came to no label on. They count as wrong.',
    latency:
      'From question to label, one at a time: half of the answers are faster than the first figure, 19 of 20 faster than the second. A teacher’s time is that of its saved answers, rationale and network included.',
    throughput: 'Rows a second when many are answered together.',
    size: 'Parameters and bytes of the student’s folder; memory is that of the process that answered.',
  },
  machine: (engine: string, threads: string, device: string, times: string) =>
    `Students were timed on ${device} (${engine}, ${threads}), ${times} questions one at a time.`,
  threads: (n: number, shown: string) => plural(n, shown, 'thread', 'threads'),
  thisComputer: 'this computer',

  calibration: 'Does confidence tell what is right?',
  calibrationLead:
    'A student that says 80% should be right on 80% of such rows. Points on the diagonal keep that promise; below it, it is too sure of itself.',
  plotTitle: (name: string) => `Reliability of ${name}`,
  plotText: (bins: string) => `Share right by confidence: ${bins}`,
  plotBin: (confidence: string, right: string, low: string, high: string, rows: string) =>
    `at ${confidence} confidence ${right} right (${low} to ${high}), ${rows} rows`,
  confidence: 'Confidence',
  right: 'Right',
  binRows: 'Rows',
  ece: (ece: string, low: string, high: string, chance: string) =>
    `Calibration error (ECE) ${ece} points (${low} to ${high}); chance alone gives up to ${chance} with so many rows.`,
  calibrated:
    'No more than chance gives: its confidence can be taken as it is, as far as these rows tell.',
  tooSure: (confidence: string, right: string) =>
    `Too sure: ${confidence} confidence on average, ${right} right. Take its confidence as an order of rows, not as a probability; choose a threshold on validation rows.`,
  tooModest: (confidence: string, right: string) =>
    `Too modest: ${confidence} confidence on average, ${right} right. It can be trusted more than it says.`,
  uneven:
    'On average right, but not at every level: too sure at some and too modest at others. Choose a threshold on validation rows.',
  noConfidence: (names: string) =>
    `No confidence was saved with the answers of ${names}: an earlier version decoded them. Open what is compared, above, and add confidence and speed; the answers stay the same.`,
  teacherConfidence: 'Teachers tell no confidence here, so they have no calibration.',
  allPlots: (_n: number, shown: string) => `Show all ${shown} plots`,
  calibrationTable: 'Bins as a table',

  classes: 'Class by class',
  classesLead: 'Where a system is good and where it is not, and what it takes for what.',
  whose: 'Whose',
  classesCaption: (name: string) =>
    `Precision, recall and F1 of ${name}, the commonest class first`,
  class: 'Class',
  precision: 'Precision',
  precisionNote: 'of those it puts there, right',
  recall: 'Recall',
  recallNote: 'of those that are, found',
  f1: 'F1',
  confusion: (name: string) => `What ${name} takes for what`,
  confusionText:
    'Each line is a gold label, each column an answer; the darker, the larger the share of its line. A cell leads to its rows.',
  confusionSeeds: (seeds: string, seed: string) =>
    `Counted over ${seeds}; a cell leads to the rows of seed ${seed}.`,
  goldHead: 'Gold ↓ answer →',
  otherAnswers: 'other',
  noAnswers: 'none',
  cell: (count: string, gold: string, said: string, share: string) =>
    `${count} rows of gold “${gold}” answered “${said}”, ${share} of the line. Show them`,
  cellNone: (count: string, gold: string, share: string) =>
    `${count} rows of gold “${gold}” without an answer, ${share} of the line. Show them`,

  rationales: 'Rationales',
  rationalesLead:
    'What can be read off the rationales by rules. It does not say whether they are good: for that, judge some blindly.',
  rationalesCaption: 'Measures of rationales, with 95% intervals',
  count: 'Rationales',
  read: (read: string) => `${read} of these read`,
  words: 'Words',
  wordsNote: 'mean',
  arithmetic: 'Arithmetic holds',
  arithmeticNote: 'of those with equations',
  leadsTo: 'Leads to its own label',
  leadsToNote: 'of those that come to an answer',
  rouge: 'Like the teacher’s',
  rougeNote: 'ROUGE-L, a weak sign',
  rougeText:
    'ROUGE-L counts words in the same order as the teacher’s. Good reasons can be put otherwise, and bad ones in the teacher’s words: a weak sign.',
  leadsToText:
    'A rationale counts there only where it comes to an answer that can be read: “the answer is …”, a last equation, a conclusion that names one option.',
  noRationales: 'None of them wrote rationales.',
};
