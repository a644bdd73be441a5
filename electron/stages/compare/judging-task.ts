import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { judgedRows } from './judging.ts';
import type { Judged, JudgedRows } from './judging.ts';

interface JudgingInput {
  /** The store's file. */
  readonly database: string;
  readonly judged: Judged;
}

/** Finds the rows to judge in a thread: it reads every rationale of both systems. */
export const judgingTask: ThreadTask<JudgingInput, never, JudgedRows> = {
  name: 'compare.judging',
  run({ database, judged }) {
    const store = openReader(database);
    try {
      return Promise.resolve(judgedRows(store, judged));
    } finally {
      store.close();
    }
  },
};
