import { GraphError, type Graph, type Node, type Shape } from '../graph/graph.ts';
import {
  add,
  attend,
  dropout,
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
import type { MaskPlace } from './dropout.ts';
import { adapterSpecs, type LoraShape } from './lora.ts';

/** Tokens of one side of the model: ids of the packed tokens, and their grid for attention. */
export interface TokenInputs extends TokenGrid {
  /** [tokens] */
  readonly ids: Node;
  /** [length, length]: relative-position bucket of each key seen from each query. */
  readonly buckets: Node;
}

/** Attention of one decoder block: layer prefix, normalised input, block -> what is added. */
export type AttentionLayer = (prefix: string, x: Node, block: number) => Node;

/** What a network has beside the layers of every T5. */
export interface NetworkOptions {
  /** Multiplies activations by masks, as the reference does in training. Default false. */
  readonly dropout?: boolean;
  /** Adapters beside matrices. Default none. */
  readonly lora?: LoraShape | null;
}

/**
 * T5's layers over a graph. Activations are packed [tokens, width], see `TokenGrid`; parameters are
 * graph inputs named as in Hugging Face's state dict.
 */
export class T5Network {
  readonly graph: Graph;
  readonly config: T5Config;
  /** In the order of `parameterSpecs`, then of `adapterSpecs`. */
  readonly parameters: ReadonlyMap<string, Node>;
  /** The masks that every run must feed, in the order in which a batch passes them. */
  readonly masks: MaskPlace[] = [];
  readonly #lora: LoraShape | null;
  readonly #drops: boolean;

  constructor(graph: Graph, config: T5Config, options: NetworkOptions = {}) {
    this.graph = graph;
    this.config = config;
    this.#drops = options.dropout ?? false;
    this.#lora = options.lora ?? null;
    const adapters = this.#lora === null ? [] : adapterSpecs(config, this.#lora);
    this.parameters = new Map(
      [...parameterSpecs(config), ...adapters].map(({ name, shape }) => [
        name,
        graph.input(name, 'float32', shape),
      ]),
    );
  }

  /** The output head [vocabulary, width]. */
  get head(): Node {
    return this.parameter(this.config.tieWordEmbeddings ? 'shared' : 'lm_head');
  }

  embed(ids: Node): Node {
    return gather(this.parameter('shared'), ids);
  }

  /**
   * The inputs for the tokens of one side; `side` names them: `source`, `target`. `rows` names the
   * axis of its rows, where they are not one for each input.
   */
  tokenInputs(side: string, rows = 'batch'): TokenInputs {
    const [tokens, length] = [`${side} tokens`, `${side} length`];
    return {
      ids: this.graph.input(`${side}.ids`, 'int32', [tokens]),
      ...this.gridInputs(side, { rows, length, tokens }),
      buckets: this.graph.input(`${side}.buckets`, 'int32', [length, length]),
    };
  }

  /** The inputs that say where tokens stand; the axes get the names given. */
  gridInputs(name: string, axes: { rows: string; length: string; tokens: string }): TokenGrid {
    const { graph, config } = this;
    const grid = [axes.rows, config.numHeads, axes.length];
    return {
      slots: graph.input(`${name}.slots`, 'int32', grid),
      slotsOrZero: graph.input(`${name}.slotsOrZero`, 'int32', grid),
      places: graph.input(`${name}.places`, 'int32', [axes.tokens, config.numHeads]),
    };
  }

  /** [batch, 1, 1, source length]: hides padding from every query. */
  sourceMask(): Node {
    return this.graph.input('source.mask', 'float32', ['batch', 1, 1, 'source length']);
  }

  /** The encoder's states [source tokens, width]. */
  encode(source: TokenInputs, mask: Node): Node {
    const bias = add(this.positionBias('encoder', source.buckets), mask);
    let x = this.drop(this.embed(source.ids), 'encoder.embed_tokens');
    for (let block = 0; block < this.config.numLayers; block++) {
      const layer = (index: number): string => `encoder.block.${block}.layer.${index}`;
      const attention = `${layer(0)}.SelfAttention`;
      const normed = this.norm(x, layer(0));
      x = this.#addTo(x, this.attention(attention, { x: normed, grid: source, bias }), layer(0));
      x = this.#addTo(x, this.feedForward(layer(1), x), layer(1));
    }
    return this.drop(this.finalNorm(x, 'encoder'), 'encoder.final_layer_norm');
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
      const attended = self(`${layer(0)}.SelfAttention`, this.norm(y, layer(0)), block);
      y = this.#addTo(y, attended, layer(0));
      const crossed = cross(`${layer(1)}.EncDecAttention`, this.norm(y, layer(1)), block);
      y = this.#addTo(y, crossed, layer(1));
      y = this.#addTo(y, this.feedForward(layer(2), y), layer(2));
    }
    const normed = this.drop(this.finalNorm(y, 'decoder'), 'decoder.final_layer_norm');
    // Only a tied head expects the smaller scale (Hugging Face `T5ForConditionalGeneration.forward`).
    return this.config.tieWordEmbeddings ? scale(normed, this.config.dModel ** -0.5) : normed;
  }

  /** The whole decoder at once, as in training: `mask` [target length, target length] is causal. */
  decodeAll(target: TokenInputs, mask: Node, memory: EncoderMemory): Node {
    const bias = add(this.positionBias('decoder', target.buckets), mask);
    return this.decode(
      this.drop(this.embed(target.ids), 'decoder.embed_tokens'),
      (prefix, x) => this.attention(prefix, { x, grid: target, bias }),
      (prefix, x) => this.attention(prefix, { x, grid: memory.queries, bias: memory.mask, memory }),
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
      const mixed = mergeHeads(this.mix(query, key, value, bias, `${prefix}.weights`), grid);
      return this.project(prefix, 'o', mixed);
    });
  }

  /**
   * softmax(query key^T + bias) value, without T5's absent 1/sqrt(size): [batch, heads, query, size].
   * Where `place` names the weights, dropout may drop them.
   */
  mix(query: Node, key: Node, value: Node, bias: Node, place: string | null = null): Node {
    const scores = add(matmul(query, key, { transposeB: true }), bias);
    return attend(scores, value, place === null ? null : this.#mask(place, scores.shape));
  }

  /** One of an attention layer's four linear maps. */
  project(prefix: string, which: 'q' | 'k' | 'v' | 'o', x: Node): Node {
    return this.linear(x, `${prefix}.${which}`);
  }

  /**
   * The linear map of a matrix W, by its name without `.weight`; where there is an adapter,
   * W x + (alpha / rank) B A x (Hu et al. 2021, section 4.1).
   */
  linear(x: Node, name: string): Node {
    const y = linear(x, this.parameter(name));
    const [down, up] = ['lora_A', 'lora_B'].map((part) =>
      this.parameters.get(`${name}.${part}.weight`),
    );
    if (this.#lora === null || down === undefined || up === undefined) return y;
    // The factor goes where the numbers are fewest.
    const narrow = scale(linear(x, down), this.#lora.alpha / this.#lora.rank);
    return add(y, linear(narrow, up));
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
              gelu(this.linear(normed, `${prefix}.wi_0`)),
              this.linear(normed, `${prefix}.wi_1`),
            )
          : relu(this.linear(normed, `${prefix}.wi`));
      return this.linear(this.drop(wide, `${prefix}.activation`), `${prefix}.wo`);
    });
  }

  /** `x` with dropout; `x` itself in a network without it. */
  drop(x: Node, place: string): Node {
    const mask = this.#mask(place, x.shape);
    return mask === null ? x : dropout(x, mask);
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

  /** The residual sum after a sub-layer. */
  #addTo(x: Node, output: Node, layer: string): Node {
    return add(x, this.drop(output, `${layer}.output`));
  }

  /** The input for the mask of one place; null in a network without dropout. */
  #mask(place: string, shape: Shape): Node | null {
    if (!this.#drops) return null;
    const input = `dropout/${place}`;
    this.masks.push({ input, shape });
    return this.graph.input(input, 'float32', shape);
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
  /** Where the decoder's tokens stand when they look at it: with those of the same input in one row. */
  readonly queries: TokenGrid;
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
