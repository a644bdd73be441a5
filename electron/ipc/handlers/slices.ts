import { flagsStamp } from '../../stages/compare/slice-rows.ts';
import { slicesTask } from '../../stages/compare/slices-task.ts';
import { KeptResults } from '../kept-results.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/**
 * Groups of rows with their scores, and slices on which a system is weak, searched in a thread and kept
 * until answers or flags change. To show them is a look at the part.
 */
export function sliceHandlers({ store, threads }: HandlerDeps): HandlersOf<'compare.slices'> {
  const searched = new KeptResults(
    (comparing) => {
      const { splitId, part, systems } = comparing;
      return store.answers.stamp(splitId, part, systems) + flagsStamp(store, comparing);
    },
    (comparing) => threads.run(slicesTask, { database: store.path, comparing }),
  );
  return {
    'compare.slices': async (comparing) => {
      const { splitId, part } = comparing;
      const { slices, sources } = await searched.of(comparing);
      const shown = sources.map(({ id }) => id);
      const looks =
        part === 'test' ? store.splits.look(splitId, shown) : store.splits.get(splitId).looks;
      return { ...slices, looks };
    },
  };
}
