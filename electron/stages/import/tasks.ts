import { compareTask } from './compare.ts';
import { importTask, replaceTask } from './import-task.ts';
import { inspectTask, previewTask } from './look.ts';
import { textsTask } from './texts.ts';

/** What of an import is done in threads. */
export const importTasks = [
  inspectTask,
  previewTask,
  compareTask,
  importTask,
  replaceTask,
  textsTask,
] as const;
