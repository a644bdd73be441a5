import { rmSync } from 'node:fs';
import type { DataExportFormat, Part } from '../../contract/entities.ts';
import { syncFile } from '../../model/files.ts';
import { openReader } from '../../store/open.ts';
import type { RowsSeen } from '../../store/store.ts';
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

/** Writes the rows of a table into a file, in a thread: each report says how many were gone through. */
export const writeRowsTask: ThreadTask<WriteInput, number, { rows: number }> = {
  name: 'data-export.write',
  async run(input, emit) {
    const { seen, format, answerPhrase, path } = input;
    const context = { answers: seen.extractionId !== null, part: input.part };
    const store = openReader(input.database);
    try {
      const writer = await openWriter(format, path, { answerPhrase });
      let rows: number;
      try {
        let done = 0;
        for (const row of store.reviews.rows(seen)) {
          writer.add(toRecord(row, context));
          done += 1;
          if (done % reported === 0) await emit(done);
        }
        rows = writer.finish();
      } finally {
        writer.close();
      }
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
