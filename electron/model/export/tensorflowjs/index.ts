import type { FormatHandler } from '../format.ts';
import { openTensorFlowJsFolder } from './open.ts';
import { writeTensorFlowJs } from './write.ts';

/** Weights and a loader for TensorFlow.js, with a page that asks the student. */
export const tensorflowjsFormat: FormatHandler = {
  write: writeTensorFlowJs,
  open: (folder) => openTensorFlowJsFolder(folder),
};
