export { PredictFileInput, predictFileJob } from './predict-file.ts';
export type { FileRows, ReadFileRows } from './predict-file.ts';
export { savedAnswerTask } from './saved-answer.ts';
export type { FoundAnswer } from './saved-answer.ts';
export { studentAnswer, studentQuestion } from './student.ts';
export type { PlaygroundQuestion } from './student.ts';
export { playgroundSystems, whyNot } from './systems.ts';
export type { Priced } from './systems.ts';
