import type {
  DataCard,
  DataExport,
  Dataset,
  Example,
  MappedRow,
  Part,
} from '../contract/entities.ts';
import type { Page, Window } from './page.ts';

/** An example with everything later stages read. */
export interface FullExample extends Example {
  recordedCompletion: string | null;
  recordedRationale: string | null;
  /** Values of the columns that were kept. */
  meta: Readonly<Record<string, string>> | null;
}

/** Names and settings of a data set about to be imported. */
export interface NewDataset {
  /** That of the job which imports it, so that the job can tell whether it came to its end; else made here. */
  id?: string;
  projectId: string;
  name: string;
  sourceName: string;
  sourceSha256: string;
  mapping: Dataset['mapping'];
  givenPart: Part | null;
  seed: number;
}

/**
 * A data set in the making. Its rows are in the file but in no answer of the store before
 * {@link finish}: an import that fails, is cancelled or is killed leaves nothing that is seen, and what
 * it left is removed by {@link abandon} or when the store is opened next.
 */
export interface DatasetWriter {
  readonly datasetId: string;
  /** Saves rows in a transaction of their own. @throws StudioError id-duplicate */
  add(rows: readonly MappedRow[]): void;
  /**
   * Shows all rows at once. `sourceSha256` is known only when the file was read to its end; the data
   * set's seed is drawn from it.
   */
  finish(card: DataCard, sourceSha256: string): Dataset;
  /** Removes at most `limit` rows; true once nothing is left. */
  abandon(limit: number): boolean;
}

/** What a newer version of a file changes in its data set. */
export interface DatasetChange {
  added: readonly MappedRow[];
  changed: readonly { exampleId: number; row: MappedRow; inputChanged: boolean }[];
  removed: readonly number[];
}

export interface DataRows {
  list(projectId: string): Dataset[];
  get(datasetId: string): Dataset;
  /**
   * Saves a dataset with all its rows in one transaction: all of them or none.
   * `rows` is read once, lazily.
   */
  create(input: NewDataset, rows: Iterable<MappedRow>): Dataset;
  /** Begins a data set that is written part by part. Only one is in the making at a time. */
  begin(input: NewDataset): DatasetWriter;
  /**
   * Makes a data set what a newer version of its file says, in one transaction: ids stay, answers
   * to a text that changed go, rows that a split uses are left as they are.
   */
  replace(
    datasetId: string,
    change: DatasetChange,
    now: Pick<Dataset, 'sourceName' | 'sourceSha256' | 'mapping' | 'givenPart'> & {
      card: DataCard;
    },
  ): Dataset;
  /**
   * Removes at most `limit` rows that an import left which never came to its end; true once nothing
   * is left. They are in no answer of the store either way.
   */
  sweep(limit: number): boolean;
  /** How many answers there are to a row; `recorded`: of those that came with the data. */
  answers(exampleId: number, which: 'all' | 'recorded'): number;
  remove(datasetId: string): void;
  /** Rows of one data set in import order, lazily, with whether a split uses each. */
  rowsOf(datasetId: string): IterableIterator<FullExample & { frozen: boolean }>;
  page(projectId: string, window: Window): Page<Example>;
  /** Files that rows were written into, the newest first. */
  exports(projectId: string): DataExport[];
  /** @throws StudioError not-found */
  dataExport(exportId: string): DataExport;
  /** `id` is the id of the job that wrote the file: each writes one. */
  saveExport(input: Omit<DataExport, 'createdAt'>): DataExport;
  /** @throws StudioError not-found */
  example(exampleId: number): FullExample;
  /** All examples of a project in import order, lazily, a page at a time. */
  examples(projectId: string): IterableIterator<FullExample>;
  count(projectId: string): { examples: number; withGold: number; recorded: number };
}
