import type { TaskBalance } from '../contract/entities.ts';
import { RATIONALE_TASK } from './t5/training.ts';
import type { Accumulation, TrainingBatch, TrainingModel } from './t5/training.ts';

/** What is measured with. */
type Measured = Pick<
  TrainingModel,
  'accumulate' | 'gradientNorm' | 'dropoutState' | 'rewindDropout'
>;

/**
 * How hard each of the two tasks pulls: the gradient norms of the two terms of a step's loss, their
 * weights included, at the parameters and with the dropout masks that the step itself will have.
 *
 * Takes two more runs of the graph and leaves no trace but the gradients, which the step's own run
 * writes anew.
 *
 * @returns null where the batches have one task alone
 * @throws StudioError as {@link TrainingModel.accumulate}
 */
export async function measureBalance(
  model: Measured,
  batches: readonly TrainingBatch[],
  accumulation: Accumulation,
): Promise<TaskBalance | null> {
  if (!batches.some(({ task }) => task.includes(RATIONALE_TASK))) return null;
  const dropout = model.dropoutState();
  const normOf = async (task: 'label' | 'rationale'): Promise<number> => {
    await model.accumulate(
      batches.map((batch) => onlyTerm(batch, task)),
      accumulation,
    );
    model.rewindDropout(dropout);
    return model.gradientNorm();
  };
  return { labelNorm: await normOf('label'), rationaleNorm: await normOf('rationale') };
}

/** The same rows, of whose loss one term is left. */
function onlyTerm(batch: TrainingBatch, task: 'label' | 'rationale'): TrainingBatch {
  const weights = { label: 0, rationale: 0, [task]: batch.weights[task] };
  return { ...batch, weights };
}
