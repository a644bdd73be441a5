import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import type { T5Config } from './t5/config.ts';

/** Far beyond any T5; a size above it is a mistake, and would be allocated before the weights show it. */
const Size = z.number().int().positive().max(10_000_000);
const Layers = Size.max(1_000);
const TokenId = z.number().int().nonnegative();

/** Configurations of old and new times say the end token in two ways. */
const EndToken = z.union([TokenId, z.tuple([TokenId]).transform(([id]) => id)], {
  error: 'one end token is expected',
});

/**
 * What is read of a Hugging Face `config.json`. Old files leave the later keys out (t5-small knows
 * neither `feed_forward_proj` nor `num_decoder_layers`), so each has the default of Hugging Face's
 * `configuration_t5.py`. Other keys are ignored: they do not change what the model computes.
 */
const T5File = z.object({
  model_type: z.literal('t5'),
  vocab_size: Size.default(32_128),
  d_model: Size.default(512),
  d_kv: Size.default(64),
  d_ff: Size.default(2_048),
  num_heads: Size.default(8),
  num_layers: Layers.default(6),
  num_decoder_layers: Layers.nullish(),
  relative_attention_num_buckets: Size.min(4).default(32),
  relative_attention_max_distance: Size.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.string().default('relu'),
  dense_act_fn: z.string().nullish(),
  is_gated_act: z.boolean().nullish(),
  tie_word_embeddings: z.boolean().default(true),
  scale_decoder_outputs: z.boolean().optional(),
  dropout_rate: z.number().min(0).lt(1).default(0.1),
  pad_token_id: TokenId.default(0),
  eos_token_id: EndToken.default(1),
  decoder_start_token_id: TokenId.nullish(),
  transformers_version: z.string().nullish(),
});

/** mT5 is T5 v1.1 with defaults of its own, as in Hugging Face's `configuration_mt5.py`. */
const Mt5File = T5File.extend({
  model_type: z.literal('mt5'),
  vocab_size: Size.default(250_112),
  d_ff: Size.default(1_024),
  num_layers: Layers.default(8),
  num_heads: Size.default(6),
  feed_forward_proj: z.string().default('gated-gelu'),
  tie_word_embeddings: z.boolean().default(false),
});

/** What is asked before anything else: other models have other keys. */
const ModelType = z.object({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
  is_encoder_decoder: z.boolean().nullish(),
});
/** Heads on a T5's encoder, or on its decoder's last state: there is nothing that writes text. */
const withoutText = /Encoder|Classification|QuestionAnswering/;
type ConfigFile = z.infer<typeof T5File> | z.infer<typeof Mt5File>;

/** What people call the models of a configuration; Flan-T5 has the shape of v1.1. */
export type Family = 'T5' | 'T5 v1.1' | 'mT5';

/** A `config.json` as read. */
export interface ParsedConfig {
  readonly config: T5Config;
  readonly family: Family;
  /** Dropout that the model was trained with, between 0 and 1; 0.1 where the file is silent. */
  readonly dropoutRate: number;
  /**
   * Transformers 5 writes every T5 as tied and lets the weights decide: an output head in the file
   * that differs from the embedding is the model's own. `config.tieWordEmbeddings` then says only
   * whether the decoder's output is scaled. See {@link settleHead}.
   */
  readonly weightsDecideHead: boolean;
}

/**
 * The shape that a `config.json` describes.
 *
 * @param file for messages
 * @throws StudioError `model-invalid`, naming the key that is wrong
 */
export function parseConfig(text: string, file = 'config.json'): T5Config {
  return readConfig(text, file).config;
}

/** Everything that is read of a `config.json`; see {@link parseConfig}. */
export function readConfig(text: string, file = 'config.json'): ParsedConfig {
  const raw = parseFile(text, file);
  for (const key of ['pad_token_id', 'eos_token_id', 'decoder_start_token_id'] as const) {
    if ((raw[key] ?? 0) >= raw.vocab_size) {
      throw invalid(`${file} has a “${key}” beyond its vocabulary of ${raw.vocab_size}.`, null);
    }
  }
  const weightsDecideHead =
    raw.scale_decoder_outputs !== undefined || majorVersion(raw.transformers_version) >= 5;
  const config: T5Config = {
    vocabSize: raw.vocab_size,
    dModel: raw.d_model,
    dKv: raw.d_kv,
    dFf: raw.d_ff,
    numHeads: raw.num_heads,
    numLayers: raw.num_layers,
    numDecoderLayers: raw.num_decoder_layers ?? raw.num_layers,
    relativeAttentionNumBuckets: raw.relative_attention_num_buckets,
    relativeAttentionMaxDistance: raw.relative_attention_max_distance,
    layerNormEpsilon: raw.layer_norm_epsilon,
    feedForward: feedForward(raw, file),
    tieWordEmbeddings: weightsDecideHead ? scalesOutput(raw) : raw.tie_word_embeddings,
    padTokenId: raw.pad_token_id,
    eosTokenId: raw.eos_token_id,
    decoderStartTokenId: raw.decoder_start_token_id ?? raw.pad_token_id,
    ...(raw.model_type === 'mt5' && { modelType: raw.model_type }),
  };
  const family =
    raw.model_type === 'mt5' ? 'mT5' : config.feedForward === 'relu' ? 'T5' : 'T5 v1.1';
  return { config, family, dropoutRate: raw.dropout_rate, weightsDecideHead };
}

function parseFile(text: string, file: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${file} is not JSON.`, cause);
  }
  const about = ModelType.safeParse(value).data;
  const type = about?.model_type;
  if (type === 'umt5') {
    throw invalid(
      `${file} describes a UMT5, which has a position bias in every layer and is not supported.`,
      null,
    );
  }
  if (about !== undefined && type !== 't5' && type !== 'mt5') {
    throw invalid(`${file} describes a model of the family “${type}”, not a T5 or mT5.`, null);
  }
  if (type !== 't5' && type !== 'mt5') throw invalid(`${file} does not describe a T5 model.`, null);
  const other = about?.architectures?.find((name) => withoutText.test(name));
  if (other !== undefined || about?.is_encoder_decoder === false) {
    throw invalid(
      `${file} describes ${other ?? 'an encoder alone'}, which does not write text: a whole T5 with encoder and decoder is needed.`,
      null,
    );
  }
  const parsed = (type === 't5' ? T5File : Mt5File).safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue?.path.join('.') ?? '';
  throw invalid(`${file} has a wrong “${key}”: ${issue?.message ?? 'unreadable'}.`, parsed.error);
}

/**
 * `feed_forward_proj` names the layer; two newer keys repeat it in other words (`gelu_new` is the
 * tanh approximation) and would win in the reference, so they must agree.
 */
function feedForward(raw: ConfigFile, file: string): T5Config['feedForward'] {
  const { feed_forward_proj: kind, dense_act_fn: activation, is_gated_act: gated } = raw;
  if (kind !== 'relu' && kind !== 'gated-gelu') {
    throw invalid(
      `${file} asks for the feed-forward layer “${kind}”; “relu” (T5 v1.0) and “gated-gelu” (v1.1, Flan, mT5) are known.`,
      null,
    );
  }
  const usual = kind === 'relu' ? 'relu' : 'gelu_new';
  if ((activation ?? usual) !== usual) {
    throw invalid(
      `${file} has “feed_forward_proj” ${kind} but “dense_act_fn” ${activation}.`,
      null,
    );
  }
  if ((gated ?? kind === 'gated-gelu') !== (kind === 'gated-gelu')) {
    throw invalid(
      `${file} has “feed_forward_proj” ${kind} but “is_gated_act” ${String(gated)}.`,
      null,
    );
  }
  return kind;
}

/** Whether Transformers 5 scales the decoder's output by dModel^-0.5; it never does for mT5. */
function scalesOutput(raw: ConfigFile): boolean {
  if (raw.model_type === 'mt5') return false;
  return raw.scale_decoder_outputs ?? raw.tie_word_embeddings;
}

function majorVersion(version: string | null | undefined): number {
  return Number(/^(\d+)\./.exec(version ?? '')?.[1] ?? 0);
}

/** The content of a `config.json` that `T5ForConditionalGeneration.from_pretrained` reads. */
export function configJson(config: T5Config): string {
  const value = {
    architectures: [
      config.modelType === 'mt5' ? 'MT5ForConditionalGeneration' : 'T5ForConditionalGeneration',
    ],
    model_type: config.modelType ?? 't5',
    is_encoder_decoder: true,
    vocab_size: config.vocabSize,
    d_model: config.dModel,
    d_kv: config.dKv,
    d_ff: config.dFf,
    num_heads: config.numHeads,
    num_layers: config.numLayers,
    num_decoder_layers: config.numDecoderLayers,
    relative_attention_num_buckets: config.relativeAttentionNumBuckets,
    relative_attention_max_distance: config.relativeAttentionMaxDistance,
    layer_norm_epsilon: config.layerNormEpsilon,
    feed_forward_proj: config.feedForward,
    tie_word_embeddings: config.tieWordEmbeddings,
    dropout_rate: 0,
    initializer_factor: 1,
    pad_token_id: config.padTokenId,
    eos_token_id: config.eosTokenId,
    decoder_start_token_id: config.decoderStartTokenId,
    torch_dtype: 'float32',
    use_cache: true,
  };
  return `${withDecimals(JSON.stringify(value, null, 2), ['dropout_rate', 'initializer_factor'])}\n`;
}

/** Whole numbers of these keys as `1.0`: Python's strict configuration classes refuse `1` for a float. */
function withDecimals(json: string, keys: readonly string[]): string {
  return json.replace(new RegExp(`("(?:${keys.join('|')})": -?\\d+)(?=[,\\s])`, 'g'), '$1.0');
}

/**
 * The content of a `generation_config.json`: greedy decoding, as the app decodes.
 *
 * @param maxNewTokens what `generate()` writes at most; the library's own default cuts at 20
 */
export function generationConfigJson(config: T5Config, maxNewTokens: number): string {
  const value = {
    decoder_start_token_id: config.decoderStartTokenId,
    eos_token_id: config.eosTokenId,
    pad_token_id: config.padTokenId,
    max_new_tokens: maxNewTokens,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function invalid(message: string, cause: unknown): StudioError {
  return new StudioError(
    'model-invalid',
    message,
    'Choose the folder of a T5 model in the Hugging Face format.',
    { cause },
  );
}
