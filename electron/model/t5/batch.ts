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
  /**
   * Rows that explain and predict the same text, for the mutual-information term. A label may be in
   * several pairs, a rationale in one. Default none: the term is then zero.
   */
  readonly pairs?: readonly RowPair[];
  /**
   * Loss = label * mean over label tokens + rationale * mean over rationale tokens
   * + mutualInformation * mean over pairs (default 0; more needs a model with that term).
   */
  readonly weights: {
    readonly label: number;
    readonly rationale: number;
    readonly mutualInformation?: number;
  };
}

/** Two rows of a batch, by their numbers: `[label] x -> y` and `[rationale] x -> r` of one x. */
export interface RowPair {
  readonly label: number;
  readonly rationale: number;
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
  for (const batch of batches) {
    const { inputs, targets, task } = batch;
    if (inputs.length !== targets.length || inputs.length !== task.length) {
      throw new StudioError(
        'invalid-input',
        `A batch has ${inputs.length} inputs, ${targets.length} targets and ${task.length} task marks.`,
        'Every row needs one of each.',
      );
    }
    checkPairs(batch);
  }
}

function checkPairs({ task, pairs = [] }: TrainingBatch): void {
  const rationales = new Set(pairs.map(({ rationale }) => rationale));
  const fits = pairs.every(
    ({ label, rationale }) => task[label] === LABEL_TASK && task[rationale] === RATIONALE_TASK,
  );
  if (fits && rationales.size === pairs.length) return;
  throw new StudioError(
    'invalid-input',
    'A batch pairs rows that are not a label and a rationale, or one rationale twice.',
    'Each pair needs a row of the predict task and a row of the explain task that has no other pair.',
  );
}
