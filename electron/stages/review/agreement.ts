import type { ReviewAgreement } from '../../contract/entities.ts';
import { cohensKappa } from '../../core/agreement.ts';
import type { Store } from '../../store/store.ts';

/** How far each two people agree who reviewed an extraction, those with most rows in common first. */
export function agreementOf(store: Store, extractionId: string): ReviewAgreement[] {
  return store.reviews
    .verdictPairs(extractionId)
    .map(({ a, b, counts }) => {
      const { rows, observed, kappa, interval } = cohensKappa(counts);
      return { a, b, rows, counts, observed, kappa, interval };
    })
    .sort((one, other) => other.rows - one.rows);
}
