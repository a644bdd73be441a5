import type { Run, RunSettings, TrainingRows } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { openReader } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { WorkspaceFolders } from '../job.ts';
import type { ThreadTask } from '../threads.ts';
import { answersIdOf, resolved, sharesTokenizer, trainingRows } from './create-run.ts';
import type { TrainingRequest } from './create-run.ts';
import { readRows } from './rows-file.ts';
import { hashRows } from './train-run.ts';

/** What a run would be made from and would learn, if it were made now. */
export interface ForeseenRun {
  /** Whose answers it would learn from. */
  readonly extractionId: string | null;
  /**
   * With whose answers it would be set up, where it would be another run with those of another
   * extraction, though it learns the same rows; null where that makes no difference.
   */
  readonly setUpWith: string | null;
  readonly settings: RunSettings;
  readonly counts: TrainingRows;
  /** Of the rows; see {@link hashRows}. */
  readonly rowsHash: string;
}

/** @throws StudioError not-found */
export function foreseeRun(store: Store, request: TrainingRequest): ForeseenRun {
  const { projectId } = store.splits.get(request.splitId);
  const { rows, counts } = trainingRows(store, request);
  const { extractionId, settings } = resolved(store, projectId, request);
  const setUpWith = dependsOnAnswers(store, request) ? answersIdOf(store, request) : null;
  return { extractionId, settings, setUpWith, counts, rowsHash: hashRows(rows) };
}

/** Whether answers decide more than the rows: the tokenizer, or what validation is scored against. */
function dependsOnAnswers(store: Store, { splitId, settings }: TrainingRequest): boolean {
  return (
    sharesTokenizer(settings) ||
    store.splits.members(splitId, 'validation').some(({ gold }) => gold === null)
  );
}

/**
 * The hash of the rows that a run has learned. Runs of earlier versions have kept the rows and no
 * hash; null where there is neither, or where the kept rows were changed.
 */
export async function learnedHash(
  store: Store,
  folders: Pick<WorkspaceFolders, 'run'>,
  run: Run,
): Promise<string | null> {
  const saved = store.runs.rowsHash(run.id);
  if (saved !== null) return saved;
  const kept = await readRows(folders.run(run.id)).catch((caught: unknown) => {
    if (caught instanceof StudioError && caught.code === 'checkpoint-corrupt') return null;
    throw caught;
  });
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
