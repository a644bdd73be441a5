import { plural } from './shell.ts';

const answers = (n: number, shown: string) => plural(n, shown, 'saved answer', 'saved answers');

/** The teacher report. */
export const report = {
  title: 'Teacher report',
  lead: (teacher: string, date: string) => `${teacher}, ${date}`,
  back: 'Back to the teacher',
  computed: (n: number, shown: string) => `Computed from ${answers(n, shown)}.`,
  parse: 'Parse rules',
  emptyTitle: 'No answers yet',
  emptyText: 'The report is computed from saved answers. Come back when the first have come.',

  rows: 'Rows answered',
  parsed: 'Could be read',
  parsedNote: (shown: string) => `${shown} rows`,
  unparsed: 'Could not be read',
  failed: 'Failed',
  cost: 'Cost',
  costNone: 'no price known',
  perRow: (shown: string) => `${shown} a row`,

  accuracy: 'Right against gold',
  verdict: (share: string, rows: string, low: string, high: string) =>
    `The teacher is right on ${share} of ${rows} rows with a gold label. On rows like these it is right between ${low} and ${high} of the time (95% interval).`,
  verdictFew: 'These are few rows, so the interval is wide: take the figure as a first impression.',
  verdictUnparsed: 'Rows without a readable answer count as wrong.',
  noGold: 'No row has a gold label, so nobody can say how often the teacher is right.',

  labels: 'Labels',
  labelsWhy: 'What the teacher answered, beside the gold labels.',
  labelsAlone: 'What the teacher answered. No row has a gold label to set beside it.',
  labelsCaption: 'Rows by label, teacher and gold',
  label: 'Label',
  teacher: 'Teacher',
  gold: 'Gold',
  moreLabels: (n: number, shown: string) =>
    plural(n, shown, 'further label is not shown.', 'further labels are not shown.'),

  confusion: 'Which labels it confuses',
  confusionWhy:
    'Each line is a gold label; the columns say what the teacher answered. Framed cells are right; the stronger the colour, the larger the share of its line.',
  confusionCaption: 'Rows by gold label (lines) and teacher’s answer (columns)',
  goldTeacher: 'Gold ↓ · Teacher →',
  otherLabel: 'another label',
  noLabel: 'no answer',
  rightHead: 'Right',
  rightOf: (right: string, all: string) => `${right} of ${all}`,
  worst: (gold: string, teacher: string, n: number, shown: string) =>
    `Most often it answers “${teacher}” where “${gold}” is right: ${plural(n, shown, 'row', 'rows')}.`,
  noConfusion: 'It confuses no label with another.',

  agreement: 'Agreement of the answers',
  agreementWhy: (share: string) =>
    `On average ${share} of a row’s answers give its label. The more agree, the surer the label.`,
  agreementCaption: 'Rows by how many of their answers agree',
  votes: 'Answers that agree',
  votesOf: (votes: string, all: string) => `${votes} of ${all}`,
  rowsHead: 'Rows',
  share: 'Share',
  intervalHead: '95% interval',

  lengths: 'Length of the rationales',
  lengthsWhy: (p50: string, p5: string, p95: string) =>
    `Half have at most ${p50} words; nine in ten have between ${p5} and ${p95}.`,
  lengthsSame: (shown: string) => `Nine in ten or more have ${shown} words.`,
  lengthsCaption: 'Rationales by number of words',
  words: 'Words',
  rationales: 'Rationales',
  wordsRange: (from: string, to: string) => `${from}–${to}`,
  noRationales: 'No answer holds a rationale.',

  finish: 'How the answers ended',
  finishCaption: 'Answers by how the server says they ended',
  finishReason: 'Ending',
  finishReasons: {
    stop: 'complete',
    length: 'cut off at the longest answer',
    content_filter: 'stopped by the server’s content filter',
    unknown: 'the server did not say',
  },
  finishCut: (n: number, shown: string) =>
    `${plural(n, shown, 'answer was', 'answers were')} cut off: a higher limit for the longest answer would let them end.`,

  latency: 'Time of an answer',
  latencyOf: (p50: string, p5: string, p95: string) =>
    `Half came within ${p50}; nine in ten took between ${p5} and ${p95}.`,
  usage: 'Tokens and requests',
  promptTokens: 'Tokens of the prompts',
  completionTokens: 'Tokens of the answers',
  requests: 'Requests sent',
  reused: 'Answers reused',
  estimated: 'Some tokens were counted here, because the server did not say.',
};
