import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { readConfig } from './config.ts';
import type { ParsedConfig } from './config.ts';
import { exists, readIfPresent, restoreFolder } from './files.ts';
import { readSentencePiece, sentencePieceJson } from './sentencepiece.ts';
import { readTensors } from './shards.ts';
import type { T5Config } from './t5/config.ts';
import { Tokenizer } from './tokenizer.ts';
import { matchParameters, settleHead } from './weights.ts';

/** A T5 as its Hugging Face folder holds it. */
export interface Model {
  readonly config: T5Config;
  /** Dropout that `config.json` asks for in training, between 0 and 1. */
  readonly dropoutRate: number;
  /** By Hugging Face's names, in the order of the state dict, float32. */
  readonly parameters: Map<string, Float32Array>;
}

/** Both parts of a folder, and the tokenizer as the text that a copy of the folder would hold. */
export interface ModelFolder extends Model {
  readonly tokenizer: Tokenizer;
  readonly tokenizerJson: string;
}

/** T5's sentinels; SentencePiece's file does not count them. */
const USUAL_EXTRA_IDS = 100;

/**
 * Opens a T5, Flan-T5 or mT5 folder in the Hugging Face format: `config.json`, the weights in
 * `model.safetensors` or in shards, and `tokenizer.json` or `spiece.model`.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file and what is wrong
 */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  await restoreFolder(folder);
  const parsed = await readConfigOf(folder);
  // The small tokenizer first: what is wrong with it need not wait for gigabytes.
  const { tokenizer, json } = await openTokenizer(folder, parsed.config);
  return { ...(await readWeights(folder, parsed)), tokenizer, tokenizerJson: json };
}

/** The model alone; see {@link openModelFolder}. */
export async function readModel(folder: string): Promise<Model> {
  return readWeights(folder, await readConfigOf(folder));
}

/** What the folder's `config.json` says. @throws StudioError `model-invalid` */
export async function readConfigOf(folder: string): Promise<ParsedConfig> {
  return readConfig(await required(folder, 'config.json'));
}

async function readWeights(folder: string, parsed: ParsedConfig): Promise<Model> {
  const { tensors, file } = await readTensors(folder);
  const { config, dropoutRate, weightsDecideHead } = parsed;
  const settled = weightsDecideHead
    ? settleHead(config, tensors, config.tieWordEmbeddings)
    : { config, tensors };
  return {
    config: settled.config,
    dropoutRate,
    parameters: matchParameters(settled.config, settled.tensors, file),
  };
}

/**
 * The tokenizer of a folder, from `tokenizer.json` or else from `spiece.model`.
 *
 * @param config when given, the tokenizer must fit this model
 * @returns the tokenizer and its text in the `tokenizer.json` format
 */
export async function openTokenizer(
  folder: string,
  config: T5Config | null = null,
): Promise<{ tokenizer: Tokenizer; json: string }> {
  const saved = await readIfPresent(folder, 'tokenizer.json');
  const file = saved === null ? 'spiece.model' : 'tokenizer.json';
  const json = saved ?? (await convertSentencePiece(folder, config));
  const tokenizer = Tokenizer.fromJson(json, file);
  if (config !== null) refuseStranger(tokenizer, config, file);
  return { tokenizer, json };
}

async function convertSentencePiece(folder: string, config: T5Config | null): Promise<string> {
  const path = join(folder, 'spiece.model');
  if (!(await exists(path))) {
    throw missing(folder, 'tokenizer.json and no spiece.model', 'tokenizer-invalid');
  }
  const model = readSentencePiece(await readFile(path));
  const stated = await statedExtraIds(folder);
  const room = (config?.vocabSize ?? Number.POSITIVE_INFINITY) - model.pieces.length;
  // mT5's file holds sentinels of its own, and its embedding has no rows for a hundred more.
  const extraIds = stated ?? (room >= USUAL_EXTRA_IDS ? USUAL_EXTRA_IDS : 0);
  return sentencePieceJson(model, { extraIds });
}

const TokenizerConfig = z.object({ extra_ids: z.number().int().min(0).max(10_000).nullish() });

async function statedExtraIds(folder: string): Promise<number | null> {
  const text = await readIfPresent(folder, 'tokenizer_config.json');
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = TokenizerConfig.safeParse(value);
  if (parsed.success) return parsed.data.extra_ids ?? null;
  throw new StudioError(
    'tokenizer-invalid',
    'tokenizer_config.json cannot be read.',
    'Copy the model folder again from where it came.',
  );
}

function refuseStranger(tokenizer: Tokenizer, config: T5Config, file: string): void {
  const hint = `Use the ${file} that was saved together with the model.`;
  if (tokenizer.vocabularySize > config.vocabSize) {
    throw new StudioError(
      'tokenizer-invalid',
      `${file} has ${tokenizer.vocabularySize} tokens where the model knows ${config.vocabSize}.`,
      hint,
    );
  }
  if (tokenizer.eosTokenId !== config.eosTokenId) {
    throw new StudioError(
      'tokenizer-invalid',
      `${file} ends texts with the token ${tokenizer.eosTokenId} where config.json says ${config.eosTokenId}.`,
      hint,
    );
  }
}

async function required(folder: string, name: string): Promise<string> {
  const text = await readIfPresent(folder, name);
  if (text === null) throw missing(folder, name, 'model-invalid');
  return text;
}

function missing(
  folder: string,
  name: string,
  code: 'model-invalid' | 'tokenizer-invalid',
): StudioError {
  return new StudioError(
    code,
    `The folder “${basename(folder)}” has no ${name}.`,
    'Choose a folder that was exported from here, or any T5 model folder in the Hugging Face format.',
  );
}
