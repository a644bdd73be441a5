import type { SystemKey } from '../../contract/entities.ts';

/**
 * What several systems said of the same rows, in columns: everything that a comparison shows, filters
 * and tests is computed from it. 100,000 rows of four systems take some 10 MB.
 */
export interface AnswerSheet {
  /** In import order; all columns have this order and length. */
  readonly exampleIds: Float64Array;
  /** Texts that the numbers of `gold` and `label` stand for: of labels that score as equal, the first. */
  readonly labels: readonly string[];
  /** Place in `labels`; -1 without gold. */
  readonly gold: Int32Array;
  /** Characters of the input. */
  readonly inputLengths: Int32Array;
  /** Whether a person wrote a note on the row: 1 or 0. */
  readonly noted: Uint8Array;
  /** In the order that was asked for. */
  readonly systems: readonly SystemColumns[];
}

export interface SystemColumns {
  readonly key: SystemKey;
  /** 1 where it was asked, with or without coming to a label. */
  readonly asked: Uint8Array;
  /** Place in `labels`; -1 without a label. */
  readonly label: Int32Array;
  /** 1 right, 0 wrong (no label counts as wrong), -1 without gold or where it was not asked. */
  readonly correct: Int8Array;
  /** Probability of the label it wrote; NaN where that is not known. */
  readonly confidence: Float32Array;
}
