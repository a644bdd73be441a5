import type { Command } from 'commander';
import { EngineId, Method, RunSettings } from '../contract/entities.ts';
import type { Project, Split, Student } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { numberFor, readNames, wordFor } from './arguments.ts';
import type { Session } from './session.ts';

/** Options that are a setting by another spelling of its name: commander names them after their flags. */
const plainNames = [
  ...['steps', 'batchSize', 'accumulate', 'accumulation', 'seed', 'engine'],
  ...['learningRate', 'optimizer', 'schedule', 'weightDecay', 'warmupShare', 'clipNorm'],
  ...['dropout', 'labelSmoothing', 'evaluateEvery', 'validationRows', 'keepEvery'],
  ...['rationales', 'withoutRationale', 'rationalesPerRow', 'suspicionLimit'],
  ...['rationaleCap', 'rationaleDropout', 'mutualInformation', 'trainShare'],
  ...['maxInputTokens', 'maxLabelTokens', 'maxRationaleTokens', 'vocabularySize', 'tokenizer'],
  ...['labelPrefix', 'rationalePrefix', 'answerMark', 'rationaleMark', 'freeze', 'lambda'],
] as const satisfies readonly (keyof RunSettings)[];

/** What {@link addTrainingOptions} leaves of a command line. */
export interface TrainingOptions extends Partial<Pick<RunSettings, (typeof plainNames)[number]>> {
  readonly preset?: 'micro' | 'mini' | 'small';
  /** Name or id of a pretrained student. */
  readonly student?: string;
  readonly labels?: RunSettings['labelSource'];
  readonly labelSource?: RunSettings['labelSource'];
  readonly alpha?: number;
  readonly epochs?: number;
  readonly lora?: boolean;
  readonly loraRank?: number;
  readonly loraAlpha?: number;
  /** Patience; false: never. */
  readonly earlyStopping?: number | false;
}

export const methodWords: readonly Method[] = Method.options;

const whole = (flag: string, example: string, max: number, min = 1) =>
  numberFor(flag, example, { min, max, whole: true });
const number = (flag: string, example: string, min: number, max: number, above = false) =>
  numberFor(flag, example, { min, max, above });
const { shape } = RunSettings;

/** Adds every setting of a training to a command, but for its method; without one, it is suggested. */
export function addTrainingOptions(command: Command): Command {
  addStudentOptions(command);
  addTeachingOptions(command);
  addLearningOptions(command);
  return addLengthOptions(command);
}

/** Which student, and which of its parts learn. */
export function addStudentOptions(command: Command): Command {
  const presets = ['micro', 'mini', 'small'] as const;
  const parts = shape.freeze.unwrap().element.options;
  return command
    .option(
      '--preset <size>',
      'a student from scratch: micro, mini or small',
      wordFor('--preset', presets),
    )
    .option('--student <name>', 'a pretrained student of the list, by name or id')
    .option('--lora', 'train adapters instead of the matrices, with a rate that suits them')
    .option(
      '--lora-rank <n>',
      'adapters of this rank; made for pretrained students, one from scratch learns little so',
      whole('--lora-rank', '8', 1_024),
    )
    .option(
      '--lora-alpha <x>',
      'weight of the adapters, divided by their rank; twice the rank otherwise',
      number('--lora-alpha', '16', 0, 1e6, true),
    )
    .option(
      '--freeze <parts>',
      'parts that stay as they are: embeddings, encoder',
      (text: string) => readNames(text).map(wordFor('--freeze', parts)),
    )
    .option(
      '--tokenizer <from>',
      'of a student from scratch: own (this run’s texts) or shared (the same for every method)',
      wordFor('--tokenizer', shape.tokenizer.unwrap().options),
    )
    .option(
      '--engine <id>',
      'what computes: cpu, webgpu, cuda or tensorflow; see stepwise engines',
      wordFor('--engine', EngineId.options),
    );
}

/** What is learned from which rows. */
export function addTeachingOptions(command: Command): Command {
  const sources = ['gold', 'teacher'] as const;
  const patience = whole('--early-stopping', '5', 1_000);
  return command
    .option(
      '--labels <source>',
      'labels that are learned, where the method leaves it open: gold or teacher',
      wordFor('--labels', sources),
    )
    .addOption(
      command
        .createOption('--label-source <source>', 'the same')
        .argParser(wordFor('--label-source', sources))
        .hideHelp(),
    )
    .option(
      '--rationales <which>',
      'parsed (all of them), agrees-with-gold, accepted or healthy; never those that were rejected',
      wordFor('--rationales', shape.rationales.options),
    )
    .option(
      '--without-rationale <what>',
      'a row whose rationale is left out: label-only (teaches its label) or drop',
      wordFor('--without-rationale', shape.withoutRationale.unwrap().options),
    )
    .option(
      '--rationales-per-row <which>',
      'of several: chosen, all (an example each) or sampled (another one in each epoch)',
      wordFor('--rationales-per-row', shape.rationalesPerRow.unwrap().options),
    )
    .option(
      '--suspicion-limit <n>',
      'with --rationales healthy: rows with this sum of flags or more are left out',
      whole('--suspicion-limit', '3', 100),
    )
    .option(
      '--rationale-cap <tokens>',
      'cut rationales at the last sentence that ends within so many tokens',
      whole('--rationale-cap', '64', 1_024, 4),
    )
    .option(
      '--rationale-dropout <share>',
      'share of rows whose rationale is left out, drawn anew in each epoch',
      number('--rationale-dropout', '0.2', 0, 0.99),
    )
    .option(
      '--train-share <share>',
      'share of the training rows that is used; smaller shares are part of larger ones',
      number('--train-share', '0.5', 0, 1, true),
    )
    .option(
      '--lambda <x>',
      'weight of the rationale loss: L = L_label + lambda * L_rationale',
      number('--lambda', '1', 0, 100),
    )
    .option(
      '--alpha <x>',
      'the same as in the published code: alpha * L_label + (1 - alpha) * L_rationale',
      number('--alpha', '0.5', 1 / 101, 1),
    )
    .option(
      '--mutual-information <weight>',
      'also draw the two tasks’ outputs together (arXiv 2403.03348, there 0.1)',
      number('--mutual-information', '0.1', 0, 10),
    )
    .option(
      '--early-stopping <n>',
      'stop when so many evaluations in a row brought no better validation',
      patience,
    )
    .option('--no-early-stopping', 'do all steps');
}

/** How it learns. */
export function addLearningOptions(command: Command): Command {
  return command
    .option('--steps <n>', 'training steps', whole('--steps', '300', 1_000_000))
    .option(
      '--epochs <n>',
      'in place of --steps: how often each row is seen',
      number('--epochs', '10', 0, 10_000, true),
    )
    .option('--batch-size <n>', 'rows computed at once', whole('--batch-size', '16', 512))
    .option(
      '--accumulate <n>',
      'micro-batches of --batch-size rows that make up one step',
      whole('--accumulate', '4', 1_024),
    )
    .option(
      '--accumulation <how>',
      'token-weighted (as one big batch) or mean-of-means',
      wordFor('--accumulation', shape.accumulation.unwrap().options),
    )
    .option(
      '--optimizer <name>',
      'adamw, or adafactor (much less memory)',
      wordFor('--optimizer', shape.optimizer.unwrap().options),
    )
    .option(
      '--learning-rate <r>',
      'highest learning rate',
      number('--learning-rate', '0.001', 0, 1, true),
    )
    .option(
      '--schedule <course>',
      'learning rate after the warm-up: linear, constant or cosine',
      wordFor('--schedule', shape.schedule.unwrap().options),
    )
    .option(
      '--warmup-share <share>',
      'share of the steps in which the rate rises',
      number('--warmup-share', '0.05', 0, 1),
    )
    .option('--weight-decay <x>', 'decoupled weight decay', number('--weight-decay', '0.01', 0, 1))
    .option(
      '--clip-norm <x>',
      'longest gradient that is followed',
      number('--clip-norm', '1', 0, 1_000, true),
    )
    .option(
      '--dropout <rate>',
      'share of activations dropped in training; 0.1 is usual for pretrained students',
      number('--dropout', '0.1', 0, 0.99),
    )
    .option(
      '--label-smoothing <share>',
      'share of each target that is spread over the vocabulary',
      number('--label-smoothing', '0.1', 0, 0.99),
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
      '--keep-every <n>',
      'beside the best and the newest, keep the student of every n-th validation',
      whole('--keep-every', '5', 1_000),
    )
    .option(
      '--seed <n>',
      'seed of the starting weights, the order of the rows and the share of them',
      whole('--seed', '1', Number.MAX_SAFE_INTEGER, 0),
    );
}

/** Lengths, words and marks. */
export function addLengthOptions(command: Command): Command {
  return command
    .option('--max-input-tokens <n>', 'of an input', whole('--max-input-tokens', '64', 4_096, 8))
    .option('--max-label-tokens <n>', 'of a label', whole('--max-label-tokens', '16', 1_024, 2))
    .option(
      '--max-rationale-tokens <n>',
      'of a rationale',
      whole('--max-rationale-tokens', '96', 1_024, 2),
    )
    .option(
      '--vocabulary-size <n>',
      'tokens of a tokenizer that is made here',
      whole('--vocabulary-size', '2048', 32_000, 300),
    )
    .option('--label-prefix <text>', 'stands before an input that asks for a label')
    .option('--rationale-prefix <text>', 'stands before an input that asks for a rationale')
    .option('--answer-mark <text>', 'single-task: stands between rationale and label')
    .option('--rationale-mark <text>', 'rationale-input: stands before the rationale');
}

/** The settings that were chosen on the command line, those of the student excepted. */
export function chosenSettings(options: TrainingOptions): Partial<RunSettings> {
  const plain = plainNames.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  const labels = options.labels ?? options.labelSource;
  const { earlyStopping } = options;
  return {
    ...Object.fromEntries(plain),
    ...(labels === undefined ? {} : { labelSource: labels }),
    ...alphaOf(options),
    ...loraOf(options),
    ...(earlyStopping === undefined
      ? {}
      : { earlyStopping: earlyStopping === false ? null : { patience: earlyStopping } }),
  };
}

function alphaOf({ alpha, lambda }: TrainingOptions): Partial<RunSettings> {
  if (alpha === undefined) return {};
  if (lambda === undefined) return { lossForm: 'alpha', lambda: (1 - alpha) / alpha };
  throw new StudioError(
    'invalid-input',
    '--alpha and --lambda are two ways to say one thing.',
    'Give one of them: lambda is (1 - alpha) / alpha.',
  );
}

function loraOf({ loraRank, loraAlpha, lora }: TrainingOptions): Partial<RunSettings> {
  if (loraRank !== undefined) return { lora: { rank: loraRank, alpha: loraAlpha ?? 2 * loraRank } };
  if (loraAlpha === undefined || lora === true) return {};
  throw new StudioError(
    'invalid-input',
    '--lora-alpha weighs adapters, but there are none.',
    'Add --lora-rank, for example --lora-rank 8.',
  );
}

/** Whose settings are suggested: `runs.suggest` without project, split and method. */
export async function chosenStudent(
  session: Session,
  options: TrainingOptions,
): Promise<{ preset: RunSettings['preset']; student: string | null; lora: boolean }> {
  const lora = options.lora === true || options.loraRank !== undefined;
  if (options.student === undefined)
    return { preset: options.preset ?? 'micro', student: null, lora };
  if (options.preset === undefined) {
    const { id } = await findStudent(session, options.student);
    return { preset: 'folder', student: id, lora };
  }
  throw new StudioError(
    'invalid-input',
    '--preset makes a student from scratch, --student takes a pretrained one.',
    'Give one of them.',
  );
}

/** A pretrained student by name or id. @throws StudioError not-found */
export async function findStudent(session: Session, named: string): Promise<Student> {
  const students = await session.ask('students.list', {});
  const found =
    students.find(({ id }) => id === named) ?? students.find(({ name }) => name === named);
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no pretrained student “${named}” on the list.`,
    students.length === 0
      ? 'Add its folder first: stepwise students add FOLDER'
      : `There are: ${students.map(({ name }) => name).join(', ')}`,
  );
}

/** All settings of a training: those that were chosen, and for the rest what suits rows and student. */
export async function settingsFor(
  session: Session,
  project: Project,
  request: {
    readonly split: Pick<Split, 'id'>;
    readonly extractionId: string | null;
    readonly method: Method;
    readonly options: TrainingOptions;
  },
): Promise<RunSettings> {
  const { split, extractionId, method, options } = request;
  const suggested = await session.ask('runs.suggest', {
    ...{ projectId: project.id, splitId: split.id, method },
    ...(await chosenStudent(session, options)),
  });
  const chosen = chosenSettings(options);
  const { loraAlpha } = options;
  const weighed =
    chosen.lora === undefined && suggested.lora !== null && loraAlpha !== undefined
      ? { lora: { ...suggested.lora, alpha: loraAlpha } }
      : {};
  const settings = { ...suggested, ...chosen, ...weighed };
  return withEpochs(session, { splitId: split.id, extractionId, settings }, options);
}

/** The steps that see each row as often as asked; evaluations never further apart than all steps. */
export async function withEpochs(
  session: Session,
  request: { splitId: string; extractionId: string | null; settings: RunSettings },
  { epochs, steps: chosen }: TrainingOptions,
): Promise<RunSettings> {
  const { settings } = request;
  if (epochs !== undefined && chosen !== undefined) {
    throw new StudioError(
      'invalid-input',
      '--epochs and --steps are two ways to say one thing.',
      'Give one of them.',
    );
  }
  let { steps } = settings;
  if (epochs !== undefined) {
    const { labels } = await session.ask('runs.rows', request);
    const perStep = settings.batchSize * settings.accumulate;
    steps = Math.min(1_000_000, Math.max(1, Math.ceil((epochs * labels) / perStep)));
  }
  return { ...settings, steps, evaluateEvery: Math.min(settings.evaluateEvery, steps) };
}
