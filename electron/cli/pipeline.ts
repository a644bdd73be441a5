import type { CallInput } from '../contract/calls.ts';
import type {
  Dataset,
  MetricPoint,
  Part,
  Project,
  Run,
  RunSettings,
  Split,
  System,
} from '../contract/entities.ts';
import { systemOf } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { resumableStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { methodTraits } from '../core/methods.ts';
import { teacherOf } from './score-report.ts';
import type { Compared } from './score-report.ts';
import { newestOf } from './session.ts';
import type { Session } from './session.ts';
import { percent } from './table.ts';
import { rowsLine } from './training-rows.ts';

/** The stages as the commands and the demo use them: each starts a job and waits for its end. */

export async function importFile(
  session: Session,
  project: Project,
  input: Omit<CallInput<'import.start'>, 'projectId'>,
): Promise<Dataset> {
  const job = await session.ask('import.start', { projectId: project.id, ...input });
  await session.wait(job, 'Import the file again: nothing of it was kept.');
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const replaced = datasets.find(({ id }) => id === input.options?.replaces);
  const dataset = replaced ?? newestOf(datasets);
  if (dataset) return dataset;
  throw new StudioError(
    'internal',
    'The imported rows can not be found.',
    'Import the file again.',
  );
}

export interface TrainRequest {
  readonly splitId: string;
  readonly extractionId: string | null;
  readonly name: string | null;
  readonly settings: RunSettings;
  /** The run whose settings these were made from. */
  readonly parentId: string | null;
}

/** Trains a new run and gives it back with what its training found. */
export async function trainRun(
  session: Session,
  project: Project,
  { name, parentId, ...learned }: TrainRequest,
): Promise<Run> {
  session.terminal.note(rowsLine(await session.ask('runs.rows', learned)));
  const { run, job } = await session.ask('runs.start', {
    ...{ projectId: project.id, name, parentId },
    ...learned,
  });
  return followRun(session, project, run.id, job);
}

/** Goes on with the newest run that was paused, interrupted or failed. @throws StudioError not-found */
export async function resumeRun(session: Session, project: Project): Promise<Run> {
  const runs = await session.ask('runs.list', { projectId: project.id });
  const job = await resumeJob(
    session,
    project,
    'train',
    runs.map((run) => run.id),
  );
  if (job?.subjectId) return followRun(session, project, job.subjectId, job);
  throw new StudioError(
    'not-found',
    `No run of “${project.name}” is waiting to be resumed.`,
    'Start a new one: stepwise train --method step-by-step',
  );
}

/** Shows how a run trains until its job ends. */
export async function followRun(
  session: Session,
  project: Project,
  runId: string,
  job: JobRecord,
): Promise<Run> {
  const losses = watchLosses(session, runId);
  await session.wait(job, 'Go on from the last checkpoint: stepwise train --resume', losses);
  return findRun(session, project, runId);
}

/** The newest losses, label and rationale apart, read from the saved metrics as they come. */
function watchLosses(session: Session, runId: string): () => string {
  let newest: MetricPoint | null = null;
  let validation: MetricPoint['validation'] = null;
  let asking = false;
  const ask = async () => {
    asking = true;
    // Losses are an extra: the training goes on whether they can be shown or not.
    const points = await session
      .ask('runs.metrics', { runId, afterStep: newest?.step ?? 0 })
      .catch(() => []);
    newest = points.at(-1) ?? newest;
    validation = points.findLast((point) => point.validation)?.validation ?? validation;
    asking = false;
  };
  return () => {
    if (!asking) void ask();
    return newest === null ? '' : lossLine(newest, validation);
  };
}

function lossLine(point: MetricPoint, validation: MetricPoint['validation']): string {
  const parts = [`label loss ${point.labelLoss.toFixed(3)}`];
  if (point.rationaleLoss !== null) {
    parts.push(`rationale loss ${point.rationaleLoss.toFixed(3)}`);
  }
  if (validation && validation.rows > 0) {
    parts.push(`validation ${percent(validation.correct / validation.rows)}`);
  }
  return parts.join(', ');
}

/** Systems that one scoreboard holds at most: a teacher, and the newest runs. */
const mostSystems = 64;

/** Decodes what is missing on the part, then gives the scores. */
export async function compareRuns(
  session: Session,
  project: Project,
  split: Split,
  part: Part,
): Promise<Compared> {
  const input = { projectId: project.id, splitId: split.id, part };
  const before = await session.ask('compare.systems', input);
  const students = before.systems.filter(({ kind }) => kind === 'student');
  if (students.length === 0) {
    session.terminal.note(
      `No run on “${split.name}” has a checkpoint yet: only the teacher is shown.`,
    );
  }
  // What is decoded already is not decoded again. Scores are asked for once, at the end: looking at those
  // of the test part is counted.
  const missing = students.filter((each) => !each.complete || each.withConfidence < before.rows);
  if (missing.length > 0) {
    const runIds = missing.map(({ key }) => systemOf(key).id);
    const job = await session.ask('compare.start', { ...input, runIds });
    await session.wait(job, 'Run the same command again: it decodes only the rows still missing.');
  }
  const { systems: all, rows, withGold } = await session.ask('compare.systems', input);
  const systems = await chosenSystems(session, split, all);
  const compared = { part, rows, withGold, systems };
  if (systems.length === 0) return { ...compared, board: null, teacherCost: null };
  const board = await session.ask('compare.scoreboard', {
    ...input,
    systems: systems.map(({ key }) => key),
  });
  const extractions = await session.ask('extractions.list', { projectId: project.id });
  const teacher = extractions.find(({ id }) => id === teacherOf(systems));
  return { ...compared, board, teacherCost: teacher?.spend.cost ?? null };
}

/** The teacher that the split's runs learned from, else the newest that answered; then the runs. */
export async function chosenSystems(
  session: Session,
  split: Split,
  systems: readonly System[],
): Promise<System[]> {
  const runs = await session.ask('runs.list', { projectId: split.projectId });
  const used = runs.findLast((run) => run.splitId === split.id && run.extractionId !== null);
  const teachers = systems.filter(({ kind }) => kind === 'teacher');
  const learnedFrom = used?.extractionId ?? null;
  const teacher =
    learnedFrom === null
      ? teachers.slice(0, 1)
      : teachers.filter(({ key }) => systemOf(key).id === learnedFrom);
  const students = systems.filter(({ kind, complete }) => kind === 'student' && complete);
  const shown = students.slice(-(mostSystems - teacher.length));
  if (shown.length < students.length) {
    session.terminal.note(`Only the ${shown.length} newest of ${students.length} runs are shown.`);
  }
  return [...teacher, ...shown];
}

/**
 * The run with the best validation accuracy, the newest where several share it. What an imported
 * student's folder says of its validation was not measured on these rows: they come last. So does a
 * student that can't answer without the teacher, however high its score.
 * @throws StudioError not-found
 */
export async function bestRun(session: Session, project: Project): Promise<Run> {
  const all = await session.ask('runs.list', { projectId: project.id });
  const own = all.filter(({ imported, bestStep }) => !imported && bestStep !== null);
  const alone = own.filter(({ settings }) => !methodTraits[settings.method].needsTeacher);
  const runs = [alone, own].find((some) => some.length > 0) ?? all;
  const best = Math.max(...runs.map((run) => run.bestValidation ?? -1));
  const chosen =
    newestOf(runs.filter((run) => run.bestStep !== null && (run.bestValidation ?? -1) === best)) ??
    newestOf(runs.filter((run) => run.bestStep !== null));
  if (chosen) return chosen;
  throw new StudioError(
    'not-found',
    `No run of “${project.name}” has a checkpoint yet.`,
    'Train one first: stepwise train --method step-by-step',
  );
}

/** A run by id or, the newest first, by name. @throws StudioError not-found */
export async function findRun(session: Session, project: Project, named: string): Promise<Run> {
  const runs = await session.ask('runs.list', { projectId: project.id });
  const found =
    runs.find((run) => run.id === named) ?? newestOf(runs.filter((run) => run.name === named));
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no run “${named}” in “${project.name}”.`,
    runs.length === 0
      ? 'Train one first: stepwise train --method step-by-step'
      : `There are: ${runs.map((run) => run.name).join(', ')}`,
  );
}

/** A split by id or name; without one the newest. @throws StudioError not-found */
export async function findSplit(
  session: Session,
  project: Project,
  named: string | undefined,
): Promise<Split> {
  const splits = await session.ask('splits.list', { projectId: project.id });
  const candidates = splits.filter(
    (split) => named === undefined || split.id === named || split.name === named,
  );
  const found = newestOf(candidates.map((split) => ({ split, createdAt: split.frozenAt })));
  if (found) return found.split;
  throw named === undefined
    ? new StudioError(
        'not-found',
        `“${project.name}” has no split yet.`,
        'Make one first: stepwise split',
      )
    : new StudioError(
        'not-found',
        `There is no split “${named}” in “${project.name}”.`,
        splits.length === 0
          ? 'Make one first: stepwise split'
          : `There are: ${splits.map((split) => split.name).join(', ')}`,
      );
}

/** Queues the newest job for one of these subjects that stopped half-way again; null when there is none. */
async function resumeJob(
  session: Session,
  project: Project,
  kind: JobRecord['kind'],
  subjectIds: readonly string[],
): Promise<JobRecord | null> {
  const jobs = await session.ask('jobs.list', { projectId: project.id });
  const stopped = newestOf(
    jobs.filter(
      ({ kind: of, state, subjectId }) =>
        of === kind &&
        resumableStates.includes(state) &&
        subjectId !== null &&
        subjectIds.includes(subjectId),
    ),
  );
  if (stopped === null) return null;
  session.terminal.note(`Going on with “${stopped.title}”, which was ${stopped.state}.`);
  return session.ask('jobs.resume', { jobId: stopped.id });
}
