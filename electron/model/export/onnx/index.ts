import type { FormatHandler } from '../format.ts';
import { partFile } from '../parts.ts';
import { askPredictor } from '../predictor-process.ts';
import { writeOnnx } from './write.ts';

/**
 * `onnx` and `onnx-int8`. Opened by ONNX Runtime's WebAssembly in a process of its own, with the
 * portable tokenizer: nothing of the native libraries that a student is trained with.
 */
export const onnxFormat: FormatHandler = {
  write: (request) => writeOnnx(request),
  open: (folder) => askPredictor({ program: partFile('predictor.mjs'), folder }),
};
