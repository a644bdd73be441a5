import { wasmFile } from '../../portable/web-student.ts';
import type { PartName } from '../parts.ts';

/** The module that a page imports. */
export const loaderFile = 'student.mjs';

/** The files of a folder that are the same for every student, by the parts that they are copies of. */
export const copiedParts: Readonly<Record<string, PartName>> = {
  [loaderFile]: 'student-web.mjs',
  [wasmFile]: 'tfjs-backend-wasm-simd.wasm',
  'index.html': 'page.html',
  'page.css': 'page.css',
  'page.mjs': 'page.mjs',
};
