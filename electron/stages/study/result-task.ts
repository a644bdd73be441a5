import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { studyResult } from './result.ts';
import type { SeenResult } from './result.ts';

interface ResultInput {
  /** The store's file. */
  readonly database: string;
  readonly studyId: string;
}

/** Works out a study's result in a thread: it reads the answers of all its runs. */
export const studyResultTask: ThreadTask<ResultInput, never, SeenResult> = {
  name: 'study.result',
  async run({ database, studyId }) {
    const store = openReader(database);
    try {
      return studyResult(store, studyId);
    } finally {
      store.close();
    }
  },
};
