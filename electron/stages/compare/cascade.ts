import { systemKey } from '../../contract/entities.ts';
import type {
  Cascade,
  CascadeCurve,
  CascadeTarget,
  Comparing,
  Part,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import {
  cascadePoint,
  cascadePoints,
  cascadeRows,
  choosePoint,
  spreadPoints,
  teacherAlone,
} from '../../core/comparison/cascade.ts';
import type { CascadePrices, CascadeRows } from '../../core/comparison/cascade.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import { methodTraits } from '../../core/methods.ts';
import type { Store } from '../../store/store.ts';

/** A student, and the teacher that is asked where it is not sure. */
export interface Cascaded {
  readonly projectId: string;
  readonly splitId: string;
  readonly runId: string;
  readonly extractionId: string;
}

/** Points that are shown; more can't be told apart in a picture. */
const pointsShown = 101;

/** What is to be read for a cascade: the teacher, then the student. */
export const cascadeComparing = (
  { projectId, splitId, runId, extractionId }: Cascaded,
  part: Exclude<Part, 'train'>,
): Comparing => ({
  ...{ projectId, splitId, part },
  systems: [systemKey.teacher(extractionId), systemKey.run(runId)],
});

/**
 * Refuses a student that asks the teacher about every row itself: nothing would be saved.
 * @throws StudioError not-found, invalid-input
 */
export function refuseCascade(store: Store, { projectId, splitId, runId }: Cascaded): void {
  const run = store.runs.get(runId);
  if (run.projectId !== projectId || run.splitId !== splitId) {
    throw new StudioError(
      'not-found',
      `“${run.name}” was not trained on this split.`,
      'Choose a student of this split.',
    );
  }
  if (!methodTraits[run.settings.method].needsTeacher) return;
  throw new StudioError(
    'invalid-input',
    `“${run.name}” reads the teacher's rationale with every question: the teacher is asked each time, so there is nothing to save.`,
    'Choose a student that answers by itself.',
  );
}

/** What the validation rows say of every threshold, and which one a target asks for. */
export function cascadeCurve(
  sheet: AnswerSheet,
  of: Pick<Cascaded, 'runId' | 'extractionId'>,
  target: CascadeTarget,
  prices: CascadePrices,
): CascadeCurve {
  const rows = rowsOf(sheet);
  const points = cascadePoints(rows, prices);
  return {
    ...{ runId: of.runId, extractionId: of.extractionId },
    rows: rows.confidence.length,
    teacher: teacherAlone(rows),
    points: spreadPoints(points, pointsShown),
    chosen: choosePoint(rows, points, target, prices),
  };
}

/**
 * Chooses a threshold on the validation rows and says what it does on the test rows. The test part has
 * no say in the choice. It shows scores on the test part: whoever calls it counts a look.
 *
 * @throws StudioError rows-missing where a part has no row that can be counted, invalid-input where no
 * threshold reaches the target
 */
export function confirmCascade(
  sheets: { readonly validation: AnswerSheet; readonly test: AnswerSheet },
  { projectId, splitId, runId, extractionId }: Cascaded,
  target: CascadeTarget,
  prices: CascadePrices,
): Omit<Cascade, 'id' | 'createdAt'> {
  const [validation, test] = [rowsOf(sheets.validation), rowsOf(sheets.test)];
  const testTeacher = teacherAlone(test);
  if (validation.confidence.length === 0) throw nothingToCount('validation');
  if (testTeacher === null) throw nothingToCount('test');
  const chosen = choosePoint(validation, cascadePoints(validation, prices), target, prices);
  if (chosen === null) throw unreached(target);
  return {
    ...{ projectId, splitId, runId, extractionId, target, testTeacher },
    threshold: chosen.threshold,
    validation: chosen,
    test: cascadePoint(test, chosen.threshold, prices),
  };
}

function rowsOf(sheet: AnswerSheet): CascadeRows {
  const [teacher, student] = sheet.systems;
  if (teacher === undefined || student === undefined) throw new Error('a cascade has two systems');
  return cascadeRows(sheet, student, teacher);
}

const nothingToCount = (part: Part): StudioError =>
  new StudioError(
    'rows-missing',
    `No ${part} row has a gold label, an answer of the teacher and an answer of the student with its confidence.`,
    `Evaluate the student on the ${part} part, and ask the teacher for its rows.`,
  );

const unreached = (target: CascadeTarget): StudioError =>
  new StudioError(
    'invalid-input',
    target.kind === 'threshold'
      ? 'With this threshold the student answers none of the validation rows.'
      : 'No threshold reaches this target on the validation rows.',
    target.kind === 'threshold'
      ? 'Choose a lower threshold.'
      : 'Ask for less, or choose another student.',
  );
