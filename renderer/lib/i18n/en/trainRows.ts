import { plural } from './shell.ts';

/** Which rows a training learns from, and how many. */
export const trainRows = {
  title: 'Which rationales are learned?',
  why: 'Rejected rationales, and those of a label that was edited since, are never learned. Your edits stand in place of what the teacher wrote.',
  policies: {
    parsed: 'All that were parsed',
    'agrees-with-gold': 'Those that agree with gold',
    accepted: 'Those you accepted',
    healthy: 'Healthy ones',
  },
  policyTexts: {
    parsed: 'Every rationale that could be read. The most rows, and everything wrong in them.',
    'agrees-with-gold':
      'Where the teacher’s label is wrong, its reasons argue for a wrong answer: they are left out. Right answers with wrong reasons stay.',
    accepted: 'Only rows that a person accepted under Rationales. The fewest rows, and the surest.',
    healthy:
      'Rows whose checks found less than the limit below. What a person accepted or wrote counts as healthy.',
  },
  suspicionLimit: 'Limit of suspicion',
  suspicionHint: 'Rows with this sum of flags or more are left out. 5 is a proven fault, 1 a hint.',
  unchecked: (n: number, shown: string) =>
    `${plural(n, shown, 'answer was', 'answers were')} not checked yet and ${n === 1 ? 'counts' : 'count'} as not healthy. Check them under Rationales first.`,
  without: 'A row whose rationale is left out',
  withoutHint: 'With the label alone, a row still teaches the first of the two tasks.',
  withoutKinds: {
    'label-only': 'still teaches its label',
    drop: 'is left out altogether',
  },
  perRow: 'Several rationales of a row',
  perRowKinds: {
    chosen: 'the chosen one',
    all: 'all that were kept, each as an example',
    sampled: 'another one drawn in each epoch',
  },
  perRowHints: {
    chosen: 'One rationale for each row: that of the answer that won the vote, or yours.',
    all: 'The label is learned once; a row with three rationales weighs three times in the rationale loss.',
    sampled: 'Every row weighs the same, and the student sees different reasons for one answer.',
  },

  counts: 'What it will learn from',
  counting: 'Counting…',
  labels: (n: number, shown: string) =>
    `${plural(n, shown, 'row', 'rows')} ${n === 1 ? 'teaches its label' : 'teach their label'}`,
  explained: (labels: string, _n: number, shown: string) =>
    `${labels}, ${shown} of them a rationale.`,
  read: (labels: string, shown: string) => `${labels}, ${shown} of them with a rationale to read.`,
  written: (labels: string, shown: string) =>
    `${labels}, ${shown} of them after a rationale in the same text.`,
  several: (n: number, shown: string) => `${plural(n, shown, 'rationale', 'rationales')} in all.`,
  leftOut: (n: number, shown: string, reasons: string) =>
    `${plural(n, shown, 'rationale', 'rationales')} left out: ${reasons}.`,
  reasons: {
    'no-answer': (n: number, shown: string) => `${shown} ${n === 1 ? 'was' : 'were'} never asked`,
    unparsed: (_n: number, shown: string) => `${shown} could not be parsed`,
    empty: (n: number, shown: string) => `${shown} ${n === 1 ? 'is' : 'are'} empty`,
    rejected: (_n: number, shown: string) => `${shown} rejected`,
    stale: (_n: number, shown: string) => `${shown} of a label edited since`,
    'disagrees-with-gold': (n: number, shown: string) =>
      `${shown} ${n === 1 ? 'disagrees' : 'disagree'} with gold`,
    'not-accepted': (_n: number, shown: string) => `${shown} not accepted`,
    unhealthy: (_n: number, shown: string) => `${shown} not healthy`,
  },
  dropped: (n: number, shown: string) =>
    `${plural(n, shown, 'row is', 'rows are')} left out with ${n === 1 ? 'its' : 'their'} rationale.`,
  withoutLabel: (n: number, shown: string) =>
    `${plural(n, shown, 'row has', 'rows have')} no label to learn.`,
  nothing: 'Nothing is left to learn from: choose otherwise.',

  research: 'Options from later research',
  researchWhy:
    'All are off by default: the paper does without them. Try one at a time, and compare.',
  researchOn: (n: number, shown: string) => plural(n, shown, 'option is on', 'options are on'),
  cites: {
    perRow: 'Li et al. 2023, Symbolic Chain-of-Thought Distillation (ACL 2023)',
    mutualInformation: 'Chen et al. 2024, arXiv 2403.03348',
    own: 'No paper behind it: something to try',
  },
  mutualInformationHint:
    'Draws the two tasks together: what the student would explain and what it predicts should agree. 0 is off; the paper has 0.1.',
  rationaleCapHint:
    'Rationales end at the last whole sentence that fits. Empty is off. Shorter reasons leave more of the learning to the label.',
  rationaleDropoutHint:
    'Share of rows that go without their rationale, drawn anew in each epoch. 0 is off.',
  onlyStepByStep: 'For step-by-step alone.',
};
