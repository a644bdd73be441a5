import { copyFileSync, constants, existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { PredictedFile, Project } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { resumableStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import type { AskOptions } from './commands/ask.ts';
import { newestOf } from './session.ts';
import type { Session } from './session.ts';

/**
 * Lets students answer every row of a file, or goes on with one that was left off, and copies the
 * result where it was wished for.
 *
 * @param students ids of the runs
 * @throws StudioError as the job does; `invalid-input` where something lies at the wished place
 */
export async function answerFile(
  session: Session,
  project: Project,
  options: AskOptions,
  students: () => Promise<string[]>,
): Promise<void> {
  const out = options.out === undefined ? null : resolve(options.out);
  if (out !== null) refuseTaken(out);
  const job = options.resume
    ? await goOn(session, project)
    : await start(session, project, options, await students());
  await session.wait(job, 'Go on where it stopped: stepwise ask --resume');
  const file = await writtenBy(session, project, job);
  if (out !== null) copyFileSync(file.path, out, constants.COPYFILE_EXCL);
  const path = out ?? file.path;
  session.terminal.print(`Answered ${file.rows} rows: ${path}`);
  session.terminal.result({ path, rows: file.rows, bytes: file.bytes, systems: file.systems });
}

async function start(
  session: Session,
  project: Project,
  options: AskOptions,
  runIds: string[],
): Promise<JobRecord> {
  const { fileId } = session.studio.files.register(resolve(options.file ?? ''));
  const { columns, suggested } = await session.ask('import.inspect', { fileId });
  const guess = suggested.input ?? columns[0] ?? '';
  if (options.column === undefined) session.terminal.note(`The question is the column “${guess}”.`);
  return session.ask('playground.predictFile', {
    ...{ projectId: project.id, runIds, fileId },
    columns: [...(options.column ?? [guess])],
    choices: options.choicesColumn ?? null,
    rationale: options.rationaleColumn ?? null,
    format: formatOf(options.out),
  });
}

/** @throws StudioError not-found */
async function goOn(session: Session, project: Project): Promise<JobRecord> {
  const jobs = await session.ask('jobs.list', { projectId: project.id });
  const stopped = newestOf(
    jobs.filter(({ kind, state }) => kind === 'predict-file' && resumableStates.includes(state)),
  );
  if (stopped !== null) {
    session.terminal.note(`Going on with “${stopped.title}”, which was ${stopped.state}.`);
    return session.ask('jobs.resume', { jobId: stopped.id });
  }
  throw new StudioError(
    'not-found',
    `No file of “${project.name}” is waiting to be answered.`,
    'Start one: stepwise ask --file questions.csv --out answered.csv',
  );
}

async function writtenBy(
  session: Session,
  project: Project,
  job: JobRecord,
): Promise<PredictedFile> {
  const files = await session.ask('playground.files', { projectId: project.id });
  const file = files.find(({ id }) => id === job.id);
  if (file) return file;
  throw new StudioError(
    'internal',
    'The answered file can’t be found.',
    'Start it again: stepwise ask --file questions.csv',
  );
}

/** By the wished name; CSV where it says nothing. @throws StudioError invalid-input */
export function formatOf(out: string | undefined): 'csv' | 'jsonl' {
  const ending = out === undefined ? '.csv' : extname(out).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.jsonl' || ending === '.ndjson') return 'jsonl';
  throw new StudioError(
    'invalid-input',
    `--out ends in “${ending}”; answered files are CSV or JSONL.`,
    'Name it answered.csv or answered.jsonl.',
  );
}

function refuseTaken(path: string): void {
  if (!existsSync(path)) return;
  throw new StudioError(
    'invalid-input',
    `There is already something at ${path}.`,
    'Choose another name for --out, or move the old file away.',
  );
}
