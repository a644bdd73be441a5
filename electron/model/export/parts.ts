import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/** What exported folders are made of beside the student: built once, see `build/parts.mjs`. */
export type PartName =
  /** Answers with ONNX Runtime and Node alone. */
  | 'predictor.mjs'
  /** ONNX Runtime, compiled to WebAssembly. */
  | 'predictor.wasm'
  /** Loads a student in a web page. */
  | 'student-web.mjs'
  /** TensorFlow.js' kernels, compiled to WebAssembly; a page takes the first that its browser can run. */
  | 'tfjs-backend-wasm-simd.wasm'
  | 'tfjs-backend-wasm.wasm';

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
