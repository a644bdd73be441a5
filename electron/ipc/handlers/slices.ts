import { countLook } from '../../stages/compare/looks.ts';
import { slicesTask } from '../../stages/compare/slices-task.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Groups of rows with their scores, and slices on which a system is weak: a look at the part. */
export function sliceHandlers({
  store,
  threads,
  folders,
}: HandlerDeps): HandlersOf<'compare.slices'> {
  return {
    'compare.slices': async (comparing) => {
      const slices = await threads.run(slicesTask, { database: folders.database, comparing });
      return { ...slices, looks: countLook(store, comparing) };
    },
  };
}
