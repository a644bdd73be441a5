import { join } from 'node:path';
import { StudentManifest } from '../../../contract/export.ts';
import { lengthsOf } from '../../../core/methods.ts';
import { openModelFolder } from '../../folder.ts';
import { readIfPresent } from '../../files.ts';
import type { WriteRequest } from '../format.ts';
import { writeGguf } from './file.ts';
import type { GgufValue } from './file.ts';
import { ggufSizes, ggufTensors } from './tensors.ts';
import { ggufVocabulary } from './vocabulary.ts';

/** The one file of the format. */
export const GGUF_FILE = 'student.gguf';

/** What T5 was made for; llama.cpp's own converter says so where nothing else is said. */
const USUAL_LENGTH = 512;

/**
 * Writes a student as a file for llama.cpp.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid` for a T5 that llama.cpp cannot run, and
 *   when a weight is too large for float16, naming the tensor
 */
export async function writeGgufStudent(request: WriteRequest): Promise<void> {
  const { checkpoint, folder, signal, progress } = request;
  const dtype = request.format === 'gguf-float16' ? 'float16' : 'float32';
  const model = await openModelFolder(checkpoint);
  const tensors = ggufTensors(model, dtype);
  const values = new Map<string, GgufValue>([
    ['general.architecture', { type: 'string', value: 't5' }],
    ['general.file_type', { type: 'uint32', value: dtype === 'float32' ? 0 : 1 }],
    ...ggufSizes(model, await contextLength(folder)),
    ...ggufVocabulary(model.tokenizerJson, model.config),
  ]);
  await writeGguf(join(folder, GGUF_FILE), { values, tensors }, { signal, progress });
}

/** Tokens of the longest text that a folder's student reads, or writes after the start token. */
export async function contextLength(folder: string): Promise<number> {
  const text = await readIfPresent(folder, 'stepwise.json');
  if (text === null) return USUAL_LENGTH;
  const manifest = StudentManifest.parse(JSON.parse(text));
  const { input, target } = lengthsOf(manifest);
  return Math.max(USUAL_LENGTH, input, target + 1, manifest.maxRationaleTokens + 1);
}
