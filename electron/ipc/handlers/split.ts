import { createSplit, previewSplit } from '../../stages/split/index.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Splits: looked at before they are frozen. */
export function splitHandlers({
  store,
  saved,
}: HandlerDeps): HandlersOf<'splits.list' | 'splits.preview' | 'splits.create'> {
  return {
    'splits.list': ({ projectId }) => store.splits.list(store.projects.get(projectId).id),
    'splits.preview': ({ projectId, settings }) => previewSplit(store, projectId, settings),
    'splits.create': (input) => {
      const split = createSplit(store, input);
      saved(split.projectId, 'splits');
      return split;
    },
  };
}
