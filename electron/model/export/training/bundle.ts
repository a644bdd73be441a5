import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../../core/random.ts';
import { writeCheckpoint } from '../../checkpoint.ts';
import { openEngine } from '../../engines/preflight.ts';
import { syncFolder, writeSynced } from '../../files.ts';
import { writeSafetensors } from '../../safetensors.ts';
import type { FloatTensor } from '../../safetensors.ts';
import { systemMemory } from '../../system-memory.ts';
import { parameterSpecs, sizeOf } from '../../t5/config.ts';
import { trainableParameters } from '../../t5/frozen.ts';
import { adapterSpecs, startAdapter } from '../../t5/lora.ts';
import type { BundleContents, BundleHost } from './contents.ts';
import { bytesOfRows, writeOrder, writeTrainRows, writeValidationRows } from './data.ts';
import type { DataPlace } from './data.ts';
import { adapterSeed, expectedSteps } from './expected.ts';
import { recipeOf } from './recipe.ts';
import { scriptNames, scriptsFolder } from './scripts.ts';

/** The smaller files together, about. */
const TEXT_BYTES = 200_000;

/**
 * Writes everything of a training bundle but its manifest, model card and certificate: the scripts,
 * `recipe.json`, `data/`, the start in `student/` (and `adapters.safetensors`), and `expected.json`
 * with the losses that the first steps come to on this computer's processor.
 *
 * @throws StudioError `invalid-input` when the settings leave nothing to train; the signal's reason
 *   when it is aborted
 */
export async function writeBundle(
  folder: string,
  contents: BundleContents,
  { signal, progress }: BundleHost,
): Promise<void> {
  const { settings, config, rows } = contents;
  const total = bytesOf(contents);
  let done = 0;
  const wrote = (bytes: number): void => progress((done += bytes), Math.max(done, total));

  const place: DataPlace = { folder: join(folder, 'data'), signal, wrote };
  await mkdir(place.folder, { recursive: true });
  const data = {
    train: await writeTrainRows(rows, config.vocabSize, place),
    validation: await writeValidationRows(contents.validation, config.vocabSize, place),
    order: await writeOrder(contents.order(), settings, place),
  };
  await writeJson(folder, 'recipe.json', recipeOf(settings, config, data));
  await syncFolder(place.folder);
  wrote(await copyScripts(folder));
  wrote(await writeStart(folder, contents));
  signal.throwIfAborted();
  const engine = await openEngine();
  const expected = await expectedSteps(contents, engine, systemMemory().available, signal);
  await writeJson(folder, 'expected.json', expected);
  await syncFolder(folder);
  progress(total, total);
}

/** Where the training starts, as a Hugging Face folder. @returns bytes */
async function writeStart(folder: string, contents: BundleContents): Promise<number> {
  const { config, initial, tokenizerJson, manifest, settings } = contents;
  const student = { config, parameters: initial, tokenizer: tokenizerJson, manifest };
  await writeCheckpoint(join(folder, 'student'), student, null);
  const { lora } = trainableParameters(config, settings);
  if (lora !== null) {
    const random = new Random(adapterSeed(settings.seed));
    const adapters = adapterSpecs(config, lora).map((spec): [string, FloatTensor] => {
      const values = new Float32Array(sizeOf(spec.shape));
      startAdapter(spec, values, random);
      return [spec.name, { shape: spec.shape, values }];
    });
    await writeSafetensors(join(folder, 'adapters.safetensors'), new Map(adapters));
  }
  return 4 * parametersIn(contents);
}

async function copyScripts(folder: string): Promise<number> {
  const from = scriptsFolder();
  let bytes = 0;
  for (const name of scriptNames) {
    const script = await readFile(join(from, name));
    await writeSynced(join(folder, name), script);
    bytes += script.length;
  }
  return bytes;
}

const writeJson = (folder: string, name: string, value: unknown): Promise<void> =>
  writeSynced(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

function bytesOf(contents: BundleContents): number {
  const { settings, config, rows, tokenizerJson } = contents;
  const { steps, accumulate, batchSize } = settings;
  const order = 4 * steps * accumulate * batchSize;
  const texts = TEXT_BYTES + tokenizerJson.length;
  return bytesOfRows(rows, config.vocabSize) + order + 4 * parametersIn(contents) + texts;
}

const parametersIn = ({ config }: BundleContents): number =>
  parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
