import type { ExportFormat } from '../../../contract/entities.ts';

/**
 * What a person should know of a format's shorter numbers, as a sentence for the model card; null for
 * formats whose numbers are the student's own. T5's feed-forward sums outgrow float16 in published
 * checkpoints, see github.com/huggingface/transformers, pull request 20760.
 */
export function precisionNote(format: ExportFormat): string | null {
  switch (format) {
    case 'huggingface-bfloat16':
      return 'The weights are bfloat16: half the size of float32, with its range and about three significant digits, so some answers may differ from the student’s.';
    case 'huggingface-float16':
      return 'The weights are float16, whose largest number is 65,504. Inside a T5 the sums of the feed-forward layers can exceed it, which gives empty or repeated answers on some inputs: load the weights with dtype=torch.float32 (or bfloat16) to compute with a wider range, and compare answers before you compute in float16.';
    case 'gguf':
      return 'The weights are float32. llama.cpp looks the GELU of gated feed-forward layers (T5 v1.1, Flan-T5) up in half precision, so with those an answer may differ where two tokens are about equally likely. Its tokenizer reads characters that are not in the vocabulary a little differently.';
    case 'gguf-float16':
      return 'The matrices are float16, and llama.cpp rounds what they are multiplied with to float16 too, whose largest number is 65,504: some answers may differ from the student’s. Its tokenizer reads characters that are not in the vocabulary a little differently.';
    default:
      return null;
  }
}
