import { rmSync } from 'node:fs';
import { writeSynced } from '../../../model/files.ts';
import { openReader } from '../../../store/open.ts';
import type { ThreadTask } from '../../threads.ts';
import { gatherFacts, gatheringSteps } from './facts/index.ts';
import type { OtherStages, ReportRequest } from './facts/index.ts';
import { ReportFacts } from './facts/schema.ts';
import { renderReport, sectionCount } from './html/page.ts';

export interface WriteReportInput {
  /** The store's file. */
  readonly database: string;
  readonly request: ReportRequest;
  /** The files to write, which are not there yet. */
  readonly html: string;
  readonly json: string;
}

/** Steps done, and steps there are. */
export interface ReportProgress {
  readonly done: number;
  readonly total: number;
}

export type WriteReport = ThreadTask<WriteReportInput, ReportProgress, Record<string, never>>;

/** Gathering, each section of the page, and writing both files. */
const total = gatheringSteps + sectionCount + 1;

/**
 * Writes a report into two files, in a thread, and waits until they are on the disk. Of a report that
 * fails nothing is left; one whose thread is ended leaves what it has written so far.
 *
 * @throws StudioError not-found as {@link gatherFacts}
 */
export const writeReportTask = (stages: OtherStages): WriteReport => ({
  name: 'report.write',
  async run({ database, request, html, json }, emit) {
    const store = openReader(database);
    try {
      await emit({ done: 0, total });
      const gathered = await gatherFacts(store, request, stages, (done) => emit({ done, total }));
      // What others read has to be what the format says, and so has what the page is made from.
      const facts = ReportFacts.parse(gathered);
      const page = await renderReport(facts, (done) =>
        emit({ done: gatheringSteps + done, total }),
      );
      await writeSynced(html, page);
      await writeSynced(json, `${JSON.stringify(facts, null, 1)}\n`);
      await emit({ done: total, total });
      return {};
    } catch (caught) {
      for (const path of [html, json]) rmSync(path, { force: true });
      throw caught;
    } finally {
      store.close();
    }
  },
});
