import { parentPort } from 'node:worker_threads';
import { serveTasks } from './thread-server.ts';
import { threadTask } from './thread-tasks.ts';

/** The entry of a thread that reads files and rows. */
if (parentPort) serveTasks(parentPort, threadTask);
