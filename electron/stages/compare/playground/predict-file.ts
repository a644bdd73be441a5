import { existsSync, renameSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Id, ReadOptions, systemKey } from '../../../contract/entities.ts';
import type { Run } from '../../../contract/entities.ts';
import { StudioError } from '../../../contract/errors.ts';
import { composeInput, fileSlug } from '../../../core/text.ts';
import { syncFile, syncFolder } from '../../../model/files.ts';
import type { JobContext, JobDefinition } from '../../job.ts';
import { predictTaskFor } from '../../predict.ts';
import type { ThreadOptions, Threads } from '../../threads.ts';
import { AnswerLog, unasked } from './answer-log.ts';
import { answerColumns } from './columns.ts';
import { WorkFolder, keptRows, sweepWorkFolders } from './work-folder.ts';
import type { KeptRow, KeptTable } from './work-folder.ts';
import { writeAnsweredTask } from './write-task.ts';

export const PredictFileInput = z.strictObject({
  runIds: z.array(Id).min(1),
  path: z.string().min(1),
  /** The file's name as the person knows it; uploads lie under another one. */
  sourceName: z.string().min(1),
  read: ReadOptions.prefault({}),
  columns: z.array(z.string()).min(1),
  choices: z.string().nullable(),
  rationale: z.string().nullable(),
  format: z.enum(['csv', 'jsonl']),
});
export type PredictFileInput = z.infer<typeof PredictFileInput>;

/** Rows of a file as they are handed over, with the columns known so far. */
export interface FileRows {
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly values: readonly unknown[];
    /** Empty where there is nothing to ask. */
    readonly text: string;
    readonly choices: readonly string[] | null;
    readonly rationale: string | null;
  }[];
}

/** Reads a file in a thread; reading belongs to another stage, which lends it to this job. */
export type ReadFileRows = (
  threads: Threads,
  input: PredictFileInput,
  options: ThreadOptions<FileRows>,
) => Promise<KeptTable>;

/** Rows that one process answers at most: it holds their texts, and starts in a second. */
const mostRows = 20_000;
const mostCharacters = 16_000_000;

/** A student, in the state in which it answers. */
interface Answering {
  readonly run: Run;
  readonly folder: string;
  readonly answers: string;
}

/**
 * Answers every row of a file with students, into a file of the workspace that has the rows' own
 * columns and the students' answers. The rows are copied first; answers are appended as they come, so
 * that a job that was paused or killed decodes none of them again. The result is written beside its
 * place and renamed when it is whole; a file that is there is never written over.
 *
 * @param read reads the file
 * @throws StudioError as `read` does; not-found for a run without a checkpoint
 */
export function predictFileJob(read: ReadFileRows): JobDefinition<PredictFileInput> {
  return {
    kind: 'predict-file',
    input: PredictFileInput,
    // Each row has an answer of each student: shown as answers.
    unit: 'requests',
    lane: 'numeric',
    async run(context, input) {
      const { store, job, folders, signal } = context;
      const work = new WorkFolder(folders.dataExports, job.id);
      // Killed between the file's row and the job's own end, all is done.
      const isDone = store.resultFiles.predicted(job.projectId).some(({ id }) => id === job.id);
      if (!isDone) await answerFile(context, input, work, read);
      if (isDone || !signal.aborted || signal.reason === 'cancel') await work.remove();
    },
  };
}

async function answerFile(
  context: JobContext,
  input: PredictFileInput,
  work: WorkFolder,
  read: ReadFileRows,
): Promise<void> {
  const { store, job, folders, signal } = context;
  await mkdir(folders.dataExports, { recursive: true });
  await sweepWorkFolders(folders.dataExports, store.jobs.list(null));
  const table = (await work.table()) ?? (await keepRows(context, input, work, read));
  if (table === null) return;
  const students = input.runIds.map((runId) => studentOf(context, runId, work));
  const total = table.rows * students.length;
  let before = 0;
  for (const student of students) {
    await answerRows(context, student, work, (done) => {
      context.progress({ done: before + done, total, phase: 'working' });
    });
    if (signal.aborted) return;
    before += table.rows;
  }
  context.progress({ done: total, total, phase: 'saving' });
  const path = await writeResult(context, input, work, table, students);
  if (path === null) return;
  store.resultFiles.savePredicted({
    id: job.id,
    projectId: job.projectId,
    systems: students.map(({ run }) => systemKey.run(run.id)),
    format: input.format,
    path,
    rows: table.rows,
    bytes: statSync(path).size,
  });
  context.saved('compare');
}

/** Copies the file's rows. @returns null when it was stopped before it was read */
async function keepRows(
  context: JobContext,
  input: PredictFileInput,
  work: WorkFolder,
  read: ReadFileRows,
): Promise<KeptTable | null> {
  const { signal, threads } = context;
  const file = await work.begin();
  let rows = 0;
  try {
    const table = await read(threads, input, {
      signal,
      onBatch: async (batch) => {
        const lines = batch.rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        await file.appendFile(lines, 'utf8');
        rows += batch.rows.length;
        context.progress({ done: rows, total: null, phase: 'preparing' });
      },
    });
    await syncFile(work.rows);
    await work.saveTable(table);
    return table;
  } catch (caught) {
    if (!signal.aborted) throw caught;
    return null;
  } finally {
    await file.close();
  }
}

function studentOf({ store }: JobContext, runId: string, work: WorkFolder): Answering {
  const run = store.runs.get(runId);
  const best = store.runs.checkpoint(runId, 'best');
  if (best !== null) {
    return { run, folder: best.folder, answers: work.answers(runId, best.step) };
  }
  throw new StudioError(
    'not-found',
    `“${run.name}” has no checkpoint yet.`,
    'Let it train until its first validation, then ask it.',
  );
}

/** Lets a student answer the rows that it has not answered yet, a few thousand in each process. */
async function answerRows(
  context: JobContext,
  student: Answering,
  work: WorkFolder,
  report: (done: number) => void,
): Promise<void> {
  const log = new AnswerLog(student.answers);
  try {
    report(log.rows);
    for await (const rows of inChunks(keptRows(work.rows, log.rows))) {
      await answerChunk(context, student, rows, log, report);
      if (context.signal.aborted) return;
    }
  } finally {
    log.close();
  }
}

async function* inChunks(rows: AsyncIterable<KeptRow>): AsyncGenerator<KeptRow[]> {
  let [chunk, characters]: [KeptRow[], number] = [[], 0];
  for await (const row of rows) {
    chunk.push(row);
    characters += row.text.length;
    if (chunk.length < mostRows && characters < mostCharacters) continue;
    yield chunk;
    [chunk, characters] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}

async function answerChunk(
  context: JobContext,
  { run, folder }: Answering,
  rows: readonly KeptRow[],
  log: AnswerLog,
  report: (done: number) => void,
): Promise<void> {
  const asked = rows.flatMap((row, index) => (row.text === '' ? [] : [{ row, index }]));
  /** Rows of the chunk that are written down. */
  let written = 0;
  const skipTo = (index: number): void => {
    if (index > written) log.add(Array.from({ length: index - written }, () => unasked));
    written = Math.max(written, index);
  };
  if (asked.length > 0) {
    const inputs = asked.map(({ row }) => ({
      text: composeInput(row.text, row.choices),
      rationale: row.rationale,
    }));
    await context.runWorker(predictTaskFor(run, folder, inputs), (batch) => {
      if (batch.kind !== 'predict') return;
      for (const [at, answer] of batch.answers.entries()) {
        skipTo(asked[batch.offset + at]?.index ?? written);
        const { label, rationale, confidence } = answer;
        log.add([{ label: label === '' ? null : label, confidence, rationale }]);
        written += 1;
      }
      report(log.rows);
    });
    if (context.signal.aborted) return;
  }
  skipTo(rows.length);
  report(log.rows);
}

/** Writes the result and renames it. @returns its path; null when it was stopped before */
async function writeResult(
  { threads, signal, folders }: JobContext,
  input: PredictFileInput,
  work: WorkFolder,
  table: KeptTable,
  students: readonly Answering[],
): Promise<string | null> {
  const chosen = await work.target();
  // Killed between the renaming and the file's row, it is there and only not known.
  if (chosen !== null && existsSync(chosen) && !existsSync(work.result)) return chosen;
  const columns = answerColumns(
    table.columns,
    students.map(({ run }) => run),
  );
  try {
    await threads.run(
      writeAnsweredTask,
      {
        ...{ rows: work.rows, columns: table.columns, format: input.format, path: work.result },
        students: students.flatMap(({ answers }, index) => {
          const own = columns[index];
          return own === undefined ? [] : [{ answers, columns: own }];
        }),
      },
      { signal },
    );
  } catch (caught) {
    if (!signal.aborted) throw caught;
    return null;
  }
  const path = await reserveName(folders.dataExports, input, work);
  renameSync(work.result, path);
  await syncFolder(folders.dataExports);
  return path;
}

/** Keeps where the result goes before it goes there. The last look for a file is in the same turn. */
async function reserveName(
  folder: string,
  input: PredictFileInput,
  work: WorkFolder,
): Promise<string> {
  for (;;) {
    const path = freeName(folder, input);
    await work.saveTarget(path);
    if (!existsSync(path)) return path;
  }
}

/** A name that no file has: that of the source, with what was done to it. */
function freeName(folder: string, { sourceName, format }: PredictFileInput): string {
  const base = `${fileSlug(sourceName.replace(/\.[^.]*$/u, ''), 'rows')}-answered`;
  for (let n = 1; ; n++) {
    const path = join(folder, `${base}${n === 1 ? '' : `-${n}`}.${format}`);
    if (!existsSync(path)) return path;
  }
}
