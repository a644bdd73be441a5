import type { ExportFormat } from '../../contract/entities.ts';
import { LONGEST_INPUT } from './gguf/llama.ts';

/** What the runtimes that open exports can hold; a student beyond it could be written and not tried. */

/** Bytes of float32 weights. WebAssembly addresses 4 GiB, which hold the file, and what is made of it. */
const LARGEST_IN_WEBASSEMBLY = 1.9e9;

/**
 * Bytes of float32 weights. TensorFlow.js takes about four times the weights while it opens them:
 * files, the numbers in one piece, and their places in WebAssembly, some of them turned.
 */
export const LARGEST_IN_TENSORFLOWJS = 1e9;

/** A student, as far as runtimes have limits. */
export interface StudentNeeds {
  /** Bytes of the weights in float32. */
  readonly weights: number;
  /** Most tokens that it reads. */
  readonly longestInput: number;
}

/** Why nothing here could try a student in a format, in a sentence; null where something can. */
export function whyUntriable(
  format: ExportFormat,
  { weights, longestInput }: StudentNeeds,
): string | null {
  switch (format) {
    case 'onnx':
    case 'onnx-int8':
    case 'predictor':
    case 'predictor-int8':
      return weights <= LARGEST_IN_WEBASSEMBLY
        ? null
        : `This student has ${gigabytes(weights)} GB of weights, and ONNX Runtime in WebAssembly, with which the export is tried, holds ${gigabytes(LARGEST_IN_WEBASSEMBLY)} GB.`;
    case 'tensorflowjs':
      return weights <= LARGEST_IN_TENSORFLOWJS
        ? null
        : `This student has ${gigabytes(weights)} GB of weights. TensorFlow.js takes about four times as much memory while it opens them, so that a page holds ${gigabytes(LARGEST_IN_TENSORFLOWJS)} GB.`;
    case 'gguf':
    case 'gguf-float16':
      return longestInput <= LONGEST_INPUT
        ? null
        : `This student reads up to ${longestInput} tokens, and the llama.cpp in this app, with which the export is tried, reads ${LONGEST_INPUT} at once.`;
    default:
      return null;
  }
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
