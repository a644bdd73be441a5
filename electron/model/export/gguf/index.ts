import type { FormatHandler } from '../format.ts';
import { openGguf } from './open.ts';
import { writeGgufStudent } from './write.ts';

/** Files for llama.cpp: `gguf` in float32, `gguf-float16`. */
export const ggufFormat: FormatHandler = { write: writeGgufStudent, open: openGguf };
