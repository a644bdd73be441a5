import type { ExportFormat, Method } from '../../contract/entities.ts';

/** Methods as a model card calls them. */
export const methodWords: Readonly<Record<Method, string>> = {
  finetune: 'fine-tuning on gold labels',
  distill: "distilling the teacher's labels",
  'step-by-step':
    'Distilling Step-by-Step (label and rationale as two prefixed tasks in one model)',
  'rationale-input': "reading the teacher's rationale with each input, to predict the label",
  'single-task': 'writing rationale and label as one text',
};

/** Formats as a model card calls them. */
export const formatWords: Readonly<Record<ExportFormat, string>> = {
  huggingface: 'Hugging Face folder (float32)',
  'huggingface-bfloat16': 'Hugging Face folder (bfloat16)',
  'huggingface-float16': 'Hugging Face folder (float16)',
  onnx: 'ONNX (float32)',
  'onnx-int8': 'ONNX, weights as 8-bit integers',
  tensorflowjs: 'TensorFlow.js',
  predictor: 'program for Node.js (float32)',
  'predictor-int8': 'program for Node.js, weights as 8-bit integers',
  gguf: 'GGUF (float32)',
  'gguf-float16': 'GGUF (float16)',
  training: 'training bundle for PyTorch',
};

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** A difference of shares in points, with its sign. */
export const points = (difference: number): string => {
  const text = (100 * difference).toFixed(1);
  return `${difference > 0 ? '+' : ''}${text === '-0.0' ? '0.0' : text}`;
};
