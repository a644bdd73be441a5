import { everyRow } from '../../electron/contract/entities.ts';
import type { AnswerState, ReviewRow } from '../../electron/contract/entities.ts';
import type { Page, Store, Window } from '../../electron/store/store.ts';

/** A row with the text of the answer that stands for it. */
export type AnsweredRow = ReviewRow & { completion: string | null };

/** Rows of an extraction that were answered or failed, or those in one state. */
export function answersPage(
  store: Store,
  extractionId: string,
  answers: Exclude<AnswerState, 'all'>,
  window: Window = { offset: 0, limit: 500 },
): Page<AnsweredRow> {
  const { projectId } = store.extractions.get(extractionId);
  const query = { ...everyRow, answers };
  const { rows, total } = store.reviews.page({ projectId, extractionId, query }, window);
  const completionOf = (exampleId: number): string | null =>
    store.extractions.samples(extractionId, exampleId).find(({ chosen }) => chosen)?.completion ??
    null;
  return {
    rows: rows.map((row) => ({ ...row, completion: completionOf(row.exampleId) })),
    total,
  };
}
