import type { ExportFormat } from '../../contract/entities.ts';
import { refuseChanged } from './certificate.ts';
import type { FormatHandler, OpenedExport } from './format.ts';

/** Loaded when they are first used: each brings a runtime of its own. */
const handlers: Readonly<Record<ExportFormat, () => Promise<FormatHandler>>> = {
  onnx: async () => (await import('./onnx/index.ts')).onnxFormat,
  'onnx-int8': async () => (await import('./onnx/index.ts')).onnxFormat,
  tensorflowjs: async () => (await import('./tensorflowjs/index.ts')).tensorflowjsFormat,
  huggingface: async () => (await import('./huggingface/index.ts')).huggingfaceFormat,
  'huggingface-bfloat16': async () => (await import('./huggingface/index.ts')).huggingfaceFormat,
  'huggingface-float16': async () => (await import('./huggingface/index.ts')).huggingfaceFormat,
  gguf: async () => (await import('./gguf/index.ts')).ggufFormat,
  'gguf-float16': async () => (await import('./gguf/index.ts')).ggufFormat,
  predictor: async () => (await import('./predictor.ts')).predictorFormat,
  'predictor-int8': async () => (await import('./predictor.ts')).predictorFormat,
  training: async () => (await import('./training/index.ts')).trainingFormat,
};

/** How a format is written and opened. */
export const formatHandler = (format: ExportFormat): Promise<FormatHandler> => handlers[format]();

/**
 * Opens a written folder as its format is; one that was certified only with every file as it was.
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
 */
export async function openExport(folder: string, format: ExportFormat): Promise<OpenedExport> {
  const handler = await formatHandler(format);
  if (handler.open === null) throw new Error(`Nothing opens the format ${format}.`);
  await refuseChanged(folder);
  return handler.open(folder, format);
}
