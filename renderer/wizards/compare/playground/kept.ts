import type { App } from '../../../lib/app.svelte.ts';
import { Playground } from './playground.svelte.ts';

const kept = new WeakMap<App, Map<string, Playground>>();

/** The playground of a project: the same one each time its screen is opened. */
export function playgroundOf(app: App, projectId: string): Playground {
  const ofApp = kept.get(app) ?? new Map<string, Playground>();
  kept.set(app, ofApp);
  const playground = ofApp.get(projectId) ?? new Playground(app, projectId);
  ofApp.set(projectId, playground);
  return playground;
}
