import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { ColumnMapping, ImportOptions, Part } from '../../contract/entities.ts';
import type { MappedRow } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import type { DatasetWriter, Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import type { ImportTaskInput, ReadSoFar } from './import-task.ts';
import { importTask, replaceTask } from './import-task.ts';
import { unpackRows } from './packed.ts';

/** Rows removed in one turn of the event loop: some 10 ms. */
const SWEPT = 1_000;

export const ImportInput = z.strictObject({
  path: z.string().min(1),
  /** The file's name as the person knows it; uploads lie under another one. */
  sourceName: z.string().min(1),
  /** Name of the data set; null for the file's name without its extension. */
  name: z.string().min(1).nullable(),
  mapping: ColumnMapping,
  /** Set when the whole file is one part of a given split. */
  givenPart: Part.nullable(),
  options: ImportOptions.prefault({}),
});
export type ImportInput = z.infer<typeof ImportInput>;

/**
 * Imports a file into the job's project. A thread reads, maps and checks the rows; here they are
 * saved as they come, into a data set that nobody sees before the whole file was found good. A
 * failure, a stop or a kill before that leaves the project as it was.
 *
 * @throws StudioError as {@link importTask}
 */
export const importJob: JobDefinition<ImportInput> = {
  kind: 'import',
  input: ImportInput,
  unit: 'rows',
  lane: 'disk',
  async run(context, input) {
    try {
      await sweepUnfinished(context.store);
      const { replaces } = input.options;
      // Run again after its end was lost, a replacement finds nothing that changed.
      if (replaces !== null) await replaceDataset(context, input, replaces);
      else if (!isImported(context)) await addDataset(context, input);
    } catch (caught) {
      if (!context.signal.aborted) throw caught;
      context.log.info({ file: input.sourceName }, 'import stopped before anything was saved');
    }
  },
};

/**
 * Removes what imports left that never came to their end, a little in each turn of the event loop.
 * @param goesOn asked before each turn; false ends it early, and the next import goes on with it
 */
export async function sweepUnfinished(
  store: Store,
  goesOn: () => boolean = () => true,
): Promise<void> {
  while (goesOn() && !store.data.sweep(SWEPT)) await setImmediate();
}

async function addDataset(context: JobContext, input: ImportInput): Promise<void> {
  const { store, job, signal, threads } = context;
  const { mapping, givenPart, sourceName } = input;
  const writer = store.data.begin({
    ...{ id: job.id, projectId: job.projectId },
    name: nameOf(input),
    ...{ sourceName, sourceSha256: '', mapping, givenPart, seed: 0 },
  });
  try {
    let saved = 0;
    const { card, sha256 } = await threads.run(importTask, taskInput(context, input), {
      signal,
      onBatch: async ({ add, ...soFar }) => {
        signal.throwIfAborted();
        if (add !== null) writer.add(unpackRows(add));
        saved += add?.count ?? 0;
        report(context, soFar);
        // Messages that wait are otherwise taken one after another, with nothing else in between.
        await setImmediate();
      },
    });
    signal.throwIfAborted(); // the last moment to stop
    context.progress({ done: card.read, total: card.read, phase: 'saving' });
    const dataset = writer.finish(card, sha256);
    context.saved('data');
    context.log.info({ dataset: dataset.id, rows: saved }, 'file imported');
  } catch (caught) {
    await abandon(context, writer);
    throw caught;
  }
}

/** A data set as it is can be read and changed by nobody else meanwhile: its change is one transaction. */
async function replaceDataset(
  context: JobContext,
  input: ImportInput,
  datasetId: string,
): Promise<void> {
  const { store, signal, threads } = context;
  const { sourceName, mapping, givenPart } = input;
  refuseBesideAnswers(context);
  const added: MappedRow[] = [];
  const changed: { exampleId: number; row: MappedRow; inputChanged: boolean }[] = [];
  const removed: number[] = [];
  const task = { ...taskInput(context, input), datasetId };
  const { card, sha256 } = await threads.run(replaceTask, task, {
    signal,
    onBatch: async (batch) => {
      signal.throwIfAborted();
      // The last batch may hold all rows there are, too many for the arguments of one call.
      for (const row of batch.added) added.push(row);
      for (const change of batch.changed) changed.push(change);
      for (const exampleId of batch.removed) removed.push(exampleId);
      report(context, batch);
      await setImmediate();
    },
  });
  context.progress({ done: card.read, total: card.read, phase: 'saving' });
  await setImmediate();
  signal.throwIfAborted(); // the last moment to stop
  refuseBesideAnswers(context); // one may have begun while the file was read
  const now = { sourceName, sourceSha256: sha256, mapping, givenPart, card };
  store.data.replace(datasetId, { added, changed, removed }, now);
  context.saved('data');
  const counts = { added: added.length, changed: changed.length, removed: removed.length };
  context.log.info({ dataset: datasetId, ...counts }, 'data set replaced');
}

/** Kinds of jobs that save what they found out about rows as these were when they were read. */
const aboutRows: ReadonlySet<JobRecord['kind']> = new Set(['extract', 'check']);

/**
 * Refuses to change rows while answers to them, or flags of these, are still to be saved: they would
 * be kept as if they were about the new texts.
 * @throws StudioError job-conflict
 */
function refuseBesideAnswers({ store, job }: JobContext): void {
  const busy = store.jobs
    .list(job.projectId)
    .find(({ kind, state }) => aboutRows.has(kind) && (state === 'running' || state === 'queued'));
  if (busy === undefined) return;
  throw new StudioError(
    'job-conflict',
    `Rows can't be changed while “${busy.title}” is ${busy.state}.`,
    'Wait until it ends, or pause it, then start this import again. Nothing was changed.',
  );
}

/** How many rows there will be is reckoned from the bytes that were read of the file. */
function report({ progress }: JobContext, { rows, bytes, bytesRead }: ReadSoFar): void {
  const total = bytesRead === 0 ? null : Math.max(rows, Math.round((rows * bytes) / bytesRead));
  progress({ done: rows, total, phase: 'working' });
}

const taskInput = ({ store, job }: JobContext, input: ImportInput): ImportTaskInput => ({
  file: { path: input.path, name: input.sourceName },
  database: store.path,
  projectId: job.projectId,
  mapping: input.mapping,
  givenPart: input.givenPart,
  options: input.options,
});

const nameOf = ({ name, sourceName }: ImportInput): string =>
  name ?? (sourceName.replace(/(?:\.[a-z0-9]+)?\.(?:gz|zip)$|\.[^.]+$/i, '') || sourceName);

/** What can't be removed now is removed before the next import. */
async function abandon({ signal, log }: JobContext, writer: DatasetWriter): Promise<void> {
  try {
    while (!writer.abandon(SWEPT) && signal.reason !== 'shutdown') await setImmediate();
  } catch (error) {
    log.warn({ error: String(error) }, 'rows of an unfinished import could not be removed yet');
  }
}

/**
 * Whether this very job has saved its rows already: it was interrupted after its end and before that
 * was written down, and must not import the file twice.
 */
const isImported = ({ store, job }: JobContext): boolean =>
  store.data.list(job.projectId).some(({ id }) => id === job.id);
