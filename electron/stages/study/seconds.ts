import type { RunSettings } from '../../contract/entities.ts';
import type { Store } from '../../store/store.ts';
import { trainingSeconds } from '../training-time.ts';

/**
 * Seconds that planned runs will take, by the time per step of earlier runs of studies with the same
 * student and rows in a step; of the same method where there are some. Null where one of them has
 * nothing to go by.
 */
export function expectedSeconds(
  store: Store,
  projectId: string,
  planned: readonly RunSettings[],
): number | null {
  const timed = store.runs.list(projectId).flatMap((run) => {
    const seconds = trainingSeconds(store, run);
    const step = run.ended?.step ?? 0;
    return seconds === null || step === 0
      ? []
      : [{ settings: run.settings, perStep: seconds / step }];
  });
  let total = 0;
  for (const settings of planned) {
    const alike = timed.filter((each) => shapeOf(each.settings) === shapeOf(settings));
    const closest = alike.filter((each) => each.settings.method === settings.method);
    const used = (closest.length > 0 ? closest : alike).map(({ perStep }) => perStep);
    if (used.length === 0) return null;
    total += (settings.steps * used.reduce((sum, each) => sum + each, 0)) / used.length;
  }
  return total;
}

/** What the time of a step depends on most. */
const shapeOf = ({ preset, student, engine, batchSize, accumulate, lora }: RunSettings): string =>
  JSON.stringify([preset, student?.id, engine, batchSize, accumulate, lora?.rank]);
