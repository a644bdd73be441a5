import { scoreboardTask } from './scoreboard.ts';
import { sheetTask } from './sheet.ts';

/** What of a comparison is worked out in threads; each name begins with `compare.`. */
export const compareTasks = [scoreboardTask, sheetTask] as const;
