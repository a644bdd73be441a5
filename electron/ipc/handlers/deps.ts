import type { AppInfo, CallName, Handlers } from '../../contract/calls.ts';
import type { EngineReport } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import type { PreflightTask } from '../../contract/worker.ts';
import type { Asking } from '../../jobs/asking.ts';
import type { PreflightAnswer } from '../../jobs/preflight.ts';
import type { JobRegistry } from '../../jobs/registry.ts';
import type { Log, WorkspaceFolders } from '../../stages/job.ts';
import type { Threads } from '../../stages/threads.ts';
import type { Store } from '../../store/store.ts';
import type { SavedArea } from '../event-hub.ts';
import type { FileRegistry } from '../files.ts';
import type { Indexer } from '../indexer.ts';
import type { KeyRing } from '../keys.ts';
import type { OpenQuestions } from '../open-questions.ts';
import type { RowReader } from '../row-reader.ts';
import type { SheetReader } from '../sheet-reader.ts';

/** What handlers work with. They hold no state of their own. */
export interface HandlerDeps {
  readonly info: AppInfo;
  readonly store: Store;
  readonly jobs: JobRegistry;
  readonly files: FileRegistry;
  readonly keys: KeyRing;
  readonly folders: WorkspaceFolders;
  readonly threads: Threads;
  /** Lists rows before a page of them is asked for. */
  readonly rows: RowReader;
  /** Reads what systems said of the rows of a part, once. */
  readonly sheets: SheetReader;
  /** Catches the search index up. */
  readonly indexer: Indexer;
  readonly log: Log;
  /** Opens the native file dialog and gives the chosen path; null where there is none. */
  readonly chooseFile: (() => Promise<string | null>) | null;
  /** The same for a folder. */
  readonly chooseFolder: (() => Promise<string | null>) | null;
  /** Tries the engines of this machine; `measure` also times them. */
  readonly listEngines: (measure: boolean) => Promise<EngineReport[]>;
  /** Tries a training in a numeric process of its own. */
  readonly tryTraining: (task: PreflightTask) => Promise<PreflightAnswer>;
  /** Asks students in a process that stays. */
  readonly asking: Pick<Asking, 'ask'>;
  /** Questions of the playground that are under way. */
  readonly questions: OpenQuestions;
  /** Extractions whose completions are being parsed again: nothing is added to them meanwhile. */
  readonly parsing: Set<string>;
  /** Tells screens that saved rows changed. */
  saved(projectId: string | null, area: SavedArea): void;
}

/** The handlers of one area. */
export type HandlersOf<Names extends CallName> = Pick<Handlers, Names>;

/**
 * Refuses to remove what a queued or running job works with.
 * @throws StudioError job-conflict
 */
export function refuseWhileActive(
  jobs: readonly JobRecord[],
  what: string,
  concerns: (job: JobRecord) => boolean = () => true,
): void {
  const busy = jobs.find(concerns);
  if (busy === undefined) return;
  throw new StudioError(
    'job-conflict',
    `${what} can't be removed while “${busy.title}” is ${busy.state}.`,
    'Wait until it ends, or cancel it first.',
  );
}

/**
 * Refuses to ask for more answers while those there are are read again by other rules.
 * @throws StudioError job-conflict
 */
export function refuseWhileParsed(
  { parsing }: Pick<HandlerDeps, 'parsing'>,
  extractionId: string | null,
): void {
  if (extractionId === null || !parsing.has(extractionId)) return;
  throw new StudioError(
    'job-conflict',
    'The completions of this extraction are being parsed again.',
    'Wait until that is done.',
  );
}

/**
 * Refuses a row of another project: ids come from outside.
 * @throws StudioError not-found
 */
export function requireSameProject(
  row: { readonly projectId: string },
  projectId: string,
  what: string,
): void {
  if (row.projectId === projectId) return;
  throw new StudioError(
    'not-found',
    `${what} is not part of this project.`,
    'Choose one of this project.',
  );
}
