import { writeRowsTask } from '../stages/data-export/task.ts';
import { countRowsTask } from '../stages/train/count-task.ts';
import type { AnyTask } from './thread-server.ts';

/** Every task that a thread can be given. */
const tasks: readonly AnyTask[] = [countRowsTask, writeRowsTask];

export const threadTasks: ReadonlyMap<string, AnyTask> = new Map(
  tasks.map((task) => [task.name, task]),
);
