import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StudioError } from '../../electron/contract/errors.ts';

/**
 * Reads what a reference implementation computed, in the form of the folders in ../shared/fixtures.
 * They are not part of the project: on a plain clone the suites that need them say so and are
 * skipped. Every part of `io.json` beside its inputs may be absent.
 */

const shared = new URL('../../../shared/fixtures/', import.meta.url);

/** The folder of a fixture that lies beside the project. */
export const sharedFolder = (name: string): string => fileURLToPath(new URL(name, shared));

export const models = ['t5-v1_0-tiny', 't5-v1_1-tiny'] as const;
export const present = existsSync(new URL('t5-v1_0-tiny/io.json', shared));

/** The title of a golden suite. */
export const titled = (what: string): string =>
  present ? what : `${what} (skipped: the reference numbers in ../shared/fixtures are absent)`;

/** Flat and row-major, as a list or as base64 of little-endian float32. */
const TensorRecord = z
  .object({
    shape: z.array(z.number()),
    data: z.array(z.number()).optional(),
    b64: z.string().optional(),
  })
  .refine(({ data, b64 }) => data !== undefined || b64 !== undefined, 'no data')
  .transform(({ shape, data, b64 }) => ({ shape, data: data ?? decodeFloats(b64 ?? '') }))
  .refine(({ shape, data }) => data.length === product(shape), 'data that is not of its shape');

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
const Gradients = z.record(z.string(), GradientRecord);

const TrainingRun = z.object({
  loss_before_step: z.array(z.number()).min(1),
  loss_after_step: z.array(z.number()).min(1),
  grad_norm_before_clip: z.array(z.number()),
  /** Null where the optimizer works the rate out itself. */
  lr: z.array(z.number().nullable()),
  params_after: z.record(
    z.string(),
    z.union([
      z.object({ sum: z.number(), abs_sum: z.number(), first_row: TensorRecord }),
      TensorRecord,
    ]),
  ),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

const PaddedBatch = z.object({
  input_ids: TensorRecord,
  attention_mask: TensorRecord,
  labels: TensorRecord,
});
export type PaddedBatch = z.infer<typeof PaddedBatch>;

const Multitask = z.object({
  label_batch: PaddedBatch,
  rationale_batch: PaddedBatch,
  label_loss: z.number(),
  rationale_loss: z.number(),
  combos: z.record(
    z.string(),
    z.object({
      loss: z.number(),
      grad_total_norm: z.number(),
      grads: Gradients,
      adamw_torch: TrainingRun,
    }),
  ),
});

const BeamRun = z.object({
  config: z.object({
    max_new_tokens: z.number(),
    num_beams: z.number(),
    length_penalty: z.number(),
    early_stopping: z.boolean(),
  }),
  all: z.array(z.array(z.object({ ids: z.array(z.number()), score: z.number() }))),
});
export type BeamRun = z.infer<typeof BeamRun>;

const Io = z.object({
  inputs: PaddedBatch,
  decoder_input_ids: TensorRecord,
  forward: z
    .object({
      loss: z.number(),
      logits: TensorRecord,
      encoder_last_hidden_state: TensorRecord,
      per_token_loss: TensorRecord,
    })
    .optional(),
  forward_without_attention_mask: z.object({ loss: z.number() }).optional(),
  grads: Gradients.optional(),
  grad_total_norm: z.number().optional(),
  grad_norm_per_param: z.record(z.string(), z.number()).optional(),
  relative_position_bucket: z
    .object({
      relative_position_from: z.number(),
      num_buckets: z.number(),
      max_distance: z.number(),
      bidirectional_encoder: z.array(z.number()),
      unidirectional_decoder: z.array(z.number()),
    })
    .optional(),
  train: z.record(z.string(), TrainingRun).optional(),
  multitask: Multitask.optional(),
  generate: z
    .looseObject({ greedy: z.array(z.array(z.number())) })
    .transform(({ greedy, ...rest }) => ({ greedy, beams: beamRuns(rest) }))
    .optional(),
});
export type Io = z.infer<typeof Io>;

const TokenizerCase = z.object({
  text: z.string(),
  ids: z.array(z.number()),
  all_references_agree: z.boolean(),
  disagree: z.record(z.string(), z.array(z.number())).default({}),
  decode: z.record(z.string(), z.string()).optional(),
});
export type TokenizerCase = z.infer<typeof TokenizerCase>;
const Expected = z.object({ cases: z.array(TokenizerCase).min(1) });

export const readIo = (folder: string): Io => readFile(folder, 'io.json', Io);
export const readCases = (folder: string): TokenizerCase[] =>
  readFile(folder, 'expected.json', Expected).cases;

/** Entries of another form beside the beam runs are left alone. */
function beamRuns(entries: Record<string, unknown>): Map<string, BeamRun> {
  return new Map(
    Object.entries(entries).flatMap(([name, value]) => {
      const parsed = BeamRun.safeParse(value);
      return parsed.success ? [[name, parsed.data] as const] : [];
    }),
  );
}

function readFile<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const broken = (problem: string, cause?: unknown): StudioError =>
    new StudioError(
      'invalid-input',
      `${name} in “${basename(folder)}” ${problem}.`,
      'Give a folder in the form of the reference numbers.',
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch (cause) {
    throw broken('cannot be read as JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw broken(`is wrong at ${issue?.path.join('.') ?? 'its top'}: ${issue?.message ?? ''}`);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

function decodeFloats(base64: string): number[] {
  const buffer = Buffer.from(base64, 'base64');
  return Array.from({ length: Math.floor(buffer.length / 4) }, (_, index) =>
    buffer.readFloatLE(4 * index),
  );
}
