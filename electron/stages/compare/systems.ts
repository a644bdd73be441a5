import { isTrainingKnown, systemKey, systemOf } from '../../contract/entities.ts';
import type {
  Comparing,
  ImportedFrom,
  Part,
  Run,
  System,
  SystemKey,
  Systems,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { settingsHash } from '../../core/hash.ts';
import { methodTraits } from '../../core/methods.ts';
import { statedSettings } from '../../core/run-settings.ts';
import type { Evaluation, Store } from '../../store/store.ts';
import { refuseTwice } from './sheet.ts';

/** Rows of one part of a split. */
interface OfPart {
  readonly projectId: string;
  readonly splitId: string;
  readonly part: Part;
}

/**
 * Who can be compared on a part: extractions with an answer to one of its rows, newest first, then the
 * runs of the split that have a student, oldest first, decoded on the part or not. No scores: this is
 * no look.
 *
 * @throws StudioError not-found for a split of another project
 */
export function listSystems(store: Store, of: OfPart): Systems {
  const { splitId, part } = of;
  const { looks } = splitOf(store, of);
  const rows = store.splits.counts(splitId)[part];
  const evaluated = evaluationsByRun(store, of);
  const students = store.runs
    .list(of.projectId)
    .filter((run) => run.splitId === splitId && hasStudent(store, run))
    .map((run) => studentSystem(store, run, evaluated.get(run.id)));
  const teachers = store.answers
    .extractions(splitId, part)
    .map(({ extractionId, answered }) => teacherSystem(store, extractionId, answered, rows));
  return {
    rows,
    withGold: store.splits.withGold(splitId, part),
    looks,
    systems: [...teachers, ...students],
  };
}

/**
 * The systems that are compared, in the order in which they were asked for.
 *
 * @throws StudioError not-found for a system of another project or split, a teacher that was asked no
 * row of the part, or a run whose predictions on it are not complete; invalid-input for one named twice
 */
export function describeSystems(store: Store, comparing: Comparing): System[] {
  refuseTwice(comparing);
  const { splitId, part } = comparing;
  splitOf(store, comparing);
  const rows = store.splits.counts(splitId)[part];
  const evaluated = evaluationsByRun(store, comparing);
  const answered = answeredRows(store, comparing);
  return comparing.systems.map((key) => {
    const { kind, id } = systemOf(key);
    if (kind === 'teacher') {
      return teacherSystem(store, askedExtraction(store, comparing, id), answered(id), rows);
    }
    const run = store.runs.get(id);
    const evaluation = evaluated.get(id);
    if (run.projectId !== comparing.projectId || run.splitId !== splitId) {
      throw new StudioError(
        'not-found',
        `“${run.name}” was not trained on this split.`,
        'Choose runs of this split.',
      );
    }
    if (evaluation === undefined) {
      throw new StudioError(
        'not-found',
        `“${run.name}” has not answered all rows of the ${part} part yet.`,
        'Start the comparison first.',
      );
    }
    return studentSystem(store, run, evaluation);
  });
}

/**
 * The same systems by their names of now, which a person may have changed.
 * @throws StudioError not-found for one that was removed meanwhile
 */
export const renamed = (store: Store, systems: readonly System[]): System[] =>
  systems.map((system) => {
    const { kind, id } = systemOf(system.key);
    const { name } = kind === 'teacher' ? store.extractions.get(id).teacher : store.runs.get(id);
    return { ...system, name };
  });

const hasStudent = (store: Store, run: Run): boolean =>
  store.runs.checkpoint(run.id, 'best') !== null;

function evaluationsByRun(store: Store, { splitId, part }: OfPart): Map<string, Evaluation> {
  return new Map(
    store.evaluations.complete(splitId, part).map((evaluation) => [evaluation.runId, evaluation]),
  );
}

function splitOf(store: Store, { projectId, splitId }: OfPart): { readonly looks: number } {
  const split = store.splits.get(splitId);
  if (split.projectId === projectId) return split;
  throw new StudioError(
    'not-found',
    'This split is not part of this project.',
    'Choose one of this project.',
  );
}

/** How many rows of the part each extraction was asked; counted only where a teacher is compared. */
function answeredRows(
  store: Store,
  { splitId, part, systems }: Comparing,
): (extractionId: string) => number {
  const isTeacher = (key: SystemKey): boolean => systemOf(key).kind === 'teacher';
  const counts = new Map(
    systems.some(isTeacher)
      ? store.answers
          .extractions(splitId, part)
          .map(({ extractionId, answered }) => [extractionId, answered])
      : [],
  );
  return (extractionId) => {
    const answered = counts.get(extractionId);
    if (answered !== undefined) return answered;
    throw new StudioError(
      'not-found',
      `“${store.extractions.get(extractionId).teacher.name}” was asked no row of the ${part} part.`,
      'Extract answers for this part first.',
    );
  };
}

function askedExtraction(store: Store, { projectId }: OfPart, extractionId: string): string {
  if (store.extractions.get(extractionId).projectId === projectId) return extractionId;
  throw new StudioError(
    'not-found',
    'This extraction is not part of this project.',
    'Choose one of this project.',
  );
}

function teacherSystem(store: Store, extractionId: string, answered: number, rows: number): System {
  const { teacher } = store.extractions.get(extractionId);
  return {
    key: systemKey.teacher(extractionId),
    kind: 'teacher',
    name: teacher.name,
    teacherKind: teacher.kind,
    method: null,
    labelSource: null,
    seed: null,
    trainRows: null,
    studyId: null,
    group: null,
    imported: null,
    needsTeacher: false,
    answered,
    withConfidence: 0,
    complete: answered === rows,
  };
}

function studentSystem(store: Store, run: Run, evaluation: Evaluation | undefined): System {
  const { method, labelSource, seed } = run.settings;
  const from = run.imported ? store.runs.importedFrom(run.id) : null;
  const trainingKnown = isTrainingKnown(run);
  return {
    key: systemKey.run(run.id),
    kind: 'student',
    name: run.name,
    teacherKind: null,
    method,
    labelSource: trainingKnown ? labelSource : null,
    seed: trainingKnown ? seed : null,
    trainRows: trainingKnown ? run.trainRows : null,
    studyId: run.studyId,
    group: groupOf(run, store.runs.answersId(run.id), from),
    imported: from && { trainingKnown, seenTestRows: from.seenTestRows },
    needsTeacher: methodTraits[method].needsTeacher,
    answered: evaluation?.predicted ?? 0,
    withConfidence: evaluation?.withConfidence ?? 0,
    complete: evaluation !== undefined,
  };
}

/**
 * One text for runs that differ by their seed alone: same study, settings and answers. An imported
 * student never shares one with a run that was trained here, nor with one that came in another form:
 * the same recipe on another machine, or in shorter numbers, is what a comparison is to tell apart.
 */
function groupOf(run: Run, answersId: string | null, from: ImportedFrom | null): string {
  const { studyId, extractionId } = run;
  const settings = { ...statedSettings(run.settings), seed: null };
  const imported = from && {
    exported: from.exported,
    project: from.origin?.project ?? null,
    trainRows: run.trainRows,
  };
  return settingsHash({
    ...{ studyId, settings, extractionId, answersId },
    ...(imported && { imported }),
  });
}
