import type { FormatHandler } from '../format.ts';
import { openHuggingFace } from './open.ts';
import { writeHuggingFace } from './write.ts';

/** Hugging Face folders: `huggingface` in float32, `huggingface-bfloat16`, `huggingface-float16`. */
export const huggingfaceFormat: FormatHandler = {
  write: writeHuggingFace,
  open: (folder) => openHuggingFace(folder),
};
