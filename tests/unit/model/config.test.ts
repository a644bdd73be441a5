import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  configJson,
  generationConfigJson,
  parseConfig,
  readConfig,
} from '../../../electron/model/config.ts';
import { matchParameters, settleHead } from '../../../electron/model/weights.ts';
import { initialParameters, presetConfig } from '../../../electron/model/presets.ts';
import { parameterSpecs, sizeOf } from '../../../electron/model/t5/config.ts';
import type { FloatTensor } from '../../../electron/model/safetensors.ts';

const oldStyle = {
  model_type: 't5',
  vocab_size: 32128,
  d_model: 512,
  d_kv: 64,
  d_ff: 2048,
  num_heads: 8,
  num_layers: 6,
};

describe('parseConfig', () => {
  it('fills in what old files leave out', () => {
    expect(parseConfig(JSON.stringify(oldStyle))).toEqual({
      vocabSize: 32128,
      dModel: 512,
      dKv: 64,
      dFf: 2048,
      numHeads: 8,
      numLayers: 6,
      numDecoderLayers: 6,
      relativeAttentionNumBuckets: 32,
      relativeAttentionMaxDistance: 128,
      layerNormEpsilon: 1e-6,
      feedForward: 'relu',
      tieWordEmbeddings: true,
      padTokenId: 0,
      eosTokenId: 1,
      decoderStartTokenId: 0,
    });
  });

  it('reads the newer keys', () => {
    const config = parseConfig(
      JSON.stringify({
        ...oldStyle,
        feed_forward_proj: 'gated-gelu',
        tie_word_embeddings: false,
        num_decoder_layers: 2,
        decoder_start_token_id: 5,
      }),
    );
    expect(config).toMatchObject({
      feedForward: 'gated-gelu',
      tieWordEmbeddings: false,
      numDecoderLayers: 2,
      decoderStartTokenId: 5,
    });
  });

  it.each([
    ['{', /not JSON/],
    [JSON.stringify({ d_model: 512 }), /does not describe a T5/],
    [JSON.stringify({ ...oldStyle, model_type: 'bert' }), /the family “bert”, not a T5/],
    [JSON.stringify({ ...oldStyle, architectures: ['T5EncoderModel'] }), /T5EncoderModel, which/],
    [JSON.stringify({ ...oldStyle, is_encoder_decoder: false }), /an encoder alone, which/],
    [JSON.stringify({ ...oldStyle, d_model: '512' }), /“d_model”/],
    [
      JSON.stringify({ ...oldStyle, model_type: 'umt5' }),
      /UMT5, which has a position bias in every/,
    ],
    [
      JSON.stringify({ ...oldStyle, feed_forward_proj: 'gated-silu' }),
      /layer “gated-silu”; “relu”/,
    ],
    [JSON.stringify({ ...oldStyle, feed_forward_proj: 'gelu' }), /layer “gelu”/],
    [JSON.stringify({ ...oldStyle, feed_forward_proj: 'gated-relu' }), /layer “gated-relu”/],
    [JSON.stringify({ ...oldStyle, dense_act_fn: 'gelu_new' }), /relu but “dense_act_fn” gelu_new/],
    [JSON.stringify({ ...oldStyle, is_gated_act: true }), /relu but “is_gated_act” true/],
    [JSON.stringify({ ...oldStyle, eos_token_id: [1, 2] }), /“eos_token_id”: one end token/],
    [JSON.stringify({ ...oldStyle, dropout_rate: 1 }), /“dropout_rate”/],
    [JSON.stringify({ ...oldStyle, vocab_size: 1e12 }), /“vocab_size”/],
    [JSON.stringify({ ...oldStyle, num_layers: 1e9 }), /“num_layers”/],
    [JSON.stringify({ ...oldStyle, num_decoder_layers: 1e7 }), /“num_decoder_layers”/],
    [JSON.stringify({ ...oldStyle, pad_token_id: 1e6 }), /“pad_token_id” beyond/],
    [JSON.stringify({ ...oldStyle, eos_token_id: 1e6 }), /“eos_token_id” beyond/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseConfig(text)).toThrow(message);
  });

  it('reads mT5 with its own defaults', () => {
    expect(parseConfig('{"model_type":"mt5"}')).toMatchObject({
      vocabSize: 250_112,
      dFf: 1_024,
      numHeads: 6,
      numDecoderLayers: 8,
      feedForward: 'gated-gelu',
      tieWordEmbeddings: false,
    });
  });

  it('takes newer keys that agree, and one end token in a list', () => {
    const newer = { dense_act_fn: 'gelu_new', is_gated_act: true, eos_token_id: [1] };
    const text = JSON.stringify({ ...oldStyle, feed_forward_proj: 'gated-gelu', ...newer });
    expect(parseConfig(text)).toMatchObject({ feedForward: 'gated-gelu', eosTokenId: 1 });
  });

  it('reads the dropout rate, 0.1 where there is none', () => {
    expect(readConfig(JSON.stringify(oldStyle)).dropoutRate).toBe(0.1);
    expect(readConfig(JSON.stringify({ ...oldStyle, dropout_rate: 0 })).dropoutRate).toBe(0);
  });

  it.each([
    [{ tie_word_embeddings: false }, false, false],
    [{ tie_word_embeddings: false, transformers_version: '4.24.0' }, false, false],
    [{ tie_word_embeddings: true, transformers_version: '5.0.0' }, true, true],
    [{ tie_word_embeddings: false, transformers_version: '5.0.0' }, true, false],
    [{ tie_word_embeddings: true, scale_decoder_outputs: false }, true, false],
    [{ model_type: 'mt5', tie_word_embeddings: true }, false, true],
    [{ model_type: 'mt5', tie_word_embeddings: true, transformers_version: '5.1' }, true, false],
  ])('sees in %j whether the weights decide the head', (keys, weightsDecideHead, scaled) => {
    const read = readConfig(JSON.stringify({ ...oldStyle, ...keys }));
    expect(read.weightsDecideHead).toBe(weightsDecideHead);
    expect(read.config.tieWordEmbeddings).toBe(scaled);
  });

  it('gives back what was written', () => {
    const config = { ...presetConfig('micro', 500), numDecoderLayers: 1, decoderStartTokenId: 3 };
    expect(parseConfig(configJson(config))).toEqual(config);
    // Python's strict configuration classes take no whole number for a float.
    expect(configJson(config)).toContain('"dropout_rate": 0.0,');
    expect(configJson(config)).toContain('"initializer_factor": 1.0,');
    expect(JSON.parse(generationConfigJson(config, 40))).toMatchObject({ max_new_tokens: 40 });
  });
});

describe('the micro preset', () => {
  it('rounds the embedding up and has under a million parameters at 400 tokens', () => {
    const config = presetConfig('micro', 393);
    expect(config.vocabSize).toBe(400);
    const count = parameterSpecs(config).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
    expect(count).toBeGreaterThan(900_000);
    expect(count).toBeLessThan(1_000_000);
  });

  it('starts the same from the same seed and otherwise differently', () => {
    const start = (seed: number): Float32Array => {
      const config = presetConfig('micro', 300);
      const fill = initialParameters(config, seed);
      const [spec] = parameterSpecs(config);
      if (!spec) throw new Error('no parameters');
      const values = new Float32Array(sizeOf(spec.shape));
      fill(spec, values);
      return values;
    };
    expect(start(1)).toEqual(start(1));
    expect(start(1)).not.toEqual(start(2));
    const values = start(1);
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('favours near offsets in its relative position bias', () => {
    const config = presetConfig('micro', 300);
    const fill = initialParameters(config, 1);
    const bias = (stack: string): Float32Array => {
      const name = `${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`;
      const spec = parameterSpecs(config).find((candidate) => candidate.name === name);
      if (!spec) throw new Error('no bias');
      const values = new Float32Array(sizeOf(spec.shape));
      fill(spec, values);
      return values;
    };
    const favoured = (values: Float32Array, head: number): number[] =>
      Array.from({ length: 32 }, (_, bucket) => bucket).filter(
        (bucket) => (values[bucket * 8 + head] ?? 0) > 2,
      );
    const encoder = bias('encoder');
    expect([0, 1, 2, 3].map((head) => favoured(encoder, head))).toEqual([[1], [17], [2], [18]]);
    expect(favoured(encoder, 4)).toEqual([1, 2, 3, 17, 18, 19]);
    expect(favoured(encoder, 7)).toEqual([]);
    const decoder = bias('decoder');
    expect([0, 1, 4, 6].map((head) => favoured(decoder, head))).toEqual([[0], [1], [0, 1, 2], []]);
  });
});

describe('matchParameters', () => {
  const config = presetConfig('micro', 300);
  const tensors = (): Map<string, FloatTensor> =>
    new Map(
      parameterSpecs(config).map(({ name, shape }) => [
        name,
        { shape, values: new Float32Array(sizeOf(shape)) },
      ]),
    );

  it('leaves out copies of the embedding and the key no model uses', () => {
    const file = tensors();
    const shared = file.get('shared.weight');
    if (!shared) throw new Error('no embedding');
    file.set('encoder.embed_tokens.weight', shared);
    file.set('decoder.embed_tokens.weight', shared);
    file.set('lm_head.weight', shared);
    file.set('decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight', shared);
    const matched = matchParameters(config, file, 'model.safetensors');
    expect([...matched.keys()]).toEqual(parameterSpecs(config).map((spec) => spec.name));
    file.delete('shared.weight');
    expect(matchParameters(config, file, 'f').get('shared.weight')).toBe(shared.values);
  });

  it('names the tensor that is missing, broken, unknown or of another shape', () => {
    const lacking = tensors();
    lacking.delete('decoder.final_layer_norm.weight');
    expect(() => matchParameters(config, lacking, 'm')).toThrow(
      'm lacks “decoder.final_layer_norm.weight”',
    );
    const broken = tensors();
    broken.get('shared.weight')?.values.fill(Number.NaN, 7, 8);
    expect(() => matchParameters(config, broken, 'm')).toThrow(/“shared.weight”.* no finite/);
    const more = tensors().set('extra', { shape: [1], values: new Float32Array(1) });
    expect(() => matchParameters(config, more, 'm')).toThrow('m holds “extra”');
    const other = tensors().set('shared.weight', { shape: [8, 8], values: new Float32Array(64) });
    expect(() => matchParameters(config, other, 'm')).toThrow(/as \[8, 8\] where .*\[304, 128\]/);
  });
});

describe('settleHead', () => {
  const config = presetConfig('micro', 300);
  const tensor = (...values: number[]): FloatTensor => ({
    shape: [values.length],
    values: Float32Array.from(values),
  });
  const scale = config.dModel ** -0.5;
  const shared: [string, FloatTensor] = ['shared.weight', tensor(1, 2)];
  const own: [string, FloatTensor] = ['lm_head.weight', tensor(1, 3)];
  const copy: [string, FloatTensor] = ['lm_head.weight', tensor(1, 2)];

  it.each([
    ['a scaled model without a head', true, [shared], true, undefined],
    ['a scaled model with a copy of the embedding', true, [shared, copy], true, [1, 2]],
    ['an unscaled model without a head', false, [shared], false, [1, 2]],
    ['an unscaled model with a copy', false, [shared, copy], false, [1, 2]],
    ['an unscaled model with its own head', false, [shared, own], false, [1, 3]],
    ['a scaled model with its own head', true, [shared, own], false, [scale, 3 * scale]],
    ['a model without an embedding', false, [], false, undefined],
  ] as const)('settles %s', (_, scaled, file, tied, head) => {
    const settled = settleHead(config, new Map(file), scaled);
    expect(settled.config.tieWordEmbeddings).toBe(tied);
    const values = settled.tensors.get('lm_head.weight')?.values;
    expect(values).toEqual(head === undefined ? undefined : Float32Array.from(head));
  });
});

const fixtures = new URL('../../../../shared/fixtures/', import.meta.url);
const present = existsSync(fixtures);

describe.skipIf(!present)(`real files${present ? '' : ' (shared fixtures are absent)'}`, () => {
  it.each([
    ['t5-v1_0-tiny', { feedForward: 'relu', tieWordEmbeddings: true, numDecoderLayers: 2 }],
    ['t5-v1_1-tiny', { feedForward: 'gated-gelu', tieWordEmbeddings: false, numDecoderLayers: 2 }],
  ])('reads %s', (name, expected) => {
    const text = readFileSync(new URL(`${name}/config.json`, fixtures), 'utf8');
    expect(parseConfig(text)).toMatchObject({ dModel: 64, vocabSize: 512, ...expected });
  });
});
