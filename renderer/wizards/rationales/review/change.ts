import type { Review, ReviewChange, ReviewRow } from '../../../../electron/contract/entities.ts';

const unsaid: Review = {
  reviewer: '',
  verdict: null,
  label: null,
  rationale: null,
  stale: false,
  note: '',
  tags: [],
  updatedAt: '',
};

/** A row as it will be once a change is saved: shown until main has answered. */
export function changed(row: ReviewRow, change: ReviewChange): ReviewRow {
  return { ...row, review: changedReview(row.review ?? unsaid, change, row) };
}

function changedReview(review: Review, change: ReviewChange, row: ReviewRow): Review {
  if (change.kind === 'verdict') {
    const stale = review.stale && change.verdict !== 'accepted';
    return { ...review, verdict: change.verdict, stale };
  }
  if (change.kind === 'note') return { ...review, note: change.note };
  if (change.kind === 'tag') {
    const others = review.tags.filter((tag) => tag !== change.tag);
    return { ...review, tags: change.add ? [...others, change.tag] : others };
  }
  const edited = {
    ...review,
    label: change.label === undefined ? review.label : change.label,
    rationale: change.rationale === undefined ? review.rationale : change.rationale,
  };
  return { ...edited, stale: isStale(edited, change, row) };
}

/** A rationale is stale from an edit of its label until it is edited itself, or the label is the teacher's again. */
function isStale(
  review: Review,
  change: Extract<ReviewChange, { kind: 'edit' }>,
  row: ReviewRow,
): boolean {
  if (change.rationale !== undefined) return false;
  if (change.label === undefined) return review.stale;
  return change.label !== null && change.label !== row.label && row.rationale !== null;
}

/** Whether there is something to say of a row: an answer, parsed or not. */
export const mayBeReviewed = (row: ReviewRow): boolean => row.answered && row.failure === null;

/** What the row says after its review: edited where it was edited, else the teacher's words. */
export const labelOf = (row: ReviewRow): string | null => row.review?.label ?? row.label;
export const rationaleOf = (row: ReviewRow): string | null =>
  row.review?.rationale ?? row.rationale;
