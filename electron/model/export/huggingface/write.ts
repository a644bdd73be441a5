import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, syncFolder, writeSynced } from '../../files.ts';
import { openTokenizer, readConfigOf } from '../../folder.ts';
import { generationConfigJson } from '../../config.ts';
import type { FloatType } from '../../halves.ts';
import { TensorReader, writeTensorSources } from '../../safetensors.ts';
import type { TensorSource } from '../../safetensors.ts';
import { listTensors } from '../../shards.ts';
import type { StoredTensor } from '../../shards.ts';
import { specialTokensMapJson, tokenizerConfigJson } from '../../tokenizer-json.ts';
import type { WriteRequest } from '../format.ts';
import { withDtype } from './dtype.ts';

const CONFIG = 'config.json';
const WEIGHTS = 'model.safetensors';
const TOKENIZER = 'tokenizer.json';

/**
 * Writes a Hugging Face folder. Float32 weights of a checkpoint are copied byte for byte, and so is
 * every other file; what was trained elsewhere and lies in shards or halves is put together into one
 * file of the numbers asked for.
 *
 * @throws StudioError `model-invalid` when a weight is too large for float16, naming the tensor
 */
export async function writeHuggingFace(request: WriteRequest): Promise<void> {
  const { checkpoint, folder, signal } = request;
  const dtype = dtypeOf(request);
  const { tensors } = await listTensors(checkpoint);
  const copied = await isAsItIs(checkpoint, tensors, dtype);
  const counter = new ByteCounter(request, weightBytes(tensors, copied ? 'float32' : dtype));
  await writeTexts(checkpoint, folder, copied ? null : dtype);
  if (copied) await copyCounted(join(checkpoint, WEIGHTS), join(folder, WEIGHTS), counter);
  else await convertWeights(checkpoint, folder, { tensors, dtype, counter });
  if (!signal.aborted) await syncFolder(folder);
}

function dtypeOf({ format }: WriteRequest): FloatType {
  if (format === 'huggingface-bfloat16') return 'bfloat16';
  return format === 'huggingface-float16' ? 'float16' : 'float32';
}

/** Whether the weights are one file of these numbers already. Halves are always written anew. */
async function isAsItIs(
  checkpoint: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  dtype: FloatType,
): Promise<boolean> {
  if (dtype !== 'float32' || !(await exists(join(checkpoint, WEIGHTS)))) return false;
  return [...tensors.values()].every((tensor) => tensor.dtype === 'F32');
}

function weightBytes(tensors: ReadonlyMap<string, StoredTensor>, dtype: FloatType): number {
  const numbers = [...tensors.values()].map(
    ({ dtype: stored, start, end }) => (end - start) / (stored === 'F32' ? 4 : 2),
  );
  return numbers.reduce((sum, count) => sum + count, 0) * (dtype === 'float32' ? 4 : 2);
}

/** Adds up what was written. */
class ByteCounter {
  readonly #request: WriteRequest;
  readonly #total: number;
  #done = 0;

  constructor(request: WriteRequest, total: number) {
    this.#request = request;
    this.#total = total;
  }

  get stopped(): boolean {
    return this.#request.signal.aborted;
  }

  add(bytes: number): void {
    this.#done += bytes;
    // A file's header is not among the numbers.
    this.#request.progress(Math.min(this.#done, this.#total), this.#total);
  }
}

/**
 * Every file but the weights: the checkpoint's own, and in their place what a folder from elsewhere
 * may lack.
 *
 * @param dtype what `config.json` is to say; null leaves it as it is
 */
async function writeTexts(
  checkpoint: string,
  folder: string,
  dtype: FloatType | null,
): Promise<void> {
  const config = await readFile(join(checkpoint, CONFIG), 'utf8');
  await writeSynced(join(folder, CONFIG), dtype === null ? config : withDtype(config, dtype));
  const substitutes: Readonly<Record<string, () => Promise<string> | string>> = {
    [TOKENIZER]: async () => (await openTokenizer(checkpoint)).json,
    'tokenizer_config.json': () => tokenizerConfigJson(512),
    'special_tokens_map.json': specialTokensMapJson,
    'generation_config.json': async () =>
      generationConfigJson((await readConfigOf(checkpoint)).config, 128),
  };
  for (const [name, substitute] of Object.entries(substitutes)) {
    const from = join(checkpoint, name);
    const content = (await exists(from)) ? await readFile(from) : await substitute();
    await writeSynced(join(folder, name), content);
  }
}

async function copyCounted(from: string, to: string, counter: ByteCounter): Promise<void> {
  const handle = await open(to, 'w');
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1 << 22 })) {
      if (counter.stopped) return;
      const bytes = asBytes(chunk);
      await handle.writeFile(bytes);
      counter.add(bytes.byteLength);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a stream without an encoding gives. */
function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('The file was not read as bytes.');
}

/** Piece by piece: the weights are never all in memory. */
async function convertWeights(
  checkpoint: string,
  folder: string,
  about: {
    readonly tensors: ReadonlyMap<string, StoredTensor>;
    readonly dtype: FloatType;
    readonly counter: ByteCounter;
  },
): Promise<void> {
  const { tensors, dtype, counter } = about;
  const readers = new Map<string, TensorReader>();
  try {
    for (const { shard } of tensors.values()) {
      if (!readers.has(shard)) readers.set(shard, await TensorReader.open(join(checkpoint, shard)));
    }
    const sources = [...tensors.values()].map((tensor): TensorSource => {
      const reader = readers.get(tensor.shard);
      if (!reader) throw new RangeError(`no shard ${tensor.shard}`);
      return { name: tensor.name, shape: tensor.shape, pieces: () => counted(reader, tensor) };
    });
    await writeTensorSources(join(folder, WEIGHTS), sources, { dtype });
  } finally {
    for (const reader of readers.values()) await reader.close();
  }

  async function* counted(
    reader: TensorReader,
    tensor: StoredTensor,
  ): AsyncGenerator<Float32Array> {
    for await (const piece of reader.pieces(tensor, 1 << 22)) {
      if (counter.stopped) return;
      yield piece;
      counter.add(piece.length * (dtype === 'float32' ? 4 : 2));
    }
  }
}
