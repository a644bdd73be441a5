import type { Review, ReviewRow } from '../../../electron/contract/entities.ts';

/** What a person said, but for what is given: nothing. */
export function reviewOf(changes: Partial<Review>): Review {
  return {
    ...{ reviewer: '', verdict: null, label: null, rationale: null, stale: false },
    ...{ note: '', tags: [], updatedAt: '2026-01-01T00:00:00.000Z' },
    ...changes,
  };
}

/** A row that a teacher answered, as the table shows it. */
export function reviewRow(changes: Partial<ReviewRow> = {}): ReviewRow {
  return {
    ...{ exampleId: 1, externalId: 'row-1', input: 'What is 1 + 2?', choices: null, gold: '3' },
    ...{ label: '3', rationale: 'One and two make three.', correct: true, failure: null },
    ...{ answered: true, agreement: null, flags: [], suspicion: 0, review: null },
    ...changes,
  };
}
