import type { Command } from 'commander';
import { isTrainingKnown } from '../../contract/entities.ts';
import type { CurvePoint, ImportedFrom, Run, RunSamples } from '../../contract/entities.ts';
import { resumableStates } from '../../contract/jobs.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import { statedSettings } from '../../core/run-settings.ts';
import { findRun } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';

export function addRuns(program: Command): void {
  const runs = program.command('runs').description('the runs of a project, and their queue');
  runs
    .command('list', { isDefault: true })
    .description('every run with its state and its best validation')
    .action(inSession(list));
  runs
    .command('show <run>')
    .description('settings, validations and what the student wrote')
    .action(inSession(show));
  runs
    .command('keep-best <run>')
    .description('end a run that was stopped, with the best student it has')
    .action(inSession(keepBest));
  runs.command('rename <run> <name>').description('give it another name').action(inSession(rename));
  runs
    .command('queue')
    .description('trainings that wait; --resume takes them up, one after another')
    .option('--resume', 'train them now, in their order')
    .action(inSession(queue));
  runs.addHelpText(
    'after',
    `
Examples:
  stepwise runs
  stepwise runs show "step-by-step 2"
  stepwise runs queue --resume`,
  );
}

interface RunsOptions extends GlobalOptions {
  readonly resume?: boolean;
}

type Work = (session: Session, names: readonly string[], options: RunsOptions) => Promise<void>;

/** An action of commander: the arguments come first, then the options and the command itself. */
function inSession(work: Work): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1);
    const names = given.filter((each) => typeof each === 'string');
    const options = isCommand(command) ? command.optsWithGlobals<RunsOptions>() : {};
    await Session.use(options, (session) => work(session, names, options));
  };
}

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'optsWithGlobals' in value;

const list: Work = async (session) => {
  const project = await session.project();
  const runs = await session.ask('runs.list', { projectId: project.id });
  const jobs = await session.ask('jobs.list', { projectId: project.id });
  const described = runs.map((run) => describeRun(run, jobs));
  session.terminal.print(
    runs.length === 0
      ? `“${project.name}” has no run yet. Train one: stepwise train --method step-by-step`
      : table(
          ['run', 'method', 'student', 'state', 'best validation', 'at step', 'end'],
          described.map(({ run, state, end }) => [
            run.name,
            run.settings.method,
            studentOf(run),
            state,
            run.bestValidation === null ? '–' : percent(run.bestValidation),
            run.bestStep === null || !isTrainingKnown(run) ? '–' : String(run.bestStep),
            end,
          ]),
          ['left', 'left', 'left', 'left', 'right', 'right', 'left'],
        ),
  );
  session.terminal.result({
    runs: described.map(({ run, state }) => ({
      ...{ run: run.id, name: run.name, method: run.settings.method, state },
      student: studentOf(run),
      ...{ imported: run.imported, training_known: isTrainingKnown(run) },
      ...{ best_step: run.bestStep, best_validation: run.bestValidation },
      ...{ ended: run.ended, study: run.studyId, parent: run.parentId },
    })),
  });
};

const ends: Readonly<Record<NonNullable<Run['ended']>['reason'], string>> = {
  'steps-done': 'all steps done',
  'early-stopping': 'stopped early',
  'kept-best': 'ended by hand, best kept',
  'median-rule': 'ended by the sweep',
  diverged: 'diverged',
};

interface Described {
  readonly run: Run;
  readonly state: string;
  readonly end: string;
}

/** A run's state in a word, and how it ended. */
export function describeRun(run: Run, jobs: readonly JobRecord[]): Described {
  const job = jobs.find(({ id }) => id === run.jobId);
  const { ended } = run;
  if (run.imported) return { run, state: 'imported', end: isTrainingKnown(run) ? '' : unknown };
  const end = ended === null ? '' : `${ends[ended.reason]} (step ${ended.step})`;
  const state = job?.state ?? (ended === null ? 'part of a study' : 'ended');
  return { run, state, end };
}

const unknown = 'how it was trained is not known here';

function studentOf(run: Run): string {
  const { preset, student, lora } = run.settings;
  if (!isTrainingKnown(run)) return '–';
  return `${student?.name ?? preset}${lora === null ? '' : ` + LoRA ${lora.rank}`}`;
}

const show: Work = async (session, [named = '']) => {
  const project = await session.project();
  const run = await findRun(session, project, named);
  const jobs = await session.ask('jobs.list', { projectId: project.id });
  const points = await session.ask('runs.metrics', { runId: run.id, afterStep: 0 });
  const samples = await session.ask('runs.samples', { runId: run.id });
  const { state, end } = describeRun(run, jobs);
  const { terminal } = session;
  const from = run.imported ? await session.ask('runs.importedFrom', { runId: run.id }) : null;
  terminal.print(`“${run.name}”: ${run.settings.method}, ${studentOf(run)}, ${state}.`);
  if (from !== null) terminal.print(importedLines(from).join('\n'));
  if (!isTrainingKnown(run)) {
    terminal.print(`  ${unknown}`);
    terminal.result({ run, state, from, validations: [], samples });
    return;
  }
  if (end !== '') terminal.print(`  ${end}`);
  terminal.print(
    `  ${run.trainRows} training rows, ${run.rationaleRows} with a rationale${run.parameters === null ? '' : `; ${run.parameters.toLocaleString('en-US')} parameters on ${run.engine ?? 'an unknown engine'}`}`,
  );
  terminal.print('\nSettings');
  for (const [name, value] of Object.entries(statedSettings(run.settings))) {
    terminal.print(
      `  ${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    );
  }
  const evaluated = points.filter(({ validation }) => validation !== null);
  if (evaluated.length > 0) terminal.print(`\nValidations\n${validationTable(evaluated)}`);
  const written = sampleLines(samples);
  if (written.length > 0) terminal.print(['\nWhat it wrote last', ...written].join('\n'));
  terminal.result({ run, state, from, validations: evaluated, samples });
};

/** Where an imported student comes from, and what it has seen of the test part. */
const importedLines = ({ folder, origin, seenTestRows }: ImportedFrom): string[] => [
  `  imported from ${folder}`,
  ...(origin === null ? [] : [`  trained as “${origin.run}” of “${origin.project}”`]),
  ...(seenTestRows === null
    ? ['  which rows it was trained on is not known']
    : [`  trained on ${seenTestRows} of this split’s test rows`]),
];

function validationTable(points: readonly CurvePoint[]): string {
  return table(
    ['step', 'label loss', 'rationale loss', 'validation', '95% interval'],
    points.map(({ step, labelLoss, rationaleLoss, validation, interval }) => [
      String(step),
      labelLoss.toFixed(3),
      rationaleLoss === null ? '–' : rationaleLoss.toFixed(3),
      validation === null ? '–' : `${validation.correct}/${validation.rows}`,
      interval === null ? '–' : `${percent(interval.low)} to ${percent(interval.high)}`,
    ]),
    ['right', 'right', 'right', 'right', 'left'],
  );
}

/** The watched rows with the answers of the newest evaluation. */
function sampleLines({ rows, evaluations }: RunSamples): string[] {
  const newest = evaluations.at(-1);
  if (newest === undefined) return [];
  return newest.answers.flatMap(({ label, rationale, correct }, index) => {
    const row = rows[index];
    if (row === undefined) return [];
    return [
      `  ${row.input.replace(/\s+/g, ' ')}`,
      `    ${correct ? 'right' : `wrong, gold is ${row.gold}`}: ${label || '(no answer)'}`,
      ...(rationale === null ? [] : [`    because: ${rationale}`]),
    ];
  });
}

const keepBest: Work = async (session, [named = '']) => {
  const run = await findRun(session, await session.project(), named);
  await session.ask('runs.keepBest', { runId: run.id });
  const kept = await findRun(session, await session.project(), run.id);
  session.terminal.print(
    `“${kept.name}” has ended with the student of step ${kept.bestStep ?? 0}` +
      `${kept.bestValidation === null ? '' : `, ${percent(kept.bestValidation)} of the validation rows right`}.`,
  );
  session.terminal.result({ run: kept.id, ended: kept.ended, best_step: kept.bestStep });
};

const rename: Work = async (session, [named = '', name = '']) => {
  const run = await findRun(session, await session.project(), named);
  const renamed = await session.ask('runs.rename', { runId: run.id, name });
  session.terminal.print(`“${run.name}” is now “${renamed.name}”.`);
  session.terminal.result({ run: renamed.id, name: renamed.name });
};

const queue: Work = async (session, _names, { resume }) => {
  const jobs = await session.ask('jobs.list', { projectId: null });
  const waiting = jobs
    .filter(({ place, state }) => place !== null && resumableStates.includes(state))
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const { terminal } = session;
  if (waiting.length === 0) {
    terminal.print('Nothing waits. A training that was paused: stepwise train --resume');
  } else if (!resume) {
    terminal.print(waiting.map(({ title }, index) => `  ${index + 1}. ${title}`).join('\n'));
    terminal.print('Train them in this order: stepwise runs queue --resume');
  } else {
    for (const job of await session.ask('queue.resume', {})) {
      await session.wait(job, 'Go on with the queue: stepwise runs queue --resume');
      terminal.print(`${job.title}: done.`);
    }
  }
  terminal.result({ queue: waiting.map(({ id, title, state }) => ({ job: id, title, state })) });
};
