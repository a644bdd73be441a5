import { existsSync, renameSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Comparing, Language } from '../../../contract/entities.ts';
import { fileSlug } from '../../../core/text.ts';
import { syncFolder } from '../../../model/files.ts';
import type { JobDefinition } from '../../job.ts';
import { countLook } from '../looks.ts';
import type { WriteReport } from './task.ts';

const ReportInput = z.strictObject({
  comparing: Comparing,
  title: z.string().min(1),
  language: Language,
  examples: z.number().int().nonnegative().max(100),
  /** Where both files are to be; null for the workspace's `reports/`. */
  folder: z.string().nullable(),
});
export type ReportInput = z.infer<typeof ReportInput>;

/** Where reports of a workspace are, unless another folder was chosen. */
export const reportsFolder = (workspace: string): string => join(workspace, 'reports');

/**
 * Writes a comparison down: one HTML file that opens anywhere, and the same facts as JSON. Both are
 * written under other names and renamed when they are whole and on the disk; files that are there are
 * never written over. Stopped or killed, it leaves nothing, and begins anew. On the test part it is a
 * look at its scores.
 *
 * @param write gathers and writes in a thread, with what other stages work out
 */
export const reportJob = (write: WriteReport): JobDefinition<ReportInput> => ({
  kind: 'report',
  input: ReportInput,
  unit: 'steps',
  lane: 'threads',
  async run(context, input) {
    const { store, job, folders, signal } = context;
    const { comparing, title, language, examples } = input;
    // Killed between the row and the job's own end, all is done.
    if (store.resultFiles.reports(comparing.projectId).some(({ id }) => id === job.id)) return;
    context.progress({ done: 0, total: null, phase: 'preparing' });
    const folder = input.folder ?? reportsFolder(folders.workspace);
    await mkdir(folder, { recursive: true });
    const unfinished = {
      html: join(folder, `${job.id}-html.part-${process.pid}`),
      json: join(folder, `${job.id}-json.part-${process.pid}`),
    };
    try {
      // Counted first, so that the report tells its own look, too.
      countLook(store, comparing);
      const createdAt = new Date().toISOString();
      await context.threads.run(
        write,
        {
          database: folders.database,
          request: { comparing, title, language, examples, createdAt },
          ...unfinished,
        },
        { signal, onBatch: (done) => context.progress({ ...done, phase: 'working' }) },
      );
      if (signal.aborted) return;
      const files = await publish(folder, fileSlug(title, 'report'), unfinished);
      const { projectId, splitId, part, systems } = comparing;
      store.resultFiles.saveReport({
        ...{ id: job.id, projectId, splitId, part, systems, language, title },
        html: await fileOf(files.html),
        json: await fileOf(files.json),
      });
      context.saved('compare');
    } catch (caught) {
      if (!signal.aborted) throw caught;
    } finally {
      for (const path of Object.values(unfinished)) await rm(path, { force: true });
    }
  },
});

interface Files {
  readonly html: string;
  readonly json: string;
}

/** Renames both into names that are free for both. The search and the renaming are one turn of main. */
async function publish(folder: string, base: string, unfinished: Files): Promise<Files> {
  const named = (n: number): Files => {
    const name = join(folder, `${base}${n === 1 ? '' : `-${n}`}`);
    return { html: `${name}.html`, json: `${name}.json` };
  };
  let n = 1;
  while (Object.values(named(n)).some((path) => existsSync(path))) n += 1;
  const files = named(n);
  renameSync(unfinished.json, files.json);
  renameSync(unfinished.html, files.html);
  await syncFolder(folder);
  return files;
}

const fileOf = async (path: string): Promise<{ path: string; bytes: number }> => ({
  path,
  bytes: (await stat(path)).size,
});
