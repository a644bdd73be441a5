import { plural } from './shell.ts';

/** What can be wrong with a rationale, and the summary of it. */
export const health = {
  /** A flag in a word or two. */
  flags: {
    'no-rationale': 'no rationale',
    'wrong-label': 'wrong label',
    'wrong-arithmetic': 'wrong arithmetic',
    'contradicts-label': 'contradicts its label',
    truncated: 'cut off',
    'near-empty': 'nearly empty',
    'letter-only': 'letter only',
    'repeats-input': 'repeats the question',
    'no-answer-number': 'answer’s number missing',
    identical: 'same as others',
    'low-agreement': 'low agreement',
    'other-language': 'other language',
  },
  /** What was found. */
  meanings: {
    'no-rationale': 'There is an answer, but no rationale before it.',
    'wrong-label': 'The teacher’s label is not the gold label.',
    'wrong-arithmetic': 'A calculation in the text does not come out as it says.',
    'contradicts-label': 'The text ends in another answer than the label.',
    truncated:
      'The text stops in the middle: the server cut it off, or its last sentence is unfinished.',
    'near-empty': 'The rationale has only a few words.',
    'letter-only': 'The rationale names the letter of a choice and not what it stands for.',
    'repeats-input': 'Most of the rationale is the question once more.',
    'no-answer-number':
      'The answer is a number, and the rationale never mentions it or what it is made of.',
    identical: 'Many other rows have the same rationale, word for word.',
    'low-agreement': 'Asked several times, the teacher gave different answers.',
    'other-language': 'The rationale is in another language than the input.',
  },
  /** Why that matters to the student who learns from it. */
  reasons: {
    'no-rationale': 'The student has no reasons to learn from this row.',
    'wrong-label': 'Reasons for a wrong answer teach wrong reasons.',
    'wrong-arithmetic': 'The student learns to write calculations that look right and are not.',
    'contradicts-label': 'The student learns reasons that lead elsewhere than the answer.',
    truncated: 'The step that leads to the answer may be missing.',
    'near-empty': 'So few words hardly explain anything.',
    'letter-only':
      'Letters are given by chance: the same letter means something else in the next row.',
    'repeats-input': 'What is copied from the question explains nothing.',
    'no-answer-number': 'The answer seems to come from nowhere.',
    identical: 'One sentence for many rows says nothing about any of them.',
    'low-agreement': 'The label may be a guess, and the reasons with it.',
    'other-language': 'The student learns to answer in the wrong language.',
  },
  why: 'Why it matters',
  evidence: 'Found',
  weight: (shown: string) => `weight ${shown}`,
  noneFound: 'Nothing was found in this rationale.',
  notChecked: 'not checked',
  notCheckedYet: 'This row has not been checked yet.',
  sum: (sum: string, total: string) => `Suspicion ${total} = ${sum}`,

  title: 'Health of the rationales',
  lead: 'Every rationale is read by fixed rules, without a model. A flag is a reason to look, not a verdict.',
  checked: 'Checked',
  checkedOf: (all: string) => `of ${all} with an answer`,
  clean: 'Without a flag',
  flagged: 'With a flag',
  left: (n: number, shown: string) =>
    n === 1
      ? '1 row has not been checked since its answer came.'
      : `${shown} rows have not been checked since their answers came.`,
  nothing: 'No rationale has been checked yet',
  nothingText:
    'The check reads every rationale and raises flags for what looks wrong. No model is asked; 100,000 rows take some seconds.',
  noAnswers: 'There are no parsed answers to check.',
  start: (n: number, shown: string) => `Check ${plural(n, shown, 'row', 'rows')}`,
  again: 'Check again',
  againHint: 'Reads all rationales anew, as after other gold labels were imported.',
  bars: 'Rows with each flag',
  flag: 'Flag',
  rows: 'Rows',
  share: 'Share',
  showRows: (flag: string, n: number, shown: string) =>
    `Show ${plural(n, shown, 'row', 'rows')} with the flag “${flag}”`,
  scoreTitle: 'How suspicious the rows are',
  scoreText:
    'A row’s suspicion is the sum of the weights of its flags: 5 for a proven fault, 1 for a mere hint. 0 means that nothing was found.',
  score: 'Sum',
  bySuspicion: 'Review the most suspicious first',
};
