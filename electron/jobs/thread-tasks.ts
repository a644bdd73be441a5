import type { AnyTask } from './thread-server.ts';

/**
 * The tasks that a thread can be given, by the first word of their names. Each kind is loaded when it
 * is first asked for: a thread that lists rows has no use for readers of files.
 */
const kinds: Readonly<Record<string, () => Promise<readonly AnyTask[]>>> = {
  import: async () => (await import('../stages/import/tasks.ts')).importTasks,
  split: async () => (await import('../stages/split/tasks.ts')).splitTasks,
  review: async () => (await import('../stages/review/tasks.ts')).reviewTasks,
  train: async () => [
    (await import('../stages/train/count-task.ts')).countRowsTask,
    (await import('../stages/train/learned-rows.ts')).foreseeTask,
    (await import('../stages/train/trained-on-task.ts')).trainedOnTask,
  ],
  study: async () => [(await import('../stages/study/result-task.ts')).studyResultTask],
  compare: async () => (await import('../stages/compare/tasks.ts')).compareTasks,
  report: async () => [(await import('./report-task.ts')).reportTask],
  students: async () => [(await import('../stages/train/check-student.ts')).checkStudentTask],
  'import-student': async () => [(await import('../stages/import-student/look-task.ts')).lookTask],
  'data-export': async () => [(await import('../stages/data-export/task.ts')).writeRowsTask],
  export: async () => (await import('../stages/export/tasks.ts')).exportTasks,
  rows: async () => [(await import('../store/list-task.ts')).listTask],
  search: async () => [(await import('../store/search-task.ts')).searchTask],
};

/** The task of this name, as in `import.rows`; undefined where there is none. */
export async function threadTask(name: string): Promise<AnyTask | undefined> {
  const [kind = ''] = name.split('.');
  const load = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return (await load?.())?.find((task) => task.name === name);
}
