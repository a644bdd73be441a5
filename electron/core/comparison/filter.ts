import type { CompareFilter, SystemKey } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { AnswerSheet, SystemColumns } from './sheet.ts';

/** Whether a row meets a condition, by its place in the sheet. */
type Condition = (row: number) => boolean;

/**
 * The rows of a sheet that a filter leaves, by their places, in the order that it asks for.
 *
 * - `disagree`: two systems that were asked answered differently. No label is an answer of its own;
 *   who was not asked has none.
 * - `right`, `wrong`: all of these systems; a row without a gold label is neither, nor is one that a
 *   system was not asked.
 * - `unsure`: the confidence is known and below the threshold.
 * - `said`: it was asked and said so; null: it came to no label.
 * - `terms` and `text` come as masks, since they are about texts that a sheet does not hold.
 *
 * Time is that of one pass over the rows, and of sorting what is left.
 *
 * @param masks 1 or 0 for every row; a row has to have a 1 in all of them
 * @throws StudioError invalid-input for a system that is not in the sheet
 */
export function filterRows(
  sheet: AnswerSheet,
  filter: CompareFilter,
  masks: readonly Uint8Array[] = [],
): Int32Array {
  const found = matching(sheet, filter, masks);
  return sorted(sheet, filter, found);
}

/** How many rows that is. @throws StudioError invalid-input as {@link filterRows} */
export const countRows = (
  sheet: AnswerSheet,
  filter: CompareFilter,
  masks: readonly Uint8Array[] = [],
): number => matching(sheet, filter, masks).length;

function matching(
  sheet: AnswerSheet,
  filter: CompareFilter,
  masks: readonly Uint8Array[],
): Int32Array {
  const conditions = conditionsOf(sheet, filter, masks);
  const found = new Int32Array(sheet.exampleIds.length);
  for (let row = 0; row < found.length; row++) found[row] = row;
  // One condition after another: each goes only through what those before it left.
  return conditions.reduce(keep, found);
}

/** Those of the rows that meet a condition, in the same memory. */
function keep(rows: Int32Array, meets: Condition): Int32Array {
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (meets(row)) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function conditionsOf(
  sheet: AnswerSheet,
  filter: CompareFilter,
  masks: readonly Uint8Array[],
): Condition[] {
  const { right, wrong, unsure, said } = filter;
  const conditions: Condition[] = masks.map((mask) => (row) => mask[row] === 1);
  if (filter.noted) conditions.push((row) => sheet.noted[row] === 1);
  for (const [keys, correct] of [
    [right, 1],
    [wrong, 0],
  ] as const) {
    for (const key of keys) {
      const system = systemIn(sheet, key);
      conditions.push((row) => system.correct[row] === correct);
    }
  }
  if (unsure !== null) {
    const { confidence } = systemIn(sheet, unsure.system);
    // Rounded as confidences are; what is not known (NaN) is below nothing.
    const below = Math.fround(unsure.below);
    conditions.push((row) => (confidence[row] ?? Number.NaN) < below);
  }
  if (said !== null) conditions.push(saying(sheet, systemIn(sheet, said.system), said.label));
  if (filter.disagree) conditions.push((row) => disagree(sheet.systems, row));
  return conditions;
}

function saying(sheet: AnswerSheet, system: SystemColumns, label: string | null): Condition {
  const number = label === null ? -1 : sheet.labels.indexOf(label);
  if (label !== null && number < 0) return () => false;
  return (row) => system.asked[row] === 1 && system.label[row] === number;
}

function disagree(systems: readonly SystemColumns[], row: number): boolean {
  let first: number | null = null;
  for (const { asked, label } of systems) {
    if (asked[row] !== 1) continue;
    const said = label[row] ?? -1;
    if (first === null) first = said;
    else if (said !== first) return true;
  }
  return false;
}

/** Sorts by keys that each hold their row: numbers are sorted far faster than by comparing rows. */
function sorted(sheet: AnswerSheet, { sort }: CompareFilter, rows: Int32Array): Int32Array {
  if (sort.by === 'order') return rows;
  const rank = sort.by === 'length' ? longest(sheet) : leastSure(sheet, sort.system);
  const keys = new Float64Array(rows.length);
  // Loops: handing a function to `from` takes ten times as long.
  for (let at = 0; at < keys.length; at++) {
    const row = rows[at] ?? 0;
    keys[at] = rank(row) * rowsAtMost + row;
  }
  keys.sort();
  const ordered = new Int32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    // What the rank leaves of it: exact, since they are powers of two, and quicker than a remainder.
    ordered[at] = key - Math.floor(key / rowsAtMost) * rowsAtMost;
  }
  return ordered;
}

/** More rows than a sheet can hold; with ranks up to 2^30 a key is a whole number below 2^53. */
const rowsAtMost = 2 ** 22;
const ranks = 2 ** 30;

/** The longest inputs first. */
const longest =
  ({ inputLengths }: AnswerSheet) =>
  (row: number): number =>
    ranks - Math.min(ranks, inputLengths[row] ?? 0);

/** The least sure first; those whose confidence is not known last. */
function leastSure(sheet: AnswerSheet, key: SystemKey): (row: number) => number {
  const { confidence } = systemIn(sheet, key);
  return (row) => {
    const sure = confidence[row] ?? Number.NaN;
    return Number.isNaN(sure) ? ranks + 1 : Math.round(sure * ranks);
  };
}

function systemIn({ systems }: AnswerSheet, key: SystemKey): SystemColumns {
  const system = systems.find((each) => each.key === key);
  if (system !== undefined) return system;
  throw new StudioError(
    'invalid-input',
    'The rows are filtered by a system that is not compared.',
    'Take that filter off, or compare the system as well.',
  );
}
