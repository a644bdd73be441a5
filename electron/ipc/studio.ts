import type { AppInfo, CallInput, CallName, CallOutput, CallResult } from '../contract/calls.ts';
import { StudioError } from '../contract/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import { settledStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { bind } from '../jobs/attempt.ts';
import { Asking } from '../jobs/asking.ts';
import type { Clock } from '../jobs/clock.ts';
import { listEngines } from '../jobs/engines.ts';
import type { WorkerHost } from '../jobs/host.ts';
import { askPreflight } from '../jobs/preflight.ts';
import { JobRegistry } from '../jobs/registry.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { evaluateJob } from '../stages/compare/index.ts';
import { dataExportJob } from '../stages/data-export/index.ts';
import { extractJob } from '../stages/extract/index.ts';
import { importStudentJob } from '../stages/import-student/index.ts';
import { importJob, sweepUnfinished as sweepRows } from '../stages/import/index.ts';
import type { Log, WorkspaceFolders } from '../stages/job.ts';
import { checkJob } from '../stages/review/index.ts';
import { checkLeaksJob } from '../stages/split/index.ts';
import { trainJob } from '../stages/train/index.ts';
import { lockWorkspace } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { answer, forbiddenCall, isCallName } from './answer.ts';
import { checkByItself } from './checking.ts';
import { cleanStore } from './clean-store.ts';
import { EventHub } from './event-hub.ts';
import type { SavedArea } from './event-hub.ts';
import { FileRegistry } from './files.ts';
import { exportDefinition } from './handlers/export.ts';
import { predictFileDefinition } from './handlers/playground.ts';
import { reportDefinition } from './handlers/report.ts';
import { studyDefinition } from './handlers/studies.ts';
import { Indexer } from './indexer.ts';
import { KeyRing } from './keys.ts';
import type { Keychain } from './keys.ts';
import { openLogFile } from './log.ts';
import { OpenQuestions } from './open-questions.ts';
import { createHandlers } from './register.ts';
import { RowReader } from './row-reader.ts';
import { SheetReader } from './sheet-reader.ts';
import {
  prepareWorkspace,
  sourcePath,
  sweepImports,
  sweepIncoming,
  sweepUnfinished,
} from './workspace.ts';
import type { Workspace } from './workspace.ts';

export interface StudioOptions {
  /** Folder of everything that is saved; made when it does not exist. */
  readonly workspace: string;
  readonly mode: AppInfo['mode'];
  readonly version: string;
  /** Starts numeric child processes. */
  readonly host: WorkerHost;
  /** Absolute path of the entry of data threads. */
  readonly threadPath: string;
  /** Null where the application has no access to a keychain: keys then live for the session. */
  readonly keychain: Keychain | null;
  /** Opens the native file dialog; null where there is none. */
  readonly chooseFile: (() => Promise<string | null>) | null;
  /** The same for a folder. */
  readonly chooseFolder?: (() => Promise<string | null>) | null;
  /** Where `STEPWISE_API_KEY` and `OPENAI_API_KEY` are looked up; `process.env` by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** In place of the log file in the workspace. */
  readonly log?: Log;
  readonly clock?: Clock;
}

/** The application without a window: one open workspace that can be asked and listened to. */
export interface Studio {
  readonly info: AppInfo;
  readonly store: Store;
  readonly jobs: JobRegistry;
  /** Files a person chose or uploaded: only these can be imported. */
  readonly files: FileRegistry;
  readonly folders: WorkspaceFolders;
  readonly log: Log;
  /** Strikes every known key out of a text that leaves this process some other way, as a crash does. */
  readonly redact: (text: string) => string;
  /** Answers a call from outside. Never throws. */
  call(name: string, input: unknown): Promise<CallResult<CallName>>;
  /** The same for code of this process: typed, and a failure is thrown. @throws StudioError */
  ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Listens; every unsettled job is told at once. Returns a function that ends it. */
  on(listener: (event: StudioEvent) => void): () => void;
  /** Stops the jobs, each with what it has saved, and gives the workspace back. */
  close(): Promise<void>;
}

/**
 * Opens a workspace: locks it, opens its store and marks jobs of a process that died as interrupted.
 *
 * @throws StudioError workspace-unusable, workspace-locked, store-newer, store-corrupt
 */
export function createStudio(options: StudioOptions): Studio {
  const folders = prepareWorkspace(options.workspace);
  const lock = lockWorkspace(folders.workspace);
  try {
    const store = openStore(folders.database);
    try {
      return assemble(options, folders, store, () => lock.release());
    } catch (error) {
      store.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function assemble(
  options: StudioOptions,
  folders: Workspace,
  store: Store,
  unlock: () => void,
): Studio {
  // Whatever is logged passes the key ring, which itself has something to log: it is bound late.
  let redactLine = (line: string): string => line;
  const logFile = options.log ? null : openLogFile(folders.logs, (line) => redactLine(line));
  const log = options.log ?? logFile?.log ?? silent;
  const keys = new KeyRing({
    store,
    keychain: options.keychain,
    environment: options.environment ?? process.env,
    log,
  });
  redactLine = keys.redactText;

  const events = new EventHub(log, options.clock);
  const threads = new ThreadPool(options.threadPath);
  const indexer = new Indexer({
    ...{ store, threads, log },
    onIndexed: (projectIds) => {
      for (const projectId of projectIds) events.saved(projectId, 'reviews');
    },
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const saved = (projectId: string | null, area: SavedArea): void => {
    events.saved(projectId, area);
    if (options.mode !== 'cli' && searchedAreas.has(area)) indexer.poke();
  };
  const files = new FileRegistry(folders.incoming);
  const jobs = new JobRegistry({
    store: cleanStore(store, keys.redactText),
    definitions: [
      bind(importJob),
      bind(extractJob),
      bind(trainJob),
      bind(importStudentJob),
      bind(studyDefinition),
      bind(evaluateJob),
      bind(checkLeaksJob),
      bind(checkJob),
      bind(exportDefinition),
      bind(dataExportJob),
      bind(reportDefinition),
      bind(predictFileDefinition),
    ],
    host: options.host,
    threads,
    folders,
    log,
    teacherKey: (teacherId) => keys.get(teacherId),
    redact: keys.redactError,
    onJob: (record) => {
      events.emit({ name: 'job', payload: record });
      if (record.state === 'succeeded' || record.state === 'cancelled') {
        void releaseSource(store, files, record, log);
      }
      if (options.mode !== 'cli') setImmediate(() => checkAfter(record));
    },
    onSaved: saved,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  /** What an extraction brought is checked when it ends, or is left off. */
  const checkAfter = ({ kind, state, subjectId }: JobRecord): void => {
    if (closing || kind !== 'extract' || subjectId === null) return;
    if (!settledStates.includes(state)) return;
    try {
      checkByItself({ store, jobs }, subjectId);
    } catch (error) {
      log.warn({ extractionId: subjectId, error: String(error) }, 'rationales were not checked');
    }
  };
  jobs.recover();
  sweepIncoming(folders, store);
  sweepUnfinished(folders);
  sweepImports(folders, store);
  let closing = false;
  const sweeping = sweepRows(store, () => !closing).catch((error: unknown) => {
    log.warn({ error: String(error) }, 'rows of an unfinished import could not be removed yet');
  });

  if (options.mode !== 'cli' && !isIndexed(store)) indexer.poke();

  const info: AppInfo = {
    version: options.version,
    mode: options.mode,
    platform: process.platform,
    workspace: folders.workspace,
    keychain: options.keychain?.available ?? false,
  };
  const { host } = options;
  const asking = new Asking({ host, log });
  const questions = new OpenQuestions();
  const listed = once(() => listEngines({ host, log, measure: false }));
  const handlers = createHandlers({
    info,
    store,
    jobs,
    files,
    keys,
    folders,
    threads,
    rows: new RowReader(store, threads, indexer),
    sheets: new SheetReader(store, threads),
    indexer,
    log,
    chooseFile: options.chooseFile,
    chooseFolder: options.chooseFolder ?? null,
    asking,
    questions,
    parsing: new Set(),
    tryTraining: (task) => askPreflight({ host, log, task }),
    listEngines: (measure) => (measure ? listEngines({ host, log, measure }) : listed()),
    saved,
  });
  const answering = { handlers, log, redact: keys.redactError };
  log.info({ mode: info.mode, version: info.version }, 'studio opened');
  // A command does what it is told, and takes up nothing that waits for someone else.
  if (options.mode !== 'cli' && store.preferences.get().resumeQueue) jobs.resumeQueue();

  let closed: Promise<void> | null = null;
  const close = async () => {
    closing = true;
    questions.close();
    asking.close();
    await jobs.close();
    await indexer.close();
    await sweeping;
    await threads.close();
    events.close();
    store.close();
    log.info({}, 'studio closed');
    logFile?.close();
    unlock();
  };
  return {
    info,
    store,
    jobs,
    files,
    folders,
    log,
    redact: keys.redactText,
    call: async (name, input) =>
      isCallName(name) ? answer(answering, name, input) : { ok: false, error: forbiddenCall() },
    ask: async (name, input) => {
      const result = await answer(answering, name, input);
      if (result.ok) return result.value;
      throw StudioError.from(result.error);
    },
    on: (listener) => {
      for (const record of jobs.active()) listener({ name: 'job', payload: record });
      return events.add(listener);
    },
    close: () => (closed ??= close()),
  };
}

/** Areas whose rows are searched by their words. */
const searchedAreas: ReadonlySet<SavedArea> = new Set([
  'projects',
  'data',
  'rationales',
  'reviews',
]);

/** An upload that was imported or answered has served; a person's own file is only forgotten. */
async function releaseSource(
  store: Store,
  files: FileRegistry,
  record: JobRecord,
  log: Log,
): Promise<void> {
  try {
    const path = sourcePath(store, record);
    if (path !== null) await files.release(path);
  } catch (error) {
    log.warn({ jobId: record.id, error: String(error) }, 'an uploaded file could not be removed');
  }
}

/** Whether every row can be found by its words: a process that ended early leaves some. */
const isIndexed = ({ projects, extractions, reviews }: Store): boolean =>
  projects.list().every(({ id: projectId }) => {
    const ids = extractions.list(projectId).map(({ id }) => id);
    return [null, ...ids].every((extractionId) => reviews.searchReady({ projectId, extractionId }));
  });

/** Asks once and keeps the answer; a failure is asked again the next time. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answered: Promise<T> | null = null;
  return () => {
    answered ??= work().catch((error: unknown) => {
      answered = null;
      throw error;
    });
    return answered;
  };
}

const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
