import type { ImportReport } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { lookAtStudent } from './look.ts';

interface LookInput {
  /** The store's file. */
  readonly database: string;
  readonly splitId: string;
  readonly folder: string;
  /** The folder as the person knows it: uploads lie under another name. */
  readonly shown: string;
}

/** Looks at a student's folder in a thread: every number of gigabytes is read. */
export const lookTask: ThreadTask<LookInput, never, ImportReport> = {
  name: 'import-student.look',
  async run({ database, splitId, folder, shown }) {
    const store = openReader(database);
    try {
      return await lookAtStudent(store, splitId, folder, shown);
    } finally {
      store.close();
    }
  },
};
