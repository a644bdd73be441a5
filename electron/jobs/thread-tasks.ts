import { writeRowsTask } from '../stages/data-export/task.ts';
import { importTasks } from '../stages/import/tasks.ts';
import { splitTasks } from '../stages/split/tasks.ts';
import { reviewTasks } from '../stages/review/index.ts';
import { countRowsTask } from '../stages/train/count-task.ts';
import { listTask } from '../store/list-task.ts';
import { searchTask } from '../store/search-task.ts';
import type { AnyTask } from './thread-server.ts';

/** Every task that a thread can be given. */
const tasks: readonly AnyTask[] = [
  ...importTasks,
  ...splitTasks,
  countRowsTask,
  writeRowsTask,
  listTask,
  ...reviewTasks,
  searchTask,
];

export const threadTasks: ReadonlyMap<string, AnyTask> = new Map(
  tasks.map((task) => [task.name, task]),
);
