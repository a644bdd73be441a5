export { answerFromFolder, exportQuestion } from './asking.ts';
export { checkpointOf } from './checkpoints.ts';
export type { ExportInput } from './input.ts';
export { exportJob } from './job.ts';
export type { ExportHelp } from './job.ts';
export { exportOptions, whyRefused } from './options.ts';
export { exportSnippets } from './facts.ts';
export { checkExportTask } from './tasks.ts';
