import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'views.list' | 'views.save' | 'views.remove';

/** Queries that a person keeps under a name. */
export function viewHandlers({ store, saved }: HandlerDeps): HandlersOf<Names> {
  const { reviews, projects } = store;
  return {
    'views.list': ({ projectId }) => reviews.views(projects.get(projectId).id),
    'views.save': (input) => {
      const view = reviews.saveView(input);
      saved(view.projectId, 'reviews');
      return view;
    },
    'views.remove': ({ viewId }) => {
      reviews.removeView(viewId);
      saved(null, 'reviews');
      return {};
    },
  };
}
