import type { HandlerDeps, HandlersOf } from './deps.ts';

/** What this machine can compute with. */
export function engineHandlers({ listEngines }: HandlerDeps): HandlersOf<'engines.list'> {
  return { 'engines.list': ({ measure }) => listEngines(measure) };
}
