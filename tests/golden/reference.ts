import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { T5Config } from '../../electron/model/t5/config.ts';

/**
 * Reads the golden numbers of the reference implementation where they lie. They are not part of the
 * project: on a plain clone the suites that need them say so and are skipped.
 */

const folder = new URL('../../../shared/fixtures/', import.meta.url);

export const present = existsSync(new URL('t5-v1_0-tiny/io.json', folder));

/** The title of a golden suite. */
export const titled = (what: string): string =>
  present ? what : `${what} (skipped: the reference numbers in ../shared/fixtures are absent)`;

export const models = ['t5-v1_0-tiny', 't5-v1_1-tiny'] as const;
export type ModelName = (typeof models)[number];

/** Flat and row-major, as a list or as base64 of little-endian float32. */
const TensorRecord = z
  .object({
    shape: z.array(z.number()),
    data: z.array(z.number()).optional(),
    b64: z.string().optional(),
  })
  .transform(({ shape, data, b64 }) => ({ shape, data: data ?? decodeFloats(b64 ?? '') }));

const SparseRecord = z.object({
  sparse_rows: z.array(z.number()),
  full_shape: z.tuple([z.number(), z.number()]),
  rows: TensorRecord,
});

/** A gradient, dense; rows that the reference left out are zero. */
const GradientRecord = z.union([
  TensorRecord.transform(({ data }) => data),
  SparseRecord.transform(({ sparse_rows, full_shape, rows }) => {
    const [count, width] = full_shape;
    const dense = new Array<number>(count * width).fill(0);
    sparse_rows.forEach((row, index) => {
      for (let i = 0; i < width; i++) dense[row * width + i] = rows.data[index * width + i] ?? 0;
    });
    return dense;
  }),
]);

const ParameterAfter = z.union([
  z.object({ sum: z.number(), abs_sum: z.number(), first_row: TensorRecord }),
  TensorRecord,
]);

const TrainingRun = z.object({
  loss_before_step: z.array(z.number()),
  loss_after_step: z.array(z.number()),
  grad_norm_before_clip: z.array(z.number()),
  lr: z.array(z.number().nullable()),
  params_after: z.record(z.string(), ParameterAfter),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

const Inputs = z.object({
  input_ids: TensorRecord,
  attention_mask: TensorRecord,
  labels: TensorRecord,
});

const Io = z.object({
  inputs: Inputs,
  decoder_input_ids: TensorRecord,
  forward: z.object({
    loss: z.number(),
    logits: TensorRecord,
    encoder_last_hidden_state: TensorRecord,
    per_token_loss: TensorRecord,
  }),
  forward_without_attention_mask: z.object({ loss: z.number() }),
  grads: z.record(z.string(), GradientRecord),
  grad_total_norm: z.number(),
  grad_norm_per_param: z.record(z.string(), z.number()),
  relative_position_bucket: z.object({
    relative_position_from: z.number(),
    relative_position_to: z.number(),
    num_buckets: z.number(),
    max_distance: z.number(),
    bidirectional_encoder: z.array(z.number()),
    unidirectional_decoder: z.array(z.number()),
  }),
  train: z.record(z.string(), TrainingRun),
  multitask: z.object({
    label_batch: Inputs,
    rationale_batch: Inputs,
    label_loss: z.number(),
    rationale_loss: z.number(),
    combos: z.record(
      z.string(),
      z.object({
        loss: z.number(),
        grad_total_norm: z.number(),
        grads: z.record(z.string(), GradientRecord),
        adamw_torch: TrainingRun,
      }),
    ),
  }),
  generate: z.object({ greedy: z.array(z.array(z.number())) }),
});

const Config = z.object({
  vocab_size: z.number(),
  d_model: z.number(),
  d_kv: z.number(),
  d_ff: z.number(),
  num_heads: z.number(),
  num_layers: z.number(),
  num_decoder_layers: z.number().optional(),
  relative_attention_num_buckets: z.number().default(32),
  relative_attention_max_distance: z.number().default(128),
  layer_norm_epsilon: z.number(),
  feed_forward_proj: z.enum(['relu', 'gated-gelu']).default('relu'),
  tie_word_embeddings: z.boolean().default(true),
  pad_token_id: z.number(),
  eos_token_id: z.number(),
  decoder_start_token_id: z.number(),
});

/** Rows of token ids without padding. */
export interface Rows {
  readonly inputs: Int32Array[];
  readonly targets: Int32Array[];
}

export interface Reference {
  readonly config: T5Config;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly io: z.infer<typeof Io>;
}

/** Everything the reference implementation computed for one model. */
export function readReference(name: ModelName): Reference {
  const read = (file: string): Buffer => readFileSync(new URL(`${name}/${file}`, folder));
  return {
    config: readConfig(JSON.parse(read('config.json').toString())),
    parameters: readParameters(read('model.safetensors')),
    io: Io.parse(JSON.parse(read('io.json').toString())),
  };
}

/** A padded batch as rows of their own lengths. */
export function unpadded(batch: z.infer<typeof Inputs>): Rows {
  const mask = batch.attention_mask.data;
  return {
    inputs: cut(batch.input_ids, (_value, index) => mask[index] === 1),
    targets: cut(batch.labels, (value) => value !== -100),
  };
}

/** The rows of a padded [rows, length], only the elements that `keep` accepts. */
export function cut(
  tensor: { readonly shape: readonly number[]; readonly data: readonly number[] },
  keep: (value: number, index: number) => boolean = () => true,
): Int32Array[] {
  const [rows = 0, length = 0] = tensor.shape;
  return Array.from({ length: rows }, (_unused, row) => {
    const start = row * length;
    const values = tensor.data.slice(start, start + length);
    return Int32Array.from(values.filter((value, i) => keep(value, start + i)));
  });
}

/** The largest absolute difference. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    largest = Math.max(largest, Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)));
  }
  return largest;
}

export function largestMagnitude(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function readConfig(json: unknown): T5Config {
  const config = Config.parse(json);
  return {
    vocabSize: config.vocab_size,
    dModel: config.d_model,
    dKv: config.d_kv,
    dFf: config.d_ff,
    numHeads: config.num_heads,
    numLayers: config.num_layers,
    numDecoderLayers: config.num_decoder_layers ?? config.num_layers,
    relativeAttentionNumBuckets: config.relative_attention_num_buckets,
    relativeAttentionMaxDistance: config.relative_attention_max_distance,
    layerNormEpsilon: config.layer_norm_epsilon,
    feedForward: config.feed_forward_proj,
    tieWordEmbeddings: config.tie_word_embeddings,
    padTokenId: config.pad_token_id,
    eosTokenId: config.eos_token_id,
    decoderStartTokenId: config.decoder_start_token_id,
  };
}

const Header = z.record(
  z.string(),
  z.object({ data_offsets: z.tuple([z.number(), z.number()]).optional() }).loose(),
);

function readParameters(file: Buffer): Map<string, Float32Array> {
  const headerBytes = Number(file.readBigUInt64LE(0));
  const start = 8 + headerBytes;
  const header = Header.parse(JSON.parse(file.subarray(8, start).toString()));
  return new Map(
    Object.entries(header).flatMap(([name, { data_offsets: offsets }]) =>
      offsets === undefined ? [] : [[name, floats(file, start + offsets[0], start + offsets[1])]],
    ),
  );
}

function floats(buffer: Buffer, start: number, end: number): Float32Array {
  return Float32Array.from({ length: (end - start) / 4 }, (_unused, index) =>
    buffer.readFloatLE(start + 4 * index),
  );
}

function decodeFloats(base64: string): number[] {
  const buffer = Buffer.from(base64, 'base64');
  return [...floats(buffer, 0, buffer.length)];
}
