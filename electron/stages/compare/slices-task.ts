import type { Comparing, Slices } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import type { AnswerSource } from '../../store/store.ts';
import { sourcesOf } from './sheet.ts';
import { slicesOf } from './slices.ts';

interface SlicesInput {
  /** The store's file. */
  readonly database: string;
  readonly comparing: Comparing;
}

/** Slices, and where the answers were read that they show. */
export interface FoundSlices {
  readonly slices: Omit<Slices, 'looks'>;
  readonly sources: readonly AnswerSource[];
}

/** Searches for weak slices in a thread: 100,000 rows take some seconds. */
export const slicesTask: ThreadTask<SlicesInput, never, FoundSlices> = {
  name: 'compare.slices',
  async run({ database, comparing }) {
    const store = openReader(database);
    try {
      return { slices: slicesOf(store, comparing), sources: sourcesOf(store, comparing) };
    } finally {
      store.close();
    }
  },
};
