import type { Random } from '../../electron/core/random.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { presetConfig } from '../../electron/model/presets.ts';
import type { T5Config } from '../../electron/model/t5/config.ts';
import { TrainingModel, type TrainingBatch } from '../../electron/model/t5/training.ts';

/** The models and random batches that are measured. */

export const sizes = ['micro', 'tiny', 'small', 'base'] as const;
export type Size = (typeof sizes)[number];

const micro = presetConfig('micro', 600);
const deep = { numLayers: 6, numDecoderLayers: 6, vocabSize: 32_128, dKv: 64 } as const;

/** `small` and `base` are t5-small and t5-base. */
export const configs: Readonly<Record<Size, T5Config>> = {
  micro,
  tiny: { ...micro, numHeads: 4, dKv: 32, vocabSize: 4096 },
  small: { ...micro, ...deep, dModel: 512, dFf: 2048, numHeads: 8 },
  base: {
    ...micro,
    ...deep,
    dModel: 768,
    dFf: 3072,
    numHeads: 12,
    numLayers: 12,
    numDecoderLayers: 12,
  },
};

/** What one batch looks like: lengths in tokens. */
export interface Shape {
  readonly size: Size;
  readonly batch: number;
  readonly source: number;
  readonly target: number;
  /**
   * `mixed`: rows between half and all of the length, as in real batches. `step-by-step`: the same,
   * and every other row is a label of 8 tokens.
   */
  readonly lengths: 'mixed' | 'full' | 'step-by-step';
}

export function shape(
  size: Size,
  batch: number,
  source: number,
  target: number,
  lengths: Shape['lengths'],
): Shape {
  return { size, batch, source, target, lengths };
}

/** The batch of most comparisons. */
export const usual = (size: Size, lengths: Shape['lengths']): Shape =>
  shape(size, 8, 128, 64, lengths);

export function describe(of: Shape): string {
  return `${of.size}, ${of.batch} x ${of.source} -> ${of.target} ${of.lengths}`;
}

/** Tokens of each row's input and target. */
export function rowLengths(of: Shape): { source: number; target: number }[] {
  return Array.from({ length: of.batch }, (_unused, row) => {
    const share = of.lengths === 'full' ? 1 : 0.5 + (row % 8) / 16;
    const isLabel = of.lengths === 'step-by-step' && row % 2 === 0;
    return {
      source: Math.floor(of.source * share),
      target: isLabel ? 8 : Math.floor(of.target * share),
    };
  });
}

/** Tokens that a batch reads and writes, without padding. */
export function tokensOf(of: Shape): number {
  return rowLengths(of).reduce((sum, row) => sum + row.source + row.target, 0);
}

export function randomBatch(of: Shape, random: Random): TrainingBatch {
  const tokens = (length: number): Int32Array =>
    Int32Array.from({ length }, () => random.integer(2, configs[of.size].vocabSize - 1));
  const lengths = rowLengths(of);
  return {
    inputs: lengths.map((row) => tokens(row.source)),
    targets: lengths.map((row) => tokens(row.target)),
    task: Uint8Array.from(lengths, (_row, index) =>
      of.lengths === 'step-by-step' ? index % 2 : 0,
    ),
    weights: { label: 1, rationale: 1 },
  };
}

/**
 * A model of random numbers with the initial scales of T5; they are drawn evenly, not normally,
 * because t5-base has 220 million.
 */
export function randomModel(
  engine: Engine,
  config: T5Config,
  random: Random,
): Promise<TrainingModel> {
  return TrainingModel.create(engine, config, ({ init }, values) => {
    const width = init.kind === 'ones' ? 0 : init.std * Math.sqrt(12);
    const middle = init.kind === 'ones' ? 1 : 0;
    for (let i = 0; i < values.length; i++) values[i] = middle + width * (random.next() - 0.5);
  });
}
