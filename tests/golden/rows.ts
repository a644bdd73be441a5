import type { EncodedRow } from '../../electron/model/batches.ts';
import { LABEL_TASK, RATIONALE_TASK } from '../../electron/model/t5/training.ts';
import type { TrainingBatch } from '../../electron/model/t5/training.ts';
import type { PaddedBatch } from './fixture.ts';

/** The reference's padded batches as the rows of their own lengths that the engine takes. */
export interface Rows {
  readonly inputs: readonly Int32Array[];
  readonly targets: readonly Int32Array[];
}

/** Marks target tokens that are not learned. */
const IGNORED = -100;

export function unpadded(batch: PaddedBatch): Rows {
  const mask = batch.attention_mask.data;
  return {
    inputs: cut(batch.input_ids, (_value, index) => mask[index] === 1),
    targets: cut(batch.labels, (value) => value !== IGNORED),
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

/** Rows of the label task alone. */
export function labelled(rows: Rows): TrainingBatch {
  const task = new Uint8Array(rows.inputs.length).fill(LABEL_TASK);
  return { ...rows, task, weights: { label: 1, rationale: 0 } };
}

/** Label and rationale rows in turn, so that a task cannot be told by position alone. */
export function mixed(
  label: Rows,
  rationale: Rows,
  weights: TrainingBatch['weights'],
): TrainingBatch {
  const rows = [label, rationale].flatMap(({ inputs, targets }, which) =>
    inputs.map((input, row) => ({ input, target: targets[row] ?? new Int32Array(), row, which })),
  );
  rows.sort((a, b) => a.row - b.row || a.which - b.which);
  return {
    inputs: rows.map(({ input }) => input),
    targets: rows.map(({ target }) => target),
    task: Uint8Array.from(rows, ({ which }) => (which === 0 ? LABEL_TASK : RATIONALE_TASK)),
    weights,
  };
}

/** The rows as the trainer keeps them: each with its label and, where there are any, its rationale example. */
export function encodedRows(label: Rows, rationale: Rows | null = null): EncodedRow[] {
  const example = ({ inputs, targets }: Rows, row: number): EncodedRow['label'] => ({
    input: inputs[row] ?? new Int32Array(),
    target: targets[row] ?? new Int32Array(),
  });
  return label.inputs.map((_input, row) => ({
    label: example(label, row),
    explained: [],
    rationales: rationale ? [example(rationale, row)] : [],
  }));
}
