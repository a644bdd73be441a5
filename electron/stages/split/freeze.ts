import type { LeakReport, Split, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Threads } from '../threads.ts';
import { partNames } from './divide.ts';
import { leakKey } from './settings.ts';
import { divideTask } from './tasks.ts';
import type { Members } from './tasks.ts';

/** What saving needs: rows are divided in a thread, and written here, a few at a time. */
export interface Freezing {
  readonly store: Store;
  readonly threads: Threads;
}

export interface NewSplit {
  readonly projectId: string;
  readonly name: string | null;
  readonly settings: SplitSettings;
}

/** Members written in one go: a few milliseconds. */
const membersAtOnce = 500;

/**
 * Saves a split, frozen: which example belongs to which part never changes again. The leak guard's
 * report is kept with it where there is one for exactly these settings and rows.
 * @throws StudioError rows-missing, invalid-input when train or test would be empty
 */
export async function freezeSplit(freezing: Freezing, input: NewSplit): Promise<Split> {
  const members = await divided(freezing, input.projectId, input.settings);
  return write(freezing.store, input, members);
}

/**
 * Saves every fold as a split of its own, all or none of them.
 * @throws StudioError rows-missing, invalid-input
 */
export async function freezeFolds(freezing: Freezing, input: NewSplit): Promise<Split[]> {
  const { fold } = input.settings;
  if (fold === null) {
    throw new StudioError(
      'invalid-input',
      'These settings have no folds.',
      'Say how many folds there are to be, for example 5.',
    );
  }
  const { store } = freezing;
  const name = input.name ?? `Folds ${store.splits.list(input.projectId).length + 1}`;
  const folds: { split: NewSplit; members: Members }[] = [];
  for (let index = 0; index < fold.of; index++) {
    const settings = { ...input.settings, fold: { ...fold, index } };
    const split = { ...input, name: `${name} ${index + 1}/${fold.of}`, settings };
    folds.push({ split, members: await divided(freezing, input.projectId, settings) });
  }
  const saved: Split[] = [];
  for (const { split, members } of folds) saved.push(await write(store, split, members));
  return saved;
}

/** The report for exactly these settings and rows; null where nobody looked. */
export const attachable = (
  store: Store,
  projectId: string,
  settings: SplitSettings,
): LeakReport | null => store.splits.leaks(projectId, leakKey(store, projectId, settings));

const divided = (
  { store, threads }: Freezing,
  projectId: string,
  settings: SplitSettings,
): Promise<Members> => threads.run(divideTask, { database: store.path, projectId, settings });

async function write(store: Store, split: NewSplit, members: Members): Promise<Split> {
  const { projectId, settings } = split;
  const writer = store.splits.begin(projectId);
  try {
    const { exampleIds, parts } = members;
    for (let at = 0; at < exampleIds.length; at += membersAtOnce) {
      writer.add(
        Array.from(exampleIds.subarray(at, at + membersAtOnce), (exampleId, index) => ({
          exampleId,
          part: partNames[parts[at + index] ?? 0] ?? 'train',
        })),
      );
      await new Promise(setImmediate);
    }
    return writer.finish({ ...split, leaks: attachable(store, projectId, settings) });
  } catch (caught) {
    writer.abandon();
    throw caught;
  }
}
