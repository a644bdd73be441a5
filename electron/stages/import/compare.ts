import type { DatasetDifference, MappedRow } from '../../contract/entities.ts';
import type { Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import type { RowChange } from './difference.ts';
import { DatasetMatcher } from './difference.ts';
import type { ImportTaskInput } from './import-task.ts';
import { readRows, withStore } from './import-task.ts';

const SHOWN = 100;
/** Characters of a text that are shown. */
const SHOWN_CHARACTERS = 300;

export type CompareInput = ImportTaskInput & { readonly datasetId: string };

/**
 * How a newer version of a file differs from the data set that an earlier one became. Nothing is
 * changed.
 *
 * @throws StudioError as the import of that file
 */
export const compareTask: ThreadTask<CompareInput, never, DatasetDifference> = {
  name: 'import.compare',
  run: (input) =>
    withStore(input.database, async (store) => {
      const { datasetId, mapping, givenPart, options } = input;
      const matcher = new DatasetMatcher(store, datasetId, mapping, givenPart);
      const difference = new DifferenceCounter(store);
      await readRows(store, input, datasetId, (rows) => {
        for (const row of rows) difference.add(matcher.match(row));
        return Promise.resolve();
      });
      const { rest, removed } = matcher.finish();
      for (const change of rest) difference.add(change);
      for (const row of removed) difference.miss(row, options.removeMissing);
      return difference.counted(matcher.same);
    }),
};

class DifferenceCounter {
  readonly #store: Store;
  readonly #counts = {
    ...{ added: 0, inputChanged: 0, labelChanged: 0, removed: 0 },
    ...{ frozen: 0, answersDropped: 0 },
  };
  readonly #shown: DatasetDifference['shown'] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  add(change: RowChange | null): void {
    if (change === null) return;
    if (change.kind === 'added') {
      this.#counts.added += 1;
      const { externalId } = change.row;
      this.#show({ kind: 'added', externalId, before: null, after: textOf(change.row) }, false);
      return;
    }
    const { kind, exampleId, row, frozen } = change;
    const isInput = kind === 'input-changed';
    this.#counts[isInput ? 'inputChanged' : 'labelChanged'] += 1;
    this.#countFrozen(frozen, exampleId, isInput ? 'all' : this.#recordedOrNone(exampleId, row));
    if (this.#shown.length >= SHOWN) return;
    const before = this.#store.data.example(exampleId);
    const told = isInput
      ? { before: textOf(before), after: textOf(row) }
      : { before: labelOf(before.gold, before.givenPart), after: labelOf(row.gold, row.part) };
    this.#show({ kind, externalId: before.externalId, ...told }, frozen);
  }

  /** Counts a row that the newer file lacks; its answers go only if it does. */
  miss({ exampleId, frozen }: { exampleId: number; frozen: boolean }, goes: boolean): void {
    this.#counts.removed += 1;
    if (goes) this.#countFrozen(frozen, exampleId, 'all');
    if (this.#shown.length >= SHOWN) return;
    const before = this.#store.data.example(exampleId);
    const { externalId } = before;
    this.#show({ kind: 'removed', externalId, before: textOf(before), after: null }, frozen);
  }

  counted(same: number): DatasetDifference {
    return { same, ...this.#counts, shown: this.#shown };
  }

  /** What came recorded with a row is another answer when the row says something else. */
  #recordedOrNone(exampleId: number, row: MappedRow): 'recorded' | null {
    const { recordedCompletion, recordedRationale, gold } = this.#store.data.example(exampleId);
    const isOther =
      recordedCompletion !== row.completion ||
      recordedRationale !== row.rationale ||
      (row.completion === null && gold !== row.gold);
    return isOther ? 'recorded' : null;
  }

  #countFrozen(frozen: boolean, exampleId: number, dropped: 'all' | 'recorded' | null): void {
    if (frozen) this.#counts.frozen += 1;
    else if (dropped !== null) {
      this.#counts.answersDropped += this.#store.data.answers(exampleId, dropped);
    }
  }

  #show(row: Omit<DatasetDifference['shown'][number], 'frozen'>, frozen: boolean): void {
    if (this.#shown.length < SHOWN) this.#shown.push({ ...row, frozen });
  }
}

const clipped = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1).toWellFormed()}…` : text;

const textOf = ({ input, choices }: Pick<MappedRow, 'input' | 'choices'>): string =>
  clipped([input, ...(choices ?? [])].join('\n'));

const labelOf = (gold: string | null, part: string | null): string | null => {
  const said = [gold, part].filter((word) => word !== null);
  return said.length === 0 ? null : clipped(said.join(' · '));
};
