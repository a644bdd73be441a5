import { systemOf } from '../../contract/entities.ts';
import type { Comparing, Entry, Scoreboard, System } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { AnswerSource, Store } from '../../store/store.ts';
import type { ThreadTask } from '../threads.ts';
import { macroF1Between, scoreLine } from './answer-scores.ts';
import type { Scores } from './answer-scores.ts';
import { linesOf, unreadLines } from './entries.ts';
import type { Line } from './entries.ts';
import { measureRationales, rowsRead, writtenBy } from './rationale-measures.ts';
import type { MeasuredRows, Written } from './rationale-measures.ts';
import { readWithSources } from './sheet.ts';
import type { ReadSheet } from './sheet.ts';
import { sizeOfStudents, speedOfStudents, speedOfTeacher } from './speed.ts';
import { describeSystems, renamed } from './systems.ts';
import { testPairs, verdictsFrom } from './verdicts.ts';
import type { PairTests } from './verdicts.ts';

/** Whose scores, and what difference of accuracy does not matter. */
export type ScoreboardQuestion = Comparing & { readonly margin: number };

/** What takes long of a scoreboard, worked out from answers alone: it stays until they change. */
export interface MeasuredBoard {
  readonly systems: readonly System[];
  /** Where the answers were read, in the order of the systems. */
  readonly sources: readonly AnswerSource[];
  readonly rows: number;
  readonly withGold: number;
  /** Figures of each line by its key, in the order of the scoreboard. */
  readonly figures: ReadonlyMap<string, Scores & Pick<Entry, 'rationales'>>;
  readonly tests: PairTests;
}

/**
 * Teachers and students on the same rows, with what may be said of every two of them. All figures are
 * computed from saved rows. Reads alone: `looks` are those so far, and a handler that shows this counts
 * its own.
 *
 * @throws StudioError not-found for systems that are not of this project and split, or without
 *   complete predictions
 */
export const scoreboardOf = (store: Store, question: ScoreboardQuestion): Scoreboard =>
  scoreboardFrom(store, question, measureBoard(store, question));

/**
 * Reads all answers, draws resamples and tests every pair: it is meant for a thread.
 * @throws StudioError not-found as {@link scoreboardOf}
 */
export function measureBoard(store: Store, comparing: Comparing): MeasuredBoard {
  const systems = describeSystems(store, comparing);
  const read = readWithSources(store, comparing);
  const { sheet, sources } = read;
  const lines = linesOf(systems, sheet, (studyId) => store.studies.get(studyId).name);
  const hasClasses = store.projects.get(comparing.projectId).task === 'classification';
  const rationales = rationalesOf(store, comparing, read, systems);
  const measured = lines
    .map((line) => {
      const figures = { ...scoreLine(sheet, line, hasClasses), rationales: rationales(line) };
      return { line, figures };
    })
    .sort(byKindAndScore);
  return {
    ...{ systems, sources },
    rows: sheet.exampleIds.length,
    withGold: sheet.gold.filter((label) => label >= 0).length,
    figures: new Map(measured.map(({ line, figures }) => [line.key, figures])),
    tests: testPairs(
      sheet,
      measured.map(({ line }) => line),
      hasClasses ? macroF1Between(sheet) : () => null,
    ),
  };
}

/**
 * The scoreboard of what was measured: names, speed and size are those of now, and the margin that is
 * asked for. Takes milliseconds.
 *
 * @throws StudioError not-found for a system that was removed meanwhile
 */
export function scoreboardFrom(
  store: Store,
  { projectId, splitId, part, margin }: ScoreboardQuestion,
  { figures, tests, rows, withGold, ...measured }: MeasuredBoard,
): Scoreboard {
  const systems = renamed(store, measured.systems);
  const lines = new Map(
    unreadLines(systems, (studyId) => store.studies.get(studyId).name).map((line) => [
      line.key,
      line,
    ]),
  );
  return {
    ...{ splitId, part, rows, withGold },
    looks: store.splits.get(splitId).looks,
    synthetic:
      store.projects.get(projectId).synthetic ||
      systems.some(({ teacherKind }) => teacherKind === 'practice'),
    entries: [...figures].flatMap(([key, own]): Entry[] => {
      const line = lines.get(key);
      if (line === undefined) return [];
      return [
        {
          ...{ key, name: line.name, systems: line.members.map(({ system }) => system) },
          ...own,
          ...machineOf(store, line),
        },
      ];
    }),
    verdicts: verdictsFrom(tests, margin),
  };
}

/** Measures a scoreboard in a thread. */
export const scoreboardTask: ThreadTask<
  { readonly database: string; readonly comparing: Comparing },
  never,
  MeasuredBoard
> = {
  name: 'compare.scoreboard',
  run({ database, comparing }) {
    const store = openReader(database);
    try {
      return Promise.resolve(measureBoard(store, comparing));
    } finally {
      store.close();
    }
  },
};

/** Measures of the rationales of a line; a teacher's are what its students' are set against. */
function rationalesOf(
  store: Store,
  { projectId, splitId, part }: Comparing,
  { sheet: { exampleIds }, sources }: ReadSheet,
  systems: readonly System[],
): (line: Line) => Entry['rationales'] {
  const { task, labels } = store.projects.get(projectId);
  const read = rowsRead(exampleIds);
  const sourceOf = new Map(systems.map(({ key }, index) => [key, sources[index]]));
  const written = (key: string): Written => {
    const source = sourceOf.get(key);
    return source === undefined ? new Map() : writtenBy(store, source, read);
  };
  const count = (key: string): number => {
    const source = sourceOf.get(key);
    return source === undefined ? 0 : store.answers.explained(source, splitId, part);
  };
  const teacher = systems.find(({ kind }) => kind === 'teacher');
  const byTeacher = teacher === undefined ? null : written(teacher.key);
  const choices = new Map(
    task === 'multiple-choice'
      ? store.answers.rows(splitId, part).map((row) => [row.exampleId, row.choices])
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
      members.reduce((sum, { system }) => sum + count(system.key), 0),
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

interface Measured {
  readonly line: Line;
  readonly figures: Pick<Entry, 'accuracy'>;
}

/** Teachers first, then students, the best first; the order they came in where they are equal. */
function byKindAndScore(a: Measured, b: Measured): number {
  const isStudent = ({ line }: Measured): number =>
    line.members[0].system.kind === 'student' ? 1 : 0;
  const score = ({ figures }: Measured): number => figures.accuracy?.value ?? -1;
  return isStudent(a) - isStudent(b) || score(b) - score(a);
}
