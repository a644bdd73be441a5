import type { Comparing, Slices } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { slicesOf } from './slices.ts';

interface SlicesInput {
  /** The store's file. */
  readonly database: string;
  readonly comparing: Comparing;
}

/** Searches for weak slices in a thread: 100,000 rows take some seconds. */
export const slicesTask: ThreadTask<SlicesInput, never, Omit<Slices, 'looks'>> = {
  name: 'compare.slices',
  async run({ database, comparing }) {
    const store = openReader(database);
    try {
      return slicesOf(store, comparing);
    } finally {
      store.close();
    }
  },
};
