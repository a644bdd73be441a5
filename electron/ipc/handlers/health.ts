import { setImmediate as nextTurn } from 'node:timers/promises';
import { pauseCheck, startCheck } from '../checking.ts';
import { refuseWhileParsed } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'health.summary' | 'health.start';

/** Rows whose flags are forgotten in one turn of the event loop. */
const forgottenAtOnce = 2_000;

/** What is wrong with rationales: counted, and looked for. */
export function healthHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, saved } = deps;
  return {
    'health.summary': ({ extractionId }) =>
      store.health.summary(store.extractions.get(extractionId).id),
    'health.start': async ({ extractionId, again }) => {
      const { id, projectId } = store.extractions.get(extractionId);
      refuseWhileParsed(deps, id);
      if (again) {
        await pauseCheck(jobs, id);
        while (store.health.forget(id, forgottenAtOnce)) await nextTurn();
        saved(projectId, 'reviews');
      }
      return startCheck(deps, id);
    },
  };
}
