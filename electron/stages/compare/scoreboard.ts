import { systemOf } from '../../contract/entities.ts';
import type { Comparing, Entry, Scoreboard, System } from '../../contract/entities.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import { openReader } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import { macroF1Between, scoreLine } from './answer-scores.ts';
import { linesOf } from './entries.ts';
import type { Line } from './entries.ts';
import { measureRationales, writtenBy } from './rationale-measures.ts';
import type { MeasuredRows, Written } from './rationale-measures.ts';
import { readSheet, sourcesOf } from './sheet.ts';
import { sizeOfStudents, speedOfStudents, speedOfTeacher } from './speed.ts';
import { describeSystems } from './systems.ts';
import { verdictsOf } from './verdicts.ts';

/** Whose scores, and what difference of accuracy does not matter. */
export type ScoreboardQuestion = Comparing & { readonly margin: number };

/**
 * Teachers and students on the same rows, with what may be said of every two of them. All figures are
 * computed from saved rows. Reads alone: `looks` are those so far, and a handler that shows this counts
 * its own (`countLook`).
 *
 * @throws StudioError not-found for systems that are not of this project and split, or without
 *   complete predictions
 */
export function scoreboardOf(
  store: Store,
  { margin, ...comparing }: ScoreboardQuestion,
): Scoreboard {
  const systems = describeSystems(store, comparing);
  const sheet = readSheet(store, comparing);
  const lines = linesOf(systems, sheet, (studyId) => store.studies.get(studyId).name);
  const { task, labels, synthetic } = store.projects.get(comparing.projectId);
  const hasClasses = task === 'classification';
  const rationales = rationalesOf(store, comparing, sheet, { task, labels, systems });
  const entries = lines.map((line): Entry => ({
    key: line.key,
    name: line.name,
    systems: line.members.map(({ system }) => system),
    ...scoreLine(sheet, line, hasClasses),
    rationales: rationales(line),
    ...machineOf(store, line),
  }));
  const ordered = entries.toSorted(byKindAndScore);
  return {
    splitId: comparing.splitId,
    part: comparing.part,
    rows: sheet.exampleIds.length,
    withGold: sheet.gold.filter((label) => label >= 0).length,
    looks: store.splits.get(comparing.splitId).looks,
    synthetic: synthetic || systems.some(({ teacherKind }) => teacherKind === 'practice'),
    entries: ordered,
    verdicts: verdictsOf(
      sheet,
      inOrder(lines, ordered),
      margin,
      hasClasses ? macroF1Between(sheet) : () => null,
    ),
  };
}

/** Works the scoreboard out in a thread. */
export const scoreboardTask: ThreadTask<
  { readonly database: string; readonly question: ScoreboardQuestion },
  never,
  Scoreboard
> = {
  name: 'compare.scoreboard',
  run({ database, question }) {
    const store = openReader(database);
    try {
      return Promise.resolve(scoreboardOf(store, question));
    } finally {
      store.close();
    }
  },
};

/** Measures of the rationales of a line; a teacher's are what its students' are set against. */
function rationalesOf(
  store: Store,
  comparing: Comparing,
  { exampleIds }: AnswerSheet,
  {
    task,
    labels,
    systems,
  }: Pick<MeasuredRows, 'task' | 'labels'> & { readonly systems: readonly System[] },
): (line: Line) => Entry['rationales'] {
  const sources = sourcesOf(store, comparing);
  const ofPart = new Set(exampleIds);
  const written = (key: string): Written => {
    const source = sources[systems.findIndex((system) => system.key === key)];
    return source === undefined ? new Map() : writtenBy(store, source, ofPart);
  };
  const teacher = systems.find(({ kind }) => kind === 'teacher');
  const byTeacher = teacher === undefined ? null : written(teacher.key);
  const choices = new Map(
    task === 'multiple-choice'
      ? store.answers
          .rows(comparing.splitId, comparing.part)
          .map((row) => [row.exampleId, row.choices])
      : [],
  );
  const rows: MeasuredRows = {
    ...{ task, labels, exampleIds },
    choicesOf: (exampleId) => choices.get(exampleId) ?? null,
  };
  return ({ members }) =>
    measureRationales(
      members.map(({ system }) => written(system.key)),
      members[0].system.kind === 'teacher' ? null : byTeacher,
      rows,
    );
}

/** What it takes to run it. */
function machineOf(
  store: Store,
  { members }: Line,
): Pick<Entry, 'speed' | 'parameters' | 'fileBytes'> {
  const ids = members.map(({ system }) => systemOf(system.key).id);
  const [first = ''] = ids;
  if (members[0].system.kind === 'teacher') {
    return { speed: speedOfTeacher(store, first), parameters: null, fileBytes: null };
  }
  const runs = ids.map((runId) => store.runs.get(runId));
  return { speed: speedOfStudents(store, ids), ...sizeOfStudents(store, runs) };
}

/** Teachers first, then students, the best first; the order they came in where they are equal. */
function byKindAndScore(a: Entry, b: Entry): number {
  const isStudent = ({ systems }: Entry): number => (systems[0]?.kind === 'student' ? 1 : 0);
  const score = ({ accuracy }: Entry): number => accuracy?.value ?? -1;
  return isStudent(a) - isStudent(b) || score(b) - score(a);
}

const inOrder = (lines: readonly Line[], entries: readonly Entry[]): Line[] =>
  entries.flatMap(({ key }) => lines.find((line) => line.key === key) ?? []);
