import type { HealthSummary } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';

export interface SummaryInput {
  /** The store's file. */
  readonly database: string;
  readonly extractionId: string;
}

/** Counts flags in a thread: of a million rows it takes a good part of a second. */
export const summariseTask: ThreadTask<SummaryInput, never, HealthSummary> = {
  name: 'review.summary',
  run({ database, extractionId }) {
    const store = openReader(database);
    try {
      return Promise.resolve(store.health.summary(extractionId));
    } finally {
      store.close();
    }
  },
};
