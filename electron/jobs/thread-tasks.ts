import type { AnyTask } from './thread-server.ts';

/** Every task that a thread can be given. */
const tasks: readonly AnyTask[] = [];

export const threadTasks: ReadonlyMap<string, AnyTask> = new Map(
  tasks.map((task) => [task.name, task]),
);
