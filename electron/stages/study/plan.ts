import { RunSettings } from '../../contract/entities.ts';
import type {
  Arm,
  BakeOffPlan,
  DataSizePlan,
  StudyPlan,
  SweepAxis,
  SweepKey,
  SweepPlan,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { canonicalJson } from '../../core/hash.ts';
import { methodTraits, usesRationales } from '../../core/methods.ts';
import { Random } from '../../core/random.ts';

/** A study that asks for more is most likely a slip of the hand, and would run for weeks. */
export const mostRuns = 500;

/**
 * The runs that a plan asks for, in the order in which they are trained: seed by seed over all arms,
 * small shares before large ones, so that a study which is stopped half-way has compared like with
 * like. Of a sweep, trial by trial.
 *
 * @throws StudioError invalid-input for a plan that makes no sense, in a sentence that says why
 */
export function planRuns(plan: StudyPlan): RunSettings[] {
  const runs = plan.kind === 'sweep' ? trialsOf(plan) : comparedRuns(plan);
  if (runs.length <= mostRuns) return runs;
  throw refusal(
    `This plan asks for ${runs.length} runs; ${mostRuns} are the most.`,
    'Choose fewer methods, seeds, shares or values.',
  );
}

/** The share of the training rows that each run of a study uses, smallest first. */
export function sharesOf(plan: StudyPlan): number[] {
  return plan.kind === 'data-size'
    ? plan.shares.toSorted((a, b) => a - b)
    : [plan.settings.trainShare];
}

/** Arms as they are trained: the label that a method does not leave open is set. */
export function armsOf(plan: StudyPlan): Arm[] {
  return (plan.kind === 'sweep' ? [plan.arm] : plan.arms).map(armOf);
}

/** Fine-tuning learns the gold label, label distillation the teacher's; the others learn either. */
export function armOf({ method, labelSource }: Arm): Arm {
  if (method === 'finetune') return { method, labelSource: 'gold' };
  if (method === 'distill') return { method, labelSource: 'teacher' };
  return { method, labelSource };
}

/** An arm in words: the label is told where the method leaves it open. */
export function armName({ method, labelSource }: Arm): string {
  return method === 'finetune' || method === 'distill' ? method : `${method} (${labelSource})`;
}

function comparedRuns(plan: BakeOffPlan | DataSizePlan): RunSettings[] {
  const arms = armsOf(plan);
  refuseTwice(arms.map(armName), (name) => `The plan names ${name} twice.`);
  refuseTwice(plan.seeds, (seed) => `The plan names seed ${seed} twice.`);
  const shares = sharesOf(plan);
  refuseTwice(shares, (share) => `The plan names ${100 * share}% of the rows twice.`);
  return plan.seeds.flatMap((seed) =>
    shares.flatMap((trainShare) =>
      arms.map((arm) => settingsOf(arm, { ...plan.settings, seed, trainShare })),
    ),
  );
}

/**
 * Settings of one run. What its method has no use for is set to nothing, so that a run which was
 * trained without it is the same run.
 */
function settingsOf(arm: Arm, shared: RunSettings): RunSettings {
  const { method, labelSource } = arm;
  const explains = usesRationales(method);
  const reads = methodTraits[method].rationale === 'in-input';
  const settings = {
    ...shared,
    ...{ method, labelSource },
    evaluateEvery: Math.min(shared.evaluateEvery, shared.steps),
    mutualInformation: hasOwnTask(method) ? shared.mutualInformation : 0,
    rationaleCap: explains && !reads ? shared.rationaleCap : null,
    rationaleDropout: explains ? shared.rationaleDropout : 0,
  };
  const parsed = RunSettings.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refusal(
    `A run can't be trained with this ${issue?.path.join('.') ?? 'setting'}.`,
    `${issue?.message ?? 'Choose another value'}.`,
  );
}

// ---------------------------------------------------------------- sweeps

function trialsOf(plan: SweepPlan): RunSettings[] {
  const arm = armOf(plan.arm);
  refuseTwice(
    plan.axes.map(({ key }) => key),
    (key) => `The sweep varies ${key} twice.`,
  );
  for (const axis of plan.axes) checkAxis(axis, arm);
  const combinations = plan.axes.reduce(
    (product, axis) => product * (axis.kind === 'list' ? axis.values.length : Infinity),
    1,
  );
  const drawn = plan.search.kind === 'grid' ? grid(plan, combinations) : random(plan, combinations);
  return drawn.map((values) => settingsOf(arm, { ...plan.settings, ...values }));
}

type Values = Partial<Record<SweepKey, number>>;

/** Every combination of the listed values; the last axis turns fastest. */
function grid({ axes }: SweepPlan, combinations: number): Values[] {
  const range = axes.find((axis) => axis.kind === 'range');
  if (range !== undefined) {
    throw refusal(
      `A grid tries listed values, and ${range.key} has a range.`,
      'List its values, or search at random.',
    );
  }
  if (combinations > mostRuns) {
    throw refusal(
      `This grid has ${combinations} combinations; ${mostRuns} are the most.`,
      'List fewer values, or search at random.',
    );
  }
  return axes.reduce<Values[]>(
    (begun, axis) =>
      begun.flatMap((values) =>
        axis.kind === 'list' ? axis.values.map((value) => ({ ...values, [axis.key]: value })) : [],
      ),
    [{}],
  );
}

/** Draws of a random search before it is given up to find another combination. */
const drawsPerTrial = 100;

/** Different combinations, drawn one after another (Bergstra and Bengio 2012). */
function random({ axes, search }: SweepPlan, combinations: number): Values[] {
  if (search.kind !== 'random') return [];
  const generator = new Random(search.seed);
  const found = new Map<string, Values>();
  for (let draw = 0; draw < drawsPerTrial * search.trials; draw++) {
    const values: Values = {};
    for (const axis of axes) values[axis.key] = drawOf(axis, generator);
    const name = canonicalJson(values);
    if (!found.has(name)) found.set(name, values);
    if (found.size === search.trials) return [...found.values()];
  }
  const there = Number.isFinite(combinations) ? combinations : found.size;
  throw refusal(
    `A search for ${search.trials} different trials finds only ${there} in these values.`,
    'Ask for fewer trials, or give more values.',
  );
}

/** Three digits say enough of a drawn value, and can be read and typed again. */
function drawOf(axis: SweepAxis, generator: Random): number {
  if (axis.kind === 'list') return generator.pick(axis.values);
  const { key, low, high, scale } = axis;
  const share = generator.next();
  const value = scale === 'log' ? low * (high / low) ** share : low + (high - low) * share;
  if (wholeKeys.has(key)) return Math.round(value);
  return Math.min(high, Math.max(low, Number(value.toPrecision(3))));
}

const wholeKeys: ReadonlySet<SweepKey> = new Set(['batchSize', 'steps']);

const hasOwnTask = (method: Arm['method']): boolean =>
  methodTraits[method].rationale === 'own-task';

/** Settings that some methods do not look at: all trials would be the same. */
const keyNeeds: Partial<Record<SweepKey, (method: Arm['method']) => boolean>> = {
  lambda: hasOwnTask,
  mutualInformation: hasOwnTask,
  rationaleDropout: usesRationales,
};

function checkAxis(axis: SweepAxis, arm: Arm): void {
  const { key } = axis;
  if (keyNeeds[key]?.(arm.method) === false) {
    throw refusal(
      `${arm.method} has no use for ${key}: every trial would be the same.`,
      'Vary another setting.',
    );
  }
  if (axis.kind === 'range') {
    if (!(axis.low < axis.high)) {
      throw refusal(
        `The range of ${key} ends at ${axis.high}, not above its beginning ${axis.low}.`,
        'Give the smaller number first.',
      );
    }
    if (axis.scale === 'log' && !(axis.low > 0)) {
      throw refusal(
        `A logarithmic range of ${key} can't begin at ${axis.low}.`,
        'Begin above 0, or choose a linear range.',
      );
    }
  } else {
    refuseTwice(axis.values, (value) => `The sweep names ${key} ${value} twice.`);
  }
  const ends = axis.kind === 'range' ? [axis.low, axis.high] : axis.values;
  for (const value of ends) {
    const checked = RunSettings.shape[key].safeParse(value);
    if (checked.success) continue;
    throw refusal(
      `A run can't be trained with ${key} ${value}.`,
      `${checked.error.issues[0]?.message ?? 'Choose another value'}.`,
    );
  }
}

function refuseTwice<T>(items: readonly T[], sentence: (item: T) => string): void {
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice === undefined) return;
  throw refusal(sentence(twice), 'Name it once.');
}

const refusal = (sentence: string, hint: string): StudioError =>
  new StudioError('invalid-input', sentence, hint);
