import { systemOf } from '../../contract/entities.ts';
import type { Comparing, SystemKey } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { sheetOf } from '../../core/comparison/sheet-of.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import { openReader } from '../../store/open.ts';
import type { AnswerSource, Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';

/** A sheet and where each of its systems' answers were read, in the order of the systems. */
export interface ReadSheet {
  readonly sheet: AnswerSheet;
  readonly sources: readonly AnswerSource[];
}

/**
 * What the systems said of the rows of a part. Reads them whole: for many rows it is asked in a thread.
 *
 * @throws StudioError not-found for a split, extraction or run that is not the project's, and where a
 * run has not answered every row of the part
 */
export const readSheet = (store: Store, comparing: Comparing): AnswerSheet =>
  readWithSources(store, comparing).sheet;

/** {@link readSheet}, with where each answer comes from. @throws StudioError as it does */
export function readWithSources(store: Store, comparing: Comparing): ReadSheet {
  const { projectId, splitId, part } = comparing;
  const { task } = store.projects.get(projectId);
  const sources = sourcesOf(store, comparing);
  const rows = store.answers.rows(splitId, part);
  const systems = comparing.systems.map((key, index) => ({
    key,
    answers: answersOf(store, comparing, sources[index]),
  }));
  return { sheet: sheetOf(task, rows, systems), sources };
}

/**
 * Where the answers of each system are saved.
 *
 * @throws StudioError not-found as {@link readSheet}, invalid-input as {@link refuseTwice}
 */
export function sourcesOf(store: Store, comparing: Comparing): AnswerSource[] {
  refuseTwice(comparing);
  requireOwn(comparing, store.splits.get(comparing.splitId), 'This split');
  return comparing.systems.map((key) => sourceOf(store, comparing, key));
}

/**
 * Refuses a system that is named twice: beside itself it would count as another seed.
 * @throws StudioError invalid-input
 */
export function refuseTwice({ systems }: Comparing): void {
  if (new Set(systems).size === systems.length) return;
  throw new StudioError(
    'invalid-input',
    'One of the systems that are compared is named twice.',
    'Name each of them once.',
  );
}

function sourceOf(store: Store, comparing: Comparing, key: SystemKey): AnswerSource {
  const { kind, id } = systemOf(key);
  if (kind === 'teacher') {
    requireOwn(comparing, store.extractions.get(id), 'This extraction');
    return { kind: 'extraction', id };
  }
  const run = store.runs.get(id);
  requireOwn(comparing, run, `“${run.name}”`);
  const evaluationId = store.answers.evaluationOf(id, comparing.splitId, comparing.part);
  if (evaluationId !== null) return { kind: 'evaluation', id: evaluationId };
  throw new StudioError(
    'not-found',
    `“${run.name}” has not answered all rows of the ${comparing.part} part yet.`,
    'Start the comparison first.',
  );
}

/** @throws StudioError not-found */
function requireOwn(
  { projectId }: Comparing,
  row: { readonly projectId: string },
  what: string,
): void {
  if (row.projectId === projectId) return;
  throw new StudioError(
    'not-found',
    `${what} is not part of this project.`,
    'Choose one of this project.',
  );
}

const answersOf = (
  { answers }: Store,
  { splitId, part }: Comparing,
  source: AnswerSource | undefined,
) => {
  if (source === undefined) return [];
  return source.kind === 'extraction'
    ? answers.ofTeacher(source.id, splitId, part)
    : answers.ofEvaluation(source.id);
};

interface SheetInput {
  /** The store's file. */
  readonly database: string;
  readonly comparing: Comparing;
}

/** Reads a sheet in a thread. */
export const sheetTask: ThreadTask<SheetInput, never, ReadSheet> = {
  name: 'compare.sheet',
  run({ database, comparing }) {
    const store = openReader(database);
    try {
      return Promise.resolve(readWithSources(store, comparing));
    } finally {
      store.close();
    }
  },
};
