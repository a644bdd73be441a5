import type { Split, SplitPreview, SplitSettings } from '../../contract/entities.ts';
import type { Store } from '../../store/store.ts';
import { partNames } from './divide.ts';
import type { DividedProject } from './division.ts';
import { divideProject, previewOf, refuseEmptyParts } from './division.ts';
import { attachable } from './freeze.ts';

/**
 * What a split with these settings would hold, without saving it. Waits for all of it: for few rows.
 * @throws StudioError rows-missing, invalid-input
 */
export const previewSplit = (
  store: Store,
  projectId: string,
  settings: SplitSettings,
): SplitPreview => previewOf(divideNow(store, projectId, settings));

/**
 * Saves a split, frozen: which example belongs to which part never changes again. Waits for all of
 * it: for few rows.
 * @throws StudioError rows-missing, invalid-input when train or test would be empty
 */
export function createSplit(
  store: Store,
  input: { projectId: string; name: string | null; settings: SplitSettings },
): Split {
  const divided = divideNow(store, input.projectId, input.settings);
  refuseEmptyParts(divided, input.settings);
  const { read, parts } = divided;
  return store.splits.create({
    ...input,
    members: new Map(read.rows.map(({ id }, row) => [id, partNames[parts[row] ?? 0] ?? 'train'])),
    leaks: attachable(store, input.projectId, input.settings),
  });
}

function divideNow(store: Store, projectId: string, settings: SplitSettings): DividedProject {
  const work = divideProject(store, projectId, settings, false);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
