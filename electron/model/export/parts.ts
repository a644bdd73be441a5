import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/** What exported folders are made of beside the student: built once, see `build/parts.mjs`. */
export type PartName =
  /** llama.cpp, started from Node, and its WebAssembly. */
  | 'llama.cjs'
  | 'llama.wasm'
  /** Answers with ONNX Runtime and Node alone. */
  | 'predictor.mjs'
  /** ONNX Runtime, compiled to WebAssembly. */
  | 'predictor.wasm'
  /** Loads a student in a web page. */
  | 'student-web.mjs'
  /** TensorFlow.js' kernels, compiled to WebAssembly. */
  | 'tfjs-backend-wasm-simd.wasm'
  /** An example page that asks the student. */
  | 'page.html'
  | 'page.css'
  | 'page.mjs';

const FOLDER = join('out', 'parts');

/**
 * Path of a built part, beside the sources or in the packaged app.
 *
 * @throws StudioError `not-found` where it was not built
 */
export function partFile(name: PartName, from = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, FOLDER, name);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) break;
  }
  throw new StudioError(
    'not-found',
    `${name}, which exports are made of, is not here.`,
    'Run `npm run build` in the folder of the app, then export again.',
  );
}
