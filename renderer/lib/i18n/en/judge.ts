import { plural } from './shell.ts';

/** Blind judging of rationales. */
export const judge = {
  title: 'Which rationale is better?',
  lead: 'Two systems explain the same row; which of them wrote which is hidden, and their sides are drawn for each row.',
  first: 'One system',
  second: 'The other',
  tooFewTitle: 'Two systems that explain themselves are needed',
  tooFewText:
    'Choose above a teacher and a student that writes rationales (step-by-step or single-task), or two such students. Students of the other methods write labels alone.',
  noPairs:
    'There is no row on which both wrote a rationale, and not the same one. Choose two others.',
  loading: 'Looking for rows on which both wrote a rationale …',
  progress: (judged: string, n: number, pairs: string) =>
    `${judged} of ${plural(n, pairs, 'pair', 'pairs')} judged`,
  progressLabel: 'Pairs judged',
  row: (id: string) => `Row ${id}`,
  gold: 'Gold label',
  choices: 'Choices',
  left: 'Left',
  right: 'Right',
  answer: 'Answer',
  noAnswer: 'no answer',
  choose: 'Your judgement',
  options: {
    left: 'Left is better',
    right: 'Right is better',
    both: 'Both are good',
    neither: 'Neither is good',
  },
  undo: 'Undo',
  keys: 'Keys: 1 left, 2 right, 3 both, 4 neither, U undo.',
  next: (id: string) => `Next: row ${id}`,
  again: (id: string) => `Taken back: row ${id} is asked again`,
  nothingToUndo: 'There is nothing to take back.',
  done: 'All pairs are judged.',
  reveal: 'Show the result',
  revealHint:
    'It tells who wrote what was preferred. Judgements after that are not blind any more.',
  revealed: (n: number, shown: string) =>
    `The result was first looked at after ${plural(n, shown, 'judgement', 'judgements')}. Those made since then may be coloured by it.`,

  result: 'Result',
  hide: 'Hide the result',
  noneJudged: 'Nothing is judged yet.',
  noPreference: 'No preference yet: every judged pair was called equally good, or equally bad.',
  preferred: (name: string, count: string, of: string) =>
    `${name} is preferred: in ${count} of ${of} judgements with a preference.`,
  notShown: (count: string, of: string, name: string) =>
    `No preference shown; ${count} of ${of} judgements with a preference are for ${name}.`,
  interval: (share: string, low: string, high: string) =>
    `${share}, 95% interval from ${low} to ${high}; even would be 50%.`,
  p: (p: string) => `Exact sign test, two-sided: p = ${p}.`,
  table: 'Judgements',
  said: 'Judgement',
  count: 'Pairs',
  prefer: (name: string) => `${name} is better`,
  yours: 'This is one person’s taste on these rows, not how often they are right.',
};
