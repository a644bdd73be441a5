import type {
  ColumnMapping,
  DataCard,
  ImportOptions,
  MappedRow,
  Part,
} from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { DatasetChange, Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import { CardMaker } from './card.ts';
import { DatasetMatcher } from './difference.ts';
import { Duplicates } from './duplicates.ts';
import { RowMapper } from './mapping.ts';
import type { PackedRows } from './packed.ts';
import { packRows } from './packed.ts';
import type { OpenTable, SourceFile } from './read/index.ts';
import type { Source } from './reading.ts';
import { columnsOf, mappedBatches, unitOf, withTable } from './reading.ts';

export interface ImportTaskInput {
  readonly file: SourceFile;
  /** Path of the store, which is read through a connection of this task's own. */
  readonly database: string;
  readonly projectId: string;
  readonly mapping: ColumnMapping;
  readonly givenPart: Part | null;
  readonly options: ImportOptions;
}

/** How far the file has been read. */
export interface ReadSoFar {
  readonly rows: number;
  readonly bytes: number;
  readonly bytesRead: number;
}

export interface ImportBatch extends ReadSoFar {
  /** Rows to be saved; none once something was found that stops the import. */
  readonly add: PackedRows | null;
}

export interface ImportResult {
  readonly card: DataCard;
  readonly sha256: string;
}

/**
 * Reads a file to its end, maps, checks and counts its rows, and hands over those that are to be
 * saved.
 *
 * @throws StudioError as {@link inspectTask}; also column-missing, rows-invalid and id-duplicate
 */
export const importTask: ThreadTask<ImportTaskInput, ImportBatch, ImportResult> = {
  name: 'import.rows',
  run: (input, emit) =>
    withStore(input.database, async (store) => {
      let waiting: MappedRow[] = [];
      let last: ReadSoFar = { rows: 0, bytes: 0, bytesRead: 0 };
      const hand = async (): Promise<void> => {
        const add = waiting.length === 0 ? null : packRows(waiting);
        waiting = [];
        await emit({ ...last, add });
      };
      const result = await readRows(store, input, null, async (rows, soFar) => {
        last = soFar;
        for (const row of rows) waiting.push(row);
        if (isEnough(waiting) || rows.length === 0) await hand();
      });
      await hand();
      return result;
    }),
};

/** Rows that are saved in one transaction: main does that in some 10 ms. */
const ROWS_AT_ONCE = 1_500;
/** The same in characters, where rows are long. */
const CHARACTERS_AT_ONCE = 1_000_000;

function isEnough(rows: readonly MappedRow[]): boolean {
  if (rows.length >= ROWS_AT_ONCE) return true;
  let characters = 0;
  for (const { input, completion, rationale } of rows) {
    characters += input.length + (completion?.length ?? 0) + (rationale?.length ?? 0);
  }
  return characters >= CHARACTERS_AT_ONCE;
}

/** What a newer version of a file changes, in parts. */
export type ChangeBatch = ReadSoFar & DatasetChange;

/** The same for a newer version of a file that was imported: hands over what it changes. */
export const replaceTask: ThreadTask<
  ImportTaskInput & { readonly datasetId: string },
  ChangeBatch,
  ImportResult
> = {
  name: 'import.changes',
  run: (input, emit) =>
    withStore(input.database, async (store) => {
      const { datasetId, mapping, options } = input;
      const matcher = new DatasetMatcher(store, datasetId, mapping, input.givenPart);
      let last: ReadSoFar = { rows: 0, bytes: 0, bytesRead: 0 };
      const result = await readRows(store, input, datasetId, async (rows, soFar) => {
        last = soFar;
        const changes = rows.flatMap((row) => matcher.match(row) ?? []);
        await emit({ ...soFar, ...changeOf(changes), removed: [] });
      });
      const { rest, removed } = matcher.finish();
      const gone = options.removeMissing ? removed.filter(({ frozen }) => !frozen) : [];
      await emit({
        ...last,
        ...changeOf(rest),
        removed: gone.map(({ exampleId }) => exampleId),
      });
      return result;
    }),
};

type RowChange = NonNullable<ReturnType<DatasetMatcher['match']>>;

/** Rows that a split uses stay as they are. */
function changeOf(changes: readonly RowChange[]): Pick<DatasetChange, 'added' | 'changed'> {
  return {
    added: changes.flatMap((change) => (change.kind === 'added' ? [change.row] : [])),
    changed: changes.flatMap((change) =>
      change.kind === 'added' || change.frozen
        ? []
        : [
            {
              exampleId: change.exampleId,
              row: change.row,
              inputChanged: change.kind === 'input-changed',
            },
          ],
    ),
  };
}

/** Opens the store for reading, and closes it whatever becomes of the work. */
export async function withStore<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openReader(path);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** @param besides a data set whose rows are not among those that count as there already */
export async function readRows(
  store: Store,
  input: ImportTaskInput,
  besides: string | null,
  take: (rows: readonly MappedRow[], soFar: ReadSoFar) => Promise<void>,
): Promise<ImportResult> {
  const { file, mapping, givenPart, options } = input;
  const target = store.projects.get(input.projectId);
  const source: Source = { file, read: options.read, mapping, target };
  return withTable(file, options.read, async (table) => {
    const mapper = new RowMapper(columnsOf(file, table), mapping, target);
    const duplicates = new Duplicates(options.dedupe);
    for (const row of store.data.examples(input.projectId)) {
      if (row.datasetId !== besides) duplicates.known(row);
    }
    const card = new CardMaker(givenPart);
    const stops = options.invalidRows === 'stop';
    let read = 0;
    for await (const batch of mappedBatches(source, table, mapper)) {
      read += batch.length;
      const fails = stops && !mapper.problems.none;
      const rows: MappedRow[] = [];
      for (const { row, valid } of fails ? [] : batch) {
        if (!valid || !duplicates.keeps(row)) continue;
        card.add(row);
        rows.push(row);
      }
      await take(rows, soFar(table, read));
    }
    if (stops && !mapper.problems.none) throw mapper.problems.toError(file.name, unitOf(table));
    const sha256 = await table.sha256();
    // The card loads tables of its own.
    duplicates.forget();
    return { card: await card.finish(read, mapper.problems, duplicates), sha256 };
  });
}

const soFar = ({ bytes, bytesRead }: OpenTable, rows: number): ReadSoFar => ({
  rows,
  bytes,
  bytesRead,
});
