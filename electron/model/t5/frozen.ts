import type { RunSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { parameterSpecs, sizeOf, type T5Config } from './config.ts';
import { adapterSpecs, loraTargets, type LoraShape } from './lora.ts';

/** The part of a run's settings that says what of the student learns. */
export type LearningPart = Pick<RunSettings, 'freeze' | 'lora'>;

/** What of a student learns, for `TrainingOptions`. */
export interface TrainableParameters {
  /** Names of the parameters that learn: the T5's own, or its adapters. */
  readonly names: ReadonlySet<string>;
  /** The adapters there are; none stand in a part that is frozen. */
  readonly lora: LoraShape | null;
  /** Scalars that learn. */
  readonly count: number;
}

/**
 * What learns and what stays as it is.
 *
 * - `embeddings` freezes the table of token vectors, which both stacks read. In T5 v1.0 the same table
 *   is the output head (tied), so that the head is frozen too; a head of its own (v1.1, Flan, mT5)
 *   goes on learning.
 * - `encoder` freezes the encoder and that table: the encoder reads it, and would not be the same
 *   encoder over another one.
 * - With adapters they alone learn, and they stand only beside matrices of parts that are not frozen:
 *   none in a frozen encoder. Freezing the embeddings then changes nothing, since they have none.
 *
 * @throws StudioError `invalid-input` when nothing is left to train
 */
export function trainableParameters(
  config: T5Config,
  { freeze, lora }: LearningPart,
): TrainableParameters {
  const encoder = freeze.includes('encoder');
  const embeddings = encoder || freeze.includes('embeddings');
  const shape: LoraShape | null = lora && {
    ...lora,
    targets: loraTargets,
    ...(encoder && { stacks: ['decoder'] }),
  };
  const own = parameterSpecs(config).filter(({ name }) => {
    if (name === 'shared.weight') return !embeddings;
    return !(encoder && name.startsWith('encoder.'));
  });
  const learning = shape ? adapterSpecs(config, shape) : own;
  if (learning.length === 0) {
    throw new StudioError(
      'invalid-input',
      'With these parts frozen, nothing of the student is left to train.',
      'Freeze fewer parts, or train without adapters.',
    );
  }
  return {
    names: new Set(learning.map(({ name }) => name)),
    lora: shape,
    count: learning.reduce((total, { shape: sizes }) => total + sizeOf(sizes), 0),
  };
}
