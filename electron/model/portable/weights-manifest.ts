import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { sizeOf } from '../t5/config.ts';
import type { NamedShape } from '../t5/parameters.ts';

/**
 * Weights as TensorFlow.js keeps them: `model.json` names them in order, and their numbers lie one
 * after another in files of a few megabytes, cut wherever a file is full.
 */

export const modelFile = 'model.json';
/** Of one file of numbers, as TensorFlow.js' own converter cuts them. */
export const SHARD_BYTES = 4 * 2 ** 20;

const Count = z.number().int().nonnegative();
const Weight = z.object({
  name: z.string(),
  shape: z.array(Count),
  dtype: z.literal('float32'),
});
const ModelJson = z.object({
  weightsManifest: z.tuple([
    z.object({
      paths: z.array(z.string().regex(/^[\w-]+\.bin$/)).min(1),
      weights: z.array(Weight).min(1),
    }),
  ]),
});

/** Which files hold which weights. */
export interface WeightsManifest {
  readonly paths: readonly string[];
  readonly weights: readonly NamedShape[];
}

/** The names of the files that so many bytes take: `group1-shard1of3.bin` and so on. */
export function shardNames(bytes: number): string[] {
  const count = Math.max(1, Math.ceil(bytes / SHARD_BYTES));
  return Array.from({ length: count }, (_unused, at) => `group1-shard${at + 1}of${count}.bin`);
}

/** The content of `model.json`, which `tf.io.loadWeights` and its like understand. */
export function modelJson({ paths, weights }: WeightsManifest): string {
  const described = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const value = {
    format: 't5-weights',
    generatedBy: 'Stepwise Studio',
    convertedBy: null,
    weightsManifest: [{ paths, weights: described }],
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** @throws StudioError `model-invalid` */
export function parseModelJson(text: string): WeightsManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = ModelJson.safeParse(value);
  if (parsed.success) return parsed.data.weightsManifest[0];
  throw new StudioError(
    'model-invalid',
    `${modelFile} does not say where the student's weights are.`,
    'Copy the folder again from where it came, or export the student again.',
  );
}

/** Bytes of all weights together. */
export const bytesOf = (weights: readonly NamedShape[]): number =>
  weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);

/**
 * The weights by name, as views of their bytes.
 *
 * @param bytes of all files, one after another
 */
export function weightsIn(
  { weights }: WeightsManifest,
  bytes: ArrayBuffer,
): Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
  let offset = 0;
  return new Map(
    weights.map(({ name, shape }) => {
      const values = new Float32Array(bytes, offset, sizeOf(shape));
      offset += values.byteLength;
      return [name, { shape, values }];
    }),
  );
}
