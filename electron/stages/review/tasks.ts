import { checkRowsTask } from './check-task.ts';
import { readReviewTask } from './read-task.ts';
import { summariseTask } from './summary-task.ts';

/** What of a review is done in threads. */
export const reviewTasks = [checkRowsTask, readReviewTask, summariseTask] as const;
