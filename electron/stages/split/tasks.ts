import type { LeakPair, LeakReport, SplitPreview, SplitSettings } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import type { Parts } from './divide.ts';
import { partNames } from './divide.ts';
import type { DividedProject } from './division.ts';
import { divideProject, previewOf, refuseEmptyParts, scaled } from './division.ts';
import { comparedText } from './guard/alike.ts';
import { findLeaks } from './guard/leaks.ts';
import type { FoundPair } from './guard/leaks.ts';
import { jaccard, shingleSet } from '../../core/minhash.ts';
import { normaliseText } from '../../core/text.ts';

/** Which rows of which store, divided how. */
export interface SplitQuestion {
  /** The store's file. */
  readonly database: string;
  readonly projectId: string;
  readonly settings: SplitSettings;
}

/** A division ready to be saved: for every example the number of its part in `partNames`. */
export interface Members {
  readonly exampleIds: Float64Array;
  readonly parts: Parts;
}

/** How much of the work is done, 0 to 1. */
export type ShareDone = number;

/** Milliseconds between two words on how far a task is. */
const wordEvery = 200;

export const previewTask: ThreadTask<SplitQuestion, ShareDone, SplitPreview> = {
  name: 'split.preview',
  run: (question, emit) =>
    reading(question.database, async (store) =>
      previewOf(await completed(divisionOf(store, question, false), emit)),
    ),
};

/** Divides, and refuses a division that leaves train or test without rows. */
export const divideTask: ThreadTask<SplitQuestion, ShareDone, Members> = {
  name: 'split.divide',
  run: (question, emit) =>
    reading(question.database, async (store) => {
      const divided = await completed(divisionOf(store, question, false), emit);
      refuseEmptyParts(divided, question.settings);
      return {
        exampleIds: Float64Array.from(divided.read.rows, ({ id }) => id),
        parts: divided.parts,
      };
    }),
};

type LeaksFound = Omit<LeakReport, 'key' | 'checkedAt'>;

export const leaksTask: ThreadTask<
  SplitQuestion & { readonly threshold: number },
  ShareDone,
  LeaksFound
> = {
  name: 'split.leaks',
  run: (question, emit) =>
    reading(question.database, (store) => completed(leaksOf(store, question), emit)),
};

/** Kept columns, which takes long to count over very many rows. */
export const columnsTask: ThreadTask<
  { readonly database: string; readonly projectId: string },
  never,
  ReturnType<Store['splits']['columns']>
> = {
  name: 'split.columns',
  run: ({ database, projectId }) =>
    reading(database, (store) => Promise.resolve(store.splits.columns(projectId))),
};

export const splitTasks = [previewTask, divideTask, leaksTask, columnsTask] as const;

/**
 * Divides and looks for leaks between the parts.
 * @yields how much of the work is done, 0 to 1
 */
export function* leaksOf(
  store: Store,
  { projectId, settings, threshold }: Omit<SplitQuestion, 'database'> & { threshold: number },
): Generator<ShareDone, LeaksFound> {
  const share = settings.move === null ? 0.3 : 0.6;
  const divided = yield* scaled(divideProject(store, projectId, settings, true), 0, share);
  const { alike } = divided.read;
  if (alike === null) throw new Error('the rows were read without what the leak guard compares');
  const found = yield* scaled(findLeaks(alike, divided.parts, threshold), share, 1);
  return {
    rows: divided.parts.length,
    threshold,
    kinds: [...found.kinds],
    heldOut: found.heldOut,
    moved: divided.moved,
    shown: found.shown.map((pair) => toLeakPair(store, divided, pair)),
  };
}

/** With the texts, and how alike they are. */
function toLeakPair(store: Store, { read, parts }: DividedProject, found: FoundPair): LeakPair {
  const rowAt = (row: number) => {
    const { id, externalId, input, choices } = store.data.example(read.rows[row]?.id ?? 0);
    const part = partNames[parts[row] ?? 0] ?? 'train';
    return { text: comparedText(input, choices), row: { exampleId: id, externalId, part, input } };
  };
  const a = rowAt(found.a);
  const b = found.b === null ? null : rowAt(found.b);
  const exemplar =
    found.exemplar === null ? null : (read.alike?.exemplarTexts[found.exemplar] ?? null);
  const setOf = (text: string) => shingleSet(normaliseText(text));
  return {
    kind: found.kind,
    similarity: jaccard(setOf(a.text), setOf(exemplar ?? b?.text ?? '')),
    a: a.row,
    b: b?.row ?? null,
    exemplar,
  };
}

function divisionOf(store: Store, question: SplitQuestion, guarded: boolean) {
  return divideProject(store, question.projectId, question.settings, guarded);
}

async function reading<T>(database: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openReader(database);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Does the work to its end and says now and then how far it is. */
async function completed<T>(
  work: Generator<ShareDone, T>,
  emit: (share: ShareDone) => Promise<void>,
): Promise<T> {
  let said = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - said < wordEvery) continue;
    await emit(step.value);
    said = performance.now();
  }
}
