import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import type { T5Config } from './t5/config.ts';

/** Far beyond any T5; a size above it is a mistake, and would be allocated before the weights show it. */
const Size = z.number().int().positive().max(10_000_000);
const Layers = Size.max(1_000);
const TokenId = z.number().int().nonnegative();

/**
 * What is read of a Hugging Face `config.json`. Old files leave the later keys out (t5-small knows
 * neither `feed_forward_proj` nor `num_decoder_layers`), so each has the default of Hugging Face's
 * `configuration_t5.py`. Other keys are ignored: they do not change what the model computes.
 */
const HuggingFaceConfig = z.object({
  model_type: z.literal('t5'),
  vocab_size: Size,
  d_model: Size,
  d_kv: Size,
  d_ff: Size,
  num_heads: Size,
  num_layers: Layers,
  num_decoder_layers: Layers.nullish(),
  relative_attention_num_buckets: Size.min(4).default(32),
  relative_attention_max_distance: Size.default(128),
  layer_norm_epsilon: z.number().positive().default(1e-6),
  feed_forward_proj: z.enum(['relu', 'gated-gelu']).default('relu'),
  tie_word_embeddings: z.boolean().default(true),
  pad_token_id: TokenId.default(0),
  eos_token_id: TokenId.default(1),
  decoder_start_token_id: TokenId.nullish(),
});

/**
 * Reads the content of a `config.json`.
 *
 * @param file for messages
 * @throws StudioError `model-invalid`, naming the key that is wrong
 */
export function parseConfig(text: string, file = 'config.json'): T5Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${file} is not JSON.`, cause);
  }
  const parsed = HuggingFaceConfig.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = issue?.path.join('.') ?? '';
    throw invalid(
      key === 'model_type'
        ? `${file} does not describe a T5 model.`
        : `${file} has a wrong “${key}”: ${issue?.message ?? 'unreadable'}.`,
      parsed.error,
    );
  }
  const raw = parsed.data;
  for (const key of ['pad_token_id', 'eos_token_id', 'decoder_start_token_id'] as const) {
    if ((raw[key] ?? 0) >= raw.vocab_size) {
      throw invalid(`${file} has a “${key}” beyond its vocabulary of ${raw.vocab_size}.`, null);
    }
  }
  return {
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
    feedForward: raw.feed_forward_proj,
    tieWordEmbeddings: raw.tie_word_embeddings,
    padTokenId: raw.pad_token_id,
    eosTokenId: raw.eos_token_id,
    decoderStartTokenId: raw.decoder_start_token_id ?? raw.pad_token_id,
  };
}

/** The content of a `config.json` that `T5ForConditionalGeneration.from_pretrained` reads. */
export function configJson(config: T5Config): string {
  const value = {
    architectures: ['T5ForConditionalGeneration'],
    model_type: 't5',
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
