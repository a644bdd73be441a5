import type { Run, RunSettings, TrainingRows } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { WorkspaceFolders } from '../job.ts';
import type { ThreadTask } from '../threads.ts';
import { resolved, trainingRows } from './create-run.ts';
import type { TrainingRequest } from './create-run.ts';
import { readRows } from './rows-file.ts';
import { hashRows } from './train-run.ts';

/** What a run would be made from and would learn, if it were made now. */
export interface ForeseenRun {
  readonly extractionId: string | null;
  readonly settings: RunSettings;
  readonly counts: TrainingRows;
  /** Of the rows; see {@link hashRows}. */
  readonly rowsHash: string;
}

/** @throws StudioError not-found */
export function foreseeRun(store: Store, request: TrainingRequest): ForeseenRun {
  const { projectId } = store.splits.get(request.splitId);
  const { rows, counts } = trainingRows(store, request);
  return { ...resolved(store, projectId, request), counts, rowsHash: hashRows(rows) };
}

/**
 * The hash of the rows that a run has learned. Runs of earlier versions have kept the rows and no
 * hash; null where there is neither.
 * @throws StudioError checkpoint-corrupt when the kept rows were changed
 */
export async function learnedHash(
  store: Store,
  folders: Pick<WorkspaceFolders, 'run'>,
  run: Run,
): Promise<string | null> {
  const saved = store.runs.rowsHash(run.id);
  if (saved !== null) return saved;
  const kept = await readRows(folders.run(run.id));
  return kept === null ? null : hashRows(kept);
}

interface ForeseeInput {
  /** The store's file. */
  readonly database: string;
  readonly requests: readonly TrainingRequest[];
}

/** Foresees several runs in a thread. */
export const foreseeTask: ThreadTask<ForeseeInput, never, ForeseenRun[]> = {
  name: 'train.foresee',
  async run({ database, requests }) {
    const store = openReader(database);
    try {
      return requests.map((request) => foreseeRun(store, request));
    } finally {
      store.close();
    }
  },
};
