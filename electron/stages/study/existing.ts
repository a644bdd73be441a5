import type { Run, RunSettings } from '../../contract/entities.ts';
import { settingsHash } from '../../core/hash.ts';
import { statedSettings } from '../../core/run-settings.ts';
import type { Store } from '../../store/store.ts';

/** Where the runs of a study are looked for. */
export interface StudyGround {
  readonly projectId: string;
  readonly splitId: string;
}

/**
 * Runs that came to their end with the same settings on the same split, the newest first. Whether
 * they learned the same rows, seen with the same answers, is still to be asked.
 */
export function endedAlike(
  store: Store,
  { projectId, splitId }: StudyGround,
  settings: RunSettings,
): Run[] {
  const hash = settingsHash(statedSettings(settings));
  return store.runs
    .list(projectId)
    .filter((run) => run.splitId === splitId && run.settingsHash === hash && cameToItsEnd(run))
    .reverse();
}

/** Stopped ones and those that diverged are not what the settings ask for. */
const cameToItsEnd = ({ ended }: Run): boolean =>
  ended?.reason === 'steps-done' || ended?.reason === 'early-stopping';
