import type { StudentReport } from '../../contract/entities.ts';
import { checkFolder } from '../../model/check-folder.ts';
import { systemMemory } from '../../model/system-memory.ts';
import type { ThreadTask } from '../threads.ts';

/** Looks at the folder of a pretrained student, in a thread: every number of gigabytes is read. */
export const checkStudentTask: ThreadTask<{ readonly folder: string }, never, StudentReport> = {
  name: 'students.check',
  run: ({ folder }) => checkFolder(folder, systemMemory()),
};
