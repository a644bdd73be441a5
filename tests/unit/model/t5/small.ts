import { Random } from '../../../../electron/core/random.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import type { ParameterSpec, T5Config } from '../../../../electron/model/t5/config.ts';
import { TrainingModel, type TrainingBatch } from '../../../../electron/model/t5/training.ts';

/** Unequal depths, a gated tied model, and heads that do not add up to the width: each on purpose. */
export const smallConfig: T5Config = {
  vocabSize: 40,
  dModel: 16,
  dKv: 6,
  dFf: 24,
  numHeads: 2,
  numLayers: 1,
  numDecoderLayers: 2,
  relativeAttentionNumBuckets: 8,
  relativeAttentionMaxDistance: 16,
  layerNormEpsilon: 1e-6,
  feedForward: 'gated-gelu',
  tieWordEmbeddings: true,
  padTokenId: 0,
  eosTokenId: 1,
  decoderStartTokenId: 0,
};

/** Hugging Face's initial scales from a seed. */
export function randomInitial(seed: number): (spec: ParameterSpec, values: Float32Array) => void {
  const random = new Random(seed);
  return ({ init }, values) => {
    for (let i = 0; i < values.length; i++) {
      values[i] = init.kind === 'ones' ? 1 : init.std * random.normal();
    }
  };
}

export async function smallModel(
  options: { seed?: number; threads?: number; config?: T5Config } = {},
): Promise<TrainingModel> {
  const { seed = 1, threads, config = smallConfig } = options;
  const engine = await openEngine(threads === undefined ? {} : { threads });
  return TrainingModel.create(engine, config, randomInitial(seed));
}

/** Rows of random tokens that end with the end token. */
export function randomRows(lengths: readonly number[], seed: number, largest = 39): Int32Array[] {
  const random = new Random(seed);
  return lengths.map((length) =>
    Int32Array.from({ length }, (_unused, index) =>
      index === length - 1 ? 1 : random.integer(2, largest),
    ),
  );
}

export function labelBatch(inputs: Int32Array[], targets: Int32Array[]): TrainingBatch {
  const task = new Uint8Array(inputs.length);
  return { inputs, targets, task, weights: { label: 1, rationale: 0 } };
}
