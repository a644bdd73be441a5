import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallArguments } from '../../contract/calls.ts';
import type { ReviewAction } from '../../contract/entities.ts';
import { agreementOf, readReviewTask, writeReview } from '../../stages/review/index.ts';
import type { OthersRow } from '../../stages/review/index.ts';
import type { ReviewSteps } from '../../store/store.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'reviews.apply'
  | 'reviews.undo'
  | 'reviews.redo'
  | 'reviews.progress'
  | 'reviews.tags'
  | 'reviews.export'
  | 'reviews.import'
  | 'reviews.forget'
  | 'reviews.agreement';

/** What people say of rows: changed, undone, counted, and brought from one workspace to another. */
export function reviewHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, folders } = deps;
  const { reviews, extractions } = store;
  /** @throws StudioError not-found */
  const known = (extractionId: string): string => extractions.get(extractionId).id;
  const changed = (extractionId: string): void =>
    deps.saved(extractions.get(extractionId).projectId, 'reviews');
  const performed = async (extractionId: string, steps: ReviewSteps): Promise<ReviewAction> => {
    try {
      return await stepByStep(steps);
    } finally {
      changed(extractionId);
    }
  };
  return {
    'reviews.apply': async ({ extractionId, target, change }) => {
      const ids = await targetIds(deps, known(extractionId), target);
      return performed(extractionId, reviews.applying(extractionId, ids, change));
    },
    'reviews.undo': ({ extractionId }) =>
      performed(extractionId, reviews.undoing(known(extractionId))),
    'reviews.redo': ({ extractionId }) =>
      performed(extractionId, reviews.redoing(known(extractionId))),
    'reviews.progress': ({ extractionId }) => reviews.progress(known(extractionId)),
    'reviews.tags': ({ extractionId }) => reviews.tags(known(extractionId)),
    'reviews.export': ({ extractionId, reviewer }) =>
      writeReview(store, folders.dataExports, { extractionId: known(extractionId), reviewer }),
    'reviews.import': ({ extractionId, fileId }) => importReview(deps, known(extractionId), fileId),
    'reviews.forget': ({ extractionId, reviewer }) => {
      reviews.forget(known(extractionId), reviewer);
      changed(extractionId);
      return {};
    },
    'reviews.agreement': ({ extractionId }) => agreementOf(store, known(extractionId)),
  };
}

/** The rows that are meant; those of a query as they are now. */
async function targetIds(
  { store, rows }: HandlerDeps,
  extractionId: string,
  target: CallArguments<'reviews.apply'>['target'],
): Promise<Iterable<number>> {
  if ('exampleIds' in target) return target.exampleIds;
  const { projectId } = store.extractions.get(extractionId);
  const seen = { projectId, extractionId, query: target.query };
  await rows.complete(seen);
  return store.reviews.ids(seen);
}

/** Goes through the steps of a change and lets others be answered in between. */
async function stepByStep(steps: ReviewSteps): Promise<ReviewAction> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

/** Takes in another person's review: all of the file, or nothing of it. */
async function importReview(
  { store, files, folders, threads, saved }: HandlerDeps,
  extractionId: string,
  fileId: string,
): Promise<{ reviewer: string; rows: number; unmatched: number }> {
  const { path } = files.resolve(fileId);
  const rows: OthersRow[] = [];
  const { reviewer, unmatched } = await threads.run(
    readReviewTask,
    { database: folders.database, extractionId, path },
    { onBatch: (some) => void rows.push(...some) },
  );
  store.reviews.saveOthers(extractionId, reviewer, rows);
  await files.release(path);
  saved(store.extractions.get(extractionId).projectId, 'reviews');
  return { reviewer, rows: rows.length, unmatched };
}
