import { rmSync } from 'node:fs';
import type { DataExportFormat, Part } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { syncFile } from '../../model/files.ts';
import { openReader } from '../../store/open.ts';
import type { RowsSeen, Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import { toRecord } from './record.ts';
import { openWriter } from './writers.ts';

export interface WriteInput {
  /** The store's file. */
  readonly database: string;
  readonly seen: RowsSeen;
  readonly part: Part | null;
  readonly format: DataExportFormat;
  readonly answerPhrase: string;
  /** The file to write, which is not there yet. */
  readonly path: string;
}

/** Rows between two reports of progress. */
const reported = 5_000;

/** Rows gone through, and rows there are. */
export interface Written {
  readonly done: number;
  readonly total: number;
}

/**
 * Writes the rows of a table into a file, in a thread, and waits until they are on the disk. Of an
 * export that fails nothing is left; one whose thread is ended leaves what it has written so far.
 * @throws StudioError rows-missing when there is nothing to write; job-conflict while rows can't be
 *   found by their words
 */
export const writeRowsTask: ThreadTask<WriteInput, Written, { rows: number }> = {
  name: 'data-export.write',
  async run(input, emit) {
    const { seen, format, answerPhrase, path } = input;
    const context = { answers: seen.extractionId !== null, part: input.part };
    const store = openReader(input.database);
    try {
      const total = countRows(store, seen);
      await emit({ done: 0, total });
      const writer = await openWriter(format, path, { answerPhrase });
      let rows: number;
      try {
        let done = 0;
        for (const row of store.reviews.rows(seen)) {
          writer.add(toRecord(row, context));
          done += 1;
          if (done % reported === 0) await emit({ done, total });
        }
        rows = writer.finish();
      } finally {
        writer.close();
      }
      if (rows === 0) throw nothingToWrite();
      await syncFile(path);
      return { rows };
    } catch (caught) {
      rmSync(path, { force: true });
      throw caught;
    } finally {
      store.close();
    }
  },
};

function countRows(store: Store, seen: RowsSeen): number {
  const { total, searchReady } = store.reviews.page(seen, { offset: 0, limit: 1 });
  if (seen.query.text.trim() !== '' && !searchReady) {
    throw new StudioError(
      'job-conflict',
      'Rows that were saved just now are not yet found by their words.',
      'Try again in some seconds, or export without the words you search for.',
    );
  }
  if (total === 0) throw nothingToWrite();
  return total;
}

function nothingToWrite(): StudioError {
  return new StudioError(
    'rows-missing',
    'There is no row to write.',
    'Change the filter; for chat fine-tuning, rows need an answer that was not rejected.',
  );
}
