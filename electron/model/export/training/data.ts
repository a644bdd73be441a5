import { join } from 'node:path';
import { setImmediate as letMessagesIn } from 'node:timers/promises';
import type { RunSettings } from '../../../contract/entities.ts';
import type { EncodedExample, EncodedRow, RowOrder } from '../../batches.ts';
import { NumberFile, withFiles } from './binary.ts';
import type { ValidationRow } from './contents.ts';

/**
 * Rows and their order as files of numbers, which a training maps into memory and reads where it
 * needs them. `data.py` of the bundle reads them, and describes them for people.
 *
 * - `<name>.ids`: token ids of every text, one text after another.
 * - `<name>.examples`: four numbers of 8 bytes each: where the input begins among the ids, how many
 *   it has, the same of the target.
 * - `<name>.rows`: three numbers of 8 bytes each: the row's first example, which is that of its label;
 *   how many `explained` ones follow; and how many `rationales` after these.
 * - `order.rows`: of every row whose turn it is, its number, 4 bytes.
 * - `order.choices`: only where something is drawn; which of its rationales, or {@link SILENT}, 2 bytes.
 */

/** Stands for a rationale that is left out. */
export const SILENT = 0xffff;

/** What `recipe.json` says of the files of some rows. */
export interface RowsFacts {
  readonly rows: number;
  readonly examples: number;
  readonly ids: number;
  readonly bytesPerId: 2 | 4;
}

export interface OrderFacts {
  readonly draws: number;
  readonly choices: boolean;
  /** Whether a choice picks one rationale; else it only says which rows go without. */
  readonly sampled: boolean;
}

/** Where data goes, and how it is told. */
export interface DataPlace {
  readonly folder: string;
  readonly signal: AbortSignal;
  wrote(bytes: number): void;
}

/** Rows between two looks at the signal. */
const ROWS_AT_ONCE = 4_096;

/** Two bytes hold the ids of most vocabularies. */
export const bytesPerId = (vocabulary: number): 2 | 4 => (vocabulary <= 0x10000 ? 2 : 4);

/** Writes rows to train on. */
export function writeTrainRows(
  rows: readonly EncodedRow[],
  vocabulary: number,
  place: DataPlace,
): Promise<RowsFacts> {
  return writeRows('train', rows, vocabulary, place);
}

/** Writes rows to validate on: the accepted answers are the targets of as many examples. */
export function writeValidationRows(
  rows: readonly ValidationRow[],
  vocabulary: number,
  place: DataPlace,
): Promise<RowsFacts> {
  const nothing = new Int32Array();
  const asRows = rows.map(({ input, accepted: [gold = nothing, ...others] }): EncodedRow => {
    const explained = others.map((target) => ({ input: nothing, target }));
    return { label: { input, target: gold }, explained, rationales: [] };
  });
  return writeRows('validation', asRows, vocabulary, place);
}

/** Writes whose turn it is at every step. */
export async function writeOrder(
  order: RowOrder,
  settings: RunSettings,
  { folder, signal, wrote }: DataPlace,
): Promise<OrderFacts> {
  const draws = settings.steps * settings.accumulate * settings.batchSize;
  const sampled = settings.rationalesPerRow === 'sampled';
  const choices = sampled || settings.rationaleDropout > 0;
  const rows = await NumberFile.create(join(folder, 'order.rows'), 4, wrote);
  const drawn = choices
    ? { rows, choices: await NumberFile.create(join(folder, 'order.choices'), 2, wrote) }
    : { rows };
  await withFiles<string>(drawn, async () => {
    for (let done = 0; done < draws; done += ROWS_AT_ONCE) {
      await rest(signal);
      const next = order.take(Math.min(ROWS_AT_ONCE, draws - done));
      await rows.append(next.map(({ row }) => row));
      await drawn.choices?.append(next.map(({ choice, explains }) => (explains ? choice : SILENT)));
    }
  });
  return { draws, choices, sampled };
}

/** Bytes that rows take as files. */
export function bytesOfRows(rows: readonly EncodedRow[], vocabulary: number): number {
  const ids = rows.reduce((sum, row) => sum + idsIn(row), 0);
  const examples = rows.reduce((sum, row) => sum + examplesOf(row).length, 0);
  return ids * bytesPerId(vocabulary) + 32 * examples + 24 * rows.length;
}

async function writeRows(
  name: string,
  rows: readonly EncodedRow[],
  vocabulary: number,
  { folder, signal, wrote }: DataPlace,
): Promise<RowsFacts> {
  const width = bytesPerId(vocabulary);
  const file = (kind: string, bytes: 2 | 4 | 8): Promise<NumberFile> =>
    NumberFile.create(join(folder, `${name}.${kind}`), bytes, wrote);
  const files = {
    ids: await file('ids', width),
    examples: await file('examples', 8),
    rows: await file('rows', 8),
  };
  let [ids, examples] = [0, 0];
  await withFiles(files, async () => {
    for (const [index, row] of rows.entries()) {
      if (index % ROWS_AT_ONCE === 0) await rest(signal);
      await files.rows.append([examples, row.explained.length, row.rationales.length]);
      for (const { input, target } of examplesOf(row)) {
        await files.ids.append(input);
        await files.ids.append(target);
        await files.examples.append([ids, input.length, ids + input.length, target.length]);
        ids += input.length + target.length;
        examples += 1;
      }
    }
  });
  return { rows: rows.length, examples, ids, bytesPerId: width };
}

const examplesOf = ({ label, explained, rationales }: EncodedRow): EncodedExample[] => [
  label,
  ...explained,
  ...rationales,
];

const idsIn = (row: EncodedRow): number =>
  examplesOf(row).reduce((sum, { input, target }) => sum + input.length + target.length, 0);

async function rest(signal: AbortSignal): Promise<void> {
  await letMessagesIn();
  signal.throwIfAborted();
}
