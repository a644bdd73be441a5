import type { SystemKey, Task } from '../../contract/entities.ts';
import { LabelNumbers } from './labels.ts';
import type { AnswerSheet, SystemColumns } from './sheet.ts';

/** A row as far as a sheet needs it. */
export interface SheetRow {
  readonly exampleId: number;
  readonly gold: string | null;
  readonly choices: readonly string[] | null;
  readonly inputLength: number;
  readonly noted: boolean;
}

/** What a system said of a row; absent where it was not asked. */
export interface SheetAnswer {
  readonly exampleId: number;
  readonly label: string | null;
  readonly correct: boolean | null;
  readonly confidence: number | null;
}

/** A system with its answers, which are read when their turn comes. */
export interface SheetSystem {
  readonly key: SystemKey;
  readonly answers: Iterable<SheetAnswer>;
}

/**
 * Puts rows and answers into columns. Answers to other rows are passed over; a row that a system has no
 * answer to was not asked. An empty label is none. Whether an answer is right is taken as it was saved
 * where there is a gold label; one without a label is wrong.
 */
export function sheetOf(
  task: Task,
  rows: readonly SheetRow[],
  systems: Iterable<SheetSystem>,
): AnswerSheet {
  const labels = new LabelNumbers(task);
  const places = new Map(rows.map(({ exampleId }, place) => [exampleId, place]));
  const gold = Int32Array.from(rows, (row) =>
    row.gold === null ? -1 : labels.of(row.gold, row.choices),
  );
  const columns = Array.from(systems, ({ key, answers }) =>
    columnsOf(key, answers, { rows, places, labels }),
  );
  return {
    exampleIds: Float64Array.from(rows, ({ exampleId }) => exampleId),
    labels: labels.texts,
    gold,
    inputLengths: Int32Array.from(rows, ({ inputLength }) => inputLength),
    noted: Uint8Array.from(rows, ({ noted }) => (noted ? 1 : 0)),
    systems: columns,
  };
}

interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly places: ReadonlyMap<number, number>;
  readonly labels: LabelNumbers;
}

function columnsOf(
  key: SystemKey,
  answers: Iterable<SheetAnswer>,
  { rows, places, labels }: Sheet,
): SystemColumns {
  const columns: SystemColumns = {
    key,
    asked: new Uint8Array(rows.length),
    label: new Int32Array(rows.length).fill(-1),
    correct: new Int8Array(rows.length).fill(-1),
    confidence: new Float32Array(rows.length).fill(Number.NaN),
  };
  for (const { exampleId, label, correct, confidence } of answers) {
    const place = places.get(exampleId);
    const row = place === undefined ? undefined : rows[place];
    if (place === undefined || row === undefined) continue;
    const said = label === null || label.trim() === '' ? null : label;
    columns.asked[place] = 1;
    if (said !== null) columns.label[place] = labels.of(said, row.choices);
    if (row.gold !== null) columns.correct[place] = said !== null && correct === true ? 1 : 0;
    if (confidence !== null) columns.confidence[place] = confidence;
  }
  return columns;
}
