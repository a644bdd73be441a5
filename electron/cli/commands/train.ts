import type { Command } from 'commander';
import type { Method, MetricPoint, Project, Run, RunSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { methodTraits } from '../../core/methods.ts';
import { wordFor } from '../arguments.ts';
import { findRun, findSplit, resumeRun, trainRun } from '../pipeline.ts';
import type { TrainRequest } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';
import { addTrainingOptions, methodWords } from '../training-flags.ts';
import { chosenSettings, chosenStudent, settingsFor, withEpochs } from '../training-options.ts';
import type { TrainingOptions } from '../training-options.ts';

/** What says which training is meant. */
export interface RequestOptions extends GlobalOptions, TrainingOptions {
  readonly method?: Method;
  /** The run, by name or id, whose settings are taken. */
  readonly again?: string;
  readonly split?: string;
  readonly extraction?: string;
}

interface TrainOptions extends RequestOptions {
  readonly resume?: boolean;
  readonly name?: string;
}

export function addTrain(program: Command): void {
  const command = program.command('train').description('train a student');
  addRequestOptions(command)
    .option('--name <name>', 'name of the run')
    .option('--resume', 'go on with the newest run that was stopped')
    .addHelpText(
      'after',
      `
Ctrl-C pauses: a checkpoint is saved, and --resume goes on from it.
What is not given is suggested from the rows, the method and the student.

Examples:
  stepwise train --method step-by-step
  stepwise train --method single-task --preset mini --seed 2
  stepwise train --method step-by-step --student flan-t5-small --lora --labels teacher
  stepwise train --again "step-by-step 2" --lambda 0.5
  stepwise train --resume`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<TrainOptions>();
      if (!options.resume) requireMethod(options);
      await Session.use(options, async (session) => {
        const project = await session.project();
        const started = performance.now();
        const run = options.resume
          ? await resumeRun(session, project)
          : await trainRun(session, project, {
              ...(await requestOf(session, project, options)),
              name: options.name ?? null,
            });
        await report(session, project, run, (performance.now() - started) / 1_000);
      });
    });
}

/** Adds what says which training is meant: its method and every setting, or the run that it repeats. */
export function addRequestOptions(command: Command): Command {
  command
    .option('--method <method>', methodWords.join(', '), wordFor('--method', methodWords))
    .option('--again <run>', 'the settings, split and answers of a run, but for what is given here')
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option('--extraction <id>', 'the extraction to learn from; the newest otherwise');
  return addTrainingOptions(command);
}

/** @throws StudioError invalid-input where nothing says what is to be trained */
export function requireMethod({ method, again }: RequestOptions): void {
  if (method !== undefined || again !== undefined) return;
  throw new StudioError(
    'invalid-input',
    'Which method is to be trained?',
    `Add --method with one of ${methodWords.join(', ')}, or --again RUN to train one with changes.`,
  );
}

/** The training that the options ask for. @throws StudioError not-found, invalid-input */
export async function requestOf(
  session: Session,
  project: Project,
  options: RequestOptions,
): Promise<Omit<TrainRequest, 'name'>> {
  const { method, again } = options;
  if (again !== undefined) return repeated(session, project, options, again);
  requireMethod(options);
  const split = await findSplit(session, project, options.split);
  const extractionId = options.extraction ?? null;
  const settings = await settingsFor(session, project, {
    ...{ split, extractionId, options },
    method: method ?? 'step-by-step',
  });
  return { splitId: split.id, extractionId, settings, parentId: null };
}

/** A run's settings with changes; another student brings what suits it along. */
async function repeated(
  session: Session,
  project: Project,
  options: RequestOptions,
  named: string,
): Promise<Omit<TrainRequest, 'name'>> {
  const run = await findRun(session, project, named);
  const splitId = options.split
    ? (await findSplit(session, project, options.split)).id
    : run.splitId;
  const extractionId = options.extraction ?? run.extractionId;
  const method = options.method ?? run.settings.method;
  const settings = {
    ...run.settings,
    ...(await ofOtherStudent(session, { project, run, splitId, options })),
    ...chosenSettings(options),
    method,
  };
  const request = { splitId, extractionId, settings };
  return {
    ...request,
    settings: await withEpochs(session, request, options),
    parentId: run.id,
  };
}

async function ofOtherStudent(
  session: Session,
  about: { project: Project; run: Run; splitId: string; options: RequestOptions },
): Promise<Partial<RunSettings>> {
  const { project, run, splitId, options } = about;
  const { preset, student, lora, loraRank } = options;
  if ([preset, student, lora, loraRank].every((option) => option === undefined)) return {};
  const kept = {
    preset: run.settings.preset,
    student: run.settings.student?.id ?? null,
    lora: run.settings.lora !== null,
  };
  const chosen = await chosenStudent(session, options);
  const suggested = await session.ask('runs.suggest', {
    ...{ projectId: project.id, splitId, method: run.settings.method },
    ...(preset === undefined && student === undefined ? kept : chosen),
    lora: chosen.lora || (lora === undefined && kept.lora),
  });
  // What was chosen about rows and texts stays; how the student learns is the new one's.
  return {
    ...suggested,
    ...pick(run.settings, keptNames),
  };
}

/** Settings of a run that say what is learned, and not how. */
const keptNames = [
  ...['method', 'labelSource', 'rationales', 'lambda', 'lossForm', 'seed', 'engine'],
  ...['withoutRationale', 'rationalesPerRow', 'suspicionLimit', 'rationaleCap'],
  ...['rationaleDropout', 'mutualInformation', 'trainShare', 'labelPrefix', 'rationalePrefix'],
  ...['answerMark', 'rationaleMark'],
] as const satisfies readonly (keyof RunSettings)[];

const pick = <Name extends keyof RunSettings>(
  settings: RunSettings,
  names: readonly Name[],
): Partial<RunSettings> => Object.fromEntries(names.map((name) => [name, settings[name]]));

async function report(
  session: Session,
  project: Project,
  run: Run,
  seconds: number,
): Promise<void> {
  const points = await session.ask('runs.metrics', { runId: run.id, afterStep: 0 });
  const last = points.at(-1) ?? null;
  const best =
    run.bestValidation === null
      ? 'there were no rows to validate on, and the newest student is kept'
      : `best validation ${percent(run.bestValidation)} at step ${run.bestStep ?? 0}`;
  session.terminal.print(
    `“${run.name}” (${run.settings.method}) in “${project.name}”: ${last?.step ?? 0} steps, ${best}.`,
  );
  if (last) session.terminal.print(lossesOf(last));
  if (run.ended?.reason === 'early-stopping') {
    session.terminal.print('It stopped early: more steps brought no better validation.');
  }
  if (methodTraits[run.settings.method].needsTeacher) {
    session.terminal.print(
      'Its scores are with the teacher’s rationale in every input; it needs one for each new input, too.',
    );
  }
  session.terminal.result({
    run: run.id,
    name: run.name,
    method: run.settings.method,
    steps: last?.step ?? 0,
    ended: run.ended?.reason ?? null,
    best_step: run.bestStep,
    best_validation: run.bestValidation,
    label_loss: last?.labelLoss ?? null,
    rationale_loss: last?.rationaleLoss ?? null,
    train_rows: run.trainRows,
    rationale_rows: run.rationaleRows,
    parameters: run.parameters,
    engine: run.engine,
    seconds,
  });
}

function lossesOf({ labelLoss, rationaleLoss }: MetricPoint): string {
  const label = `Label loss ${labelLoss.toFixed(4)} nats per token`;
  return rationaleLoss === null
    ? `${label}.`
    : `${label}, rationale loss ${rationaleLoss.toFixed(4)}.`;
}
