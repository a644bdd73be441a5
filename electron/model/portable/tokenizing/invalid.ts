import { StudioError } from '../../../contract/errors.ts';

/** What is wrong with a tokenizer, for the person whose folder it lies in. */
export function invalidTokenizer(problem: string, cause?: unknown): StudioError {
  return new StudioError(
    'tokenizer-invalid',
    `tokenizer.json ${problem}.`,
    'Use the tokenizer.json that was saved together with the model.',
    { cause },
  );
}
