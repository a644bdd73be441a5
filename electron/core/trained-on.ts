import { z } from 'zod';
import { sha256 } from './hash.ts';

/** Beside an exported student: what it was trained on, without a word of it. */
export const trainedOnFile = 'trained-on.json';

/**
 * Hashes of the inputs that a student was trained on, sorted, each once: the first 64 bits of the
 * SHA-256 of a composed input, in hexadecimal. Whoever has the rows can tell which of them the student
 * has seen; nobody can read them here. With a million rows, a row that was not seen is taken for one
 * that was about once in 10^13.
 */
export const TrainedOn = z.strictObject({
  format: z.literal(1),
  hash: z.literal('sha256-64'),
  inputs: z.array(z.string().regex(/^[0-9a-f]{16}$/)),
});
export type TrainedOn = z.infer<typeof TrainedOn>;

/** Of an input as a student reads it, with its choices and without a prefix. */
export const hashInput = (input: string): string => sha256(input).slice(0, 16);

/** What a student says of the inputs that it was trained on. */
export const trainedOn = (inputs: readonly string[]): TrainedOn => ({
  format: 1,
  hash: 'sha256-64',
  inputs: [...new Set(inputs.map(hashInput))].sort(),
});

/** How many of these inputs a student was trained on. */
export function countSeen({ inputs: seen }: TrainedOn, inputs: readonly string[]): number {
  const known = new Set(seen);
  return inputs.filter((input) => known.has(hashInput(input))).length;
}
