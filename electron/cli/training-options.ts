import type { Method, Project, RunSettings, Split, Student } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { Session } from './session.ts';

export { addTrainingOptions, methodWords } from './training-flags.ts';

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

/** What `addTrainingOptions` leaves of a command line. */
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
