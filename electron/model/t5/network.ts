import { GraphError, type Graph, type Node } from '../graph/graph.ts';
import {
  add,
  attend,
  gather,
  gelu,
  linear,
  matmul,
  mergeHeads,
  multiply,
  relu,
  rmsNorm,
  scale,
  splitHeads,
  transpose,
  type TokenGrid,
} from '../graph/ops/index.ts';
import { parameterSpecs, type T5Config } from './config.ts';

/** Tokens of one side of the model: ids of the packed tokens, and their grid for attention. */
export interface TokenInputs extends TokenGrid {
  /** [tokens] */
  readonly ids: Node;
  /** [length, length]: relative-position bucket of each key seen from each query. */
  readonly buckets: Node;
}

/** Attention of one decoder block: layer prefix, normalised input, block -> what is added. */
export type AttentionLayer = (prefix: string, x: Node, block: number) => Node;

/**
 * T5's layers over a graph. Activations are packed [tokens, width], see `TokenGrid`; parameters are
 * graph inputs named as in Hugging Face's state dict.
 */
export class T5Network {
  readonly graph: Graph;
  readonly config: T5Config;
  /** In the order of `parameterSpecs`. */
  readonly parameters: ReadonlyMap<string, Node>;

  constructor(graph: Graph, config: T5Config) {
    this.graph = graph;
    this.config = config;
    this.parameters = new Map(
      parameterSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'float32', shape)]),
    );
  }

  /** The output head [vocabulary, width]. */
  get head(): Node {
    return this.parameter(this.config.tieWordEmbeddings ? 'shared' : 'lm_head');
  }

  embed(ids: Node): Node {
    return gather(this.parameter('shared'), ids);
  }

  /** The inputs for the tokens of one side; `side` names them: `source`, `target`. */
  tokenInputs(side: string): TokenInputs {
    const { graph, config } = this;
    const grid = ['batch', config.numHeads, `${side} length`];
    const tokens = `${side} tokens`;
    const length = `${side} length`;
    return {
      ids: graph.input(`${side}.ids`, 'int32', [tokens]),
      slots: graph.input(`${side}.slots`, 'int32', grid),
      slotsOrZero: graph.input(`${side}.slotsOrZero`, 'int32', grid),
      places: graph.input(`${side}.places`, 'int32', [tokens, config.numHeads]),
      buckets: graph.input(`${side}.buckets`, 'int32', [length, length]),
    };
  }

  /** [batch, 1, 1, source length]: hides padding from every query. */
  sourceMask(): Node {
    return this.graph.input('source.mask', 'float32', ['batch', 1, 1, 'source length']);
  }

  /** The encoder's states [source tokens, width]. */
  encode(source: TokenInputs, mask: Node): Node {
    const bias = add(this.positionBias('encoder', source.buckets), mask);
    let x = this.embed(source.ids);
    for (let block = 0; block < this.config.numLayers; block++) {
      const layer = (index: number): string => `encoder.block.${block}.layer.${index}`;
      const attention = `${layer(0)}.SelfAttention`;
      const normed = this.norm(x, layer(0));
      x = add(x, this.attention(attention, { x: normed, grid: source, bias }));
      x = add(x, this.feedForward(layer(1), x));
    }
    return this.finalNorm(x, 'encoder');
  }

  /**
   * The decoder's blocks around two kinds of attention, which differ between training (all target
   * tokens at once) and decoding (one token and a cache). `x` [tokens, width]; the result is ready
   * for the output head.
   */
  decode(x: Node, self: AttentionLayer, cross: AttentionLayer): Node {
    let y = x;
    for (let block = 0; block < this.config.numDecoderLayers; block++) {
      const layer = (index: number): string => `decoder.block.${block}.layer.${index}`;
      y = add(y, self(`${layer(0)}.SelfAttention`, this.norm(y, layer(0)), block));
      y = add(y, cross(`${layer(1)}.EncDecAttention`, this.norm(y, layer(1)), block));
      y = add(y, this.feedForward(layer(2), y));
    }
    const normed = this.finalNorm(y, 'decoder');
    // Only a tied head expects the smaller scale (Hugging Face `T5ForConditionalGeneration.forward`).
    return this.config.tieWordEmbeddings ? scale(normed, this.config.dModel ** -0.5) : normed;
  }

  /** The whole decoder at once, as in training: `mask` [target length, target length] is causal. */
  decodeAll(target: TokenInputs, mask: Node, memory: EncoderMemory): Node {
    const bias = add(this.positionBias('decoder', target.buckets), mask);
    return this.decode(
      this.embed(target.ids),
      (prefix, x) => this.attention(prefix, { x, grid: target, bias }),
      (prefix, x) => this.attention(prefix, { x, grid: target, bias: memory.mask, memory }),
    );
  }

  /** Multi-head attention of packed tokens to themselves, or to the encoder's states. */
  attention(prefix: string, inputs: AttentionInputs): Node {
    const { x, grid, bias, memory } = inputs;
    const { states, grid: keyGrid } = memory ?? { states: x, grid };
    return this.graph.scope(prefix, () => {
      const query = splitHeads(this.project(prefix, 'q', x), grid);
      const key = splitHeads(this.project(prefix, 'k', states), keyGrid);
      const value = splitHeads(this.project(prefix, 'v', states), keyGrid);
      const mixed = mergeHeads(this.mix(query, key, value, bias), grid);
      return this.project(prefix, 'o', mixed);
    });
  }

  /** softmax(query key^T + bias) value, without T5's absent 1/sqrt(size): [batch, heads, query, size]. */
  mix(query: Node, key: Node, value: Node, bias: Node): Node {
    return attend(add(matmul(query, key, { transposeB: true }), bias), value);
  }

  /** One of an attention layer's four linear maps. */
  project(prefix: string, which: 'q' | 'k' | 'v' | 'o', x: Node): Node {
    return linear(x, this.parameter(`${prefix}.${which}`));
  }

  /** [heads, queries, keys]; the bias of block 0 serves all blocks of its stack. */
  positionBias(stack: 'encoder' | 'decoder', buckets: Node): Node {
    const prefix = `${stack}.block.0.layer.0.SelfAttention`;
    return this.graph.scope(`${prefix}.relative_attention_bias`, () => {
      const table = this.parameter(`${prefix}.relative_attention_bias`);
      return transpose(gather(table, buckets), [2, 0, 1]);
    });
  }

  /** Normalisation, widening, activation and narrowing; what is added to `x`. */
  feedForward(layer: string, x: Node): Node {
    const normed = this.norm(x, layer);
    const prefix = `${layer}.DenseReluDense`;
    return this.graph.scope(prefix, () => {
      const wide =
        this.config.feedForward === 'gated-gelu'
          ? multiply(
              gelu(linear(normed, this.parameter(`${prefix}.wi_0`))),
              linear(normed, this.parameter(`${prefix}.wi_1`)),
            )
          : relu(linear(normed, this.parameter(`${prefix}.wi`)));
      return linear(wide, this.parameter(`${prefix}.wo`));
    });
  }

  norm(x: Node, layer: string): Node {
    return this.#rmsNorm(x, `${layer}.layer_norm`);
  }

  finalNorm(x: Node, stack: 'encoder' | 'decoder'): Node {
    return this.#rmsNorm(x, `${stack}.final_layer_norm`);
  }

  /** A parameter by its name without the common ending `.weight`. */
  parameter(prefix: string): Node {
    const node = this.parameters.get(`${prefix}.weight`);
    if (node === undefined) throw new GraphError(`This T5 has no parameter “${prefix}.weight”.`);
    return node;
  }

  #rmsNorm(x: Node, prefix: string): Node {
    return this.graph.scope(prefix, () =>
      rmsNorm(x, this.parameter(prefix), this.config.layerNormEpsilon),
    );
  }
}

/** What cross-attention looks at: the encoder's states [source tokens, width], where they stand, and the mask. */
export interface EncoderMemory {
  readonly states: Node;
  readonly grid: TokenGrid;
  readonly mask: Node;
}

export interface AttentionInputs {
  /** [tokens, width], normalised. */
  readonly x: Node;
  readonly grid: TokenGrid;
  /** Added to the scores; broadcasts to [batch, heads, query, key]. */
  readonly bias: Node;
  /** Absent for self-attention. */
  readonly memory?: EncoderMemory;
}
