import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ColumnMapping, Project } from '../../../electron/contract/entities.ts';
import { ImportOptions } from '../../../electron/contract/entities.ts';
import type { ImportInput } from '../../../electron/stages/import/index.ts';
import { importJob } from '../../../electron/stages/import/index.ts';
import type { JobContext, JobReport } from '../../../electron/stages/job.ts';
import type { Threads } from '../../../electron/stages/threads.ts';
import type { Store } from '../../../electron/store/store.ts';
import { noColumns } from './support.ts';

/** Tasks done right here: what a thread does is the same, and its pool has tests of its own. */
export const hereThreads: Threads = {
  run: (task, input, { onBatch } = {}) =>
    task.run(input, async (batch) => {
      await onBatch?.(batch);
    }),
};

export interface Ran {
  progress: JobReport[];
  saved: string[];
}

export interface RunOptions {
  input?: Partial<Omit<ImportInput, 'options'>>;
  options?: Partial<ImportOptions>;
  /** A job of its own where none is named. */
  jobId?: string;
  controller?: AbortController;
  onProgress?: (report: JobReport) => void;
  threads?: Threads;
}

/** Runs an import as the registry does. */
export async function runImport(
  store: Store,
  project: Project,
  path: string,
  mapping: Partial<ColumnMapping>,
  more: RunOptions = {},
): Promise<Ran> {
  const ran: Ran = { progress: [], saved: [] };
  const refuse = (): never => {
    throw new Error('an import asks for no worker, key or folder');
  };
  const context: JobContext = {
    job: {
      ...{
        id: more.jobId ?? randomUUID(),
        projectId: project.id,
        kind: 'import',
        subjectId: null,
        title: 'Import',
      },
      progress: {
        ...{ done: 0, total: null, unit: 'rows', phase: 'preparing' },
        ...{ rate: null, secondsLeft: null },
      },
      ...{ state: 'running', error: null, place: null, seq: 1, startedAt: null, endedAt: null },
      createdAt: '2020-01-01T00:00:00.000Z',
    },
    store,
    signal: (more.controller ?? new AbortController()).signal,
    folders: {
      ...{ workspace: '', database: store.path, searchIndex: '', dataExports: '' },
      ...{ run: refuse, exports: '', incoming: '' },
    },
    threads: more.threads ?? hereThreads,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    progress: (report) => {
      ran.progress.push(report);
      more.onProgress?.(report);
    },
    saved: (area) => ran.saved.push(area),
    runWorker: refuse,
    teacherKey: refuse,
  };
  const input = importJob.input.parse({
    path,
    sourceName: basename(path),
    name: null,
    mapping: { ...noColumns, ...mapping },
    givenPart: null,
    options: ImportOptions.parse(more.options ?? {}),
    ...more.input,
  });
  await importJob.run(context, input);
  return ran;
}
