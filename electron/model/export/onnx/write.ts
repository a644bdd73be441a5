import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configJson, generationConfigJson } from '../../config.ts';
import { readIfPresent, syncFolder, writeSynced } from '../../files.ts';
import { openModelFolder } from '../../folder.ts';
import { serializeBesideWeights, serializeWithWeights } from '../../graph/onnx.ts';
import type { OnnxGraph, OnnxWeight } from '../../graph/onnx.ts';
import type { T5Config } from '../../t5/config.ts';
import { specialTokensMapJson, tokenizerConfigJson } from '../../tokenizer-json.ts';
import type { WriteRequest } from '../format.ts';
import { decoderModel, encoderModel } from './graphs.ts';
import { QuantizedWeights } from './quantized.ts';
import { FloatWeights, type Parameters, type WeightTable } from './weights.ts';

/** One file of a protocol buffer holds 2 GiB; weights beyond this lie in a file of their own. */
const LARGEST_MODEL = 1.9e9;
/** Bytes handed to the file system at once, which takes at most 2 GiB. */
const CHUNK = 1 << 26;

/** A model that is to be written, by the beginning of its file's name. */
interface Part {
  readonly name: 'encoder_model' | 'decoder_model_merged';
  readonly graph: OnnxGraph;
  readonly weights: ReadonlyMap<string, OnnxWeight>;
}

/** How many bytes a part's weights have. */
const bytesOfPart = ({ weights }: Part): number =>
  [...weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);

export interface OnnxWriteOptions {
  /** Bytes of weights beyond which they lie beside the model. Default 1.9e9. */
  readonly largestModel?: number;
}

/**
 * Writes an ONNX folder as Optimum lays it out and Transformers.js reads it: configuration and
 * tokenizer, and in `onnx/` the encoder and the decoder with its cache. `onnx-int8` has its matrices in
 * eight bits, and `_quantized` in the names of its models.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the checkpoint's file
 */
export async function writeOnnx(
  request: WriteRequest,
  { largestModel = LARGEST_MODEL }: OnnxWriteOptions = {},
): Promise<void> {
  const { folder, checkpoint, signal } = request;
  const { config, parameters, tokenizerJson } = await openModelFolder(checkpoint);
  const quantized = request.format === 'onnx-int8';
  const parts = makeParts(config, parameters, quantized);
  const beside = parts.filter((part) => bytesOfPart(part) > largestModel);
  await writeTexts(request, {
    'config.json': transformersConfig(config, quantized, beside),
    'tokenizer.json': tokenizerJson,
    'tokenizer_config.json':
      (await readIfPresent(checkpoint, 'tokenizer_config.json')) ?? tokenizerConfigJson(512),
    'special_tokens_map.json':
      (await readIfPresent(checkpoint, 'special_tokens_map.json')) ?? specialTokensMapJson(),
    'generation_config.json':
      (await readIfPresent(checkpoint, 'generation_config.json')) ??
      generationConfigJson(config, 128),
  });
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const total = parts.reduce((sum, part) => sum + bytesOfPart(part), 0);
  let done = 0;
  const count = (bytes: number): void => {
    done += bytes;
    request.progress(Math.min(done, total), total);
  };
  for (const part of parts) {
    const path = join(folder, 'onnx', `${part.name}${quantized ? '_quantized' : ''}.onnx`);
    for (const { file, chunks } of filesOf(part, path, beside.includes(part))) {
      await writeChunks(file, chunks, { signal, count });
    }
  }
  await syncFolder(join(folder, 'onnx'));
  await syncFolder(folder);
}

function makeParts(config: T5Config, parameters: Parameters, quantized: boolean): Part[] {
  const table = (tiedHead: boolean): WeightTable =>
    quantized
      ? new QuantizedWeights(config, parameters, { tiedHead })
      : new FloatWeights(config, parameters);
  const [encoder, decoder] = [table(false), table(config.tieWordEmbeddings)];
  // A graph first: it collects its weights.
  const graphs = [encoderModel(config, encoder), decoderModel(config, decoder)] as const;
  return [
    { name: 'encoder_model', graph: graphs[0], weights: encoder.weights },
    { name: 'decoder_model_merged', graph: graphs[1], weights: decoder.weights },
  ];
}

/** `config.json` with what Transformers.js reads there: the models' numbers, and which lie in two files. */
function transformersConfig(config: T5Config, quantized: boolean, beside: readonly Part[]): string {
  const value: unknown = JSON.parse(configJson(config));
  const external = Object.fromEntries(beside.map(({ name }) => [name, true]));
  return `${JSON.stringify(
    {
      ...(typeof value === 'object' ? value : {}),
      'transformers.js_config': {
        dtype: quantized ? 'q8' : 'fp32',
        ...(beside.length > 0 && { use_external_data_format: external }),
      },
    },
    null,
    2,
  )}\n`;
}

async function writeTexts(
  { folder }: WriteRequest,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await writeSynced(join(folder, name), text);
}

/** The files of a part: one, or the model and its weights. */
function filesOf(
  { graph, weights }: Part,
  path: string,
  beside: boolean,
): { file: string; chunks: Iterable<Uint8Array> }[] {
  if (!beside) return [{ file: path, chunks: serializeWithWeights(graph, weights) }];
  const data = `${path}_data`;
  const model = serializeBesideWeights(graph, weights, basename(data));
  return [
    { file: data, chunks: contents(weights) },
    { file: path, chunks: [model] },
  ];
}

function* contents(weights: ReadonlyMap<string, OnnxWeight>): Generator<Uint8Array> {
  for (const { content } of weights.values()) yield content();
}

/** Writes a file piece by piece; one that is left when the signal is aborted is not whole. */
async function writeChunks(
  path: string,
  chunks: Iterable<Uint8Array>,
  about: { readonly signal: AbortSignal; readonly count: (bytes: number) => void },
): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (const chunk of chunks) {
      if (about.signal.aborted) return;
      await writeAll(handle, chunk);
      about.count(chunk.byteLength);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    await handle.writeFile(bytes.subarray(at, at + CHUNK));
  }
}
