import { systemOf } from '../../contract/entities.ts';
import type { Comparing } from '../../contract/entities.ts';
import type { Store } from '../../store/store.ts';

/**
 * Counts a look at the scores of these systems on the test part, where one of them was never shown
 * before; on other parts nothing is counted. Writes: it is called on main, never in a thread.
 *
 * @returns how often scores on the test part of this split were looked at, this time included
 * @throws StudioError not-found for a split that is not there
 */
export function countLook(store: Store, comparing: Comparing): number {
  const { splitId, part } = comparing;
  return part === 'test'
    ? store.splits.look(splitId, shownIds(store, comparing))
    : store.splits.get(splitId).looks;
}

/**
 * Ids of what the scores of these systems are read from: an extraction of a teacher, the complete
 * evaluation of a run. A run without one shows nothing.
 */
function shownIds(store: Store, { splitId, part, systems }: Comparing): string[] {
  const complete = store.evaluations.complete(splitId, part);
  return systems.flatMap((key) => {
    const { kind, id } = systemOf(key);
    if (kind === 'teacher') return [id];
    return complete.flatMap((evaluation) => (evaluation.runId === id ? [evaluation.id] : []));
  });
}
