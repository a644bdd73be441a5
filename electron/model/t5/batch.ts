import { StudioError } from '../../contract/errors.ts';

/** The two tasks of Distilling Step-by-Step, as they are marked in `TrainingBatch.task`. */
export const LABEL_TASK = 0;
export const RATIONALE_TASK = 1;

/** Rows that are run together; label and rationale rows may be mixed in any order. */
export interface TrainingBatch {
  /** Token ids per row, the end-of-sequence token included, without padding. */
  readonly inputs: readonly Int32Array[];
  /** Target token ids per row, the end-of-sequence token included, without padding or start token. */
  readonly targets: readonly Int32Array[];
  /** Per row: `LABEL_TASK` or `RATIONALE_TASK`. */
  readonly task: Uint8Array;
  /** Loss = label * mean over label tokens + rationale * mean over rationale tokens. */
  readonly weights: { readonly label: number; readonly rationale: number };
}

/** @throws StudioError `invalid-input` when there is no batch, or a batch's lists do not belong together. */
export function checkBatches(batches: readonly TrainingBatch[]): void {
  if (batches.length === 0) {
    throw new StudioError(
      'invalid-input',
      'A training step was given no batch.',
      'Every step needs at least one row to learn from.',
    );
  }
  for (const { inputs, targets, task } of batches) {
    if (inputs.length === targets.length && inputs.length === task.length) continue;
    throw new StudioError(
      'invalid-input',
      `A batch has ${inputs.length} inputs, ${targets.length} targets and ${task.length} task marks.`,
      'Every row needs one of each.',
    );
  }
}
