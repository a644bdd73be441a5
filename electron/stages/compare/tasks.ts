import { judgingTask } from './judging-task.ts';
import { maskTask } from './masks.ts';
import { savedAnswerTask } from './playground/saved-answer.ts';
import { writeAnsweredTask } from './playground/write-task.ts';
import { scoreboardTask } from './scoreboard.ts';
import { sheetTask } from './sheet.ts';
import { slicesTask } from './slices-task.ts';
import { describeSystemsTask, listSystemsTask } from './systems-task.ts';

/** What of a comparison is worked out in threads; each name begins with `compare.`. */
export const compareTasks = [
  describeSystemsTask,
  listSystemsTask,
  maskTask,
  savedAnswerTask,
  scoreboardTask,
  sheetTask,
  slicesTask,
  judgingTask,
  writeAnsweredTask,
] as const;
