import { cp, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configJson } from '../../../electron/model/config.ts';
import type { FloatType } from '../../../electron/model/halves.ts';
import { writeSafetensors } from '../../../electron/model/safetensors.ts';
import type { FloatTensor } from '../../../electron/model/safetensors.ts';
import { parameterSpecs, sizeOf, type T5Config } from '../../../electron/model/t5/config.ts';
import { trainTokenizer } from '../../../electron/model/tokenizer.ts';
import { randomInitial, smallConfig } from './t5/small.ts';

const fixtures = fileURLToPath(new URL('../../../../shared/fixtures', import.meta.url));
export const fixturesPresent = existsSync(join(fixtures, 't5-v1_0-tiny'));

/** Rows about sums: what made-up tokenizers are learned from, and made-up students are trained on. */
export const sums = Array.from({ length: 12 }, (_unused, i) => ({
  input: `Tom has ${i} apples and buys ${i + 3} more. How many does he have?`,
  label: `${i} + ${i + 3}`,
  rationales: i % 4 === 0 ? [] : [`He has ${i} and buys ${i + 3}, so it is a sum.`],
}));

/** The text of a tokenizer with at most so many tokens. */
export function madeTokenizer(vocabularySize = 300): Promise<string> {
  const texts = sums.flatMap(({ input, label, rationales }) => [
    `predict: ${input}`,
    `explain: ${input}`,
    'Tom has 12 apples and buys 30 more. How many apples does he have?',
    label,
    ...rationales,
  ]);
  return trainTokenizer([...texts, ...texts], { vocabularySize });
}

/** Random weights for a configuration, by name. */
export function randomWeights(config: T5Config, seed = 1): Map<string, FloatTensor> {
  const fill = randomInitial(seed);
  return new Map(
    parameterSpecs(config).map((spec) => {
      const values = new Float32Array(sizeOf(spec.shape));
      fill(spec, values);
      return [spec.name, { shape: spec.shape, values }];
    }),
  );
}

/** A whole T5 folder, made up; the configuration is returned with rows for its tokenizer. */
export async function writeStudentFolder(
  folder: string,
  { config = smallConfig, dtype = 'float32' }: { config?: T5Config; dtype?: FloatType } = {},
): Promise<T5Config> {
  const fitting = { ...config, vocabSize: 304 };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), configJson(fitting));
  await writeFile(join(folder, 'tokenizer.json'), await madeTokenizer());
  await writeSafetensors(join(folder, 'model.safetensors'), randomWeights(fitting), { dtype });
  return fitting;
}

/** A copy of one of the reference's tiny models with a tokenizer that fits its 512 rows. */
export async function copyFixture(name: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ['config.json', 'model.safetensors']) {
    await cp(join(fixtures, name, file), join(folder, file));
  }
  await writeFile(join(folder, 'tokenizer.json'), await madeTokenizer(500));
}

/** The real T5 tokenizer, which has more tokens than a tiny model has rows. */
export const realTokenizer = join(fixtures, 'tokenizer', 'tokenizer.json');
export const realSentencePiece = join(fixtures, 'tokenizer', 'spiece.model');
