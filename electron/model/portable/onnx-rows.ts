import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-common';
import { StudioError } from '../../contract/errors.ts';
import type { Float32Tensor } from '../engines/engine.ts';
import { fillGaps, RowMemory } from '../generate/row-memory.ts';
import type { NextTokens, WritingRows } from '../generate/writing.ts';
import type { T5Config } from '../t5/config.ts';
import { logSumExp, mostLikelyToken } from './predictions.ts';

/** The two models of an ONNX folder, open. */
export interface OnnxModels {
  readonly encoder: InferenceSession;
  readonly decoder: InferenceSession;
  readonly config: T5Config;
  readonly Tensor: TensorConstructor;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** Rows that an ONNX folder's decoder writes in, with its cache; see `DecodingRows`. */
export class OnnxRows implements WritingRows {
  readonly #models: OnnxModels;
  /** [rows, length], padding 0. */
  #mask: BigInt64Array;
  readonly #length: number;
  /** The encoder's states until the first token was read. */
  #states: Tensor;
  /** `past_key_values.N.decoder.*`: no tokens at first. */
  #self: RowMemory;
  /** `past_key_values.N.encoder.*`; null until the first token was read. */
  #cross: RowMemory | null = null;
  #count: number;
  #past = 0;

  private constructor(models: OnnxModels, source: EncodedRows) {
    const { numHeads, dKv } = models.config;
    this.#models = models;
    this.#mask = source.mask;
    this.#length = source.length;
    this.#states = source.states;
    this.#count = source.rows;
    this.#self = RowMemory.zeros(names(models.config, 'decoder'), [numHeads, 0, dKv], source.rows);
  }

  /** See `RowSource.start`. @throws StudioError `invalid-input` when an input is empty */
  static async start(
    models: OnnxModels,
    inputs: readonly Int32Array[],
    rowsPerInput: number,
  ): Promise<OnnxRows> {
    return new OnnxRows(models, repeat(models, await encode(models, inputs), rowsPerInput));
  }

  get count(): number {
    return this.#count;
  }

  get past(): number {
    return this.#past;
  }

  async next(tokens: readonly number[]): Promise<NextTokens> {
    const { data, shape } = await this.logits(tokens);
    const [, vocabulary = 0] = shape;
    const rows = tokens.map((_token, row) =>
      data.subarray(row * vocabulary, (row + 1) * vocabulary),
    );
    const next = rows.map(mostLikelyToken);
    const probabilities = rows.map((row, at) =>
      Math.exp((row[next[at] ?? 0] ?? 0) - logSumExp(row)),
    );
    return { tokens: next, probabilities };
  }

  async logits(tokens: readonly number[]): Promise<Float32Tensor> {
    const { decoder, config } = this.#models;
    const first = this.#cross === null;
    const presents = names(config, 'decoder', 'present');
    const wanted = ['logits', ...presents, ...(first ? names(config, 'encoder', 'present') : [])];
    const outputs = await run(decoder, this.#feeds(tokens), wanted);
    this.#self = this.#remember(outputs, 'decoder');
    if (first) {
      this.#cross = this.#remember(outputs, 'encoder');
      // The cache holds what was made of them; the model asks for some states all the same.
      const { Tensor: make } = this.#models;
      this.#states = new make('float32', new Float32Array(config.dModel), [1, 1, config.dModel]);
    }
    this.#past++;
    return { ...floats(outputs, 'logits'), shape: [this.#count, config.vocabSize] };
  }

  copy(from: number, to: number): void {
    this.#self.copy(from, to);
  }

  keep(stays: readonly boolean[]): number[] {
    const order = fillGaps(stays);
    if (order.length === this.#count) return order;
    this.#self.keep(order);
    this.#cross?.keep(order);
    const [mask, length] = [this.#mask, this.#length];
    order.forEach((from, to) => mask.copyWithin(to * length, from * length, (from + 1) * length));
    this.#mask = mask.subarray(0, order.length * length);
    this.#count = order.length;
    return order;
  }

  #feeds(tokens: readonly number[]): Tensors {
    const { Tensor: make } = this.#models;
    const feeds: Record<string, Tensor> = {
      input_ids: new make('int64', BigInt64Array.from(tokens, BigInt), [this.#count, 1]),
      encoder_attention_mask: new make('int64', this.#mask, [this.#count, this.#length]),
      encoder_hidden_states: this.#states,
      use_cache_branch: new make('bool', Uint8Array.of(this.#cross === null ? 0 : 1), [1]),
    };
    const cross = this.#cross ?? this.#noMemory();
    for (const memory of [this.#self, cross]) {
      for (const [name, { data, shape }] of Object.entries(memory.tensors)) {
        feeds[name] = new make('float32', data, shape);
      }
    }
    return feeds;
  }

  #noMemory(): RowMemory {
    const { numHeads, dKv } = this.#models.config;
    return RowMemory.zeros(names(this.#models.config, 'encoder'), [numHeads, 0, dKv], this.#count);
  }

  /** What the decoder gave as what it is given next. */
  #remember(outputs: Tensors, side: Side): RowMemory {
    const { config } = this.#models;
    return RowMemory.of(
      Object.fromEntries(
        names(config, side).map((name) => [
          name,
          floats(outputs, name.replace('past_key_values', 'present')),
        ]),
      ),
    );
  }
}

type Side = 'decoder' | 'encoder';

function names(config: T5Config, side: Side, prefix = 'past_key_values'): string[] {
  return Array.from({ length: config.numDecoderLayers }, (_unused, block) => [
    `${prefix}.${block}.${side}.key`,
    `${prefix}.${block}.${side}.value`,
  ]).flat();
}

/** What the encoder gave for rows of padded inputs. */
interface EncodedRows {
  readonly rows: number;
  /** Of the padded inputs, in tokens. */
  readonly length: number;
  readonly mask: BigInt64Array;
  /** [rows, length, width] */
  readonly states: Tensor;
}

async function encode(
  { encoder, config, Tensor: make }: OnnxModels,
  inputs: readonly Int32Array[],
): Promise<EncodedRows> {
  if (inputs.some((input) => input.length === 0)) {
    throw new StudioError(
      'invalid-input',
      'A batch has a row without any token.',
      'Leave empty texts out, or check that the tokenizer ends every text with its end token.',
    );
  }
  const rows = inputs.length;
  const length = inputs.reduce((most, input) => Math.max(most, input.length), 0);
  const ids = new BigInt64Array(rows * length).fill(BigInt(config.padTokenId));
  const mask = new BigInt64Array(rows * length);
  inputs.forEach((input, row) => {
    ids.set(BigInt64Array.from(input, BigInt), row * length);
    mask.fill(1n, row * length, row * length + input.length);
  });
  const outputs = await run(
    encoder,
    {
      input_ids: new make('int64', ids, [rows, length]),
      attention_mask: new make('int64', mask, [rows, length]),
    },
    ['last_hidden_state'],
  );
  const states = outputs['last_hidden_state'];
  if (states === undefined) throw new TypeError('The encoder gave no states.');
  return { rows, length, mask, states };
}

/** Each input's row as many times, one after another. */
function repeat({ Tensor: make }: OnnxModels, source: EncodedRows, times: number): EncodedRows {
  if (times === 1) return source;
  const { length } = source;
  const { data, shape } = floats({ states: source.states }, 'states');
  const size = data.length / source.rows;
  const rows = source.rows * times;
  const states = new Float32Array(rows * size);
  const mask = new BigInt64Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor(row / times);
    states.set(data.subarray(from * size, (from + 1) * size), row * size);
    mask.set(source.mask.subarray(from * length, (from + 1) * length), row * length);
  }
  return { rows, length, mask, states: new make('float32', states, [rows, ...shape.slice(1)]) };
}

function floats(tensors: Tensors, name: string): Float32Tensor {
  const tensor = tensors[name];
  const data = tensor?.data;
  if (tensor === undefined || !(data instanceof Float32Array)) {
    throw new TypeError(`The model gave no numbers as “${name}”.`);
  }
  return { type: 'float32', shape: tensor.dims, data };
}

async function run(
  session: InferenceSession,
  feeds: Tensors,
  fetches: readonly string[],
): Promise<Tensors> {
  try {
    return await session.run(feeds, fetches);
  } catch (caught) {
    const reason = caught instanceof Error ? caught.message : String(caught);
    throw new StudioError(
      'engine-failed',
      `ONNX Runtime failed: ${reason}`,
      'Ask for fewer rows at once; if it fails again, export the student again.',
      { cause: caught },
    );
  }
}
