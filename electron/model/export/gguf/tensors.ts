import { StudioError } from '../../../contract/errors.ts';
import type { Model } from '../../folder.ts';
import { parameterSpecs } from '../../t5/config.ts';
import type { T5Config } from '../../t5/config.ts';
import type { GgufTensor, GgufValue } from './file.ts';

/**
 * A T5 as llama.cpp's architecture `t5` reads it: its names of tensors and of the sizes that decide
 * the graph. Reference: src/models/t5.cpp and gguf-py/gguf/constants.py of
 * github.com/ggml-org/llama.cpp.
 */

/** The largest distance that llama.cpp's position buckets tell apart; it is not among the sizes. */
const MAX_DISTANCE = 128;

const stacks = { encoder: 'enc', decoder: 'dec' } as const;
const attention = { q: 'attn_q', k: 'attn_k', v: 'attn_v', o: 'attn_o' } as const;
const feedForward = { wi: 'ffn_up', wi_0: 'ffn_gate', wi_1: 'ffn_up', wo: 'ffn_down' } as const;

/** Outside the blocks. */
const single: Readonly<Record<string, string>> = {
  'shared.weight': 'token_embd.weight',
  'encoder.final_layer_norm.weight': 'enc.output_norm.weight',
  'decoder.final_layer_norm.weight': 'dec.output_norm.weight',
  'lm_head.weight': 'output.weight',
};

/**
 * The model's tensors. llama.cpp does not scale the decoder's output before a tied head: the factor
 * dModel^-0.5 goes into the norm before it, which multiplies every element anyway.
 *
 * @param dtype of matrices; vectors and position biases stay float32, as llama.cpp keeps them
 * @throws StudioError `model-invalid` for a T5 that llama.cpp cannot compute
 */
export function ggufTensors(
  { config, parameters }: Pick<Model, 'config' | 'parameters'>,
  dtype: GgufTensor['dtype'],
): GgufTensor[] {
  refuseUnknown(config);
  return parameterSpecs(config).map(({ name, shape }): GgufTensor => {
    const values = parameters.get(name);
    if (!values) throw new RangeError(`no parameter ${name}`);
    const scaled = config.tieWordEmbeddings && name === 'decoder.final_layer_norm.weight';
    const short = shape.length === 2 && !name.endsWith('relative_attention_bias.weight');
    return {
      name: tensorName(name),
      shape,
      values: scaled ? values.map((value) => value * config.dModel ** -0.5) : values,
      dtype: short ? dtype : 'float32',
    };
  });
}

/** The sizes that decide the graph. @param contextLength tokens of the longest input or answer */
export function ggufSizes(
  { config }: Pick<Model, 'config'>,
  contextLength: number,
): Map<string, GgufValue> {
  const integers: Readonly<Record<string, number>> = {
    context_length: contextLength,
    embedding_length: config.dModel,
    feed_forward_length: config.dFf,
    block_count: config.numLayers,
    decoder_block_count: config.numDecoderLayers,
    'attention.head_count': config.numHeads,
    'attention.key_length': config.dKv,
    'attention.value_length': config.dKv,
    'attention.relative_buckets_count': config.relativeAttentionNumBuckets,
    decoder_start_token_id: config.decoderStartTokenId,
  };
  const epsilon: GgufValue = { type: 'float32', value: config.layerNormEpsilon };
  return new Map<string, GgufValue>([
    ...Object.entries(integers).map(([key, value]): [string, GgufValue] => [
      `t5.${key}`,
      { type: 'uint32', value },
    ]),
    ['t5.attention.layer_norm_epsilon', epsilon],
    ['t5.attention.layer_norm_rms_epsilon', epsilon],
  ]);
}

/** llama.cpp's name of one of Hugging Face's parameters. */
function tensorName(name: string): string {
  const known = single[name];
  if (known !== undefined) return known;
  const [stack, , block, , layer, part, matrix] = name.split('.');
  if (stack !== 'encoder' && stack !== 'decoder') throw new RangeError(`unknown ${name}`);
  const place = `${stacks[stack]}.blk.${block ?? ''}`;
  return `${place}.${partName({ stack, layer, part, matrix })}.weight`;
}

function partName(of: {
  readonly stack: 'encoder' | 'decoder';
  readonly layer: string | undefined;
  readonly part: string | undefined;
  readonly matrix: string | undefined;
}): string {
  const { part, matrix } = of;
  if (part === 'layer_norm') return normName(of);
  if (part === 'DenseReluDense' && matrix !== undefined && matrix in feedForward) {
    return entry(feedForward, matrix);
  }
  const cross = part === 'EncDecAttention' ? 'cross_' : '';
  if (matrix === 'relative_attention_bias') return `${cross}attn_rel_b`;
  return `${cross}${entry(attention, matrix ?? '')}`;
}

function normName({ stack, layer }: { stack: 'encoder' | 'decoder'; layer: string | undefined }) {
  if (layer === '0') return 'attn_norm';
  return stack === 'decoder' && layer === '1' ? 'cross_attn_norm' : 'ffn_norm';
}

function entry(names: Readonly<Record<string, string>>, key: string): string {
  const name = names[key];
  if (name === undefined) throw new RangeError(`unknown part ${key}`);
  return name;
}

/**
 * What `t5.cpp` takes for granted: it keeps a place for no more decoder blocks than encoder blocks.
 * @throws StudioError `model-invalid` for a T5 that llama.cpp cannot run
 */
export function refuseUnknown({
  relativeAttentionMaxDistance: distance,
  numLayers,
  numDecoderLayers,
}: T5Config): void {
  const hint = 'Export the student in another format.';
  if (distance !== MAX_DISTANCE) {
    throw new StudioError(
      'model-invalid',
      `llama.cpp tells positions apart up to a distance of ${MAX_DISTANCE}; this student’s go up to ${distance}.`,
      hint,
    );
  }
  if (numDecoderLayers > numLayers) {
    throw new StudioError(
      'model-invalid',
      `llama.cpp runs a decoder that is no deeper than the encoder; this student’s has ${numDecoderLayers} blocks where the encoder has ${numLayers}.`,
      hint,
    );
  }
}
