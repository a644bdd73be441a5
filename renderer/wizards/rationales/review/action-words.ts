import type { ReviewAction, ReviewChange } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';

/** What a change does to so many rows: `Accept 20 rows`. */
export function changeWords(change: ReviewChange, rows: number): string {
  const t = i18n.t.review.changes;
  const shown = i18n.format.number(rows);
  switch (change.kind) {
    case 'verdict':
      if (change.verdict === null) return t.unjudge(rows, shown);
      return change.verdict === 'accepted' ? t.accept(rows, shown) : t.reject(rows, shown);
    case 'tag':
      return change.add ? t.tag(change.tag, rows, shown) : t.untag(change.tag, rows, shown);
    case 'note':
      return t.note(rows, shown);
    case 'edit':
      return change.label === undefined ? t.editRationale(rows, shown) : t.editLabel(rows, shown);
  }
}

/** What was done. */
export const actionWords = ({ change, rows }: ReviewAction): string =>
  i18n.t.review.done(changeWords(change, rows));

/** What was taken back. */
export const undoneWords = ({ change, rows }: ReviewAction): string =>
  i18n.t.review.undone(changeWords(change, rows));
