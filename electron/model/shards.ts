import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { exists, readIfPresent } from './files.ts';
import { listSafetensors, readSafetensors } from './safetensors.ts';
import type { FloatTensor } from './safetensors.ts';

/** Large checkpoints are cut into several files, and an index says which file holds which tensor. */
export const INDEX_FILE = 'model.safetensors.index.json';
const WHOLE_FILE = 'model.safetensors';

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

export interface StoredTensors {
  readonly tensors: Map<string, FloatTensor>;
  /** The file that names every tensor, for messages. */
  readonly file: string;
}

/**
 * Reads the tensors of a model folder, from `model.safetensors` or from the shards of its index.
 *
 * @throws StudioError `model-invalid`, naming the file that is missing or wrong
 */
export async function readTensors(folder: string): Promise<StoredTensors> {
  const whole = join(folder, WHOLE_FILE);
  if (await exists(whole)) return { tensors: await readSafetensors(whole), file: WHOLE_FILE };
  const index = await readIfPresent(folder, INDEX_FILE);
  if (index !== null) return { tensors: await readShards(folder, index), file: INDEX_FILE };
  throw await withoutWeights(folder);
}

async function readShards(folder: string, text: string): Promise<Map<string, FloatTensor>> {
  const shards = parseIndex(text);
  await checkShards(folder, shards);
  const tensors = new Map<string, FloatTensor>();
  for (const shard of shards.keys()) {
    const part = await readSafetensors(join(folder, shard));
    for (const [name, tensor] of part) tensors.set(name, tensor);
  }
  return tensors;
}

/** The names of the tensors in each shard. */
function parseIndex(text: string): Map<string, Set<string>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid('is not JSON', cause);
  }
  const parsed = Index.safeParse(value);
  if (!parsed.success) throw invalid('has no “weight_map” of tensors to files', parsed.error);
  const shards = new Map<string, Set<string>>();
  for (const [name, shard] of Object.entries(parsed.data.weight_map)) {
    // The file may come from anywhere and must not make us read beside the model folder.
    if (!/^[^/\\]+\.safetensors$/.test(shard)) {
      throw invalid(`places “${name}” in “${shard}”, which is not a safetensors file beside it`);
    }
    shards.set(shard, (shards.get(shard) ?? new Set()).add(name));
  }
  if (shards.size === 0) throw invalid('names no tensors');
  return shards;
}

/** Holds every shard's own list to the index before anything large is read. */
async function checkShards(
  folder: string,
  shards: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const holder = new Map<string, string>();
  for (const [shard, names] of shards) {
    if (!(await exists(join(folder, shard)))) {
      throw invalid(`names ${shard}, which is not in the folder`);
    }
    const held = new Set(await listSafetensors(join(folder, shard)));
    for (const name of held) {
      const other = holder.get(name);
      if (other !== undefined) throw invalid(`leads to “${name}” twice, in ${other} and ${shard}`);
      holder.set(name, shard);
    }
    for (const name of names) {
      if (!held.has(name)) throw invalid(`places “${name}” in ${shard}, which does not hold it`);
    }
  }
}

async function withoutWeights(folder: string): Promise<StudioError> {
  const pickled = ['pytorch_model.bin', 'pytorch_model.bin.index.json'];
  for (const name of pickled) {
    if (await exists(join(folder, name))) {
      return new StudioError(
        'model-invalid',
        `The folder “${basename(folder)}” holds its weights only as ${name}, which is not read: such a file can run code.`,
        'Download the model’s safetensors files, or load and save it once with Python’s transformers.',
      );
    }
  }
  return new StudioError(
    'model-invalid',
    `The folder “${basename(folder)}” has no ${WHOLE_FILE}.`,
    'Choose a folder that was exported from here, or any T5 model folder in the Hugging Face format.',
  );
}

function invalid(problem: string, cause?: unknown): StudioError {
  return new StudioError(
    'model-invalid',
    `${INDEX_FILE} ${problem}.`,
    'Copy the model folder again from where it came, with all its files.',
    { cause },
  );
}
