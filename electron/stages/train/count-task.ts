import type { TrainingRows } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { trainingRows } from './create-run.ts';
import type { TrainingRequest } from './create-run.ts';

interface CountInput {
  /** The store's file. */
  readonly database: string;
  readonly request: TrainingRequest;
}

/** Counts what a run would learn from, in a thread: a person changes one choice after another. */
export const countRowsTask: ThreadTask<CountInput, never, TrainingRows> = {
  name: 'train.count',
  async run({ database, request }) {
    const store = openReader(database);
    try {
      return trainingRows(store, request).counts;
    } finally {
      store.close();
    }
  },
};
