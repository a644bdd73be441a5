/**
 * The shape of a T5 model and the list of its parameters.
 *
 * Reference: Raffel et al., JMLR 2020 (T5 v1.0), and the "v1.1" variant that Flan-T5 shares. Names,
 * layouts (every matrix is [out, in]) and initial scales follow Hugging Face's `modeling_t5.py`, so
 * that a checkpoint's tensors are used as they lie in the file.
 */

/** Everything about a T5 that decides its graph; in Hugging Face's `config.json` the same in snake_case. */
export interface T5Config {
  /** Rows of the embedding; real checkpoints have more rows (32128) than their tokenizer has tokens. */
  readonly vocabSize: number;
  readonly dModel: number;
  /** Width of one attention head; `numHeads * dKv` need not equal `dModel`. */
  readonly dKv: number;
  readonly dFf: number;
  readonly numHeads: number;
  /** Encoder blocks. */
  readonly numLayers: number;
  /** Decoder blocks. */
  readonly numDecoderLayers: number;
  readonly relativeAttentionNumBuckets: number;
  readonly relativeAttentionMaxDistance: number;
  readonly layerNormEpsilon: number;
  /** v1.0 uses `relu`; v1.1 and Flan use `gated-gelu` (the tanh approximation of GELU). */
  readonly feedForward: 'relu' | 'gated-gelu';
  /** When tied, the embedding is also the output head and the decoder's output is scaled by dModel^-0.5. */
  readonly tieWordEmbeddings: boolean;
  readonly padTokenId: number;
  readonly eosTokenId: number;
  readonly decoderStartTokenId: number;
  /** Set for an mT5, which computes as T5 v1.1 does: only what its folder calls itself. */
  readonly modelType?: 'mt5';
}

/** How a parameter starts when a student is trained from scratch. */
export type ParameterInit =
  { readonly kind: 'normal'; readonly std: number } | { readonly kind: 'ones' };

export interface ParameterSpec {
  /** The Hugging Face state-dict name, for example `encoder.block.0.layer.0.SelfAttention.q.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: ParameterInit;
}

type Stack = 'encoder' | 'decoder';

/**
 * Every trainable parameter, in the order of Hugging Face's state dict. With tied embeddings there
 * is no `lm_head.weight`. Initial scales are `T5PreTrainedModel._init_weights` with
 * `initializer_factor` 1.
 */
export function parameterSpecs(config: T5Config): ParameterSpec[] {
  const { dModel, vocabSize } = config;
  const specs: ParameterSpec[] = [normal('shared.weight', [vocabSize, dModel], 1)];
  for (const stack of ['encoder', 'decoder'] as const) {
    const depth = stack === 'encoder' ? config.numLayers : config.numDecoderLayers;
    for (let block = 0; block < depth; block++) specs.push(...blockSpecs(config, stack, block));
    specs.push(ones(`${stack}.final_layer_norm.weight`, [dModel]));
  }
  if (!config.tieWordEmbeddings) {
    specs.push(normal('lm_head.weight', [vocabSize, dModel], 1));
  }
  return specs;
}

/** Number of scalars in a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function blockSpecs(config: T5Config, stack: Stack, block: number): ParameterSpec[] {
  const { dModel } = config;
  const layer = (index: number): string => `${stack}.block.${block}.layer.${index}`;
  const norm = (index: number): ParameterSpec =>
    ones(`${layer(index)}.layer_norm.weight`, [dModel]);
  const specs = [
    ...attentionSpecs(config, `${layer(0)}.SelfAttention`, block === 0), //
    norm(0),
  ];
  if (stack === 'decoder') {
    specs.push(...attentionSpecs(config, `${layer(1)}.EncDecAttention`, false), norm(1));
  }
  const last = stack === 'decoder' ? 2 : 1;
  return [...specs, ...feedForwardSpecs(config, `${layer(last)}.DenseReluDense`), norm(last)];
}

function attentionSpecs(config: T5Config, prefix: string, withBias: boolean): ParameterSpec[] {
  const { dModel, dKv, numHeads } = config;
  const inner = numHeads * dKv;
  const specs = [
    // The missing 1/sqrt(dKv) of T5's attention scores is folded into the query's initial scale.
    normal(`${prefix}.q.weight`, [inner, dModel], (dModel * dKv) ** -0.5),
    normal(`${prefix}.k.weight`, [inner, dModel], dModel ** -0.5),
    normal(`${prefix}.v.weight`, [inner, dModel], dModel ** -0.5),
    normal(`${prefix}.o.weight`, [dModel, inner], inner ** -0.5),
  ];
  if (withBias) {
    const shape = [config.relativeAttentionNumBuckets, numHeads];
    specs.push(normal(`${prefix}.relative_attention_bias.weight`, shape, dModel ** -0.5));
  }
  return specs;
}

function feedForwardSpecs(config: T5Config, prefix: string): ParameterSpec[] {
  const { dModel, dFf } = config;
  const inward = config.feedForward === 'gated-gelu' ? ['wi_0', 'wi_1'] : ['wi'];
  return [
    ...inward.map((name) => normal(`${prefix}.${name}.weight`, [dFf, dModel], dModel ** -0.5)),
    normal(`${prefix}.wo.weight`, [dModel, dFf], dFf ** -0.5),
  ];
}

function normal(name: string, shape: readonly number[], std: number): ParameterSpec {
  return { name, shape, init: { kind: 'normal', std } };
}

function ones(name: string, shape: readonly number[]): ParameterSpec {
  return { name, shape, init: { kind: 'ones' } };
}
