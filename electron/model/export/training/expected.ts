import type { MetricPoint } from '../../../contract/entities.ts';
import { seedFrom } from '../../../core/hash.ts';
import { rationalePrefixOf } from '../../../core/methods.ts';
import { asDrawn, composeBatch, lossWeights, tokensIn } from '../../batches.ts';
import type { Engine } from '../../engines/engine.ts';
import { trainingBytes } from '../../memory-need.ts';
import { parameterSpecs, sizeOf } from '../../t5/config.ts';
import { trainableParameters } from '../../t5/frozen.ts';
import { TrainingModel } from '../../t5/training.ts';
import { Updates } from '../../updates.ts';
import type { BundleContents } from './contents.ts';

/** What the first steps come to, as `expected.json` says it. */
export interface Expected {
  readonly format: 1;
  /** What computed them: the app itself. */
  readonly engine: string;
  /** They are always computed without dropout, whose masks are other ones in PyTorch. */
  readonly dropout: 'off';
  readonly steps: readonly ExpectedStep[];
  /** Why there are fewer than usual; null when there are not. */
  readonly reason: string | null;
}

export type ExpectedStep = Pick<
  MetricPoint,
  | 'step'
  | 'loss'
  | 'labelLoss'
  | 'rationaleLoss'
  | 'mutualInformation'
  | 'gradientNorm'
  | 'learningRate'
>;

/** Steps that a bundle is checked by. */
export const CHECKED_STEPS = 5;

/** Multiplications that the steps may take together: some minutes on two cores. */
const MOST_WORK = 2e13;

/**
 * The first steps of a training, computed here, so that the script's own can be compared with them.
 * Of a large student fewer are computed, or none where this computer lacks the memory: such a student
 * is the reason for a cluster.
 *
 * @param availableBytes memory that can be had
 */
export async function expectedSteps(
  contents: BundleContents,
  engine: Engine,
  availableBytes: number,
  signal: AbortSignal,
): Promise<Expected> {
  const wanted = Math.min(CHECKED_STEPS, contents.settings.steps);
  const need = needOfStep(contents);
  const told = (steps: readonly ExpectedStep[], reason: string | null): Expected => ({
    ...{ format: 1, engine: engine.id, dropout: 'off', steps, reason },
  });
  if (need.bytes > availableBytes) {
    const [needed, free] = [need.bytes, availableBytes].map((bytes) => (bytes / 1e9).toFixed(1));
    return told(
      [],
      `One step takes about ${needed} GB of memory, and ${free} GB were free where this was written.`,
    );
  }
  const count = Math.max(1, Math.min(wanted, Math.floor(MOST_WORK / need.work)));
  const steps = await firstSteps(contents, engine, count, signal);
  return told(steps, whyFewer(steps.length, count, wanted));
}

function whyFewer(computed: number, tried: number, wanted: number): string | null {
  if (computed < tried) return `The loss stopped being a number at step ${computed + 1}.`;
  if (tried < wanted) return 'More steps would have taken long where this was written.';
  return null;
}

/** @returns fewer than asked for when a loss is no longer a number */
async function firstSteps(
  contents: BundleContents,
  engine: Engine,
  count: number,
  signal: AbortSignal,
): Promise<ExpectedStep[]> {
  const { settings, config, initial, rows } = contents;
  const { names, lora } = trainableParameters(config, settings);
  const model = await TrainingModel.create(engine, config, initial, {
    optimizer: { kind: settings.optimizer },
    accumulates: settings.accumulate > 1,
    labelSmoothing: settings.labelSmoothing,
    mutualInformation: settings.mutualInformation > 0 && rationalePrefixOf(settings) !== null,
    trainable: names,
    lora: lora && { ...lora, seed: adapterSeed(settings.seed) },
  });
  try {
    const updates = new Updates({ model, rows, order: contents.order() }, settings, () => 0);
    const steps: ExpectedStep[] = [];
    for (let step = 1; step <= count; step++) {
      signal.throwIfAborted();
      const point = await updates.next(step, false);
      if (point === null) break;
      const { loss, labelLoss, rationaleLoss, mutualInformation } = point;
      const { gradientNorm, learningRate } = point;
      steps.push({
        ...{ step, loss, labelLoss, rationaleLoss, mutualInformation, gradientNorm, learningRate },
      });
    }
    return steps;
  } finally {
    await model.dispose();
  }
}

/** Of the generator that adapters start from. */
export const adapterSeed = (seed: number): number => seedFrom(`adapters ${seed}`);

/** About what one step takes: memory in bytes, and multiplications. */
function needOfStep({ settings, config, rows, order }: BundleContents): {
  bytes: number;
  work: number;
} {
  const drawn = order()
    .take(settings.batchSize)
    .flatMap((draw) => {
      const row = rows[draw.row];
      return row === undefined ? [] : [asDrawn(row, draw, settings)];
    });
  const batch = composeBatch(drawn, lossWeights(settings));
  const tokens = tokensIn(batch);
  const written = batch.targets.reduce((sum, ids) => sum + ids.length, 0);
  const scores = [...batch.inputs, ...batch.targets].reduce((sum, ids) => sum + ids.length ** 2, 0);
  const blocks = config.numLayers + config.numDecoderLayers;
  const kept =
    tokens * blocks * (12 * config.dModel + 4 * config.dFf) +
    2 * scores * blocks * config.numHeads +
    3 * written * config.vocabSize;
  const parameters = parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const { full, lora } = trainingBytes(config);
  return {
    bytes: (settings.lora === null ? full : lora) + 4 * parameters + 4 * kept,
    work: 6 * parameters * tokens * settings.accumulate,
  };
}
