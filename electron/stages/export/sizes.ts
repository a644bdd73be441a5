import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '../../contract/entities.ts';
import { readConfigOf } from '../../model/folder.ts';
import { weightBytes } from '../../model/shards.ts';

/** What decides how big an export gets. */
export interface StudentSize {
  /** Of the checkpoint's weights, float32. */
  readonly weights: number;
  /** Of the token embedding, which some formats hold once for the encoder and once for the decoder. */
  readonly embedding: number;
  /** Of tokenizer and settings. */
  readonly texts: number;
  /** Of the rows that the run learns from, as they are kept with it. */
  readonly rows: number;
}

const megabyte = 2 ** 20;
/** Bytes of the WebAssembly runtimes and their scripts that travel with a format. */
const runtimes = { tensorflow: 2 * megabyte, onnx: 14 * megabyte };

/** Sizes of a checkpoint's files in bytes. @throws StudioError model-invalid */
export async function studentSize(checkpoint: string, runFolder: string): Promise<StudentSize> {
  const { config } = await readConfigOf(checkpoint);
  const bytesOf = (folder: string, name: string): Promise<number> =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
  return {
    weights: await weightBytes(checkpoint),
    embedding: 4 * config.vocabSize * config.dModel,
    texts: await bytesOf(checkpoint, 'tokenizer.json'),
    rows: await bytesOf(runFolder, 'rows.json'),
  };
}

/** Bytes that a student takes in a format, roughly. */
export function estimateBytes(
  format: ExportFormat,
  { weights, embedding, texts, rows }: StudentSize,
): number {
  const graphs = weights + embedding;
  const bytes: Readonly<Record<ExportFormat, number>> = {
    huggingface: weights,
    'huggingface-bfloat16': weights / 2,
    'huggingface-float16': weights / 2,
    onnx: graphs,
    'onnx-int8': graphs / 4,
    tensorflowjs: weights + runtimes.tensorflow,
    predictor: graphs + runtimes.onnx,
    'predictor-int8': graphs / 4 + runtimes.onnx,
    gguf: weights,
    'gguf-float16': weights / 2,
    training: weights + rows,
  };
  return Math.ceil(bytes[format] + texts);
}
