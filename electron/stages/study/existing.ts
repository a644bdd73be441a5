import type { Run, RunSettings } from '../../contract/entities.ts';
import { settingsHash } from '../../core/hash.ts';
import { statedSettings } from '../../core/run-settings.ts';
import type { Store } from '../../store/store.ts';

/** Where the runs of a study are looked for. */
export interface StudyGround {
  readonly projectId: string;
  readonly splitId: string;
}

/** What decides, beside settings and rows, whether a run is one that a plan asks for. */
export interface SeenWith {
  /** Whose answers it learns from. */
  readonly extractionId: string | null;
  /** With whose answers it is set up; null where that makes no difference. */
  readonly setUpWith: string | null;
}

/** Whether a run learned from the same answers, and where it matters was set up with the same. */
export const isSeenAlike = (store: Store, run: Run, wanted: SeenWith): boolean =>
  run.extractionId === wanted.extractionId &&
  (wanted.setUpWith === null || store.runs.answersId(run.id) === wanted.setUpWith);

/** Runs that were trained here and came to their end on a split, the newest first. */
export const endedRuns = (store: Store, { projectId, splitId }: StudyGround): Run[] =>
  store.runs
    .list(projectId)
    .filter((run) => run.splitId === splitId && !run.imported && cameToItsEnd(run))
    .reverse();

/**
 * Those of them that have the same settings. Whether they learned the same rows, seen with the same
 * answers, is still to be asked.
 */
export function endedAlike(ended: readonly Run[], settings: RunSettings): Run[] {
  const hash = settingsHash(statedSettings(settings));
  return ended.filter(({ settingsHash: own }) => own === hash);
}

/** Stopped ones and those that diverged are not what the settings ask for. */
const cameToItsEnd = ({ ended }: Run): boolean =>
  ended?.reason === 'steps-done' || ended?.reason === 'early-stopping';
