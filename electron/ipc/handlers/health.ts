import { setImmediate as nextTurn } from 'node:timers/promises';
import { summariseTask } from '../../stages/review/index.ts';
import { pauseCheck, startCheck } from '../checking.ts';
import { refuseWhileParsed } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'health.summary' | 'health.start';

/** Rows whose flags are forgotten in one turn of the event loop. */
const forgottenAtOnce = 2_000;

/** Up to so many rows flags are counted at once, in some 10 ms. */
const countedHere = 50_000;

/** What is wrong with rationales: counted, and looked for. */
export function healthHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, saved, threads, folders } = deps;
  return {
    'health.summary': ({ extractionId }) => {
      const { id } = store.extractions.get(extractionId);
      if (store.health.count(id, 'all') <= countedHere) return store.health.summary(id);
      return threads.run(summariseTask, { database: folders.database, extractionId: id });
    },
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
