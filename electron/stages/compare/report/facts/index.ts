import { systemOf } from '../../../../contract/entities.ts';
import type {
  CompareDetail,
  Comparing,
  Scoreboard,
  SystemKey,
} from '../../../../contract/entities.ts';
import { seedFrom } from '../../../../core/hash.ts';
import type { Store } from '../../../../store/store.ts';
import { costReport } from '../../costs.ts';
import { comparedRow } from '../../detail.ts';
import { revealedResults } from '../../judging.ts';
import { scoreboardOf } from '../../scoreboard.ts';
import { readWithSources } from '../../sheet.ts';
import { slicesOf } from '../../slices.ts';
import { dataFacts, splitFacts } from './data.ts';
import { disagreeAt, drawRows } from './examples.ts';
import { reproduce } from './reproduce.ts';
import { factsVersion } from './schema.ts';
import type { ExampleFacts, ReportFacts, StudentFacts, TeacherFacts } from './schema.ts';
import { Suggestions, studentFacts } from './students.ts';
import type { SuggestSettings } from './students.ts';
import { teacherFacts } from './teachers.ts';
import type { ReportTeacher } from './teachers.ts';
import { versionsHere } from './versions.ts';

/** What is written down, and how. */
export interface ReportRequest {
  readonly comparing: Comparing;
  readonly title: string;
  readonly language: ReportFacts['language'];
  /** Examples that are shown. */
  readonly examples: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What other stages work out. */
export interface OtherStages {
  readonly reportTeacher: ReportTeacher;
  readonly suggest: SuggestSettings;
}

/** Differences smaller than this do not matter; share. As screens show it. */
const margin = 0.02;

/** Steps of the gathering, as its progress counts them. */
export const gatheringSteps = 6;

/** Systems whose answers stand beside each other in an example: more can't be read side by side. */
const shownSystems = 6;

/**
 * Gathers all facts from saved rows. Reads much: it is meant for a thread.
 *
 * @param onStep called after each of the {@link gatheringSteps}
 * @throws StudioError not-found where a system has no complete answers on the part
 */
export async function gatherFacts(
  store: Store,
  request: ReportRequest,
  stages: OtherStages,
  onStep: (done: number) => Promise<void>,
): Promise<ReportFacts> {
  const { comparing, title, language, createdAt } = request;
  const { projectId, splitId, part } = comparing;
  const { name, task, labels, synthetic } = store.projects.get(projectId);

  const scoreboard = scoreboardOf(store, { ...comparing, margin });
  await onStep(1);
  const slices = { ...slicesOf(store, comparing), looks: scoreboard.looks };
  await onStep(2);
  const costs = costReport(store, comparing);
  const examples = exampleFacts(store, request, scoreboard);
  await onStep(3);
  const students = await studentsOf(store, comparing, stages.suggest);
  await onStep(4);
  const teachers = await teachersOf(store, comparing, students, stages.reportTeacher);
  await onStep(5);

  const runIds = new Set(students.map(({ key }) => systemOf(key).id));
  const known = {
    format: 'stepwise-report',
    version: factsVersion,
    ...{ title, language, createdAt },
    project: { name, task, labels, synthetic },
    part,
    comparedSystems: comparing.systems,
    data: dataFacts(store, projectId),
    teachers,
    split: splitFacts(store.splits.get(splitId)),
    ...{ students, scoreboard, slices, costs, examples },
    cascades: store.costs
      .cascades(projectId)
      .filter((cascade) => cascade.splitId === splitId && runIds.has(cascade.runId)),
    judged: revealedResults(store, comparing),
    versions: versionsHere(students.flatMap(({ engine }) => engine ?? [])),
  } as const satisfies Omit<ReportFacts, 'reproduce'>;
  const facts = { ...known, reproduce: reproduce(known) };
  await onStep(6);
  return facts;
}

function exampleFacts(
  store: Store,
  { comparing, examples }: ReportRequest,
  scoreboard: Scoreboard,
): ReportFacts['examples'] {
  const seed = seedFrom(`${comparing.splitId} ${comparing.part}`);
  const systems = scoreboard.entries
    .map(({ systems: [first] }) => first?.key)
    .filter((key): key is SystemKey => key !== undefined)
    .slice(0, shownSystems);
  const shown = { ...comparing, systems };
  const read = readWithSources(store, shown);
  const { sheet } = read;
  const { places, disagreements } = drawRows(sheet, { count: examples, seed });
  const rows = places.map((place) => ({
    ...exampleOf(comparedRow(store, read, shown, sheet.exampleIds[place] ?? 0)),
    disagree: disagreeAt(sheet, place),
  }));
  return { seed, disagreements, systems, rows };
}

const exampleOf = ({
  exampleId: _exampleId,
  columns: _columns,
  ...row
}: CompareDetail): Omit<ExampleFacts, 'disagree'> => row;

async function studentsOf(
  store: Store,
  { systems }: Comparing,
  suggest: SuggestSettings,
): Promise<StudentFacts[]> {
  const suggestions = new Suggestions(store, suggest);
  const students: StudentFacts[] = [];
  for (const key of systems) {
    const { kind, id } = systemOf(key);
    if (kind === 'student') students.push(await studentFacts(store, id, suggestions));
  }
  return students;
}

async function teachersOf(
  store: Store,
  { systems }: Comparing,
  students: readonly StudentFacts[],
  reportTeacher: ReportTeacher,
): Promise<TeacherFacts[]> {
  const compared = systems.filter((key) => systemOf(key).kind === 'teacher');
  const taught = students.flatMap(({ taughtBy }) => taughtBy ?? []);
  const teachers: TeacherFacts[] = [];
  for (const key of new Set([...compared, ...taught])) {
    teachers.push(await teacherFacts(store, systemOf(key).id, reportTeacher));
  }
  return teachers;
}
