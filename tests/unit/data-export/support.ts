import { mkdtempSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import { everyRow } from '../../../electron/contract/entities.ts';
import type {
  ColumnMapping,
  DataExport,
  DataExportFormat,
  RowQuery,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { ThreadPool } from '../../../electron/jobs/threads.ts';
import { dataExportJob } from '../../../electron/stages/data-export/index.ts';
import { importJob, ImportInput } from '../../../electron/stages/import/index.ts';
import type { JobContext, JobReport } from '../../../electron/stages/job.ts';
import type { Threads } from '../../../electron/stages/threads.ts';
import type { FullExample, NewRationale, Store } from '../../../electron/store/store.ts';
import { noColumns } from '../import/support.ts';
import { extractionAt, projectWith, tempStore } from '../extract/support.ts';

/** Does tasks where they are asked for, as a thread would. */
export const inline: Threads = {
  run: (task, input, { onBatch } = {}) =>
    task.run(input, async (batch) => {
      await onBatch?.(batch);
    }),
};

/** Real threads, ended with the test. */
export function realThreads(): ThreadPool {
  const url = new URL('../../../electron/jobs/data-thread.ts', import.meta.url);
  const pool = new ThreadPool(fileURLToPath(url));
  onTestFinished(() => pool.close());
  return pool;
}

export interface Sample {
  readonly store: Store;
  readonly projectId: string;
  readonly extractionId: string;
  /** In import order. */
  readonly ids: readonly number[];
}

/** A project of `count` rows, all but every sixth answered, every fourth answer wrong. */
export function answeredProject(count: number): Sample {
  const store = tempStore();
  const { id: projectId } = projectWith(
    store,
    'multiple-choice',
    Array.from({ length: count }, (_, index) => ({
      input: `Question ${index}: "which", of\n${index} apples? =1+1`,
      choices: ['yes, all', 'no | none', '아니요'],
      gold: index % 5 === 4 ? null : 'yes, all',
    })),
  );
  const ids = [...store.data.examples(projectId)].map(({ id }) => id);
  const { id: extractionId } = extractionAt(store, projectId, 'http://127.0.0.1:9/v1');
  store.extractions.saveCompletions(
    extractionId,
    ids.flatMap((exampleId, index) => {
      if (index % 6 === 5) return [];
      const label = index % 4 === 3 ? 'no | none' : 'yes, all';
      const rationale: NewRationale = {
        ...{ exampleId, sample: 0, label, rationale: `Reason ${index}, “since” it is so.` },
        correct: label === 'yes, all',
      };
      const completion = {
        ...{ exampleId, sample: 0, text: `Reason ${index}`, failure: null, finishReason: 'stop' },
        ...{ promptTokens: 1, completionTokens: 1, milliseconds: 1 },
        ...{ requestHash: null, reused: false },
      };
      return [{ completion, rationale }];
    }),
  );
  return { store, projectId, extractionId, ids };
}

interface Exporting {
  readonly format?: DataExportFormat;
  readonly query?: Partial<RowQuery>;
  readonly extractionId?: string | null;
  readonly threads?: Threads;
  readonly signal?: AbortSignal;
  /** Goes on with this job. */
  readonly jobId?: string;
  readonly onProgress?: (report: JobReport) => void;
}

/** Exports rows as the job does; null when it was stopped, or has nothing to add. */
export function exporter(sample: Pick<Sample, 'store' | 'projectId' | 'extractionId'>) {
  const { store, projectId } = sample;
  const folder = mkdtempSync(join(tmpdir(), 'data-exports-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let newest = '';
  const run = async (given: Exporting = {}): Promise<DataExport | null> => {
    const { format = 'jsonl', extractionId = sample.extractionId, threads = inline } = given;
    const input = { projectId, extractionId, format, query: { ...everyRow, ...given.query } };
    const job =
      given.jobId === undefined
        ? store.jobs.create({
            ...{ projectId, kind: 'data-export', subjectId: null, title: 'Export rows' },
            ...{ input, unit: 'rows' },
          })
        : store.jobs.get(given.jobId);
    newest = job.id;
    await dataExportJob.run(
      jobContext(store, job, folder, { threads, signal: given.signal, progress: given.onProgress }),
      input,
    );
    return store.data.exports(projectId).find(({ id }) => id === job.id) ?? null;
  };
  return { run, folder, jobId: () => newest };
}

/** Imports an exported file into a project of its own; answers its rows, in import order. */
export async function importedRows(
  store: Store,
  { path }: DataExport,
  mapping: Partial<ColumnMapping>,
): Promise<FullExample[]> {
  const project = store.projects.create({
    ...{ name: `Again ${basename(path)}`, task: 'multiple-choice', labels: [], synthetic: false },
  });
  const input = ImportInput.parse({
    ...{ path, sourceName: basename(path), name: null, givenPart: null },
    mapping: { ...noColumns, ...mapping },
  });
  const job = store.jobs.create({
    ...{ projectId: project.id, kind: 'import', subjectId: null, title: 'Import' },
    ...{ input, unit: 'rows' },
  });
  await importJob.run(jobContext(store, job, dirname(path)), input);
  return [...store.data.examples(project.id)];
}

const silent = () => undefined;

function jobContext(
  store: Store,
  job: JobRecord,
  folder: string,
  lent: {
    threads?: Threads;
    signal?: AbortSignal | undefined;
    progress?: ((report: JobReport) => void) | undefined;
  } = {},
): JobContext {
  const { threads = inline, signal = new AbortController().signal, progress = silent } = lent;
  return {
    ...{ job, store, threads, signal, progress, saved: silent },
    folders: {
      ...{ workspace: folder, database: store.path, dataExports: folder, exports: folder },
      searchIndex: join(dirname(store.path), 'search.sqlite'),
      ...{ incoming: folder, run: (id) => id },
    },
    log: { info: silent, warn: silent, error: silent },
    runWorker: () => Promise.reject(new Error('Nothing is computed.')),
    teacherKey: () => null,
  };
}
