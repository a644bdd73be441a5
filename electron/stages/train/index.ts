export { createRun, sharedTexts, trainingRows } from './create-run.ts';
export type { TrainingRequest } from './create-run.ts';
export { suggestLearning } from './learning.ts';
export { preflight } from './preflight.ts';
export { choiceOf, suggestRunSettings } from './suggest.ts';
export type { SuggestInput } from './suggest.ts';
export { writeTrainedOn } from './trained-on-task.ts';
export { hashRows, trainJob, trainRun, trainTaskOf } from './train-run.ts';
export type { TrainRunOptions } from './train-run.ts';
