export { refuseEmptyParts } from './division.ts';
export { freezeFolds, freezeSplit } from './freeze.ts';
export { checkLeaksJob, leaksTitle } from './job.ts';
export { defaultSplitSettings, leakKey, refuseImpossible } from './settings.ts';
export { createSplit, previewSplit } from './synchronous.ts';
export { columnsTask, divideTask, leaksTask, previewTask, splitTasks } from './tasks.ts';
export { timeOf } from './time.ts';
