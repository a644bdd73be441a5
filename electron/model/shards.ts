import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { exists, readIfPresent } from './files.ts';
import { listSafetensors, readSafetensors } from './safetensors.ts';
import type { FloatTensor } from './safetensors.ts';
import type { TensorEntry } from './safetensors-header.ts';
import { sizeOf } from './t5/config.ts';

/** Large checkpoints are cut into several files, and an index says which file holds which tensor. */
export const INDEX_FILE = 'model.safetensors.index.json';
const WHOLE_FILE = 'model.safetensors';

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

export interface StoredTensors {
  readonly tensors: Map<string, FloatTensor>;
  /** The file that names every tensor, for messages. */
  readonly file: string;
}

/** A tensor as its file's header describes it. */
export interface StoredTensor extends TensorEntry {
  /** The file that holds it. */
  readonly shard: string;
}

/**
 * Reads the tensors of a model folder, from `model.safetensors` or from the shards of its index.
 *
 * @param wanted tensors for which this is false are checked but not read
 * @throws StudioError `model-invalid`, naming the file that is missing or wrong
 */
export async function readTensors(
  folder: string,
  wanted: (name: string) => boolean = () => true,
): Promise<StoredTensors> {
  const { file, shards } = await findShards(folder);
  const tensors = new Map<string, FloatTensor>();
  for (const shard of shards) {
    const part = await readSafetensors(join(folder, shard), wanted);
    for (const [name, tensor] of part) tensors.set(name, tensor);
  }
  return { tensors, file };
}

/**
 * What `readTensors` would read, without the numbers.
 *
 * @throws StudioError `model-invalid`, as `readTensors` does
 */
export async function listTensors(
  folder: string,
): Promise<{ readonly tensors: ReadonlyMap<string, StoredTensor>; readonly file: string }> {
  const { file, shards } = await findShards(folder);
  const tensors = new Map<string, StoredTensor>();
  for (const shard of shards) {
    for (const entry of await listSafetensors(join(folder, shard))) {
      tensors.set(entry.name, { ...entry, shard });
    }
  }
  return { tensors, file };
}

/** Bytes of a folder's weights in float32, in however many files and of whatever numbers they lie. */
export async function weightBytes(folder: string): Promise<number> {
  const { tensors } = await listTensors(folder);
  return [...tensors.values()].reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
}

/** The files that hold the weights, the index first where there is one; null where they are not whole. */
export async function weightFiles(folder: string): Promise<string[] | null> {
  try {
    const { file, shards } = await findShards(folder);
    return [...new Set([file, ...shards])];
  } catch (caught) {
    if (caught instanceof StudioError) return null;
    throw caught;
  }
}

/** The files of the weights, and the one that names every tensor. */
async function findShards(folder: string): Promise<{ file: string; shards: readonly string[] }> {
  if (await exists(join(folder, WHOLE_FILE))) return { file: WHOLE_FILE, shards: [WHOLE_FILE] };
  const index = await readIfPresent(folder, INDEX_FILE);
  if (index === null) throw await withoutWeights(folder);
  const shards = parseIndex(index);
  await checkShards(folder, shards);
  return { file: INDEX_FILE, shards: [...shards.keys()] };
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
    const entries = await listSafetensors(join(folder, shard));
    const held = new Set(entries.map(({ name }) => name));
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

/** Weights in formats of other libraries, which are not read. */
const foreign: Readonly<Record<string, string>> = {
  'pytorch_model.bin': 'such a file can run code',
  'pytorch_model.bin.index.json': 'such files can run code',
  'tf_model.h5': 'it is TensorFlow’s format',
  'flax_model.msgpack': 'it is Flax’s format',
};

async function withoutWeights(folder: string): Promise<StudioError> {
  for (const [name, reason] of Object.entries(foreign)) {
    if (await exists(join(folder, name))) {
      return new StudioError(
        'model-invalid',
        `The folder “${basename(folder)}” holds its weights only as ${name}, which is not read: ${reason}.`,
        'Download the model’s safetensors files. Or convert it once in Python, where transformers is installed: AutoModelForSeq2SeqLM.from_pretrained("FOLDER").save_pretrained("FOLDER", safe_serialization=True)',
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
