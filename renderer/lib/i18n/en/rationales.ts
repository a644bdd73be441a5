import { plural } from './shell.ts';

/** Rationales screen. */
export const rationales = {
  title: 'Rationales',
  lead: 'What the teacher said, cut into the reasons and the label that the student will learn.',
  emptyTitle: 'No completions yet',
  emptyText: 'Let a teacher answer the rows first, or import a file that has recorded completions.',
  emptyAction: 'Choose a teacher',
  extraction: 'Extraction',
  parsing: 'How the answers were read',
  rows: 'Completions',
  parsed: 'Parsed',
  unparsed: 'Unparsed',
  correct: 'Right against gold',
  accuracy: 'Teacher accuracy',
  accuracyNote: (low: string, high: string) =>
    `${low} to ${high} (95% interval); unparsed count as wrong`,
  noGold: 'no gold labels',
  unparsedNote: (shown: string) =>
    `${shown} completions hold no answer that could be read. They are left out of training; the rest is kept.`,
  reparse: 'Parse again',
  reparseHint: 'Cuts the saved completions again. The teacher is not asked.',
  reparsed: 'The completions were parsed again.',
  isUnparsed: 'unparsed',
  isFailed: 'failed',
  teacherLabel: 'Teacher label',
  failure: 'What the server said',
  next: 'The rationales are here. Next: set rows aside for validation and test.',
  nextAction: 'Make a split',
  agreement: 'Agreement',
  agreementOf: (votes: string, answers: string) => `${votes} of ${answers}`,
  agreementHint: (votes: string, answers: string) =>
    `${votes} of ${answers} answers give this label`,
  samples: (n: number, shown: string) => `All ${plural(n, shown, 'answer', 'answers')}`,
  sample: (shown: string) => `Answer ${shown}`,
  chosen: 'the row’s label',
  kept: 'rationale kept',
  tokens: (shown: string) => `${shown} tokens`,
  report: 'Report',
};
