import { untrack } from 'svelte';
import type { Method, RunSettings, TrainingRows } from '../../../electron/contract/entities.ts';
import { getApp, useResource } from '../../lib/app.svelte.ts';
import type { Resource } from '../../lib/resource.svelte.ts';
import type { TrainDraft } from './draft.svelte.ts';

export interface CountedRows {
  readonly method: Method;
  readonly rows: TrainingRows;
}

/** The settings on which the rows of a run depend: a change of another one counts nothing anew. */
const deciding = ({
  labelSource,
  rationales,
  withoutRationale,
  rationalesPerRow,
  suspicionLimit,
  trainShare,
  seed,
}: RunSettings): readonly unknown[] => [
  ...[labelSource, rationales, withoutRationale, rationalesPerRow, suspicionLimit],
  // A smaller share is drawn with the seed; all rows are all rows with every one.
  ...[trainShare, trainShare < 1 ? seed : null],
];

/**
 * The rows that each chosen method would learn, counted by main as it chooses them when a run starts:
 * what is read here is what trains. For a component to call as it begins.
 */
export function useRowCounts(draft: TrainDraft): Resource<CountedRows[]> {
  const { client } = getApp();
  const subject = $derived(
    draft.settings === null
      ? ''
      : JSON.stringify(
          draft.methods.map((method) => {
            const { settings, ...rows } = draft.requestOf(method);
            return [method, rows, deciding(settings)];
          }),
        ),
  );
  const count = async (method: Method): Promise<CountedRows> => ({
    method,
    rows: await client.call('runs.rows', draft.requestOf(method)),
  });
  return useResource(async () => {
    if (subject === '') return [];
    return untrack(() => Promise.all(draft.methods.map(count)));
  }, ['data', 'rationales', 'reviews', 'splits']);
}
