import { costSettingsDefaults, systemOf } from '../../contract/entities.ts';
import type {
  Comparing,
  CostReport,
  CostSettings,
  Run,
  System,
  SystemCost,
} from '../../contract/entities.ts';
import type { CascadePrices } from '../../core/comparison/cascade.ts';
import { breakEven, buildCost, studentPrice, teacherPrice } from '../../core/comparison/cost.ts';
import type { Price } from '../../core/comparison/cost.ts';
import { methodTraits, usesRationales } from '../../core/methods.ts';
import type { Store } from '../../store/store.ts';
import { computingSeconds } from '../training-time.ts';
import { unreadLines } from './entries.ts';
import type { Line } from './entries.ts';
import { speedOfStudents } from './speed.ts';
import { describeSystems } from './systems.ts';

/**
 * What answers and building cost, for each line of the scoreboard, and after how many answers a
 * student is cheaper than the first teacher that is compared. No scores: this is no look.
 *
 * @param systems that are compared, where they are known: to describe them goes through their answers
 * @throws StudioError not-found as `describeSystems`
 */
export function costReport(
  store: Store,
  comparing: Comparing,
  systems: readonly System[] = describeSystems(store, comparing),
): CostReport {
  const saved = store.costs.settings(comparing.projectId);
  const settings = saved ?? costSettingsDefaults;
  const lines = unreadLines(systems, (studyId) => store.studies.get(studyId).name);
  const teacher = systems.find(({ kind }) => kind === 'teacher')?.key ?? null;
  const against = teacher === null ? null : priceOfTeacher(store, settings, systemOf(teacher).id);
  return {
    settings,
    saved: saved !== null,
    teacher,
    systems: lines.map((line) => costOf(store, settings, line, against?.perThousand ?? null)),
  };
}

/** Prices of a student and a teacher, for a cascade of the two. */
export function cascadePrices(
  store: Store,
  { projectId, runId, extractionId }: { projectId: string; runId: string; extractionId: string },
): CascadePrices {
  const settings = store.costs.settings(projectId) ?? costSettingsDefaults;
  return {
    student: priceOfStudents(store, settings, [store.runs.get(runId)]).perThousand,
    teacher: priceOfTeacher(store, settings, extractionId).perThousand,
  };
}

function costOf(
  store: Store,
  settings: CostSettings,
  { key, name, members }: Line,
  against: number | null,
): SystemCost {
  const { kind, needsTeacher } = members[0].system;
  const ids = members.map(({ system }) => systemOf(system.key).id);
  const described = { key, name, kind, needsTeacher };
  if (kind === 'teacher') {
    const price = priceOfTeacher(store, settings, ids[0] ?? '');
    return { ...described, ...price, build: null, breakEven: null };
  }
  const runs = ids.map((id) => store.runs.get(id));
  const price = priceOfStudents(store, settings, runs);
  if (runs.some(({ imported }) => imported)) {
    return { ...described, ...price, build: builtElsewhere, breakEven: null };
  }
  const build = buildOf(store, settings, runs);
  return {
    ...{ ...described, ...price, build },
    breakEven: breakEven(build.total, price.perThousand, against),
  };
}

/** Nothing here knows what an imported student has cost. */
const builtElsewhere: NonNullable<SystemCost['build']> = {
  ...{ rationales: null, training: null, trainingHours: null, total: 0 },
  unknown: ['rationales', 'training'],
};

function priceOfTeacher(store: Store, settings: CostSettings, extractionId: string): Price {
  const { teacher, settings: asked, spend, completed } = store.extractions.get(extractionId);
  return teacherPrice({
    kind: teacher.kind,
    entered: settings.teacherPerThousand[extractionId] ?? null,
    ...{ cost: spend.cost, answers: completed, reused: spend.reused },
    samples: teacher.kind === 'recorded' ? 1 : asked.samples,
  });
}

/** Of students that differ by their seed alone: they are measured together. */
function priceOfStudents(store: Store, settings: CostSettings, runs: readonly Run[]): Price {
  const speed = speedOfStudents(
    store,
    runs.map(({ id }) => id),
  );
  const [run] = runs;
  const needed =
    run !== undefined && methodTraits[run.settings.method].needsTeacher ? run.extractionId : null;
  return studentPrice(
    speed && secondsPerRow(speed),
    settings.machineHour,
    needed === null ? null : priceOfTeacher(store, settings, needed),
  );
}

/** Many at a time where that was measured, else one by one. */
const secondsPerRow = (speed: { throughput: number | null; p50: number }): number =>
  speed.throughput !== null && speed.throughput > 0 ? 1 / speed.throughput : speed.p50 / 1_000;

/** Of one student; where there are several seeds, the hours of those that are known, on average. */
function buildOf(
  store: Store,
  settings: CostSettings,
  runs: readonly Run[],
): ReturnType<typeof buildCost> {
  const seconds = runs.flatMap((run) => computingSeconds(store, run) ?? []);
  const [run] = runs;
  const extractionId = run !== undefined && isTaught(run) ? run.extractionId : null;
  return buildCost({
    ...{ taught: extractionId !== null, machineHour: settings.machineHour },
    ...answersOf(store, settings, extractionId, run?.settings.trainShare ?? 1),
    trainingHours:
      seconds.length === 0
        ? null
        : seconds.reduce((sum, each) => sum + each, 0) / seconds.length / 3_600,
  });
}

/**
 * The price of an extraction's answers and the rows that have them, or the share of them that a
 * student learned from; nothing without one.
 */
function answersOf(
  store: Store,
  settings: CostSettings,
  extractionId: string | null,
  share: number,
): { teacher: Price; teacherRows: number } {
  if (extractionId === null) return { teacher: { perThousand: 0, basis: 'free' }, teacherRows: 0 };
  const { teacher, settings: asked, completed } = store.extractions.get(extractionId);
  return {
    teacher: priceOfTeacher(store, settings, extractionId),
    teacherRows: (share * completed) / (teacher.kind === 'recorded' ? 1 : asked.samples),
  };
}

const isTaught = ({ settings: { method, labelSource } }: Run): boolean =>
  labelSource === 'teacher' || usesRationales(method);
