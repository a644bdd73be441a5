import { runSettingsDefaults, type RunSettings } from '../contract/entities.ts';
import { canonicalJson } from './hash.ts';

/**
 * A run's settings as they are hashed: without those that later versions added, where they have
 * the value that was fixed before. Equal settings thus have the same hash in every version, and a
 * run that an earlier version left unfinished can be continued.
 */
export function statedSettings(settings: RunSettings): Partial<RunSettings> {
  const defaults = new Map<string, unknown>(Object.entries(runSettingsDefaults));
  const stated = Object.entries(settings).filter(
    ([name, value]) =>
      !defaults.has(name) || canonicalJson(value) !== canonicalJson(defaults.get(name)),
  );
  return Object.fromEntries(stated);
}
