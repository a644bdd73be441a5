import { readFile } from 'node:fs/promises';
import { openModelFolder } from '../../folder.ts';
import { askedPlainly } from '../../portable/asked-as.ts';
import type { OpenedExport } from '../format.ts';
import { partFile } from '../parts.ts';
import { openParts } from '../tensorflowjs/open.ts';

/**
 * Opens a written Hugging Face folder, in any of its number formats, and answers with TensorFlow.js:
 * not with what trained the student.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
 */
export async function openHuggingFace(folder: string): Promise<OpenedExport> {
  const { config, parameters, tokenizer } = await openModelFolder(folder);
  return openParts(partFile('student-web.mjs'), {
    ...{ config, parameters, coder: tokenizer },
    // How it is asked comes with every question.
    ...{ asked: askedPlainly, check: 'unchecked' },
    wasm: new Uint8Array(await readFile(partFile('tfjs-backend-wasm-simd.wasm'))),
  });
}
