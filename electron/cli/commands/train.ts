import type { Command } from 'commander';
import { EngineId, RunSettings } from '../../contract/entities.ts';
import type { MetricPoint, Project, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { findSplit, resumeRun, trainRun } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

const methods = ['finetune', 'distill', 'step-by-step'] as const;

/** Settings that can be chosen here; commander names them after their flags. */
const chosenNames = [
  'steps',
  'batchSize',
  'learningRate',
  'labelSource',
  'rationales',
  'withoutRationale',
  'rationalesPerRow',
  'suspicionLimit',
  'lambda',
  'evaluateEvery',
  'validationRows',
  'seed',
  'optimizer',
  'schedule',
  'accumulate',
  'accumulation',
  'dropout',
  'labelSmoothing',
  'engine',
] as const satisfies readonly (keyof RunSettings)[];

interface TrainOptions
  extends GlobalOptions, Partial<Pick<RunSettings, (typeof chosenNames)[number]>> {
  readonly method?: RunSettings['method'];
  readonly resume?: boolean;
  readonly split?: string;
  readonly extraction?: string;
  readonly name?: string;
  readonly loraRank?: number;
  readonly loraAlpha?: number;
}

export function addTrain(program: Command): void {
  const whole = (flag: string, example: string, max: number, min = 1) =>
    numberFor(flag, example, { min, max, whole: true });
  program
    .command('train')
    .description('train a student')
    .option('--method <method>', methods.join(', '), wordFor('--method', methods))
    .option('--steps <n>', 'training steps', whole('--steps', '300', 1_000_000))
    .option('--batch-size <n>', 'rows in a step', whole('--batch-size', '16', 512))
    .option(
      '--learning-rate <r>',
      'highest learning rate',
      numberFor('--learning-rate', '0.001', { min: 0, max: 1, above: true }),
    )
    .option(
      '--label-source <source>',
      'labels that step-by-step learns: gold or teacher',
      wordFor('--label-source', ['gold', 'teacher']),
    )
    .option(
      '--rationales <which>',
      'parsed (all of them), agrees-with-gold, accepted or healthy; never those that were rejected',
      wordFor('--rationales', RunSettings.shape.rationales.options),
    )
    .option(
      '--without-rationale <what>',
      'a row whose rationale is left out: label-only (teaches its label) or drop',
      wordFor('--without-rationale', RunSettings.shape.withoutRationale.unwrap().options),
    )
    .option(
      '--rationales-per-row <which>',
      'of several: chosen, all (an example each) or sampled (another one in each epoch)',
      wordFor('--rationales-per-row', RunSettings.shape.rationalesPerRow.unwrap().options),
    )
    .option(
      '--suspicion-limit <n>',
      'with --rationales healthy: rows with this sum of flags or more are left out',
      whole('--suspicion-limit', '3', 100),
    )
    .option(
      '--lambda <x>',
      'weight of the rationale loss: L = L_label + lambda * L_rationale',
      numberFor('--lambda', '1', { min: 0, max: 100 }),
    )
    .option(
      '--evaluate-every <n>',
      'steps between validations',
      whole('--evaluate-every', '100', 1_000_000),
    )
    .option(
      '--validation-rows <n>',
      'validation rows decoded each time',
      whole('--validation-rows', '200', 1_000_000),
    )
    .option(
      '--seed <n>',
      'seed of the starting weights and of the order of the rows',
      whole('--seed', '1', Number.MAX_SAFE_INTEGER, 0),
    )
    .option(
      '--optimizer <name>',
      'adamw, or adafactor (much less memory)',
      wordFor('--optimizer', RunSettings.shape.optimizer.unwrap().options),
    )
    .option(
      '--schedule <course>',
      'learning rate after the warm-up: linear, constant or cosine',
      wordFor('--schedule', RunSettings.shape.schedule.unwrap().options),
    )
    .option(
      '--accumulate <n>',
      'micro-batches of --batch-size rows that make up one step',
      whole('--accumulate', '4', 1_024),
    )
    .option(
      '--accumulation <how>',
      'token-weighted (as one big batch) or mean-of-means',
      wordFor('--accumulation', RunSettings.shape.accumulation.unwrap().options),
    )
    .option(
      '--dropout <rate>',
      'share of activations dropped in training; 0.1 is usual for pretrained students',
      numberFor('--dropout', '0.1', { min: 0, max: 0.99 }),
    )
    .option(
      '--label-smoothing <share>',
      'share of each target that is spread over the vocabulary',
      numberFor('--label-smoothing', '0.1', { min: 0, max: 0.99 }),
    )
    .option(
      '--lora-rank <n>',
      'train adapters of this rank instead of the matrices; made for pretrained students, one from scratch learns little so',
      whole('--lora-rank', '8', 1_024),
    )
    .option(
      '--lora-alpha <x>',
      'weight of the adapters, divided by their rank; twice the rank otherwise',
      numberFor('--lora-alpha', '16', { min: 0, max: 1e6, above: true }),
    )
    .option(
      '--engine <id>',
      'what computes: cpu, webgpu, cuda or tensorflow; see stepwise engines',
      wordFor('--engine', EngineId.options),
    )
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option('--extraction <id>', 'the extraction to learn from; the newest otherwise')
    .option('--name <name>', 'name of the run')
    .option('--resume', 'go on with the newest run that was stopped')
    .addHelpText(
      'after',
      `
Ctrl-C pauses: a checkpoint is saved, and --resume goes on from it.

Examples:
  stepwise train --method step-by-step
  stepwise train --method finetune --steps 500 --seed 2
  stepwise train --resume`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<TrainOptions>();
      const { method } = options;
      if (method === undefined && !options.resume) {
        throw new StudioError(
          'invalid-input',
          'Which method is to be trained?',
          `Add --method with one of ${methods.join(', ')}, or --resume to go on with a stopped run.`,
        );
      }
      await Session.use(options, async (session) => {
        const project = await session.project();
        const started = performance.now();
        const run =
          method === undefined || options.resume
            ? await resumeRun(session, project)
            : await trainRun(session, project, {
                split: await findSplit(session, project, options.split),
                extractionId: options.extraction ?? null,
                name: options.name ?? null,
                method,
                chosen: chosenOf(options),
              });
        await report(session, project, run, (performance.now() - started) / 1_000);
      });
    });
}

function chosenOf(options: TrainOptions): Partial<RunSettings> {
  const entries = chosenNames.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  return { ...Object.fromEntries(entries), ...loraOf(options) };
}

function loraOf({ loraRank, loraAlpha }: TrainOptions): Partial<RunSettings> {
  if (loraRank !== undefined) {
    return { lora: { rank: loraRank, alpha: loraAlpha ?? 2 * loraRank } };
  }
  if (loraAlpha === undefined) return {};
  throw new StudioError(
    'invalid-input',
    '--lora-alpha weighs adapters, but there are none.',
    'Add --lora-rank, for example --lora-rank 8.',
  );
}

async function report(
  session: Session,
  project: Project,
  run: Run,
  seconds: number,
): Promise<void> {
  const points = await session.ask('runs.metrics', { runId: run.id, afterStep: 0 });
  const last = points.at(-1) ?? null;
  const best = run.bestValidation === null ? 'not validated' : percent(run.bestValidation);
  session.terminal.print(
    `“${run.name}” (${run.settings.method}) in “${project.name}”: ${last?.step ?? 0} steps, ` +
      `best validation ${best} at step ${run.bestStep ?? 0}.`,
  );
  if (last) session.terminal.print(lossesOf(last));
  session.terminal.result({
    run: run.id,
    name: run.name,
    method: run.settings.method,
    steps: last?.step ?? 0,
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
