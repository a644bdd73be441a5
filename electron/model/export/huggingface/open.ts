import { readFile } from 'node:fs/promises';
import { openEngine } from '../../engines/preflight.ts';
import { openModelFolder } from '../../folder.ts';
import { askedPlainly } from '../../portable/asked-as.ts';
import { weightBytes } from '../../shards.ts';
import { Student } from '../../student.ts';
import type { OpenedExport } from '../format.ts';
import { LARGEST_IN_TENSORFLOWJS } from '../limits.ts';
import { partFile } from '../parts.ts';
import { openParts } from '../tensorflowjs/open.ts';

/**
 * Opens a written Hugging Face folder, in any of its number formats, and answers with TensorFlow.js:
 * not with what trained the student. A student that is too large for it is answered by the app's own
 * engine on the processor, and the proof names that.
 *
 * @param largest bytes of float32 weights that TensorFlow.js is given
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
 */
export async function openHuggingFace(
  folder: string,
  largest = LARGEST_IN_TENSORFLOWJS,
): Promise<OpenedExport> {
  if ((await weightBytes(folder)) > largest) return openNatively(folder);
  const { config, parameters, tokenizer } = await openModelFolder(folder);
  return openParts(partFile('student-web.mjs'), {
    ...{ config, parameters, coder: tokenizer },
    // How it is asked comes with every question.
    ...{ asked: askedPlainly, check: 'unchecked' },
    wasm: new Uint8Array(await readFile(partFile('tfjs-backend-wasm-simd.wasm'))),
  });
}

async function openNatively(folder: string): Promise<OpenedExport> {
  const student = await Student.open(folder, await openEngine());
  return {
    openedWith: 'ONNX Runtime (the app’s own engine)',
    rowsAtOnce: 32,
    answer: (inputs, settings, options) => student.answer(inputs, { ...options, settings }),
    dispose: () => student.dispose(),
  };
}
