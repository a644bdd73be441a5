import { existsSync, renameSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DataExportFormat, RowQuery } from '../../contract/entities.ts';
import { fileSlug } from '../../core/text.ts';
import { hashFile, syncFolder } from '../../model/files.ts';
import type { RowsSeen, Store } from '../../store/store.ts';
import { packTemplate, suggestedPack } from '../../teacher/packs/index.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { writeRowsTask } from './task.ts';

const DataExportInput = z.strictObject({
  projectId: z.string(),
  extractionId: z.string().nullable(),
  query: RowQuery,
  format: DataExportFormat,
});
type DataExportInput = z.infer<typeof DataExportInput>;

const endings: Record<DataExportFormat, string> = {
  jsonl: '.jsonl',
  parquet: '.parquet',
  chat: '-chat.jsonl',
  csv: '.csv',
};

/**
 * Writes the rows that a filter shows into a file of the workspace, in their order. The file is
 * written under another name and renamed when it is whole and on the disk; one that is there is never
 * written over. Stopped or killed, it leaves nothing, and begins anew.
 */
export const dataExportJob: JobDefinition<DataExportInput> = {
  kind: 'data-export',
  input: DataExportInput,
  unit: 'rows',
  lane: 'threads',
  async run(context, input) {
    const { store, job, folders, signal } = context;
    const { projectId, extractionId, query, format } = input;
    // Killed between the file's row and the job's own end, all is done.
    if (store.data.exports(projectId).some((file) => file.id === job.id)) return;
    const seen: RowsSeen = { projectId, extractionId, query };
    context.progress({ done: 0, total: null, phase: 'preparing' });
    const folder = folders.dataExports;
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${job.id}.part-${process.pid}`);
    await rm(temporary, { force: true });
    try {
      const { rows } = await context.threads.run(
        writeRowsTask,
        {
          ...{ database: folders.database, seen, format, path: temporary },
          answerPhrase: answerPhraseOf(store, projectId, extractionId),
          part: query.split?.part ?? null,
        },
        {
          signal,
          onBatch: (done) => context.progress({ ...done, phase: 'working' }),
        },
      );
      if (signal.aborted) return;
      const path = await publish(context, input, temporary);
      const { size: bytes } = await stat(path);
      store.data.saveExport({ id: job.id, projectId, format, path, rows, bytes });
      context.saved('data');
    } catch (caught) {
      if (!signal.aborted) throw caught;
    } finally {
      await rm(temporary, { force: true });
    }
  },
};

/** The phrase before the answer: of the template that asked, else the newest one, else the built-in. */
function answerPhraseOf(store: Store, projectId: string, extractionId: string | null): string {
  const templateId = extractionId && store.extractions.get(extractionId).templateId;
  if (templateId) return store.teachers.template(templateId).answerPhrase;
  const newest = store.teachers.templates(projectId).at(-1);
  if (newest) return newest.answerPhrase;
  const project = store.projects.get(projectId);
  return packTemplate(suggestedPack(project, 'en'), project).answerPhrase;
}

/** Renames the file into a free name. The search for one and the renaming are one turn of main. */
async function publish(
  { store, folders }: JobContext,
  { projectId, query, format }: DataExportInput,
  temporary: string,
): Promise<string> {
  const project = fileSlug(store.projects.get(projectId).name, 'rows');
  const base = [project, ...(query.split ? [query.split.part] : [])].join('-');
  const name = (n: number): string =>
    join(folders.dataExports, `${base}${n === 1 ? '' : `-${n}`}${endings[format]}`);
  const known = new Set(store.data.exports(projectId).map((file) => file.path));
  let n = 1;
  for (; existsSync(name(n)); n++) {
    // Killed between the last renaming and the file's row, it is there and only not known.
    if (!known.has(name(n)) && (await isSame(temporary, name(n)))) return name(n);
  }
  while (existsSync(name(n))) n += 1;
  renameSync(temporary, name(n));
  await syncFolder(folders.dataExports);
  return name(n);
}

async function isSame(a: string, b: string): Promise<boolean> {
  if ((await stat(a)).size !== (await stat(b)).size) return false;
  return (await hashFile(a)) === (await hashFile(b));
}
