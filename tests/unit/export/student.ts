import type { StudentManifest } from '../../../electron/contract/export.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { writeCheckpoint } from '../../../electron/model/checkpoint.ts';
import { madeTokenizer, randomWeights } from '../model/student-folder.ts';
import { runSettings } from '../model/support.ts';
import { smallConfig } from '../model/t5/small.ts';

export const settings = runSettings({ method: 'step-by-step' });

export const manifest: StudentManifest = {
  ...{ format: 1, method: 'step-by-step', task: 'text', labels: [] },
  ...answerFormatOf(settings),
};

/**
 * A student that was never trained, with every file of a checkpoint: one that other programs read too,
 * as deep in the decoder as in the encoder, and with positions as every published T5 has them.
 */
export async function writeStudent(
  folder: string,
  seed = 1,
  as: StudentManifest = manifest,
): Promise<void> {
  const config = {
    ...{ ...smallConfig, vocabSize: 304, numDecoderLayers: smallConfig.numLayers },
    relativeAttentionMaxDistance: 128,
  };
  const parameters = new Map(
    Array.from(randomWeights(config, seed), ([name, { values }]) => [name, values] as const),
  );
  const tokenizer = await madeTokenizer();
  await writeCheckpoint(folder, { config, parameters, tokenizer, manifest: as }, null);
}
