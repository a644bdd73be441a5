export { createRun, trainingRows } from './create-run.ts';
export type { TrainingRequest } from './create-run.ts';
export { suggestRunSettings } from './suggest.ts';
export { hashRows, trainJob, trainRun } from './train-run.ts';
export type { TrainRunOptions } from './train-run.ts';
