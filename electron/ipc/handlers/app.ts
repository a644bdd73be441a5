import type { HandlerDeps, HandlersOf } from './deps.ts';

/** What the application is, and the person's preferences. */
export function appHandlers({
  info,
  store,
}: HandlerDeps): HandlersOf<'app.info' | 'app.preferences' | 'app.savePreferences'> {
  return {
    'app.info': () => info,
    'app.preferences': () => store.preferences.get(),
    'app.savePreferences': (preferences) => store.preferences.save(preferences),
  };
}
