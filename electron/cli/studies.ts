import type { CallInput } from '../contract/calls.ts';
import type { Project, Study, StudyPlan, StudyPreview, StudyResult } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { resumableStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { duration } from './progress.ts';
import { newestOf } from './session.ts';
import type { Session } from './session.ts';

/** A study with what it has found. */
export interface FoundStudy {
  readonly study: Study;
  readonly result: StudyResult;
}

/** Starts a study, follows it to its end and gives what it found. */
export async function runStudy(
  session: Session,
  project: Project,
  input: Omit<CallInput<'studies.start'>, 'projectId'>,
): Promise<FoundStudy> {
  const { name, ...draft } = input;
  const planned = { projectId: project.id, ...draft };
  session.terminal.note(previewLine(await session.ask('studies.preview', planned)));
  const { study, job } = await session.ask('studies.start', { ...planned, name });
  return followStudy(session, study, job);
}

/** Goes on with the newest study of a kind; one that has ended only shows what it found. */
export async function resumeStudy(
  session: Session,
  project: Project,
  kind: StudyPlan['kind'],
): Promise<FoundStudy> {
  const studies = await session.ask('studies.list', { projectId: project.id });
  const study = newestOf(studies.filter(({ plan }) => plan.kind === kind));
  if (study === null) {
    throw new StudioError(
      'not-found',
      `“${project.name}” has no ${kind} yet.`,
      `Start one: stepwise ${commands[kind]}`,
    );
  }
  const jobs = await session.ask('jobs.list', { projectId: project.id });
  const job = jobs.find(({ id }) => id === study.jobId);
  if (job === undefined || !resumableStates.includes(job.state)) return found(session, study);
  session.terminal.note(`Going on with “${study.name}”, which was ${job.state}.`);
  return followStudy(session, study, await session.ask('jobs.resume', { jobId: job.id }));
}

/** The command of each kind of study. */
export const commands: Readonly<Record<StudyPlan['kind'], string>> = {
  'bake-off': 'bake-off',
  'data-size': 'curve',
  sweep: 'sweep',
};

async function followStudy(session: Session, study: Study, job: JobRecord): Promise<FoundStudy> {
  const resume = `Go on where it stopped: stepwise ${commands[study.plan.kind]} --resume`;
  await session.wait(job, resume, watchRuns(session, study));
  return found(session, study);
}

async function found(session: Session, study: Study): Promise<FoundStudy> {
  const studies = await session.ask('studies.list', { projectId: study.projectId });
  return {
    study: studies.find(({ id }) => id === study.id) ?? study,
    result: await session.ask('studies.result', { studyId: study.id }),
  };
}

/** Milliseconds between two looks at how many runs have ended. */
const lookEvery = 1_000;

/** Which of the runs trains, beside the count of steps. */
function watchRuns(session: Session, { id, projectId, runs }: Study): () => string {
  let line = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    lookedAt = performance.now();
    // It is an extra of the line: the study goes on whether it can be shown or not.
    const studies = await session.ask('studies.list', { projectId }).catch(() => []);
    const ended = studies.find((study) => study.id === id)?.runs.ended ?? 0;
    line = `run ${Math.min(ended + 1, runs.planned)} of ${runs.planned}`;
  };
  return () => {
    if (performance.now() - lookedAt >= lookEvery) void look();
    return line;
  };
}

function previewLine({ runs, existing, steps, rows, seconds }: StudyPreview): string {
  const sizes = rows.map(({ rows: count }) => count).join(', ');
  return [
    `${runs} ${runs === 1 ? 'run' : 'runs'}`,
    ...(existing > 0 ? [`${existing} of them there already`] : []),
    `${steps} steps to train`,
    `learning from ${sizes} rows`,
    ...(seconds === null ? [] : [`about ${duration(seconds)} by earlier runs`]),
  ]
    .join('; ')
    .concat('.');
}
