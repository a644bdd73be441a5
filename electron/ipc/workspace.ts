import { accessSync, constants, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { PredictFileInput } from '../stages/compare/playground/index.ts';
import { reportsFolder } from '../stages/compare/report/index.ts';
import { ImportStudentInput } from '../stages/import-student/index.ts';
import { importJob } from '../stages/import/index.ts';
import type { JobRecord } from '../contract/jobs.ts';
import type { WorkspaceFolders } from '../stages/job.ts';
import type { Store } from '../store/store.ts';

export interface Workspace extends WorkspaceFolders {
  readonly runs: string;
  readonly logs: string;
}

/**
 * Makes the workspace's folders, readable by this account only.
 * @throws StudioError workspace-unusable
 */
export function prepareWorkspace(folder: string): Workspace {
  const workspace = resolve(folder);
  const runs = join(workspace, 'runs');
  const exports = join(workspace, 'exports');
  const dataExports = join(workspace, 'data');
  const reports = reportsFolder(workspace);
  const incoming = join(workspace, 'incoming');
  const logs = join(workspace, 'logs');
  try {
    for (const each of [workspace, runs, exports, dataExports, reports, incoming, logs]) {
      mkdirSync(each, { recursive: true, mode: 0o700 });
      accessSync(each, constants.W_OK);
    }
  } catch (cause) {
    throw new StudioError(
      'workspace-unusable',
      `The workspace folder ${workspace} can't be used.`,
      'Choose a folder on a disk with free space that you may write to.',
      { cause },
    );
  }
  return {
    workspace,
    runs,
    exports,
    dataExports,
    incoming,
    logs,
    database: join(workspace, 'studio.sqlite'),
    searchIndex: join(workspace, 'search.sqlite'),
    run: (runId) => join(runs, runId),
  };
}

/** The file an import job reads; null for other jobs. */
export function importedPath(store: Store, jobId: string): string | null {
  const job = store.jobs.get(jobId);
  if (job.kind !== importJob.kind) return null;
  const input = importJob.input.safeParse(job.input);
  return input.success ? input.data.path : null;
}

/**
 * Removes exports and checkpoints that a killed process left half-written. Only one application has
 * the workspace, and this one has not begun to write: whatever bears an unfinished name is nobody's.
 */
export function sweepUnfinished(folders: Workspace): void {
  const runs = readdirSync(folders.runs).map((name) => join(folders.runs, name));
  const reports = reportsFolder(folders.workspace);
  for (const folder of [folders.exports, folders.dataExports, reports, ...runs]) {
    for (const name of namesIn(folder)) {
      if (!/\.(?:part|tmp)-\d+$/.test(name)) continue;
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Names in a folder; none where it is no folder. */
const namesIn = (folder: string): string[] =>
  lstatSync(folder).isDirectory() ? readdirSync(folder) : [];

/** The file that a job was started with; null for jobs without. */
export function sourcePath(store: Store, { id, kind }: JobRecord): string | null {
  if (kind === 'import-student') {
    return ImportStudentInput.safeParse(store.jobs.get(id).input).data?.folder ?? null;
  }
  if (kind !== 'predict-file') return importedPath(store, id);
  return PredictFileInput.safeParse(store.jobs.get(id).input).data?.path ?? null;
}

/**
 * Removes the folders of students that were copied and never became a run: a process was killed
 * before it had made the row. Resumed, the job copies anew.
 */
export function sweepImports(folders: Workspace, store: Store): void {
  for (const { id, kind, projectId } of store.jobs.list(null)) {
    if (kind !== 'import-student') continue;
    const runId = ImportStudentInput.safeParse(store.jobs.get(id).input).data?.runId;
    if (runId === undefined) continue;
    if (store.runs.list(projectId).some((run) => run.id === runId)) continue;
    rmSync(folders.run(runId), { recursive: true, force: true });
  }
}

/** Removes uploads that no job can still use: their handles died with the process that gave them. */
export function sweepIncoming(folders: Workspace, store: Store): void {
  const needed = new Set(
    store.jobs
      .list(null)
      .filter((job) => job.state === 'interrupted' || job.state === 'paused')
      .map((job) => sourcePath(store, job)),
  );
  for (const name of readdirSync(folders.incoming)) {
    const path = join(folders.incoming, name);
    if (!needed.has(path)) rmSync(path, { recursive: true, force: true });
  }
}
